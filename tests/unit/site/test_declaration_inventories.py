# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventories that are shipped, and the documentation of the declaration, hold what they promise."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.voipsec.hardening.plugins.module_utils.site.countries import COUNTRIES, likely_meant
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import SPEC, VARIABLES, parse
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.phones import compile_phones
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router

ROOT = Path(__file__).resolve().parents[3]


def text_of(inventory: str) -> str:
    folder = ROOT / "inventories" / inventory / "group_vars" / "all"
    return "\n".join(path.read_text() for path in sorted(folder.glob("*.yml")))


def declaration_of(inventory: str) -> Declaration:
    declared: dict[str, Any] = {}
    for part in yaml.safe_load_all(text_of(inventory)):
        declared.update(part)
    values = {name: value for name, value in declared.items() if name in VARIABLES}
    declaration, problems = parse(values, datetime.date(2026, 11, 23))
    assert problems == []
    assert declaration is not None
    return declaration


@pytest.mark.parametrize("inventory", ["demo", "example"])
def test_the_shipped_inventories_compile_without_a_warning(inventory: str) -> None:
    declaration = declaration_of(inventory)
    assert compile_router(declaration)["rules"]
    assert len(compile_phones(declaration)) == sum(1 for extension in declaration.extensions if extension.phone)


def test_the_demo_is_a_complete_customer() -> None:
    demo = declaration_of("demo")
    phones = [extension.phone for extension in demo.extensions if extension.phone]
    assert (len(demo.trunk_providers), len(demo.remote_sites)) == (2, 2)
    assert (len(demo.extensions), len(phones), len(demo.allowed_countries)) == (12, 10, 3)
    assert len({phone.model for phone in phones}) >= 4
    assert all(site.extensions and site.transport == "tls" for site in demo.remote_sites)


def names_in(options: Mapping[str, Any]) -> Iterator[str]:
    for name, option in options.items():
        yield name
        yield from names_in(option.get("options") or {})


def test_the_example_shows_and_explains_every_variable() -> None:
    text = text_of("example")
    for name in names_in(SPEC):
        assert re.search(rf"(^|[\s{{#-]){name}: ?", text, re.MULTILINE), f"{name} is not in inventories/example"
    explained = [line for line in text.splitlines() if "#" in line]
    assert len(explained) > 50


def described(options: Mapping[str, Any]) -> dict[str, Any]:
    """An argument spec or a module's documentation, reduced to what both say."""
    return {
        name: {
            "type": option["type"],
            "required": option.get("required", False),
            "choices": option.get("choices"),
            "default": option.get("default"),
            "elements": option.get("elements"),
            "options": described(option.get("options") or option.get("suboptions") or {}),
        }
        for name, option in options.items()
    }


def test_the_module_documents_the_whole_declaration() -> None:
    source = (ROOT / "plugins" / "modules" / "site_declaration.py").read_text()
    found = re.search(r'DOCUMENTATION = r"""\n(.*?)"""', source, re.DOTALL)
    assert found
    assert described(yaml.safe_load(found[1])["options"]) == described(SPEC)


def test_the_page_about_the_declaration_names_every_variable() -> None:
    page = (ROOT / "docs" / "declaration.md").read_text()
    assert [name for name in names_in(SPEC) if f"{name}`" not in page] == []


def test_countries() -> None:
    assert len(COUNTRIES) == 249
    assert COUNTRIES["GB"].calling_code == 44
    assert COUNTRIES["IE"].calling_code == 353
    assert COUNTRIES["AQ"].calling_code is None
    meant = likely_meant("Untied Kingdom")
    assert meant is not None
    assert meant.code == "GB"
