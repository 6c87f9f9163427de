# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may import what: docs/architecture.md, kept true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.voipsec.hardening.plugins."
GROUND = "ground floor"
"""The files of module_utils that are in no room, and READERS, which read what a user wrote: imported by all."""
READERS = "readers"
FAMILIES = frozenset({"drayos", "threecx", "yeastar", "yealink", "pbx_host", "antivirus"})
FACES = frozenset({"action", "filter", "lookup", "modules"})
ROOMS: dict[str, frozenset[str]] = {
    GROUND: frozenset(),
    "secrets": frozenset(),
    "sip": frozenset(),
    "pbx": frozenset({"secrets"}),
    "drayos": frozenset({"sip"}),
    "threecx": frozenset({"pbx", "secrets"}),
    "yeastar": frozenset({"pbx", "secrets"}),
    "yealink": frozenset({"secrets", "sip"}),
    "pbx_host": frozenset(),
    "antivirus": frozenset(),
    "site": frozenset({"secrets"}),
    "plugin_utils": frozenset({"site"}),
    **dict.fromkeys(FACES, FAMILIES | {"pbx", "plugin_utils", "secrets", "sip", "site"}),
}
"""Each room, and which others it may import; the ground floor may be imported by all. A new room needs a row here and
a line in docs/architecture.md."""
TABLES = frozenset({"site.countries", "site.international"})
"""Tables of the world, not of the declaration: a family may read them."""
ASKING = re.compile(r"module_utils/site/(?:checks_\w+|router)\.py")
"""Files of the declaration that ask a family's pure functions what it would refuse, or compile in its words. All others
know no device."""

NO_CORE = frozenset({"module_utils.run_module", "plugin_utils.action_base"})
"""What the two faces of a core are made with."""


def room(name: str) -> str:
    """Of a module below plugins, for example ``module_utils.sip.probe``."""
    first, _dot, rest = name.partition(".")
    if first != "module_utils":
        return first
    second = rest.partition(".")[0]
    return second if second != READERS and (PLUGINS / "module_utils" / second).is_dir() else GROUND


def imports(path: Path) -> Iterator[str]:
    """Every module of this collection that a file imports, wherever in the file, as below plugins."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name.removeprefix(PACKAGE) for each in node.names if each.name.startswith(PACKAGE))
        elif isinstance(node, ast.ImportFrom) and node.module and f"{node.module}.".startswith(PACKAGE):
            name = f"{node.module}."[len(PACKAGE) :].rstrip(".")
            folder = (PLUGINS / name.replace(".", "/")).is_dir()
            yield from (f"{name}.{each.name}" if folder else name for each in node.names)


def shipped() -> Iterator[tuple[Path, str, set[str]]]:
    """Every file that imports something: path, room, imports."""
    for path in sorted(PLUGINS.rglob("*.py")):
        name = str(path.relative_to(PLUGINS).with_suffix("")).replace("/", ".")
        if name.partition(".")[0] != "doc_fragments":
            yield path.relative_to(PLUGINS), room(name), set(imports(path))


def test_lower_floors_never_import_higher_ones_and_families_never_one_another() -> None:
    wrong = []
    for path, own, names in shipped():
        assert own in ROOMS, f"{own} is a new room: give it a row in ROOMS and a line in docs/architecture.md"
        for name in sorted(names):
            other = room(name)
            if other in (own, GROUND) or other in ROOMS[own] or name.removeprefix("module_utils.") in TABLES:
                continue
            if not (other in FAMILIES and ASKING.fullmatch(str(path))):
                wrong.append(f"{path} ({own}) imports {name} ({other})")
    assert not wrong, "\n".join(wrong)


def test_there_is_something_to_look_at() -> None:
    """The test above passes for an empty list, too."""
    seen = {(own, room(name)) for _path, own, names in shipped() for name in names}
    assert {("threecx", "pbx"), ("drayos", GROUND), ("lookup", "site"), ("yealink", "sip")} <= seen


def test_modules_and_actions_hold_no_logic() -> None:
    """A module is its documentation and the call of its core; an action is a class that names the same core."""
    for path, own, names in shipped():
        tree = ast.parse((PLUGINS / path).read_text())
        functions = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
        cores = names - NO_CORE
        if own == "modules":
            assert functions == ["main"], path
            assert len(cores) == 1, path
        elif own == "action" and path.stem != "site_declaration":  # it reads the play's variables
            assert functions == ["ActionModule"], path
            assert cores == set(imports(PLUGINS / "modules" / path.name)) - NO_CORE, path


def test_the_lab_knows_nothing_of_the_collection() -> None:
    """A simulator that shared code with what it tests would share its mistakes."""
    wrong = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests/lab").rglob("*.py")) if set(imports(path))]
    assert not wrong
