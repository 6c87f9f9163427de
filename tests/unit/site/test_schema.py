# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of the schema contradict neither themselves nor the model, and what follows from them is up to date."""

from __future__ import annotations

import importlib.util
import json
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, NoneType
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import site_name
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.declaration import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import Variable, variables_of

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "inventories").glob("*/group_vars/all/*.yml"))


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("declaration_docs", ROOT / "tools" / "build_declaration_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = generator()


@pytest.mark.parametrize("path", GENERATOR.GENERATED, ids=lambda path: path.name)
def test_generated_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text() == GENERATOR.GENERATED[path](), "run make generated"


def groups(group: type = Declaration) -> Iterator[type]:
    yield group
    for row in variables_of(group).values():
        if row.group:
            yield from groups(row.group)


@pytest.mark.parametrize("group", dict.fromkeys(groups()), ids=lambda group: group.__name__)
def test_the_model_has_none_only_where_a_row_allows_it(group: type) -> None:
    hints = typing.get_type_hints(group)
    for name, row in variables_of(group).items():
        optional = NoneType in typing.get_args(hints[name])
        if row.required or row.default is not None or row.many:
            assert not optional, f"{group.__name__}.{name} is never None"
        elif not row.without:
            # Where something is said to follow, the model may hold that instead.
            default = getattr(group(**{n: None for n, r in variables_of(group).items() if r.required}), name)
            assert optional == (default is None), f"{group.__name__}.{name}"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"choices": ("a", "b"), "default": "c"}, "default is not among choices"),
        ({"required": True, "default": "acme"}, "a required variable has no default"),
        ({"required": True, "without": "acme"}, "a required variable cannot be left out"),
        ({"secret": True, "example": "acme"}, "a secret has neither default nor example"),
        ({"parse": site_name, "example": "-"}, "example '-' is not a short name"),
        ({"parse": site_name, "example": "acme", "default": "-"}, "default '-' is not a short name"),
        ({"example": None}, "example is missing"),
        ({"plural": "names"}, "plural goes with lists"),
        ({"meaning": "Name"}, "meaning is no sentence"),
        ({"kind": "text"}, "kind is not one of"),
        ({"kind": "int", "bounds": (1, 5), "example": 6}, "example 6 is out of range; use 1 to 5"),
        ({"bounds": (1, 5)}, "bounds are of numbers"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(row: dict[str, Any], problem: str) -> None:
    valid = {"kind": "str", "meaning": "Name.", "noun": "a name", "example": "acme"}
    assert Variable(**valid).needed() == "a name such as acme"
    with pytest.raises(TypeError, match=problem):
        Variable(**{**valid, **row})


class Loader(yaml.SafeLoader):
    """Dates stay texts, as editors read them."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaints(text: str) -> list[str]:
    """Where an editor would draw a squiggle."""
    schema = json.loads((ROOT / "docs" / "declaration.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    errors = Draft202012Validator(schema).iter_errors(yaml.load(text, Loader))  # noqa: S506 -- a SafeLoader
    return [error.json_path for error in errors]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[2].name}-{path.name}")
def test_editors_accept_the_shipped_inventories(path: Path) -> None:
    text = path.read_text()
    assert complaints(text) == []
    first = text.splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (path.parent / first.removeprefix(prefix)).resolve() == ROOT / "docs" / "declaration.schema.json"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("site: {name: acme, contry: GB, country: GB, time_zone: Europe/London, management: [198.51.100.7]}", "$.site"),
        ("site: {name: acme}", "$.site"),
        ("remote_site: []", "$.remote_site"),
        ("concurrent_calls: many", "$.concurrent_calls"),
        ("concurrent_calls: 0", "$.concurrent_calls"),
        ("extensions: [{number: 201, name: Reception}]", "$.extensions"),
        ("antivirus: {product: norton}", "$.antivirus"),
        ("trunk_providers: {name: gamma}", "$.trunk_providers"),
        ("remote_sites: [{name: ipswich, vpn: perhaps}]", "$.remote_sites"),
    ],
)
def test_editors_mark_a_mistake(text: str, path: str) -> None:
    assert complaints(text) == [path]


@pytest.mark.parametrize(
    "text",
    [
        "credentials_file: /a\nany_other_variable: [1]",
        "concurrent_calls: '{{ calls_of_this_customer }}'",
        "site: '{{ customer }}'",
        "extensions: '{{ people }}'",
        "alerts: {to: ['{{ vault_mail }}'], smtp: {host: mail.example.net, password: '{{ vault_password }}'}}",
        "remote_sites:\nlockout: {within: 600}",
        "remote_sites: [{name: ipswich, address: 192.0.2.10, expires: 2027-03-31}]",
        "allowed_countries: GB, IE",
        "",
    ],
)
def test_editors_accept_every_valid_spelling(text: str) -> None:
    assert complaints(text) == []


USES = [
    (
        "udp_packets_per_second",
        {"site/schema/policy.py", "site/checks_policy.py", "site/checks_router.py", "site/router.py"},
    ),
    ("trusted_certificate", {"site/schema/phone_policy.py", "site/checks_phones.py", "site/phones.py"}),
    ("known_port_forwards", {"site/schema/router.py", "site/checks_router.py", "site/router.py"}),
    ("acknowledge_unsupported", {"site/schema/antivirus.py", "site/host.py"}),
]


@pytest.mark.parametrize(("variable", "places"), USES)
def test_a_variable_stands_in_its_row_and_where_it_is_used(variable: str, places: set[str]) -> None:
    """Beside what is generated: a variable more is a row, and the code that uses it."""
    shared = ROOT / "plugins" / "module_utils"
    declared = [*(shared / "site").rglob("*.py"), *(ROOT / "plugins" / "plugin_utils").glob("*.py")]
    found = {str(path.relative_to(shared)) for path in declared if variable in path.read_text()}
    assert found == places
    for path in (ROOT / "docs").rglob("*.md"):
        text = GENERATOR.BETWEEN.sub("", path.read_text())
        assert not re.search(rf"\b{variable}\b", text), f"{path} says again what is generated"
