# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The play's declaration variables as plain data, for the lookup plugin and the action plugin."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import VARIABLES, parse
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import errors, message, warnings


def declared(variables: Mapping[str, Any], template: Callable[[Any], Any]) -> dict[str, Any]:
    """The values of the declaration's variables. Those whose templates fail are told together."""
    found: dict[str, Any] = {}
    failures: list[str] = []
    for name in VARIABLES:
        if name not in variables:
            continue
        try:
            found[name] = native(template(variables[name]))
        except AnsibleError as error:
            # Only the first line: what follows may quote the source.
            failures.append(f"{name}: its value cannot be worked out; {str(error).splitlines()[0]}")
    if failures:
        raise HardeningError(message(failures))
    return found


def is_declared(variables: Mapping[str, Any]) -> bool:
    """Whether the play has a declaration: any of its variables counts, so that half a one is refused, not ignored."""
    return any(variables.get(name) is not None for name in VARIABLES)


def declaration(variables: Mapping[str, Any], template: Callable[[Any], Any]) -> tuple[Declaration, list[str]]:
    """The whole declaration, checked, and its warnings. Raises HardeningError with all its problems."""
    found, problems = parse(declared(variables, template), datetime.date.today())
    if found is None:
        raise HardeningError(message(errors(problems)))
    return found, warnings(problems)


def native(value: Any) -> Any:
    """Plain Python data, without the tags and lazy containers of ansible-core 2.19 and later."""
    if isinstance(value, Mapping):
        return {str(key): native(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [native(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()  # YAML reads an unquoted 2027-03-31 as a date
    return "".join(str(value))


def mistyped(names: Iterable[str], present: Mapping[str, Any]) -> list[str]:
    """Warnings about variables of the play that are named nearly as one that is not declared."""
    missing = [name for name in VARIABLES if name not in present]
    lines = []
    for name in sorted(names):
        near = difflib.get_close_matches(name.lower().replace("-", "_"), missing, n=1, cutoff=0.87)
        if near and name not in VARIABLES:
            lines.append(
                f"{name}: there is no such variable of the declaration, so it is not read; did you mean {near[0]}?"
            )
    return lines
