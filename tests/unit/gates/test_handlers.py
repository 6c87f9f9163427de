# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every handler that a task notifies exists: Ansible notices a wrong name only when the task changes something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.playbook import ROOT

ROLES = sorted(path.parent.parent for path in (ROOT / "roles").glob("*/handlers/main.yml"))


def notified(node: Any) -> Iterator[str]:
    """What any task in there notifies; a name that is worked out is found in the variables of its task."""
    if isinstance(node, dict):
        found = node.get("notify", [])
        yield from [found] if isinstance(found, str) else found
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from notified(item)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_notified_handler_exists(role: Path) -> None:
    names: set[str] = set()
    for handler in yaml.safe_load((role / "handlers" / "main.yml").read_text()):
        listens = handler.get("listen", [])
        names |= {handler.get("name", ""), *([listens] if isinstance(listens, str) else listens)}
    tasks = [yaml.safe_load(path.read_text()) for path in sorted((role / "tasks").glob("*.yml"))]
    plain = {name for name in notified(tasks) if "{{" not in name}
    assert plain
    assert plain <= names
