# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be declared for a phone, and the files that come of it, to the last line.

After a change that is meant, run with UPDATE_GOLDEN=1 and read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parent / "golden"
EVERYTHING = {
    "outside_lan": True,
    "web_interface": "off",
    "check_sync": "ignore",
    "enrolled": False,
    "lock": {"after": 600, "keys": "function"},
    "vlan": {"id": 20, "priority": 5, "pc_id": 30, "pc_priority": 0},
    "dot1x": {
        "method": "tls",
        "identity": "phone-201",
        "ca_url": "https://prov.example.net/ca.crt",
        "client_certificate_url": "https://prov.example.net/client.pem",
    },
    "blocked_beginnings": ["001", "002", "0088", "+88", "0906"],
    "trusted_certificate": "https://prov.example.net/ca.crt",
    "server_certificate": "https://prov.example.net/phone.pem",
    "provisioning": {"url": "https://prov.example.net/phones/", "access": "phone_path"},
    "settings": {"local_time.ntp_server1": "uk.pool.ntp.org", "features.relog_offtime": 4},
}
TLS = {"server": "pbx.example.net", "port": 5061, "transport": "tls", "srtp": "compulsory"}
PHONES = {
    "t46u-v86": {"model": "T46U", "firmware": "108.86.0.118", **EVERYTHING},
    "t46u-v81": {"model": "T46U", "firmware": "108.81.0.1", **EVERYTHING},
    "t46g-v80-least": {"model": "T46G", "firmware": "28.80.0.130"},
    "t46g-v80": {"model": "T46G", "firmware": "28.80.0.130", **EVERYTHING},
    "t46g-v73": {"model": "T46G", "firmware": "28.73.0.50", **EVERYTHING},
    "t46u-v86-least": {"model": "T46U", "firmware": "108.86.0.118"},
    "w60b-v85": {"model": "W60B", "firmware": "77.85.0.20", **EVERYTHING},
}


@pytest.mark.parametrize("name", PHONES)
def test_the_files_of_a_phone(task: Any, phone: Any, credentials: Any, name: str) -> None:
    declared = phone(**PHONES[name])
    if not name.endswith("least"):
        declared["accounts"] = [
            {"number": "201", "label": "201", "display_name": "Reception", **TLS},
            {"number": "202", "label": "Hall", "display_name": "Hall", **TLS, "srtp": "optional"},
        ]
    secrets = json.loads(credentials("201", "202"))
    secrets["extensions"]["201"]["pin"] = None if name.endswith("least") else "4711"
    uri_from = [] if name.endswith("least") else ["192.0.2.10"]
    task.run(declared, action_uri_from=uri_from, credentials=json.dumps(secrets))
    text = "".join(f"==> {path.name}\n{path.read_text()}" for path in sorted(task.directory.iterdir()))
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()
