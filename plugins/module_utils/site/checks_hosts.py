# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles for Debian hosts would refuse, asked before any host is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.settings import (
    problems_of as antivirus_problems,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.settings import (
    problems_of as pbx_host_problems,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.host import (
    compile_antivirus,
    compile_antivirus_mail,
    compile_pbx_host,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.phones import compile_provisioning
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.provisioning.server_settings import (
    problems_of as provisioning_problems,
)

ABSENT = "absent"
TRUE = ("true", "yes", "on", "1")
REQUIRED_LISTS = ("local_networks", "vpn_networks")
CERTIFICATE = ("certificate", "certificate_file", "key", "key_file", "local_ca")


def host_problems(declaration: Declaration, inventory: Inventory) -> Iterator[Problem]:
    """Of the PBX's host and of the provisioning server, as playbooks/site.yml would run their roles."""
    for host in inventory.hosts("pbx_hosts"):
        own = inventory.variables.get(host, {})
        if str(own.get("pbx_host_managed", False)).lower() in TRUE and own.get("pbx_host_state") != ABSENT:
            settings = _settings(inventory, host, "pbx_host_", compile_pbx_host(declaration))
            settings |= {name: [] for name in REQUIRED_LISTS if f"pbx_host_{name}" in inventory.unread.get(host, ())}
            yield from _said("pbx_hosts", host, pbx_host_problems(settings))
        if declaration.antivirus and own.get("antivirus_state") != ABSENT:
            compiled = {**compile_antivirus(declaration), "mail": compile_antivirus_mail(declaration)}
            settings = _settings(inventory, host, "antivirus_", compiled)
            yield from _said("pbx_hosts", host, antivirus_problems(settings))
    for host in inventory.hosts("provisioning_servers"):
        if inventory.variables.get(host, {}).get("yealink_provisioning_state") == ABSENT:
            continue
        compiled = {**dict.fromkeys(CERTIFICATE, ""), **compile_provisioning(declaration)}
        settings = _settings(inventory, host, "yealink_provisioning_", compiled)
        if settings.get("networks") != compiled.get("networks"):
            settings.pop("unserved", None)  # who adds networks says where these phones come from
        yield from _said("provisioning_servers", host, provisioning_problems(settings))


def _settings(inventory: Inventory, host: str, prefix: str, compiled: Mapping[str, Any]) -> dict[str, Any]:
    """The role's variables: from the declaration, and over them the host's own. What cannot be read is left out."""
    own = {
        name.removeprefix(prefix): value
        for name, value in inventory.variables.get(host, {}).items()
        if name.startswith(prefix)
    }
    unread = {name.removeprefix(prefix) for name in inventory.unread.get(host, ()) if name.startswith(prefix)}
    if not unread.isdisjoint(CERTIFICATE):
        unread |= set(CERTIFICATE)
    lockout = {**(compiled.get("lockout") or {}), **(own.get("lockout") or {})}
    settings = {**compiled, **own, **({"lockout": lockout} if lockout else {})}
    return {name: value for name, value in settings.items() if name not in unread}


def _said(group: str, host: str, texts: list[str]) -> Iterator[Problem]:
    for text in texts:
        yield Problem(f"{group} host {host}", "", text.rstrip("."))
