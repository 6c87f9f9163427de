# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may open the Admin Console, without locking oneself out. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import Kinds
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.ip_list import (
    Network,
    address_text,
    parse_network,
)

PATH = "/ConsoleRestrictions"
KINDS: dict[str, Kinds] = {"AccessRestricted": bool, "IpWhitelist": list, "MyIpAddress": str}


def plan_console(have: Json, networks: Sequence[str]) -> Control:
    """The console for these networks only. Refused unless the PBX sees this controller in one of them."""
    control = Control("console")
    wanted: list[Network] = []
    for position, text in enumerate(networks):
        try:
            wanted.append(parse_network(text))
        except ValueError:
            control.problems.append(f"console.networks[{position}]: {text!r} is not an address or network.")
    found_texts = [str(each) for each in have.get("IpWhitelist") or ()]
    found: list[Network | None] = []
    for text in found_texts:
        try:
            found.append(parse_network(text))
        except ValueError:
            found.append(None)
    restricted = bool(have.get("AccessRestricted"))
    control.before = {"restricted": restricted, "networks": found_texts}
    control.after = {"restricted": True, "networks": [address_text(each) for each in wanted]}
    if control.problems:
        return control
    if not wanted:
        control.problems.append(
            "console.networks: empty, which would lock everybody out. Name the management networks."
        )
        return control
    mine = str(have.get("MyIpAddress") or "")
    try:
        me = ipaddress.ip_address(mine)
    except ValueError:
        control.problems.append(
            f"console: the PBX sees this controller as {mine!r}: cannot tell whether this would lock the controller "
            "out; nothing was changed."
        )
        return control
    if not any(me.version == each.version and me in each for each in wanted):
        control.problems.append(
            f"console.networks: this controller comes to the PBX from {me}, which is in none of "
            f"{', '.join(str(each) for each in wanted)}. It would lock itself out. Add the address to "
            "site.management, or run from a declared one."
        )
        return control
    if not restricted or set(found) != set(wanted):
        body = {"AccessRestricted": True, "IpWhitelist": control.after["networks"]}
        control.operations.append(Operation("PATCH", PATH, body, "restricting the Admin Console"))
    return control
