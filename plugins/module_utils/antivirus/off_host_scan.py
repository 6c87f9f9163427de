# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of antivirus_scan: backups and recordings of a PBX, scanned on another host."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)

ARGUMENT_SPEC: dict[str, Any] = {
    "paths": {"type": "list", "elements": "path", "required": True},
    "excluded": {"type": "list", "elements": "path", "default": []},
    "timeout": {"type": "int", "default": 14400},
    "database": {"type": "path"},
}
LARGEST = "2000M"
"""The largest file and the most out of one archive that ClamAV takes: 2 GiB less one byte."""
LONGEST = 1800 * 1000
MOST_FILES = 100000
DEEPEST = 30
"""Milliseconds for one file, files in one archive, and folders in folders: ClamAV's own defaults pass over backups.
roles/antivirus/vars/main.yml has the same."""
NOT_SCANNED = ("Heuristics.Encrypted.", "Heuristics.Limits.Exceeded")
"""What ClamAV calls what it could not look into."""
FOUND = re.compile(r"(?P<file>/.*): (?P<signature>\S+) FOUND")
SUMMARY = re.compile(r"(Scanned files|Total errors|Known viruses): (\d+)")


@dataclass
class Report:
    """What clamscan said."""

    finds: list[dict[str, str]] = field(default_factory=list)
    not_scanned: list[dict[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def parse_report(text: str) -> Report:
    """Its lines, and its summary."""
    report = Report()
    body, _rule, summary = text.rpartition("----------- SCAN SUMMARY -----------")
    for line in body.splitlines():
        match = FOUND.fullmatch(line)
        if match:
            entry = {"file": match["file"], "signature": match["signature"]}
            unseen = entry["signature"].startswith(NOT_SCANNED)
            (report.not_scanned if unseen else report.finds).append(entry)
    report.counts = {match[1]: int(match[2]) for match in SUMMARY.finditer(summary)}
    return report


def command(params: Params) -> list[str]:
    """Everything in archives, and reported where it could not be opened: silence would look like "clean"."""
    line = ["nice", "-n", "19", "clamscan", "--recursive", "--infected", "--stdout", "--scan-archive=yes"]
    line += [
        f"--max-filesize={LARGEST}",
        f"--max-scansize={LARGEST}",
        f"--max-scantime={LONGEST}",
        f"--max-files={MOST_FILES}",
        f"--max-dir-recursion={DEEPEST}",
        "--alert-exceeds-max=yes",
        "--alert-encrypted=yes",
    ]
    for path in params["excluded"]:
        expression = f"^{re.escape(path.rstrip('/'))}(/|$)"
        line += [f"--exclude-dir={expression}", f"--exclude={expression}"]
    if params["database"]:
        line.append(f"--database={params['database']}")
    return [*line, "--", *params["paths"]]


def run(params: Params, _context: RunContext) -> Outcome:
    """Scan. Raises HardeningError where that was not possible: a scan that was not made is not a clean one."""
    for path in params["paths"]:
        if not path.startswith("/"):
            raise HardeningError(f"paths: {path} is not an absolute path.")
        if not os.path.exists(path):
            raise HardeningError(f"paths: {path} does not exist. Is the share mounted?")
        if os.path.isdir(path) and not os.listdir(path):
            raise HardeningError(f"paths: {path} is empty. Is the share mounted?")
    if not shutil.which("clamscan"):
        raise HardeningError(
            "clamscan is not installed on this host: apt-get install clamav, or run the role antivirus here."
        )
    try:
        done = subprocess.run(
            command(params),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=params["timeout"],
        )
    except subprocess.TimeoutExpired:
        raise HardeningError(f"timeout: the scan was not finished in {params['timeout']} seconds.") from None
    report = parse_report(done.stdout)
    if done.returncode not in (0, 1) or "Scanned files" not in report.counts:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise HardeningError(f"clamscan ended with {done.returncode}: {reason[0] if reason else 'no output'}.")
    scanned = report.counts["Scanned files"]
    lines = [f"found {entry['signature']} in {entry['file']}" for entry in report.finds]
    lines += [f"not scanned, {entry['signature']}: {entry['file']}" for entry in report.not_scanned]
    unread = report.counts.get("Total errors", 0)
    if unread:
        lines.append(f"not scanned, because they could not be read: {unread}")
    if not lines:
        lines = [f"clean: {scanned} files below {', '.join(params['paths'])}"]
    result = {"finds": report.finds, "not_scanned": report.not_scanned, "scanned": scanned, "errors": unread}
    events = [event("found", "critical", entry) for entry in report.finds]
    events += [event("not_scanned", "warning", entry) for entry in report.not_scanned]
    signatures = report.counts.get("Known viruses", 0)
    return Outcome(False, {**result, "lines": lines, "events": events, "signatures": signatures})


def event(kind: str, severity: str, entry: Mapping[str, str]) -> dict[str, str]:
    """One line for the file of events; its id is the same at every scan."""
    text = "\0".join([kind, entry["file"], entry["signature"]])
    line = f"{kind} {entry['signature']}: {entry['file']}"
    name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return {"event": kind, "severity": severity, "id": name, "line": line, **entry}


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, on_target=True)
