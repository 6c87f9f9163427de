# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routers that speak SHA-1 only: reached with paramiko 4, told apart and explained with the newest paramiko.

The environment with paramiko 4 is made by ``make old-ssh``, or named by OLD_SSH_PYTHON.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device, HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.host_key import fetch_key
from lab.drayos import SimulatedVigor, ssh_server
from lab.drayos.profiles import PROFILES
from lab.playbook import COLLECTIONS, ROOT, link_collection

PASSWORD = "router-password-1"
OLD_PYTHON = Path(os.environ.get("OLD_SSH_PYTHON", ROOT / ".venv-old-ssh" / "bin" / "python"))
LOGIN = Path(__file__).with_name("login.py")
KEY_EXCHANGES = ("diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1")
"""What older units may need (draytek.md 1b)."""


@pytest.fixture(params=KEY_EXCHANGES)
def router(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedVigor]:
    """A Vigor2927 with ssh-rsa and one old key exchange, and nothing newer."""
    monkeypatch.setitem(ssh_server.OLD_ALGORITHMS, "kex_algs", [request.param])
    profile = dataclasses.replace(PROFILES["vigor2927"], old_ssh=True)
    with SimulatedVigor(profile, password=PASSWORD) as simulated:
        yield simulated


def logged_in(python: Path, router: SimulatedVigor, folder: Path) -> dict[str, str]:
    """What login.py finds."""
    link_collection()
    known_hosts = folder / "known_hosts"
    known_hosts.write_text(router.known_hosts_line + "\n")
    done = subprocess.run(
        [str(python), str(LOGIN), router.host, str(router.port), str(known_hosts)],
        input=f"{PASSWORD}\n",
        env={**os.environ, "PYTHONPATH": str(COLLECTIONS), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture
def old_python() -> Path:
    """Python of the environment with paramiko 4."""
    assert OLD_PYTHON.exists(), f"{OLD_PYTHON} is missing: run make old-ssh"
    return OLD_PYTHON


def test_paramiko_4_logs_in(old_python: Path, router: SimulatedVigor, tmp_path: Path) -> None:
    found = logged_in(old_python, router, tmp_path)
    assert found["paramiko"].startswith("4.")
    assert "error" not in found, found
    assert found["model"].startswith("Vigor2927")
    assert found["algorithm"] == "ssh-rsa"
    assert router.counters.logins == 1


def test_the_ordinary_environment_names_the_remedy(router: SimulatedVigor, tmp_path: Path) -> None:
    found = logged_in(Path(sys.executable), router, tmp_path)
    assert "netmiko[par4]" in found["error"]
    assert "old SSH key exchange" in found["error"]
    assert "Update the router's firmware" in found["error"]
    assert PASSWORD not in json.dumps(found)
    assert router.counters.logins == router.counters.failed_logins == 0


def test_enrolling_names_the_remedy_too(router: SimulatedVigor) -> None:
    with pytest.raises(HardeningError, match=r"netmiko\[par4\]"):
        fetch_key(Device(router.host, router.port, "admin", PASSWORD), 10)


def test_what_paramiko_4_cannot_do_either_sends_nobody_in_circles(
    old_python: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(ssh_server.OLD_ALGORITHMS, "kex_algs", ["diffie-hellman-group15-sha512"])
    profile = dataclasses.replace(PROFILES["vigor2927"], old_ssh=True)
    with SimulatedVigor(profile, password=PASSWORD) as simulated:
        found = logged_in(old_python, simulated, tmp_path)
    assert "does not speak either" in found["error"]
    assert "par4" not in found["error"]
