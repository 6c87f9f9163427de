# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of a run as plain data, for the check of a declaration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible import context
from ansible.errors import AnsibleError

from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import DEVICES, Inventory, Undefined
from ansible_collections.voipsec.hardening.plugins.module_utils.site.near_names import DEVICE_GROUPS
from ansible_collections.voipsec.hardening.plugins.plugin_utils.action_base import CONNECTION_VARIABLES
from ansible_collections.voipsec.hardening.plugins.plugin_utils.declared_variables import (
    first_line,
    native,
    undefined_name,
)
from ansible_collections.voipsec.hardening.plugins.plugin_utils.repeated_keys import repeated_keys
from ansible_collections.voipsec.hardening.plugins.plugin_utils.written import file_of

LOGIN = tuple(name for names in CONNECTION_VARIABLES.values() for name in names)
OPTIONS = ("draytek_", "threecx_", "yeastar_", "yealink_", "pbx_host_", "antivirus_")
"""Beginnings of roles' variables that a host of the inventory may set."""
SITE = re.compile(r"^site\s*:", re.MULTILINE)
COLLECTION = Path(__file__).resolve().parents[2]
SHIPPED = tuple(COLLECTION / "inventories" / name for name in ("demo", "example"))


def inventory_of(task_vars: Mapping[str, Any]) -> Inventory:
    """Groups and hosts of the play. Only hosts that the play may reach are asked for their logins."""
    groups = {str(name): tuple(map(str, hosts)) for name, hosts in (task_vars.get("groups") or {}).items()}
    hostvars = task_vars.get("hostvars") or {}
    reached = set(map(str, task_vars.get("ansible_play_hosts_all") or ()))
    variables: dict[str, dict[str, Any]] = {}
    unread: dict[str, frozenset[str]] = {}
    undefined: list[Undefined] = []
    for host in _in_groups(groups, (*DEVICE_GROUPS, "provisioning")):
        variables[host], failed = _variables(host, hostvars[host])
        unread[host] = frozenset(item.name for item in failed)
        if host in reached:
            undefined += [item for item in failed if _is_needed(item)]
            undefined += _without_password(host, groups, hostvars[host])
    folders = _folders(context.CLIARGS.get("inventory") or ())
    return Inventory(
        groups=groups,
        variables=variables,
        unread=unread,
        undefined=tuple(undefined),
        customers=tuple(str(folder) for folder in folders if _declares_a_site(folder)),
        duplicates=tuple(repeated for folder in folders for repeated in repeated_keys(folder)),
        names=tuple(map(str, task_vars)),
        shipped=any(folder.resolve() in SHIPPED for folder in folders),
    )


def _in_groups(groups: Mapping[str, Iterable[str]], names: Iterable[str]) -> list[str]:
    hosts = [host for name in names for host in groups.get(name, ())]
    hosts += [host for host in groups.get("all", ()) if host == "provisioning"]
    return list(dict.fromkeys(hosts))


def _variables(host: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Undefined]]:
    """Logins and options of one host, and those whose templates fail."""
    found: dict[str, Any] = {}
    failed: list[Undefined] = []
    for name in values:
        if name not in LOGIN and not str(name).startswith(OPTIONS):
            continue
        try:
            found[str(name)] = native(values[name])
        except AnsibleError as error:
            file = file_of(getattr(values, "_vars", {}).get(name)) or "hosts.yml"
            failed.append(Undefined(host, str(name), first_line(error), undefined_name(error), file))
    return found, failed


def _is_needed(item: Undefined) -> bool:
    """An option may take what the role defines. A login, and what comes from a vault, are the inventory's."""
    return item.name in LOGIN or item.missing.startswith("vault_")


def _without_password(host: str, groups: Mapping[str, Iterable[str]], values: Mapping[str, Any]) -> list[Undefined]:
    """A device that nobody could log in to."""
    is_device = any(host in groups.get(group, ()) for group in DEVICES)
    asked = context.CLIARGS.get("ask_pass") or context.CLIARGS.get("connection_password_file")
    if not is_device or asked or any(name in values for name in CONNECTION_VARIABLES["password"]):
        return []
    text = 'is not declared; add a password from the vault, such as "{{ vault_password }}"'
    return [Undefined(host, "ansible_password", text)]


def _folders(sources: Iterable[str]) -> list[Path]:
    """Where each inventory's group_vars are."""
    paths = [Path(str(source)) for source in sources if "," not in str(source)]
    return list(dict.fromkeys(path if path.is_dir() else path.parent for path in paths))


def _declares_a_site(folder: Path) -> bool:
    place = folder / "group_vars"
    files = [place / "all", place / "all.yml", place / "all.yaml", *sorted((place / "all").glob("*.y*ml"))]
    return any(SITE.search(_text(file)) for file in files)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8") if file.is_file() and os.access(file, os.R_OK) else ""
    except (OSError, UnicodeDecodeError):
        return ""
