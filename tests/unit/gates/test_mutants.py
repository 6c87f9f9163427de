# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make mutants`` looks at files and tests that exist."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_core_and_every_folder_of_its_tests_is_there() -> None:
    """Read, not imported: the mutation tool takes seconds to load."""
    tree = ast.parse((ROOT / "tests/mutants/__main__.py").read_text())
    values = [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "CORES"
    ]
    cores: dict[str, tuple[str, ...]] = ast.literal_eval(values[0] or "")
    missing = [core for core in cores if not (ROOT / "plugins/module_utils" / core).exists()]
    tests = {folder for folders in cores.values() for folder in folders}
    missing += [folder for folder in sorted(tests - {"unit/pbx"}) if not (ROOT / "tests" / folder).is_dir()]
    assert not missing
    assert len(cores) > 30
