# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``phone_policy``: what all phones of the site have in common."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.durations import duration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import https_file, user_name
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.extensions import Vlan
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import (
    boolean,
    choice,
    mapping,
    text,
)

_CERTIFICATE = {
    "example": "https://provision.acme.example/ca.crt",
    "parse": https_file,
    "checked": "https; without user, password and query",
}


@dataclass(frozen=True)
class PhoneLock:
    """The keypad lock."""

    after: int = text(
        "a duration",
        "Idle time before the phone locks itself.",
        default="5m",
        example="5m",
        number_too=True,
        parse=duration,
        bounds=("0", "1h"),
        why="0 locks by hand only",
    )
    keys: str = choice("all", "function", "menu", default="all", meaning="Keys that are locked.")


@dataclass(frozen=True)
class Dot1x:
    """How phones authenticate to the switch."""

    method: str = choice("md5", "tls", "peap", required=True, meaning="EAP method.")
    identity: str | None = text(
        "a name", "Identity.", without="the phone's MAC address", example="phone", parse=user_name
    )
    ca_url: str | None = text("an address", "Address of the certificate authority's certificate.", **_CERTIFICATE)
    client_certificate_url: str | None = text(
        "an address", "Address of the client's certificate, for `method: tls`.", **_CERTIFICATE
    )


@dataclass(frozen=True)
class PhonePolicy:
    """What all phones of the site have in common."""

    random_listen_port: bool | None = boolean(
        "Whether every phone listens on a port of its own instead of 5060.", without="phones outside the LAN only"
    )
    web_interface: str = choice(
        "https",
        "off",
        default="https",
        meaning="The phone's own web pages: over HTTPS with generated passwords, or off.",
    )
    check_sync: str = choice(
        "reload",
        "ignore",
        default="reload",
        meaning="Whether the PBX may make a phone download its configuration (SIP NOTIFY `check-sync`).",
    )
    lock: PhoneLock | None = mapping(
        PhoneLock,
        "The keypad lock. It opens with the voicemail PIN; emergency numbers stay dialable. If the PBX provisions "
        "the phones (`provisioning.by`), it is not set, and a warning says so.",
    )
    vlan: Vlan | None = mapping(Vlan, "802.1Q tags.")
    dot1x: Dot1x | None = mapping(Dot1x, "802.1X. The password is a secret setting of the role `yealink`.")
    trusted_certificate: str | None = text(
        "an address", "Address of the certificate of a private authority that phones are to trust.", **_CERTIFICATE
    )
    block_countries: bool = boolean(
        "Whether phones refuse to dial countries outside `allowed_countries`, and `barred_numbers`. A phone has room "
        "for ten patterns; a warning lists what does not fit. The PBX blocks all of it.",
        default=True,
    )
