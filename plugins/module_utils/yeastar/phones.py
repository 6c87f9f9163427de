# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones that the PBX provisions itself: a phone must prove who it is before it gets its first configuration. Pure.

The API can ask that of a phone when it is added (enb_rps_auth of phone/batchcreate), and can show it, but cannot change
it afterwards: phone/batchupdate assigns extensions only [D].
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation

ASKED_OF = ("rps", "rps_fqdn")
"""Methods for which the guide says that the PBX can ask; through PnP and DHCP phones are in its own network."""


def normal_mac(text: str) -> str:
    """Twelve small hex digits."""
    return re.sub(r"[^0-9a-f]", "", text.lower())


def plan_phones(rows: Iterable[Json], declared: Sequence[Mapping[str, Any]], extensions: Mapping[str, int]) -> Control:
    """``rows``: answers of phone/get. Missing phones are added; of existing ones it is reported what they lack."""
    control = Control("phones")
    have = {normal_mac(str(row.get("mac") or "")): row for row in rows}
    groups: dict[tuple[str, str, str, str], list[Json]] = {}
    for position, given in enumerate(declared):
        mac = normal_mac(given["mac"])
        if mac in have:
            continue
        key = extensions.get(given["number"])
        if key is None:
            control.problems.append(f"phones[{position}].number: the PBX has no extension {given['number']!r}.")
            continue
        entry = {"mac": ":".join(mac[place : place + 2] for place in range(0, 12, 2)), "ext_id": key}
        same = (given["vendor"], given["model"], given["template_name"], given["provisioning_method"])
        groups.setdefault(same, []).append(entry)
    for (vendor, model, template, method), phones in groups.items():
        body: Json = {
            "vendor": vendor,
            "model": model,
            "template_name": template,
            "provisioning_method": method,
            "enb_rps_auth": 1,
            "phone_list": phones,
        }
        control.operations.append(
            Operation("POST", "phone/batchcreate", body, f"adding {len(phones)} phones of model {model}")
        )
    unauthenticated = sorted(
        mac
        for mac, row in have.items()
        if str(row.get("provisioning_method")) in ASKED_OF and str(row.get("enb_rps_auth")) != "1"
    )
    control.before = {"phones": sorted(have)}
    added = [normal_mac(each["mac"]) for phones in groups.values() for each in phones]
    control.after = {"phones": sorted([*have, *added])}
    if unauthenticated:
        control.state = ControlState.MANUAL
        control.reason = (
            "these phones get their configuration without authentication, and the API cannot change that: "
            f"{', '.join(unauthenticated)}. Switch on 'Authentication for the First-time Auto Provisioning' on the "
            "PBX's page Auto Provisioning, Phones"
        )
    return control
