# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a phone takes a value. A value out of range is ignored and the previous one kept (yealink.md 4.6, G16)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lab.phones.table import Parameter

# Rows whose range is plainly not that of the parameter: a text with a range of indexes, zones beyond +12 or like +5:30.
_DOUBTFUL = ("distinctive_ring_tones.alert_info.X.text", "local_time.time_zone")
# yealink.md 1.6
_KEY_CHARACTERS = re.compile(r"[0-9A-Za-z#$%*+,\-.:=?@\[\]^_{}~]*")
_PASSWORD = re.compile(r"[\x20-\x39\x3b-\x7e]{1,32}")


def why_refused(parameter: Parameter, value: str) -> str | None:
    """The reason, or None if the phone takes it. The reason never repeats the value."""
    # yealink.md 0: rows known by name only say nothing about values.
    if parameter.confidence == "name-only" or parameter.name in _DOUBTFUL:
        return None
    if parameter.name == "features.action_uri_limit_ip":
        return None if _is_ip_list(value) else "not blank, any, or a list of addresses"
    if ".aes_key" in parameter.name and parameter.values.startswith("string:"):
        return _key_problem(parameter, value)
    if parameter.name == "static.auto_provision.server.url":
        ok = urlsplit(value).scheme in ("tftp", "ftp", "http", "https")
        return None if ok else "not a tftp, ftp, http or https address"
    if parameter.values == "string: digits":
        return None if re.fullmatch(r"[0-9]+", value) else "not digits"
    if parameter.values.startswith("string: subset of 0123456"):
        return None if re.fullmatch(r"[0-6]+", value) else "not days 0 to 6"
    kind, _colon, body = parameter.values.partition(":")
    check = {"enum": _enum_problem, "range": _range_problem, "time": _time_problem}.get(kind)
    return check(parameter, body, value) if check else None


def password_problem(text: str) -> str | None:
    """What is wrong with the value of user_password, if anything (yealink.md 2.2)."""
    user, colon, password = text.partition(":")
    if not colon or not user:
        return "not user:password"
    if not password:
        return "cannot be set empty by configuration"
    return None if _PASSWORD.fullmatch(password) else "not 1 to 32 characters of 0x20 to 0x7e without a colon"


def _enum_problem(_parameter: Parameter, body: str, value: str) -> str | None:
    # Lists that the reference inferred or that template comments cut short or left open are not complete.
    if re.search(r"inferred from name|\(inferred\)|later firmware|\s\d+-[A-Z]", body):
        return None
    allowed = [match[0] for item in body.split("|") if (match := re.match(r"\s*-?\w+", item))]
    allowed = [item.strip() for item in allowed]
    return None if value in allowed else f"not one of {', '.join(dict.fromkeys(allowed))}"


def _range_problem(parameter: Parameter, body: str, value: str) -> str | None:
    limits = re.match(r"(-?\d+)\.\.(-?\d+)", body)
    if limits is None:
        return None
    low, high = int(limits[1]), int(limits[2])
    if re.fullmatch(r"-?\d+", parameter.default) and not low <= int(parameter.default) <= high:
        return None  # the row contradicts itself (failback_timeout: 1..2, default 3600)
    if value == parameter.default or (re.fullmatch(r"[+-]?[0-9]{1,10}", value) and low <= int(value) <= high):
        return None
    if parameter.name == "features.remote_phonebook.flash_time" and value == "0":
        return None  # yealink.md 2.2: 0 or 3600-2592000
    return f"not in {low}..{high}"


def _time_problem(_parameter: Parameter, _body: str, value: str) -> str | None:
    return None if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) else "not a time HH:MM"


def _key_problem(parameter: Parameter, value: str) -> str | None:
    lengths = (16,) if "aes_key_16" in parameter.name else (16, 32)
    ok = value == "" or (len(value) in lengths and _KEY_CHARACTERS.fullmatch(value))
    return None if ok else f"not a key of {' or '.join(map(str, lengths))} characters"


def _is_ip_list(value: str) -> bool:
    octet = r"(?:\*|25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
    return value in ("", "any") or all(
        re.fullmatch(rf"{octet}(?:\.{octet}){{3}}", item.strip()) for item in value.split(",")
    )
