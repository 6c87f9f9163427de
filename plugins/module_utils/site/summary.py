# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means, in numbers and in sentences that an installer can check with the customer."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.check import check
from ansible_collections.voipsec.hardening.plugins.module_utils.site.checks_inventory import (
    NO_ROUTER,
    router_is_missing,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import SPEC
from ansible_collections.voipsec.hardening.plugins.module_utils.site.inventory import Inventory
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import errors, message, warnings

INVENTORY = "_inventory"
"""The parameter that holds the run's Inventory, beside the variables. Set by the action plugin."""


def summary(declaration: Declaration) -> dict[str, Any]:
    """Counts, and who may reach SIP. No secret is in it."""
    return {
        "site": declaration.site.name,
        "trunk_providers": len(declaration.trunk_providers),
        "remote_sites": len(declaration.remote_sites),
        "extensions": len(declaration.extensions),
        "phones": sum(1 for extension in declaration.extensions if extension.phone),
        "allowed_countries": list(declaration.allowed_countries),
        "may_reach_sip": who_may_reach_sip(declaration),
    }


def who_may_reach_sip(declaration: Declaration) -> list[str]:
    """One line for each network, then everyone else."""
    pbx = declaration.pbx
    lines = []
    for provider in declaration.trunk_providers:
        ports = ", ".join(map(str, provider.ports))
        lines += [f"{network} (trunk provider {provider.name}): ports {ports}" for network in provider.signalling]
    for site in declaration.remote_sites:
        until = f", until {site.expires}" if site.expires else ""
        if site.vpn:
            lines.append(f"remote site {site.name}: through the VPN only")
        elif site.address is None:
            lines.append(f"remote site {site.name}: no longer, it expired on {site.expires}")
        else:
            reached = [port for port in pbx.sip_ports if (port == pbx.tls_port) == (site.transport == "tls")]
            lines.append(f"{site.address} (remote site {site.name}{until}): ports {', '.join(map(str, reached))}")
    return [*lines, f"everyone else: no access to ports {', '.join(map(str, pbx.sip_ports))}"]


def run(params: Params, context: RunContext) -> Outcome:
    """Check everything that can be checked without a device."""
    inventory = params.pop(INVENTORY, None) or Inventory()
    declaration, problems = check(params, datetime.date.today(), inventory)
    if declaration is None:
        raise HardeningError(message(errors(problems)))
    for line in warnings(problems):
        context.warn(line)
    first = {"router": NO_ROUTER} if router_is_missing(inventory, declaration) else {}
    return Outcome(changed=False, result={"summary": {**first, **summary(declaration)}})


CORE = Core(argument_spec=SPEC, run=run, controller_only=True)
