# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host tests do to the PBX host, and how they look at it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import testinfra
import yaml

from lab.debian_host import DebianHost, why_unavailable
from lab.playbook import PlaybookRun, run_playbook

SCAN = "voipsec-antivirus-scan"
SIGNATURE = "Lab.Eicar"
PLAYBOOK = """\
- name: The role
  hosts: all
  gather_facts: {gather_facts}
  roles:
    - role: voipsec.hardening.antivirus
- name: What it said
  hosts: all
  gather_facts: false
  tasks:
    - name: Summary
      ansible.builtin.debug:
        msg: "{{{{ antivirus_result.lines }}}}"
"""


def eicar() -> str:
    """The harmless test file of the anti-malware industry. In halves, so that no scanner takes this file for it."""
    return r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + "-ANTIVIRUS-TEST-FILE!$H+H*"


def eicar_signature() -> dict[str, str]:
    """A local signature for it: no mirror of ClamAV's is reached by the tests."""
    content = eicar().encode()
    return {
        "name": "lab.hdb",
        "content": f"{hashlib.md5(content, usedforsecurity=False).hexdigest()}:{len(content)}:{SIGNATURE}",
    }


def unavailable(more: str | None = None) -> None:
    """Skip, or fail where nothing may be skipped, on a machine that cannot boot a Debian. ``more``: what else lacks."""
    reason = why_unavailable() or more
    if reason and os.environ.get("VOIPSEC_NO_SKIPS") == "1":
        pytest.fail(f"VOIPSEC_NO_SKIPS is set. {reason}")
    if reason:
        pytest.skip(reason)


class Pbx:
    """The host, the runs of Ansible against it, and a look inside through SSH."""

    def __init__(self, machine: DebianHost, folder: Path) -> None:
        self.machine = machine
        self.folder = folder
        config = folder / "ssh_config"
        config.write_text(machine.ssh_config(keep_open=True))
        self.inside = testinfra.get_host("ssh://pbx", ssh_config=str(config), sudo=True)

    def play(
        self,
        variables: Mapping[str, Any],
        *arguments: str,
        hosts: Mapping[str, Mapping[str, Any]] | None = None,
        gather_facts: bool = True,
    ) -> PlaybookRun:
        """Run the role as an installer would.

        ``hosts`` are other names for the same machine, each with variables of its own.
        """
        connection = self.machine.inventory_variables()
        entries = {name: {**connection, **own} for name, own in (hosts or {"pbx": {}}).items()}
        inventory, playbook = self.folder / "hosts.yml", self.folder / "antivirus.yml"
        inventory.write_text(yaml.safe_dump({"all": {"hosts": entries, "vars": dict(variables)}}))
        playbook.write_text(PLAYBOOK.format(gather_facts=str(gather_facts).lower()))
        return run_playbook(self.folder, ["-i", str(inventory), *arguments, str(playbook)])

    @contextlib.contextmanager
    def changed(self, there: str, back: str) -> Iterator[None]:
        """Make the host another one for a moment, with two shell commands. In its own mounts: a login has them too."""
        self.machine.inside(there)
        try:
            yield
        finally:
            self.machine.inside(back)

    def packages(self) -> set[str]:
        """All packages that are installed, or have left configuration behind."""
        return set(self.inside.check_output("dpkg-query --show --showformat '${Package}\\n'").split())

    def files(self) -> set[str]:
        """Every file where the role could write."""
        found = self.inside.check_output("find /etc /usr/local /var/lib /var/log -xdev ! -path '/var/log/apt/*'")
        return set(found.splitlines())

    def unit(self, name: str) -> dict[str, str]:
        """What systemd itself says about a unit."""
        return dict(
            line.partition("=")[::2] for line in self.inside.check_output(f"systemctl show {name}").splitlines()
        )

    def put(self, path: str, content: str) -> None:
        """Write a file that only root can read."""
        script = 'umask 077; mkdir -p "$(dirname -- "$1")"; printf %s "$2" >"$1"'
        self.inside.check_output(f"sh -c {shlex.quote(script)} put {shlex.quote(path)} {shlex.quote(content)}")

    def log(self) -> list[str]:
        """All lines that the role's programs have written to the system log."""
        self.inside.check_output("journalctl --sync")
        lines = self.inside.check_output("journalctl --quiet --output=cat SYSLOG_IDENTIFIER=voipsec-antivirus")
        return list(lines.splitlines())

    def scan(self) -> tuple[int, list[str]]:
        """Run the nightly scan now, through its unit: its exit status and what it has logged."""
        before = len(self.log())
        self.inside.run(f"systemctl start {SCAN}.service")
        return int(self.unit(f"{SCAN}.service")["ExecMainStatus"]), self.log()[before:]
