# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the two series name what an extension has. Data, with the source of each name.

Names marked [S] in yeastar.md a.4 are known from the PBX's own web pages, not from the API's document. They are
written only where the PBX shows them in its answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FLAG, NUMBER, TEXT = "flag", "number", "text"


@dataclass(frozen=True)
class Word:
    """One option of ours in the device's words."""

    key: str
    kind: str
    documented: bool = False
    """Whether the API's document names it; the others must be shown by the device before they are sent."""


@dataclass(frozen=True)
class Dialect:
    """One series."""

    name: str
    words: Mapping[str, Word]
    secrets: Mapping[str, str]
    """Key -> field of the vault file. Compared where the device lets them be read."""
    login: str
    """Key of the password of the user's web and app login."""
    on: Any
    off: Any
    missing: str
    """Why a word that is not in ``words`` cannot be set."""
    create: Mapping[str, Any] = field(default_factory=dict)
    """What a new extension must have besides."""

    def value(self, word: Word, given: Any) -> Any:
        """As the device wants it."""
        if word.kind == FLAG:
            return self.on if given else self.off
        if word.kind == NUMBER:
            return str(given) if self.on == "on" else int(given)
        return str(given)


P_DIALECT = Dialect(
    "P-Series",
    {
        "concurrent_registrations": Word("concurrent_registrations", NUMBER, documented=True),
        "voicemail": Word("enb_vm", FLAG, documented=True),
        "voicemail_asks_pin": Word("enb_vm_pin", FLAG, documented=True),
        "remote_registration": Word("allow_reg_remotely", FLAG),
        "srtp": Word("enb_srtp", FLAG),
        "transport": Word("transport", TEXT),
        "outbound_disabled": Word("disable_outb_call", FLAG),
        "outbound_office_hours_only": Word("disable_office_time_outb_call", FLAG),
        "max_call_seconds": Word("max_outb_call_duration", NUMBER),
    },
    {"reg_name": "auth_id", "reg_password": "sip_password", "vm_pin": "voicemail_pin"},
    "user_password",
    1,
    0,
    "the API has no name for it that is known",
    {
        "type": "SIP",
        "concurrent_registrations": 1,
        "presence_status": "available",
        "enb_vm": 1,
        "enb_vm_pin": 1,
    },
)
S_DIALECT = Dialect(
    "S-Series",
    {
        "concurrent_registrations": Word("maxregistrations", NUMBER, documented=True),
        "voicemail": Word("hasvoicemail", FLAG, documented=True),
        "outbound_disabled": Word("callrestriction", FLAG, documented=True),
    },
    {"registername": "auth_id", "registerpassword": "sip_password", "vmsecret": "voicemail_pin"},
    "loginpassword",
    "on",
    "off",
    "the S-Series' API does not have it; set it on the extension's page or by the web page's CSV import",
    {"maxregistrations": "1", "hasvoicemail": "on"},
)
DIALECTS = {"p": P_DIALECT, "s": S_DIALECT}
