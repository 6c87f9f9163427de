# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check run on a new host reports are tasks and handlers that the role has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import yaml
from jinja2 import nodes

ROLE = Path(__file__).resolve().parents[3] / "roles" / "antivirus"


def names(tasks: Any) -> Iterator[str]:
    """The names of tasks, also of those in blocks."""
    for task in tasks:
        yield task["name"]
        yield from names(task.get("block", ()))


def test_each_predicted_task_exists() -> None:
    predictions = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())["antivirus_predictions"]
    texts = [node.value for node in jinja2.Environment(autoescape=True).parse(predictions).find_all(nodes.Const)]
    predicted = {text for text in texts if re.match(r"[A-Z].* ", str(text))}
    assert len(predicted) > 25
    files = [*ROLE.glob("tasks/*.yml"), *ROLE.glob("handlers/*.yml")]
    assert predicted - {name for path in files for name in names(yaml.safe_load(path.read_text()))} == set()
