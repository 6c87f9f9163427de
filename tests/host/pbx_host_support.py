# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PBX host on each release of Debian, and around each the networks it has to tell apart."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import testinfra
import yaml

from lab.debian_host import DebianHost
from lab.net.namespaces import Namespaces
from lab.playbook import PlaybookRun, run_playbook

SUITES = ("bookworm", "trixie")
# By their addresses Ansible tells hosts apart, when it shares connections.
MANAGEMENT = {"bookworm": "192.168.16", "trixie": "192.168.17"}
NEIGHBOURS = {
    "management": ("", "fd00:1:"),
    "office": ("192.168.2", "fd00:2:"),
    "provider": ("203.0.113", "fd00:3:"),
    "stranger": ("198.51.100", "fd00:4:"),
}
"""Namespaces, each with a wire of its own to the host: the host is .1 and they are .2 there."""
COLLECTOR = 5514
PLAYBOOK = """\
- name: The role
  hosts: all
  gather_facts: false
  roles:
    - role: voipsec.hardening.pbx_host
- name: What it said
  hosts: all
  gather_facts: false
  tasks:
    - name: Summary
      ansible.builtin.debug:
        msg: "{{ pbx_host_result.lines }}"
"""
ASK = """
import socket, sys
kind, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
with socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM) as asking:
    asking.settimeout(0.5)
    try:
        asking.connect((address, port))
        asking.sendall(b"x")
        print("answer" if asking.recv(100) else "end")
    except TimeoutError:
        print("silence")
    except ConnectionRefusedError:
        print("refused")
"""
"""Asks once: what comes back."""


@dataclass
class Machine:
    """One host and its neighbours."""

    suite: str
    host: DebianHost
    spaces: Namespaces
    folder: Path

    def __post_init__(self) -> None:
        config = self.folder / f"{self.suite}.ssh_config"
        config.write_text(self.host.ssh_config())
        self.inside = testinfra.get_host("ssh://pbx", ssh_config=str(config), sudo=True)

    def ask(self, neighbour: str, kind: str, port: int, *, six: bool = False, wait: float = 0.4) -> str:
        """One question from a neighbour to a port of the host: ``answer``, ``silence``, ``refused`` or ``end``."""
        four, long = networks(self.suite, neighbour)
        address = f"{long}:1" if six else f"{four}.1"
        command = ["/usr/bin/python3", "-c", ASK, kind, address, str(port)]
        return self.spaces.run(self.name(neighbour), *command).strip()

    def name(self, neighbour: str) -> str:
        """The namespace of a neighbour."""
        return f"{self.suite}-{neighbour}"

    def root(self, command: str) -> str:
        """A command's output, by root, past SSH and its firewall."""
        return self.host.inside(command)

    def rules(self, table: str) -> str:
        """A table as the kernel has it."""
        return self.inside_network("nft", "--stateless", "list", "table", *table.split())

    def inside_network(self, *command: str) -> str:
        """The host's own programs in its network: the machine's nft may be older than the one that made a table."""
        access = self.host.access
        assert access is not None
        return self.spaces.run(self.suite, "nsenter", "--target", str(access.leader), "--mount", "--", *command)

    def files(self) -> dict[str, str]:
        """Every file where the role could write, and what it holds."""
        regular = "find /etc /usr/local /var/lib -xdev -type f ! -path '/var/lib/apt/*' -exec sha256sum {} +"
        script = regular + "; find /etc -xdev -type l -printf '%l  %p\\n'"
        return {path: value for value, path in (line.split("  ", 1) for line in self.root(script).splitlines())}

    def packages(self) -> set[str]:
        """What is installed, or has left configuration behind."""
        return set(self.root("dpkg-query --show --showformat '${Package}\\n'").split())


@contextlib.contextmanager
def machines(folder: Path) -> Iterator[dict[str, Machine]]:
    """Both releases, booted."""
    with contextlib.ExitStack() as stack:
        spaces = stack.enter_context(Namespaces())
        found = {}
        for suite in SUITES:
            wire(spaces, suite)
            host = DebianHost(
                folder / f"machine-{suite}",
                suite=suite,
                network_namespace=Path("/run/netns") / spaces.full(suite),
                address=f"{MANAGEMENT[suite]}.1",
                reached_from=Path("/run/netns") / spaces.full(f"{suite}-management"),
            )
            # sshd of the lab is bound to the management address; the office tries passwords too.
            stack.enter_context(host)
            host.inside("sed -i s/^ListenAddress.*// /etc/ssh/sshd_config.d/lab.conf")
            host.run("systemctl restart ssh", check=True)
            found[suite] = Machine(suite, host, spaces, folder)
        yield found


def networks(suite: str, neighbour: str) -> tuple[str, str]:
    """The beginnings of the addresses between the host and a neighbour."""
    four, six = NEIGHBOURS[neighbour]
    return four or MANAGEMENT[suite], six


def wire(spaces: Namespaces, suite: str) -> None:
    """The host's network, and a wire to each neighbour."""
    spaces.add(suite)
    for number, neighbour in enumerate(NEIGHBOURS):
        four, six = networks(suite, neighbour)
        name = f"{suite}-{neighbour}"
        spaces.add(name)
        spaces.ip(
            suite,
            f"link add lan{number} type veth peer name eth0 netns {{{name}}}",
            f"link set lan{number} up",
            f"addr add {four}.1/24 dev lan{number}",
            f"addr add {six}:1/64 dev lan{number}",
        )
        spaces.ip(name, "link set eth0 up", f"addr add {four}.2/24 dev eth0", f"addr add {six}:2/64 dev eth0")


def play(
    found: Mapping[str, Machine],
    folder: Path,
    variables: Mapping[str, Any],
    *arguments: str,
    own: Mapping[str, Mapping[str, Any]] | None = None,
) -> PlaybookRun:
    """Run the role on the hosts at once, as an installer would; ``own`` are variables of one host."""
    inventory, playbook = folder / "hosts.yml", folder / "pbx_host.yml"
    hosts = {
        name: {
            **machine.host.inventory_variables(),
            "pbx_host_syslog": {"host": f"{MANAGEMENT[machine.suite]}.2", "port": COLLECTOR},
            **(own or {}).get(name, {}),
        }
        for name, machine in found.items()
    }
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": dict(variables)}}))
    playbook.write_text(PLAYBOOK)
    return run_playbook(folder, ["-i", str(inventory), *arguments, str(playbook)])


def changed_tasks(run: PlaybookRun, host: str) -> list[str]:
    """The names of tasks that changed something there, in order."""
    found, task = [], ""
    for line in run.output.splitlines():
        if match := re.match(r"(?:TASK|RUNNING HANDLER) \[(.*)\] \*", line):
            task = match[1]
        elif re.match(rf"changed: \[{host}\]", line) and task not in found:
            found.append(task)
    return found


def failure(run: PlaybookRun, host: str) -> str:
    """What a host's run failed with, in one line."""
    assert run.recap[host]["failed"] == 1, run.output
    text = re.split(rf"(?:fatal|failed): \[{host}\]", run.output, maxsplit=1)[1]
    return " ".join(re.split(r"\n(?:TASK|PLAY|\n|\w+: \[)", text, maxsplit=1)[0].replace("''", "'").split())


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """How long it took until something is so."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > seconds:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.1)
    return time.monotonic() - begin
