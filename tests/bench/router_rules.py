# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A router with forty rules and twenty objects, unchanged: one task of ours against a script, and against a task for
each rule and object."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from lab.drayos import SimulatedVigor
from lab.drayos.fixtures import lived_in_state
from lab.playbook import run_playbook

ADDRESSES, ADDRESS_GROUPS, SERVICES = 16, 13, 4
RULES = ADDRESS_GROUPS * (SERVICES - 1) + 1
OBJECTS = ADDRESSES + SERVICES
PASSWORD = "bench-password"
SHOWN = ("ipf rule ", "object ip obj ", "object service obj ")
SCRIPT = """
import sys
from netmiko import ConnectHandler
host, port, password, commands = sys.argv[1:]
with ConnectHandler(device_type="generic", host=host, port=int(port), username="admin", password=password) as router:
    for command in open(commands).read().splitlines():
        shown = router.send_command(command, expect_string=r"DrayTek> $|Next Page.*$", strip_prompt=False)
        while "Next Page" in shown:
            router.write_channel(" ")
            shown = router.read_until_pattern(pattern=r"DrayTek> $|Next Page.*$")
"""
"""What one would write by hand: the pager must be answered."""


def config() -> dict[str, Any]:
    """Every address group may use every service but the last, which is for nobody."""
    services = [f"vs_svc_{number}" for number in range(1, SERVICES + 1)]
    peers = [f"vs_peers_{number}" for number in range(1, ADDRESS_GROUPS + 1)]
    members: dict[str, list[str]] = {peer: [] for peer in peers}
    for number in range(ADDRESSES):
        members[peers[number % ADDRESS_GROUPS]].append(f"vs_peer_{number}")
    rules: list[dict[str, Any]] = [
        {"comment": f"vs_r_{peer[9:]}_{service[7:]}", "action": "pass", "sources": peer, "services": service}
        for peer in peers
        for service in services[:-1]
    ]
    return {
        "address_objects": [
            {"name": f"vs_peer_{number}", "network": f"203.0.113.{4 * number}/30"} for number in range(ADDRESSES)
        ],
        "address_groups": [{"name": name, "members": held} for name, held in members.items()],
        "service_objects": [
            {"name": f"vs_port_{number}", "ports": str(5060 + number)} for number in range(1, SERVICES + 1)
        ],
        "service_groups": [
            *({"name": name, "members": [f"vs_port_{name[7:]}"]} for name in services[:-1]),
            {"name": services[-1], "members": [f"vs_port_{number}" for number in range(1, SERVICES + 1)]},
        ],
        "rules": [*rules, {"comment": "vs_block", "action": "block", "services": services[-1]}],
    }


@dataclass(frozen=True)
class Cost:
    """What the router saw of one run."""

    logins: int
    reads: int
    writes: int

    def __str__(self) -> str:
        return f"{self.logins} logins, {self.reads} commands that read, {self.writes} that wrote or saved"


class RouterRules:
    """A hardened router and three ways to look at all of it."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._router = SimulatedVigor("vigor2927", password=PASSWORD, state=lived_in_state("vigor2927"))

    def __enter__(self) -> RouterRules:
        self._stack.enter_context(self._router)
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        known_hosts = self._folder / "known_hosts"
        known_hosts.write_text(self._router.known_hosts_line + "\n")
        variables = {
            "ansible_host": self._router.host,
            "ansible_port": self._router.port,
            "ansible_user": "admin",
            "ansible_password": PASSWORD,
        }
        (self._folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"router": variables}}}))
        firewall = {"known_hosts_file": str(known_hosts), "config": config()}
        self._ours = self._play("ours.yml", [{"voipsec.hardening.draytek_firewall": firewall}])
        self.first_run = self._cost_of(self.ours)
        self.second_run = self._cost_of(self.ours)
        if self.second_run.writes:
            raise RuntimeError("the second run was to change nothing")
        reads = self._typed_by_last_run
        (self._folder / "reads").write_text("".join(f"{command}\n" for command in reads))
        (self._folder / "script.py").write_text(SCRIPT)
        self.tasks = [line for line in reads if line.startswith(SHOWN)][: RULES + OBJECTS]
        self._one_by_one = self._play(
            "one_by_one.yml",
            [
                {"voipsec.hardening.draytek_command": {"known_hosts_file": str(known_hosts), "commands": [line]}}
                for line in self.tasks
            ],
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _play(self, name: str, tasks: list[dict[str, Any]]) -> Path:
        path = self._folder / name
        path.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
        return path

    def _run(self, playbook: Path) -> None:
        run = run_playbook(self._folder, ["-i", str(self._folder / "hosts.yml"), str(playbook)])
        if run.returncode:
            raise RuntimeError(run.output)

    def _cost_of(self, action: Any) -> Cost:
        self._router.reset_counters()
        seen = self._router.log.seq
        action()
        events = [event for event in self._router.log if event["seq"] > seen and event["event"] == "command"]
        self._typed_by_last_run = [event["text"] for event in events if event["class"] == "read"]
        counters = self._router.counters
        return Cost(counters.logins, len(self._typed_by_last_run), counters.writes + counters.commits)

    def slow_down(self) -> None:
        """The router becomes one of the field: 1.5 s for a login, 80 ms for a command."""
        self._router.faults.update({"login_delay": 1.5, "slow_reply": 0.08})

    def ours(self) -> None:
        """One task for the whole router."""
        self._run(self._ours)

    def script(self) -> None:
        """The same reads by hand, without Ansible."""
        arguments = [self._router.host, str(self._router.port), PASSWORD, str(self._folder / "reads")]
        subprocess.run([sys.executable, str(self._folder / "script.py"), *arguments], check=True)

    def one_by_one(self) -> None:
        """One task for each rule and object."""
        self._run(self._one_by_one)
