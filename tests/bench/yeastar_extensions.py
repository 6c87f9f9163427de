# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Yeastar's extensions through yeastar_extensions, and through a loop of ansible.builtin.uri as one writes it."""

from __future__ import annotations

from pathlib import Path

from bench.pbx_bench import PbxBench, Task
from lab.yeastar import SimulatedPSeries

TOKEN = "access_token={{ token.json.access_token }}"
SEARCH = "extension/search?search_value={{ item }}"


class Yeastar(PbxBench):
    """A simulated P-Series."""

    name = "Yeastar P-Series"
    extensions = 500
    looped = 25
    first_number = 2000

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.pbx = SimulatedPSeries("83.24.0.30", folder=folder / "pbx")

    def task(self, numbers: list[str], credentials: str) -> Task:
        return {
            "voipsec.hardening.yeastar_extensions": {
                "extensions": [{"number": number, "remote_registration": False} for number in numbers],
                "credentials_file": credentials,
                "tls_ca_file": str(self.pbx.ca_file),
            }
        }

    def loop(self, numbers: list[str]) -> list[Task]:
        """Find each extension, read its settings and both passwords, as a comparison needs them."""
        base = f"https://{self.pbx.host}:{self.pbx.port}/openapi/v1.0"
        common = {"ca_path": str(self.pbx.ca_file), "headers": {"User-Agent": "OpenAPI"}}
        login = {"username": self.pbx.client_id, "password": self.pbx.client_secret}
        token = {"url": f"{base}/get_token", "method": "POST", "body_format": "json", "body": login}
        local = {"delegate_to": "localhost"}
        row = "{{ item.json.data[0].id }}"
        return [
            {"ansible.builtin.uri": {**token, **common}, "register": "token", **local},
            {
                "ansible.builtin.uri": {
                    "url": f"{base}/extension/search?search_value={{{{ item }}}}&{TOKEN}",
                    **common,
                },
                "register": "found",
                "loop": numbers,
                **local,
            },
            *(
                {
                    "ansible.builtin.uri": {"url": f"{base}/{path}&{TOKEN}", **common},
                    "loop": "{{ found.results }}",
                    "loop_control": {"label": "{{ item.item }}"},
                    "no_log": True,
                    **local,
                }
                for path in (
                    f"extension/get?id={row}",
                    f"extension/getpassword?type=reg_password&id={row}",
                    f"extension/getpassword?type=vm_pin&id={row}",
                )
            ),
            {"ansible.builtin.uri": {"url": f"{base}/del_token?{TOKEN}", **common}, **local},
        ]
