# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m lab.yeastar --firmware 37.23.0.123``: a simulated PBX to play with, until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from lab.yeastar.simulator import SimulatedPSeries


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m lab.yeastar", description=__doc__)
    parser.add_argument("--firmware", default="37.23.0.123")
    parser.add_argument("--model", default="P550")
    parser.add_argument("--restriction-lists", action="store_true", help="show lists of user agents and networks")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with SimulatedPSeries(
        options.firmware, options.model, port=options.port, restriction_lists=options.restriction_lists
    ) as pbx:
        print(f"host {pbx.host}\nport {pbx.port}\nclient_id {pbx.client_id}\nclient_secret {pbx.client_secret}")
        print(f"ca_file {pbx.ca_file}\ncertificate_sha256 {pbx.certificate_sha256}", flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
