# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benches of PBX extensions have in common: an inventory of one PBX, our task, a loop, and the report."""

from __future__ import annotations

import abc
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from lab.playbook import run_playbook

LOCAL = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
Task = dict[str, Any]


class PbxBench(abc.ABC):
    """``with ... as bench: bench.report()``."""

    name = ""
    extensions = 0
    looped = 0
    """The loop is measured for so many and scaled: for all of them it takes very long."""
    first_number = 0
    pbx: Any
    """The simulated PBX."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "vault").write_text("bench-vault-password")

    @abc.abstractmethod
    def task(self, numbers: list[str], credentials: str) -> Task:
        """Ours, for all extensions."""

    @abc.abstractmethod
    def loop(self, numbers: list[str]) -> list[Task]:
        """As one would write it with ansible.builtin.uri: what a comparison needs is read, nothing more."""

    def __enter__(self) -> PbxBench:
        self.pbx.start()
        host = {
            **LOCAL,
            "ansible_host": self.pbx.host,
            "ansible_port": self.pbx.port,
            "ansible_user": self.pbx.client_id,
            "ansible_password": self.pbx.client_secret,
        }
        self._inventory = self._folder / "hosts.yml"
        self._inventory.write_text(yaml.safe_dump({"all": {"hosts": {"phone_system": host}}}))
        numbers = [str(number) for number in range(self.first_number, self.first_number + self.extensions)]
        credentials = str(self._folder / "credentials")
        made = {"path": credentials, "extensions": [{"number": number} for number in numbers]}
        self._task = self._write("ours.yml", [self.task(numbers, credentials)])
        self._loop = self._write("loop.yml", self.loop(numbers[: self.looped]))
        self._empty = self._write("empty.yml", self.loop([]))
        self._run(self._write("credentials.yml", [{"voipsec.hardening.credentials": made}]))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pbx.close()

    def _write(self, name: str, tasks: list[Task]) -> Path:
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
        scaled = start + (loop - start) * self.extensions / self.looped
        what = f"{self.extensions} extensions of a {self.name}"
        return [
            f"{what}, first run: {first:.2f} s, {first_requests} requests",
            f"{what}, nothing to change: {again:.2f} s, {again_requests} requests, {writes} writing",
            f"a loop of ansible.builtin.uri that only compares: {loop:.1f} s, {loop_requests} requests for "
            f"{self.looped}, so {scaled:.0f} s for {self.extensions}",
            f"{what}, nothing to change: {scaled / again:.0f} times as fast as the loop",
        ]
