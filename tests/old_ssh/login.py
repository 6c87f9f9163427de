# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs in to a router and prints what it says of itself, as JSON. Runs under whichever Python holds the SSH library.

Arguments: address, port, known_hosts file. The password comes on standard input.
"""

from __future__ import annotations

import json
import sys

import paramiko

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device, HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.identity import identify
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import Session
from ansible_collections.voipsec.hardening.plugins.module_utils.host_key import fetch_key, fingerprint


def main() -> int:
    """Fetch the host key as enrolment does, then log in and ask for the version."""
    host, port, known_hosts = sys.argv[1:]
    device = Device(host, int(port), "admin", sys.stdin.readline().strip())
    found = {"paramiko": paramiko.__version__}
    try:
        algorithm, key = fetch_key(device, 10)
        found.update(algorithm=algorithm, fingerprint=fingerprint(key))
    except HardeningError as error:
        found["enrolment_error"] = error.message
    try:
        with Session(device, known_hosts, timeout=10) as session:
            found.update(identify(session).as_result())
    except HardeningError as error:
        found["error"] = error.message
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
