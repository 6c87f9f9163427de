# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The customer's own proof, playbooks/verify.yml, run from four places on the wire."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from wire_support import STRANGERS, Story

from lab.customer import DEMO
from lab.playbook import ROOT, PlaybookRun, run_playbook

PEERS = ("provider", "office")
CONTROLLER = "controller"


@pytest.fixture
def controller(story: Story, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where Ansible runs: a namespace without any network, so that no probe can leave by another way."""
    if CONTROLLER not in story.network.spaces.names:
        story.network.spaces.add(CONTROLLER)
        story.network.spaces.ip(CONTROLLER, "link set lo up")
    monkeypatch.setenv("ANSIBLE_BECOME_ALLOW_SAME_USER", "1")  # "become" is what leads to the vantage points here
    return story.network.spaces.argv(CONTROLLER)


def verify(story: Story, folder: Path, controller: list[str]) -> PlaybookRun:
    """Each vantage point is a host whose module process starts in its own network namespace."""
    hosts = {}
    for name in (*PEERS, *STRANGERS):
        into = folder / f"into-{name}"
        inside = " ".join(story.network.spaces.argv(name))
        into.write_text(f'#!/bin/sh\nfor last; do :; done\nexec {inside} /bin/sh -c "$last"\n')
        into.chmod(0o700)
        hosts[name] = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "ansible_become": True,
            "ansible_become_method": "ansible.builtin.sudo",
            "ansible_become_exe": str(into),
            "verify_vantage": "peer" if name in PEERS else "stranger",
            "verify_public_address": [story.network.topology.public],
            "verify_tls": False,
        }
    inventory = folder / "vantage.yml"
    inventory.write_text(yaml.safe_dump({"all": {"children": {"vantage_points": {"hosts": hosts}}}}))
    playbook = str(ROOT / "playbooks" / "verify.yml")
    return run_playbook(folder, ["-i", str(DEMO), "-i", str(inventory), playbook], inside=controller)


def test_the_closed_site_is_proved_closed(story: Story, tmp_path: Path, controller: list[str]) -> None:
    run = verify(story, tmp_path, controller)
    assert run.returncode == 0, run.output
    assert "proved" in run.output


@pytest.mark.parametrize("hand_edit", ["ipf set -d 0"])
def test_a_door_that_somebody_opened_fails_the_proof(
    story: Story, tmp_path: Path, controller: list[str], hand_edit: str
) -> None:
    router = story.router
    start = router.state.general.start_set
    try:
        router._in_loop(lambda: router.device.execute(hand_edit))
        run = verify(story, tmp_path, controller)
    finally:
        router._in_loop(lambda: router.device.execute(f"ipf set -d {start}"))
    assert run.returncode != 0
    assert "udp 5060" in run.output
