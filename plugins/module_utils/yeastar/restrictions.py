# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may register as an extension: by address and by user agent. Pure.

The API's document that could be read ends before these fields, and no public source names the two lists. So their names
and form are learnt from the PBX's own answers: from an extension that has an entry, made by hand. Without one nothing
is written, because a restriction that is switched on with an empty list would shut the phone out.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import is_ipv4

SWITCHES = {"allowed_networks": "enb_ip_rstr", "user_agents": "enb_user_agent_ident"}
"""Our option -> the switch, which is known from the PBX's web pages (yeastar.md a.4)."""
NOT_LEARNT = (
    "the API's names for this list are not public, and no extension of this PBX has an entry to learn them from. Set "
    "it on the extension's Security page; once one extension has an entry by hand, the others are set too"
)


@dataclass(frozen=True)
class ListForm:
    """How one of the lists looks on this PBX."""

    key: str
    value: str
    """The field that holds the address or the user agent."""
    mask: str = ""
    """The field that holds the netmask."""

    def entries(self, given: Sequence[str]) -> list[Json]:
        """Our values in this form."""
        if not self.mask:
            return [{self.value: each} for each in given]
        networks = [ipaddress.IPv4Network(each) for each in given]
        return [{self.value: str(each.network_address), self.mask: str(each.netmask)} for each in networks]


def learn(rows: Iterable[Mapping[str, Any]]) -> dict[str, ListForm]:
    """From complete answers about extensions: our option -> the form of its list, where one can be told for sure."""
    found: dict[str, set[ListForm]] = {}
    for row in rows:
        for key, value in row.items():
            for entry in value if isinstance(value, list) else ():
                form = _form(key, entry) if isinstance(entry, Mapping) else None
                if form:
                    found.setdefault("allowed_networks" if form.mask else "user_agents", set()).add(form)
    return {option: next(iter(forms)) for option, forms in found.items() if len(forms) == 1}


def _form(key: str, entry: Mapping[str, Any]) -> ListForm | None:
    texts = {name: str(value) for name, value in entry.items() if isinstance(value, str) and value}
    if "agent" in key and len(texts) == 1:
        return ListForm(key, next(iter(texts)))
    if "ip" in key.split("_") and len(texts) == 2:
        masks = [name for name, text in texts.items() if _is_mask(text)]
        addresses = [name for name, text in texts.items() if name not in masks and is_ipv4(text)]
        if len(masks) == len(addresses) == 1:
            return ListForm(key, addresses[0], masks[0])
    return None


def _is_mask(text: str) -> bool:
    try:
        return text.startswith("255.") and ipaddress.IPv4Network(f"0.0.0.0/{text}").prefixlen > 0
    except ValueError:
        return False


def restricted(
    entry: Mapping[str, Any], shown: Iterable[str], forms: Mapping[str, ListForm]
) -> tuple[Json, dict[str, str]]:
    """The fields for what is declared of one extension, and what cannot be set with the reason."""
    properties: Json = {}
    lacking: dict[str, str] = {}
    names = set(shown)
    for option, switch in SWITCHES.items():
        given = entry.get(option)
        if given is None:
            continue
        if switch not in names:
            lacking[option] = f"this PBX's firmware does not show {switch}, so it is not sent"
        elif not given:
            properties[switch] = 0
        elif option not in forms:
            lacking[option] = NOT_LEARNT
        else:
            properties[switch] = 1
            properties[forms[option].key] = forms[option].entries(given)
    return properties, lacking


def same_list(found: Any, wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the PBX has these entries and no others, whatever it keeps beside them."""
    if not isinstance(found, list) or len(found) != len(wanted):
        return False
    left = [dict(each) for each in wanted]
    for entry in found:
        match = next((each for each in left if all(entry.get(name) == value for name, value in each.items())), None)
        if match is None:
            return False
        left.remove(match)
    return True
