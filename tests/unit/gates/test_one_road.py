# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and playbooks take compiled data only: no Jinja expression of theirs names a variable of the declaration.

What a declaration means is worked out once, by the lookup ``voipsec.hardening.desired``. A role that reads ``site`` or
``pbx`` itself restates defaults and rules, and refuses spellings that the declaration allows.

Text for people may name the variables freely: READMEs, comments, descriptions, and messages outside of ``{{ }}``. Only
expressions are looked at, and names that variables are defined by.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from jinja2 import nodes

from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import VARIABLES

ROOT = Path(__file__).resolve().parents[3]
EXPRESSIONS = {"when", "that", "until", "failed_when", "changed_when"}
"""Keywords whose values are expressions without braces."""
DEFINING = {"vars", "set_fact", "ansible.builtin.set_fact"}
"""Keywords whose keys are variables."""
DESCRIBING = {"description", "short_description"}
CONTAINERS = {"hostvars", "vars", "play_hosts_variables"}
"""Where a variable can be read without being named as one."""
ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)


class Loader(yaml.SafeLoader):
    """Reads Ansible's own tags as what they mark."""


Loader.add_multi_constructor("!", lambda loader, _tag, node: loader.construct_scalar(node))


def files() -> list[Path]:
    """Everything of roles and playbooks that Ansible templates."""
    found = [*ROOT.glob("roles/**/*"), *ROOT.glob("playbooks/**/*")]
    return sorted(path for path in found if path.suffix in {".yml", ".yaml", ".j2"})


def named_in(path: Path) -> set[str]:
    """The declaration's variables that a file reads or defines."""
    text = path.read_text()
    if path.suffix == ".j2":
        return named_in_template(text)
    document = yaml.load(text, Loader)  # noqa: S506 - a safe loader
    found = set(_named_in_values(document))
    if path.parent.name in {"defaults", "vars"}:
        found |= set(document or ()) & set(VARIABLES)
    if path.name == "argument_specs.yml":
        options = [entry.get("options") or {} for entry in document["argument_specs"].values()]
        found |= {name for names in options for name in names} & set(VARIABLES)
    return found


def _named_in_values(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        if key in DEFINING:
            yield from set(value) & set(VARIABLES)
        for name, item in value.items():
            if name not in DESCRIBING:
                yield from _named_in_values(item, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _named_in_values(item, key)
    elif isinstance(value, str):
        bare = key in EXPRESSIONS and "{{" not in value
        yield from named_in_template(f"{{{{ {value} }}}}" if bare else value)


def named_in_template(text: str) -> set[str]:
    """The declaration's variables that Jinja would look up."""
    tree = ENVIRONMENT.parse(text)
    found = {name.name for name in tree.find_all(nodes.Name)}
    found |= {node.attr for node in tree.find_all(nodes.Getattr) if _is_container(node.node)}
    found |= {
        str(node.arg.value)
        for node in tree.find_all(nodes.Getitem)
        if isinstance(node.arg, nodes.Const) and _is_container(node.node)
    }
    for call in tree.find_all(nodes.Call):
        name, *others = [argument.value for argument in call.args if isinstance(argument, nodes.Const)] or [""]
        if isinstance(call.node, nodes.Name) and call.node.name in {"lookup", "query", "q"} and "vars" in str(name):
            found |= {str(other) for other in others}
    return found & set(VARIABLES)


def _is_container(node: nodes.Node) -> bool:
    """``vars``, ``hostvars[...]``, or a host's variables under a name of their own."""
    while isinstance(node, (nodes.Getitem, nodes.Getattr)):
        node = node.node
    return isinstance(node, nodes.Name) and node.name in CONTAINERS


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_variable_of_the_declaration_is_named(path: Path) -> None:
    assert named_in(path) == set(), "take it from lookup('voipsec.hardening.desired', ...) instead"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("tasks/main.yml", "- debug: {msg: '{{ site.name }}'}", {"site"}),
        ("tasks/main.yml", "- debug: {msg: x}\n  when: pbx is defined", {"pbx"}),
        ("tasks/main.yml", "- assert: {that: [lockout.within == '10m']}", {"lockout"}),
        ("tasks/main.yml", "- debug: {msg: \"{{ hostvars['x'].alerts }}\"}", {"alerts"}),
        ("tasks/main.yml", "- debug: {msg: \"{{ vars['router'] }}\"}", {"router"}),
        ("tasks/main.yml", "- debug: {msg: \"{{ lookup('vars', 'flood') }}\"}", {"flood"}),
        ("tasks/main.yml", "- set_fact: {extensions: []}", {"extensions"}),
        ("tasks/main.yml", "- debug:\n  vars: {credentials: []}", {"credentials"}),
        ("defaults/main.yml", "antivirus: {}", {"antivirus"}),
        ("defaults/main.yml", "x: \"{{ {'within': '10m'} | combine(lockout | default({})) }}\"", {"lockout"}),
        ("meta/argument_specs.yml", "argument_specs: {main: {options: {antivirus: {type: dict}}}}", {"antivirus"}),
        ("templates/a.j2", "{% if provisioning %}x{% endif %}", {"provisioning"}),
        # Text for people, parts of compiled data, and other names.
        ("tasks/main.yml", "# site.management\n- fail: {msg: 'Add it to site.management.'}", set()),
        ("tasks/main.yml", "- debug: {msg: \"{{ lookup('voipsec.hardening.desired', 'declaration').site }}\"}", set()),
        ("tasks/main.yml", "- debug: {msg: x}\n  when: \"'lockout' in parts\"", set()),
        ("meta/argument_specs.yml", "argument_specs: {main: {options: {x: {description: C(pbx) of it}}}}", set()),
    ],
)
def test_the_gate_sees_what_it_should(tmp_path: Path, name: str, text: str, expected: set[str]) -> None:
    path = tmp_path / name
    path.parent.mkdir()
    path.write_text(text)
    assert named_in(path) == expected
