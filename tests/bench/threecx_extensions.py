# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A 3CX's extensions through threecx_extensions, and through a loop of ansible.builtin.uri as one would write it."""

from __future__ import annotations

from pathlib import Path

from bench.pbx_bench import PbxBench, Task
from lab.xapi import SimulatedPbx

HEADERS = {"Authorization": "Bearer {{ token.json.access_token }}"}


class ThreeCX(PbxBench):
    """A simulated 3CX without any extension yet."""

    name = "3CX"
    extensions = 1000
    looped = 50
    first_number = 1000

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.pbx = SimulatedPbx(folder=folder / "pbx")
        with self.pbx.lock:
            self.pbx.state["Users"].clear()

    def task(self, numbers: list[str], credentials: str) -> Task:
        return {
            "voipsec.hardening.threecx_extensions": {
                "extensions": [{"number": number, "lan_only": True} for number in numbers],
                "credentials_file": credentials,
                "tls_ca_file": str(self.pbx.ca_file),
            }
        }

    def loop(self, numbers: list[str]) -> list[Task]:
        """Read each extension, and set it where it is not as wanted."""
        base = f"https://{self.pbx.host}:{self.pbx.port}"
        common = {"ca_path": str(self.pbx.ca_file)}
        form = {
            "client_id": self.pbx.client_id,
            "client_secret": self.pbx.client_secret,
            "grant_type": "client_credentials",
        }
        token = {"url": f"{base}/connect/token", "method": "POST", "body_format": "form-urlencoded", "body": form}
        query = "$select=Id,Number,AllowLanOnly,AuthID,AuthPassword,VMPIN&$filter=Number%20eq%20'{{ item }}'"
        read = {"url": f"{base}/xapi/v1/Users?{query}", "headers": HEADERS, **common}
        write = {
            "url": f"{base}/xapi/v1/Users({{{{ item.json.value[0].Id }}}})",
            "method": "PATCH",
            "headers": HEADERS,
            "body_format": "json",
            "body": {"AllowLanOnly": True},
            "status_code": 204,
            **common,
        }
        return [
            {"ansible.builtin.uri": {**token, **common}, "register": "token", "delegate_to": "localhost"},
            {"ansible.builtin.uri": read, "register": "found", "loop": numbers, "delegate_to": "localhost"},
            {
                "ansible.builtin.uri": write,
                "loop": "{{ found.results }}",
                "when": "not item.json.value[0].AllowLanOnly",
                "delegate_to": "localhost",
            },
        ]
