# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The play's declaration variables as plain data, for the lookup plugin and the action plugin."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import VARIABLES, parse
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import (
    errors,
    message,
    undefined,
    warnings,
)
from ansible_collections.voipsec.hardening.plugins.plugin_utils.written import written

UNDEFINED = re.compile(r"'(\w+)' is undefined")


def declared(variables: Mapping[str, Any], template: Callable[[Any], Any]) -> dict[str, Any]:
    """The values of the declaration's variables. Raises HardeningError with all whose templates fail."""
    found: dict[str, Any] = {}
    failures: list[str] = []
    for name in VARIABLES:
        if name not in variables:
            continue
        try:
            found[name] = native(template(variables[name]))
        except AnsibleError as error:
            missing = undefined_name(error)
            failures.append(f"{name}: {undefined(missing) if missing else first_line(error)}")
    if failures:
        raise HardeningError(message(failures))
    return found


def is_declared(variables: Mapping[str, Any]) -> bool:
    """Whether the play has a declaration: any of its variables counts, so that half a one is refused, not ignored."""
    return any(variables.get(name) is not None for name in VARIABLES)


def undefined_name(error: AnsibleError) -> str:
    """The variable that a template names and that is not defined; empty where it failed for another reason."""
    match = UNDEFINED.search(str(error))
    return match[1] if match else ""


def first_line(error: AnsibleError) -> str:
    """What follows the first line may quote the source."""
    return str(error).splitlines()[0]


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
        return written(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()  # YAML reads an unquoted 2027-03-31 as a date
    return "".join(str(value))
