# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A 3CX's extensions through threecx_extensions, and through a loop of ansible.builtin.uri as one would write it."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from lab.playbook import run_playbook
from lab.xapi import SimulatedPbx

EXTENSIONS = 1000
LOOPED = 50
"""The loop is measured for so many and scaled: for all of them it takes half an hour."""
LOCAL = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
HEADERS = {"Authorization": "Bearer {{ token.json.access_token }}"}


class PhoneSystem:
    """A simulated PBX and three playbooks for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.pbx = SimulatedPbx(folder=folder / "pbx")
        (folder / "vault").write_text("bench-vault-password")

    def __enter__(self) -> PhoneSystem:
        self.pbx.start()
        with self.pbx.lock:
            self.pbx.state["Users"].clear()
        host = {
            **LOCAL,
            "ansible_host": self.pbx.host,
            "ansible_port": self.pbx.port,
            "ansible_user": self.pbx.client_id,
            "ansible_password": self.pbx.client_secret,
        }
        self._inventory = self._folder / "hosts.yml"
        self._inventory.write_text(yaml.safe_dump({"all": {"hosts": {"phone_system": host}}}))
        numbers = [str(number) for number in range(1000, 1000 + EXTENSIONS)]
        made = {"path": str(self._folder / "credentials"), "extensions": [{"number": number} for number in numbers]}
        declared = [{"number": number, "lan_only": True} for number in numbers]
        task = {
            "voipsec.hardening.threecx_extensions": {
                "extensions": declared,
                "credentials_file": str(self._folder / "credentials"),
                "tls_ca_file": str(self.pbx.ca_file),
            }
        }
        self._credentials = self._write("credentials.yml", [{"voipsec.hardening.credentials": made}])
        self._task = self._write("ours.yml", [task])
        self._loop = self._write("loop.yml", self._loop_tasks(numbers[:LOOPED]))
        self._empty = self._write("empty.yml", self._loop_tasks([]))
        self._run(self._credentials)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pbx.close()

    def _loop_tasks(self, numbers: list[str]) -> list[dict[str, Any]]:
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

    def _write(self, name: str, tasks: list[dict[str, Any]]) -> Path:
        path = self._folder / name
        path.write_text(yaml.safe_dump([{"hosts": "phone_system", "gather_facts": False, "tasks": tasks}]))
        return path

    def _run(self, playbook: Path) -> float:
        vault = ["--vault-password-file", str(self._folder / "vault")]
        begun = time.perf_counter()
        run = run_playbook(self._folder, ["-i", str(self._inventory), *vault, str(playbook)])
        if run.returncode:
            raise RuntimeError(run.output)
        return time.perf_counter() - begun

    def report(self) -> list[str]:
        """First run, no-change run, and the loop."""
        self.pbx.reset_counters()
        first, first_requests = self._run(self._task), len(self.pbx.exchanges)
        self.pbx.reset_counters()
        again, again_requests, writes = self._run(self._task), len(self.pbx.exchanges), len(self.pbx.writes)
        start = self._run(self._empty)
        self.pbx.reset_counters()
        loop, loop_requests = self._run(self._loop), len(self.pbx.exchanges)
        scaled = start + (loop - start) * EXTENSIONS / LOOPED
        return [
            f"{EXTENSIONS} extensions of a 3CX, first run: {first:.2f} s, {first_requests} requests",
            f"{EXTENSIONS} extensions, nothing to change: {again:.2f} s, {again_requests} requests, {writes} writing",
            f"a loop of ansible.builtin.uri that only compares: {loop:.1f} s, {loop_requests} requests for {LOOPED}, "
            f"so {scaled:.0f} s for {EXTENSIONS}",
            f"{EXTENSIONS} extensions, nothing to change: {scaled / again:.0f} times as fast as the loop",
        ]
