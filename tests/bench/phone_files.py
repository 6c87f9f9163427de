# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All phones' files through yealink_config, and through a loop of ansible.builtin.template as one would write it."""

from __future__ import annotations

from pathlib import Path

import yaml

from lab.playbook import run_playbook

PHONES = 40
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
                "number": str(200 + index),
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
            "extensions": extensions,
            "provisioning": {"url": "https://provision.bench.example/", "username": "phones"},
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
            "loop": "{{ extensions }}",
            "no_log": True,
        }
        play = {"hosts": "provisioning", "gather_facts": False, "vars": variables}
        self._ours = self._write("ours.yml", {**play, "roles": roles})
        self._loop = self._write("loop.yml", {**play, "tasks": [template]})

    def _write(self, name: str, play: dict[str, object]) -> Path:
        path = self._folder / name
        path.write_text(yaml.safe_dump([play]))
        return path

    def _run(self, playbook: Path) -> None:
        vault = ["--vault-password-file", str(self._folder / "vault")]
        run = run_playbook(self._folder, ["-i", str(self._inventory), *vault, str(playbook)])
        if run.returncode:
            raise RuntimeError(run.output)

    def ours(self) -> None:
        """Two roles, credentials and all parameters included."""
        self._run(self._ours)

    def template_loop(self) -> None:
        """Two parameters for each phone."""
        self._run(self._loop)
