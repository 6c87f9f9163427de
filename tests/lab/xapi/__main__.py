# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m lab.xapi --release 20.0.9``: a simulated PBX to play with, until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from lab.xapi.fixtures import POLARITIES
from lab.xapi.pbx import SimulatedPbx
from lab.xapi.schema import RELEASES


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m lab.xapi", description=__doc__)
    parser.add_argument("--release", default=RELEASES[-1], choices=RELEASES)
    parser.add_argument("--countries", default="allowed", choices=POLARITIES, help="what the list of codes holds")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with SimulatedPbx(options.release, country_polarity=options.countries, port=options.port) as pbx:
        print(f"host {pbx.host}\nport {pbx.port}\nclient_id {pbx.client_id}\nclient_secret {pbx.client_secret}")
        print(f"ca_file {pbx.ca_file}\ncertificate_sha256 {pbx.certificate_sha256}", flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
