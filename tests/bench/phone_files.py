# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A thousand phones' files through yealink_config, and through a loop of ansible.builtin.template."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from lab.playbook import run_playbook

PHONES = 1000
LOOPED = 50
"""Phones of the loop, whose time for all is worked out from these: it takes as long for each."""
ROUNDS = 3
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


class PhoneFiles:
    """One site's phones and two playbooks for them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._inventory = folder / "hosts.yml"
        self._inventory.write_text(yaml.safe_dump({"all": {"hosts": {"provisioning": LOCAL}}}))
        (folder / "vault").write_text("bench-vault-password")
        (folder / "phone.cfg.j2").write_text(
            "#!version:1.0.0.1\nsip.trust_ctrl = 1\naccount.1.user_name = {{ item.number }}\n"
        )
        extensions = [
            {
                "number": str(2000 + index),
                "name": f"Desk {index}",
                "phone": {"mac": f"805ec0{index:06x}", "model": "T46U", "firmware": "108.86.0.118"},
            }
            for index in range(1, PHONES + 1)
        ]
        variables = {
            "site": {"name": "bench", "country": "GB", "time_zone": "Europe/London", "management": ["198.51.100.7"]},
            "pbx": {"address": "192.168.1.10", "server_name": "pbx.bench.example"},
            "trunk_providers": [{"name": "gamma", "signalling": ["203.0.113.0/26"]}],
            "concurrent_calls": 4,
            "allowed_countries": ["GB", "IE", "FR"],
            "extensions": extensions,
            "provisioning": {"url": "https://provision.bench.example/", "access": "phone_password"},
            "credentials_file": str(folder / "credentials"),
            "yealink_provisioning_directory": str(folder / "ours"),
        }
        roles = [{"role": "voipsec.hardening.credentials"}, {"role": "voipsec.hardening.yealink"}]
        template = {
            "ansible.builtin.template": {
                "src": str(folder / "phone.cfg.j2"),
                "dest": f"{folder}/{{{{ item.phone.mac }}}}.cfg",
                "mode": "0640",
            },
            "loop": f"{{{{ extensions[:{LOOPED}] }}}}",
            "no_log": True,
        }
        play = {"hosts": "provisioning", "gather_facts": False, "vars": variables}
        self._ours = self._write("ours.yml", {**play, "roles": roles})
        self._loop = self._write("loop.yml", {**play, "tasks": [template]})
        self._nothing = self._write("nothing.yml", {**play, "tasks": []})

    def report(self) -> Iterator[str]:
        """Times of whole ansible-playbook runs, ratios, and memory."""
        first = self._timed(self._ours)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        self._timed(self._loop)
        unchanged, loop, start = [], [], []
        for _ in range(ROUNDS):  # in turn, so that a drift of the machine's speed meets all
            unchanged.append(self._timed(self._ours))
            loop.append(self._timed(self._loop))
            start.append(self._timed(self._nothing))
        ours, begun = statistics.median(unchanged), statistics.median(start)
        looped = begun + (statistics.median(loop) - begun) * PHONES / LOOPED
        yield (
            f"{PHONES} phones' files: first run {first:.1f} s, at most {memory:.0f} MiB; unchanged {ours:.1f} s with "
            f"the credentials and Ansible's start ({begun:.1f} s)"
        )
        yield (
            f"{PHONES} phones' files unchanged, a template loop with two parameters each: {looped:.0f} s (from "
            f"{LOOPED}), {looped / ours:.0f} times as long"
        )

    def _write(self, name: str, play: dict[str, Any]) -> Path:
        path = self._folder / name
        path.write_text(yaml.safe_dump([play]))
        return path

    def _timed(self, playbook: Path) -> float:
        vault = ["--vault-password-file", str(self._folder / "vault")]
        started = time.perf_counter()
        run = run_playbook(self._folder, ["-i", str(self._inventory), *vault, str(playbook)])
        if run.returncode:
            raise RuntimeError(run.output)
        return time.perf_counter() - started
