# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated phones from the command line: `sync` has a list of them fetch their configuration once, `serve` runs one.

The list is JSON: [{"mac": ..., "model": ..., "firmware": ..., "settings": {...}}, ...]. `settings` and the options of
Phone are used when a phone is new to the state directory. Nothing secret is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from lab.phones import serve
from lab.phones.phone import Phone, from_entry, normal_mac
from lab.phones.report import FetchReport
from lab.phones.state import state_file, write_private


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 1 if a phone had to give up."""
    parser = argparse.ArgumentParser(prog="python -m lab.phones", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve.add_arguments(commands.add_parser("serve", help="one phone that listens, rings and registers"))
    sync = commands.add_parser("sync", help="fetch and apply")
    sync.add_argument("--phones", required=True, help="the list of phones")
    sync.add_argument("--url", help="provisioning address; the phones' own if left out")
    sync.add_argument("--ca", action="append", default=[], help="certificate installed in new phones as a custom one")
    sync.add_argument("--built-in-ca", action="append", default=[], help="certificate new phones have from the factory")
    sync.add_argument("--state-dir", required=True)
    sync.add_argument("--resolve", action="append", default=[], metavar="NAME=ADDRESS:PORT")
    sync.add_argument("--report", required=True, help="where the reports are written, as JSON")
    sync.add_argument("--timeout", type=float, default=5.0)
    options = parser.parse_args(arguments)

    resolver = dict(_resolution(item) for item in options.resolve)
    if options.command == "serve":
        return serve.serve(options, resolver)
    reports = []
    for entry in json.loads(Path(options.phones).read_text(encoding="utf-8")):
        if state_file(options.state_dir, normal_mac(entry["mac"])).exists():
            phone = Phone.load(options.state_dir, entry["mac"], timeout=options.timeout)
        else:
            phone = from_entry(entry, custom_cas=options.ca, built_in_cas=options.built_in_ca, timeout=options.timeout)
        phone.save(options.state_dir)
        report = phone.sync(options.url, resolver)
        phone.save(options.state_dir)
        reports.append(report)
        sys.stdout.write(f"{phone.mac} {phone.model}: {_summary(report)}\n")
    write_private(Path(options.report), json.dumps([report.to_dict() for report in reports], indent=1))
    return 1 if any(report.aborted for report in reports) else 0


def _summary(report: FetchReport) -> str:
    if report.aborted:
        return f"gave up, {report.aborted}"
    if not report.updated:
        return "nothing new"
    counts = f"{len(report.changed)} changed, {len(report.ignored)} unknown, {len(report.refused)} refused"
    return f"{counts}{', rebooted' if report.rebooted else ''}"


def _resolution(text: str) -> tuple[str, tuple[str, int]]:
    name, equals, target = text.partition("=")
    address, colon, port = target.rpartition(":")
    if not (equals and colon and port.isdigit()):
        raise SystemExit(f"--resolve {text}: not NAME=ADDRESS:PORT")
    return name, (address.strip("[]"), int(port))


if __name__ == "__main__":
    sys.exit(main())
