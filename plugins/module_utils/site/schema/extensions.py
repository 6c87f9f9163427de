# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``extensions``: numbers and their desk phones."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.macs import mac
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import (
    extension_number,
    firmware,
    person_name,
    phone_model,
    phone_port,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import (
    boolean,
    integer,
    mapping,
    text,
)


@dataclass(frozen=True)
class Vlan:
    """Tags of a phone's own traffic, and of a computer behind it."""

    id: int = integer("a VLAN", "VLAN of the phone's own traffic.", required=True, example=20, bounds=(1, 4094))
    priority: int | None = integer("a priority", "802.1p priority of the phone's traffic.", example=5, bounds=(0, 7))
    pc_id: int | None = integer("a VLAN", "VLAN of a computer behind the phone.", example=30, bounds=(1, 4094))
    pc_priority: int | None = integer("a priority", "802.1p priority of that computer.", example=0, bounds=(0, 7))


@dataclass(frozen=True)
class Phone:
    """A desk phone."""

    mac: str = text(
        "a MAC address",
        "MAC address from the label, with or without separators.",
        required=True,
        digits=True,
        example="805ec0aabbcc",
        parse=mac,
        checked="unique",
    )
    model: str = text("a model", "Model as on the label.", required=True, example="T46U", parse=phone_model)
    firmware: str | None = text(
        "a version",
        "Firmware version as the phone shows it. It decides which settings the phone understands.",
        without="the newest firmware generation of the model",
        quoted=True,
        example="108.86.0.118",
        parse=firmware,
    )
    listen_port: int | None = integer(
        "a port",
        "Port on which the phone listens for SIP.",
        without="5060, and outside the LAN a port of its own; see `phone_policy.random_listen_port`",
        example=35060,
        parse=phone_port,
        checked="1024 to 65535, except 11780 to 12780, which are its media ports",
    )
    vlan: Vlan | None = mapping(Vlan, "VLANs of this phone.", without="`phone_policy.vlan`")
    enrolled: bool = boolean(
        "`false` for a phone that still has to find its provisioning server by DHCP or PnP.", default=True
    )


@dataclass(frozen=True)
class Extension:
    """A user's number."""

    number: str = text(
        "a number",
        "Extension number.",
        required=True,
        digits=True,
        example="201",
        parse=extension_number,
        checked="2 to 8 digits; unique; not an emergency number and not beginning with one",
    )
    name: str = text(
        "a name to display",
        "Name that phones display.",
        required=True,
        example="Reception",
        parse=person_name,
        checked="1 to 64 printable characters; a name used twice is a warning",
    )
    phone: Phone | None = mapping(Phone, "The desk phone.", checked="`provisioning` is declared")
    outside_lan: bool = boolean(
        "Whether the phone or app reaches the PBX over the internet. Leave it out for an extension of a remote site.",
        absent=False,
        without="it follows from `remote_sites`",
        checked="not `false` at a remote site without VPN",
    )
    generation: int | None = integer(
        "a whole number",
        "Raise it to give this extension new credentials.",
        without="the credentials stay as they are",
        example=2,
        bounds=(1, 999_999),
    )
    """None for whatever generation there is."""
