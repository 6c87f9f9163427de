# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between Yealink models: common file, number of accounts, User-Agent (yealink.md 1.1, 1.4, 4.5)."""

from __future__ import annotations

import re

# yealink.md 1.4. Left out: W75B, W80B and W90 (uncertain), T30, T30P, T41U, T44U and T53C (unknown); gap G12.
_COMMON_NUMBERS = """
T19P=053 T19P_E2=053 T20P=007 T21P=052 T21P_E2=052 T22P=005 T23P=044 T23G=044 T26P=004 T27P=045 T27G=069 T28P=000
T29G=046 T31=123 T31P=123 T31G=123 T31W=172 T32G=032 T33P=124 T33G=124 T34W=171 T38G=038 T40P=054 T40G=076 T41P=036
T41S=068 T42G=029 T42S=067 T42U=116 T43U=107 T44W=174 T46G=028 T46S=066 T46U=108 T48G=035 T48S=065 T48U=109 T49G=051
T52S=074 T53=095 T53W=095 T54S=070 T54W=096 T56A=056 T57W=097 T58A=058 T58V=058 T58W=150 T73W=183 T73U=186 T74W=184
T74U=187 T77U=188 T85W=196 T87W=197 T88V=192 T88W=192 VP530P=023 VP59=091 CP860=037 CP920=078 CP925=148 CP960=073
CP965=143 W52P=025 W56P=025 W60B=077 W70B=146 AX83H=180 AX86R=182
"""
_NUMBERS = dict(pair.split("=") for pair in _COMMON_NUMBERS.split())

# yealink.md 1.1, index ranges. A model that is not listed gets the largest: nothing is refused on a guess.
_ACCOUNTS = (
    (r"T54S|T54W|T57W|T48.*|T46.*|T29G", 16),
    (r"T52S|T53W?|T42.*|T43U", 12),
    (r"T41.*|T27.*", 6),
    (r"T40.*|T23.*", 3),
    (r"T21.*", 2),
    (r"T19.*|CP920", 1),
)
_MOST_ACCOUNTS = 16

# yealink.md 4.5: the Android models write the MAC without colons. Only T56A is seen there; T58A and T58V are taken to
# do likewise.
_ANDROID = ("T56A", "T58A", "T58V")


def normal_model(model: str) -> str:
    """Turn 'SIP-T46U' or 't46u' into 'T46U'."""
    name = model.strip().upper().removeprefix("SIP-")
    if not re.fullmatch(r"[A-Z0-9_]+", name):
        raise ValueError(f"{model!r} is no model name")
    return name


def common_file(model: str) -> str | None:
    """The model's common configuration file, or None where the number is not known (gap G12)."""
    number = _NUMBERS.get(model)
    return f"y000000000{number}.cfg" if number else None


def account_limit(model: str) -> int:
    """How many accounts the model has."""
    for pattern, limit in _ACCOUNTS:
        if re.fullmatch(pattern, model):
            return limit
    return _MOST_ACCOUNTS


def generation(firmware: str) -> int:
    """The release of a firmware: 108.86.0.20 is of V86, W70B's 146.87.188.1 of V87."""
    parts = firmware.split(".")
    if len(parts) < 3 or not all(part.isdigit() for part in parts):
        raise ValueError(f"{firmware!r} is no firmware version like 108.86.0.20")
    return int(parts[1])


def user_agent(model: str, firmware: str, mac: str, with_mac: bool = True) -> str:
    """The User-Agent a phone sends when it fetches files (yealink.md 4.5)."""
    maker, name, gap = "Yealink", f"SIP-{model}" if model.startswith("T") else model, " "
    if model == "T49G":
        name = "SIP VP-T49G"
    if model == "T28P":
        maker = "yealink"
    if model == "T38G":
        gap = "  "
    agent = f"{maker} {name}{gap}{firmware}"
    if not with_mac:
        return agent
    return f"{agent} {mac if model in _ANDROID else ':'.join(re.findall('..', mac))}"
