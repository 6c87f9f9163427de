# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yealink_audit at the highest verbosity: what is odd and secret in files of others does not show."""

from __future__ import annotations

from pathlib import Path

import yaml

from lab.playbook import run_playbook

CORPUS = Path(__file__).resolve().parents[1] / "unit" / "yealink" / "corpus"


def test_a_playbook_tells_what_is_wrong_and_shows_no_secret(tmp_path: Path) -> None:
    upload = CORPUS / "001565a00001-local.cfg"
    arguments = {"directory": str(CORPUS), "files": [str(upload)]}
    tasks = [
        {"name": "Read", "voipsec.hardening.yealink_audit": arguments, "register": "existing"},
        {"name": "Shown", "ansible.builtin.debug": {"var": "existing.audited"}},
    ]
    play = tmp_path / "play.yml"
    play.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    run = run_playbook(tmp_path, ["-i", "localhost,", "-c", "local", str(play), "--diff", "-vvvv"])
    assert (run.returncode, run.changed) == (0, 0), run.output
    assert "account.1.pssword is not a known parameter" in run.output
    assert "was changed at the phone" in run.output
    assert "Canary" not in run.output
