# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone's file looks like to a reader who must not see its secrets. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.voipsec.hardening.plugins.module_utils.masking import MASK
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import is_secret

_LINE = re.compile(r"(?P<head>\s*(?P<name>[^#=\s][^=]*?)\s*=\s*)(?P<value>.*?)\s*")
_IN_URL = re.compile(r"(?<=://)[^/@\s]+(?=@)")


def masked(text: str, other: str = "") -> str:
    """The file without secrets. Those that differ from ``other``, the older file, are marked as changed."""
    old = _secrets(other) if other else {}
    return "".join(f"{_masked_line(line, old if other else None)}\n" for line in text.splitlines())


def masked_value(name: str, value: str) -> str:
    """One value without secrets."""
    return _hide(name, value)[0]


def _secrets(text: str) -> Mapping[tuple[str, str], str]:
    found = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match and is_secret(match["name"]):
            found[match["name"], _user(match["name"], match["value"])] = match["value"]
    return found


def _masked_line(line: str, old: Mapping[tuple[str, str], str] | None) -> str:
    match = _LINE.fullmatch(line)
    if not match:
        return _IN_URL.sub(MASK, line)
    name, value = match["name"], match["value"]
    shown, hidden = _hide(name, value)
    changed = hidden and old is not None and old.get((name, _user(name, value))) != value
    return f"{match['head']}{shown}{' (changed)' if changed else ''}"


def _hide(name: str, value: str) -> tuple[str, bool]:
    if not is_secret(name) or value in ("", RESET):
        return _IN_URL.sub(MASK, value), False
    user = _user(name, value)
    return (f"{user}:{MASK}" if user else MASK), True


def _user(name: str, value: str) -> str:
    """user_password names the user before the colon; the user's name is no secret."""
    user, colon, _password = value.partition(":")
    return user if colon and name.endswith("security.user_password") else ""
