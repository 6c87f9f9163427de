# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A core that works on files of another host runs there as an ordinary module, over SSH."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from host_support import Pbx

from lab.customer import DEMO
from lab.playbook import ROOT, PlaybookRun, run_playbook

SERVED = "/srv/provisioning/phones"


@pytest.fixture
def provisioning(pbx: Pbx, tmp_path: Path) -> Any:
    """The demo customer, whose provisioning server is the booted Debian."""
    overlay = tmp_path / "hosts.yml"
    provisioning = {
        **pbx.machine.inventory_variables(),
        "ansible_connection": "ssh",
        "ansible_become": True,
        "yealink_provisioning_directory": SERVED,
        "yealink_file_group": "games",
        "credentials_file": str(tmp_path / "credentials.vault.txt"),
    }
    router = {"ansible_host": "127.0.0.1", "ansible_password": "not-used-here"}
    overlay.write_text(yaml.safe_dump({"all": {"hosts": {"provisioning": provisioning, "router": router}}}))
    (tmp_path / "vault").write_text("vault-password-of-the-test")
    arguments = ["-i", str(DEMO), "-i", str(overlay), "--vault-password-file", str(tmp_path / "vault")]

    def run(*more: str) -> PlaybookRun:
        playbook = ROOT / "playbooks" / "rotate_credentials.yml"
        return run_playbook(tmp_path, [*arguments, "--limit", "provisioning", *more, str(playbook)])

    return run


def test_phones_files_are_written_on_their_server(pbx: Pbx, provisioning: Any) -> None:
    checked = provisioning("--check", "--diff")
    assert checked.returncode == 0, checked.output
    assert not pbx.inside.file(SERVED).exists
    first = provisioning("-vvv", "--diff")
    assert first.returncode == 0, first.output
    names = pbx.inside.check_output(f"ls {SERVED}").split()
    assert len([name for name in names if name.endswith(".cfg")]) == 10
    phone = pbx.inside.file(f"{SERVED}/805ec0a1b201.cfg")
    assert (phone.user, phone.group, phone.mode) == ("root", "games", 0o640)
    password = next(
        line.split(" = ", 1)[1] for line in phone.content_string.splitlines() if line.startswith("account.1.password")
    )
    second = provisioning("-vvv", "--diff")
    assert second.changed == 0, second.output
    assert password not in checked.output + first.output + second.output
    leftovers = pbx.inside.run(f"grep -rl {password} /tmp /home /var/tmp")
    assert leftovers.stdout == ""
