# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scanners that the role antivirus installs: where each keeps its version and the age of its signatures."""

from __future__ import annotations

import calendar
import glob
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SETTINGS = "/etc/voipsec-antivirus/settings.json"
EVENTS = "/var/log/voipsec-antivirus/events.jsonl"
LAST_SCAN = "/var/lib/voipsec-antivirus/last_scan.json"
QUARANTINE = "/var/lib/voipsec-antivirus/quarantine"
SCAN_UNIT = "voipsec-antivirus-scan"
REPORT_UNIT = "voipsec-antivirus-report.path"
"""Where the role puts its things; roles/antivirus/vars/main.yml has the same."""


@dataclass(frozen=True)
class Engine:
    """What to ask of a scanner."""

    name: str
    unit: str | None
    """None where it runs for a scan only."""
    version: Sequence[str]
    official: Sequence[str]
    """Patterns of the vendor's signatures."""
    local: Sequence[str] = ()
    """Patterns of one's own, whose age counts where there are no others."""


CLAMAV_VERSION = ("clamscan", "--version")
CLAMAV_OFFICIAL = ("/var/lib/clamav/daily.c?d",)
CLAMAV_LOCAL = ("/var/lib/clamav/voipsec-*",)
ENGINES = {
    "clamav daemon": Engine("ClamAV", "clamav-daemon.service", CLAMAV_VERSION, CLAMAV_OFFICIAL, CLAMAV_LOCAL),
    "clamav on_demand": Engine("ClamAV", None, CLAMAV_VERSION, CLAMAV_OFFICIAL, CLAMAV_LOCAL),
    # Assumed, as in the role's vars/main.yml: the unit's name, "scan -v", and where the signatures (VPS) lie.
    "avast": Engine("Avast", "avast.service", ("scan", "-v"), ("/var/lib/avast/defs/*",)),
}


def engine_of(product: str, mode: str) -> Engine:
    """The one that the role's settings name."""
    return ENGINES[f"{product} {mode}" if product == "clamav" else product]


def built_at(header: bytes) -> float | None:
    """When a ClamAV database was built: the second field of its header, such as "07 Sep 2021 04-31 -0400"."""
    fields = header.decode("ascii", "replace").split(":")
    if len(fields) < 3 or fields[0] != "ClamAV-VDB":
        return None
    try:
        moment = time.strptime(fields[1].strip(), "%d %b %Y %H-%M %z")
    except ValueError:
        return None
    return calendar.timegm(moment) - (moment.tm_gmtoff or 0)


def signatures_from(engine: Engine) -> tuple[str, float] | None:
    """Which signatures count, and from when the newest are; None where there are none."""
    for kind, patterns in (("official", engine.official), ("local", engine.local)):
        times = [time_ for pattern in patterns for path in glob.glob(pattern) if (time_ := _time_of(path)) is not None]
        if times:
            return kind, max(times)
    return None


def _time_of(path: str) -> float | None:
    try:
        with Path(path).open("rb") as file:
            built = built_at(file.read(512))
        return built if built is not None else os.stat(path).st_mtime
    except OSError:
        return None


def version_of(engine: Engine) -> str:
    """What the scanner calls itself; empty where it does not run."""
    done = command(engine.version)
    return done.stdout.strip().splitlines()[0] if done.returncode == 0 and done.stdout.strip() else ""


def is_active(unit: str) -> bool:
    """Whether systemd runs it."""
    return command(["systemctl", "is-active", "--quiet", unit]).returncode == 0


def command(arguments: Sequence[str], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program of the host. What is not there, or does not end, has failed."""
    try:
        return subprocess.run(
            list(arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(list(arguments), 127, "", str(error))
