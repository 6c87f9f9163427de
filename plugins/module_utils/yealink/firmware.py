# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Models, and the firmware they have: names and values of settings depend on its second number, 86 for V86."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

OLDEST = 70
"""V70: nothing is known of earlier firmware."""
NEWEST = 86
"""The newest firmware whose templates are known (yealink.md 1.5). Later ones are written to in the same way."""

STATIC_SINCE = 81
"""The prefix `static.` and boot files came with V81 (yealink.md 1.2, 1.5)."""
TRUST_SINCE, TRUST_PER_ACCOUNT_UNTIL = 80, 80
"""sip.trust_ctrl: from V81 by the vendor's FAQ 559, from V80 by another source (yealink.md 2.1). A phone ignores the
wrong name (G16), so V80 is sent both."""
ACCOUNT_TRANSPORT_UNTIL = 79
"""account.X.transport until V7x, account.X.sip_server.Y.transport_type from V80 (yealink.md 1.5)."""

TRANSPORTS = {"udp": "0", "tcp": "1", "tls": "2"}
"""yealink.md 2.1; the same numbers under both names."""

REVERSED_SINCE = 80
"""Meanings of numbers changed places here (yealink.md 0.5)."""
SRTP_VALUES = {
    "V7x": {"disabled": "0", "optional": "2", "compulsory": "1"},
    "V8x": {"disabled": "0", "optional": "1", "compulsory": "2"},
}
"""account.X.srtp_encryption: 1 and 2 changed places (yealink.md 0.5, 2.1)."""


def srtp_value(firmware: int, wanted: str) -> str:
    """The number that means disabled, optional or compulsory to this firmware."""
    return SRTP_VALUES["V7x" if firmware < REVERSED_SINCE else "V8x"][wanted]


@dataclass(frozen=True)
class Model:
    """What is known of a model (yealink.md 1.1, 1.4)."""

    name: str
    prefixes: tuple[str, ...]
    """First number of its firmware versions; more than one where it changed; empty where not known."""
    accounts: int
    newest: int
    """The firmware assumed where none is declared."""
    dect: bool = False
    """A DECT base: only part of the settings apply (G15)."""


_PREFIXES = """
T19P=53 T19P_E2=53 T20P=9 T21P=34,52 T21P_E2=52 T22P=7 T23P=44 T23G=44 T26P=6 T27P=45 T27G=69 T28P=2 T29G=46
T31=124 T31P=124 T31G=124 T31W=124 T32G=32 T33P=124 T33G=124 T34W=124 T38G=38
T40P=54 T40G=76 T41P=36 T41S=66 T42G=29 T42S=66 T42U=108 T43U=108 T44W=108 T46G=28 T46S=66 T46U=108 T48G=35 T48S=66
T48U=108 T49G=51 T52S=70 T53=95,96 T53W=95,96 T54S=70 T54W=96 T56A=58 T57W=97,96 T58A=58 T58V=58 T58W=150
T73W=185 T73U=185 T74W=185 T74U=185 T77U= T85W=185 T87W=185 T88V= T88W= VP530=23 VP59=91
CP860=37 CP920=78 CP925=148 CP960=73 CP965=143
W52P=25 W56P=25 W60B=77 W70B=146 W75B=175 W75DM=175 W80B=103 W80DM=103 W90B=130 W90DM=130 AX83H=180 AX86R=180
"""
"""yealink.md 1.4. Left out because the reference has no facts of them (G12): T30, T30P, T41U, T44U, T53C."""

_ACCOUNTS = (
    (r"T54S|T54W|T57W|T48.*|T46.*|T29G", 16),
    (r"T52S|T53|T53W|T42.*|T43U", 12),
    (r"T41.*|T27.*", 6),
    (r"T40.*|T23.*", 3),
    (r"T21.*", 2),
    (r"T19.*|CP920", 1),
)
"""yealink.md 1.1. A model that is not listed there gets the largest number: nothing is refused on a guess."""
MAX_ACCOUNTS = 16

_ONLY_V7X = ("T20P", "T22P", "T26P", "T28P", "T32G", "T38G", "VP530")
"""Seen with V70 firmware only (yealink.md 4.5: T28P, T38G, VP530P); the others are their sisters, which is inferred."""
_ONLY_V81 = ("W52P", "W56P")
"""W52P seen with 25.81 and no later (yealink.md 4.4); W56P shares its firmware."""


def _model(name: str, prefixes: str) -> Model:
    accounts = next((count for pattern, count in _ACCOUNTS if re.fullmatch(pattern, name)), MAX_ACCOUNTS)
    newest = OLDEST if name in _ONLY_V7X else STATIC_SINCE if name in _ONLY_V81 else NEWEST
    return Model(name, tuple(filter(None, prefixes.split(","))), accounts, newest, dect=name.startswith("W"))


MODELS = {name: _model(name, prefixes) for name, _sign, prefixes in (item.partition("=") for item in _PREFIXES.split())}


def find_model(text: str) -> Model:
    """The model by the name on its label: T46U, SIP-T46U and t46u are the same."""
    name = text.strip().upper().removeprefix("SIP-")
    if name in MODELS:
        return MODELS[name]
    near = difflib.get_close_matches(name, MODELS, n=3, cutoff=0.5)
    hint = f"the nearest known is {_either(near)}" if near else f"known models: {', '.join(MODELS)}"
    raise HardeningError(f"model {text!r} is not a known Yealink model; {hint}.")


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def firmware_of(version: str) -> int:
    """108.86.0.118 -> 86. Raises HardeningError."""
    parts = version.strip().split(".")
    if not 3 <= len(parts) <= 7 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise HardeningError(f"firmware {version!r} is not a version as the phone shows it, for example 108.86.0.118.")
    firmware = int(parts[1])
    if not OLDEST <= firmware < 100:
        raise HardeningError(f"firmware {version}: V{firmware} is not known; V{OLDEST} and later are.")
    return firmware


@dataclass(frozen=True)
class PairProblem:
    """Why a model and a firmware version do not belong together."""

    text: str
    certain: bool
    """Whether the version is known to be another model's. Otherwise it may be newer than what is known here."""


def pair_problem(model: Model, version: str) -> PairProblem | None:
    """Whether the model has firmware of this number (yealink.md 1.4). None where it has, or where that is not known."""
    first = version.strip().split(".")[0]
    if not model.prefixes or first in model.prefixes:
        return None
    own = _either([f"{prefix}.x" for prefix in model.prefixes])
    others = [other.name for other in MODELS.values() if first in other.prefixes]
    text = f"firmware {version} is not for a {model.name}, which has {own}"
    if not others:
        return PairProblem(f"{text}: check phone.model and phone.firmware", certain=False)
    near = difflib.get_close_matches(model.name, others, n=3, cutoff=0)
    return PairProblem(f"{text}; {first}.x is for {_either(near)}: correct phone.model or phone.firmware", certain=True)
