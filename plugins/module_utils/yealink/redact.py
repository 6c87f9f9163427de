# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone's file looks like to a reader who must not see its secrets. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import is_secret

_LINE = re.compile(r"(?P<head>\s*(?P<name>[^#=\s][^=]*?)\s*=\s*)(?P<value>.*?)\s*")
_BLANKS = re.compile(r"(\s+)")
_ADDRESS_OF_A_PHONE = re.compile(r"[0-9a-fA-F]{12}")
_NOT_GUESSABLE = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[^.]{8,}")
_PORT = re.compile(r"(?:\[[^\]]*\]|[^:]*)(?::[0-9]*)?")
"""A folder of an address with such a name stands for a password: who knows it gets the phone's file (access.py)."""
USERS = ("admin", "user", "var")
"""yealink.md 2.2. Another text before the colon may be part of a password whose user was forgotten."""


def masked(text: str, other: str = "") -> str:
    """The file without secrets. Those that differ from ``other``, the older file, are marked as changed."""
    old = _secrets(other) if other else {}
    return "".join(f"{_masked_line(line, old if other else None)}\n" for line in text.splitlines())


def masked_value(name: str, value: str) -> str:
    """One value without secrets."""
    return _hide(name, value)[0]


def without_credentials(text: str) -> str:
    """A text whose addresses bear no user, no password, and no folder that only the phone knows."""
    if "://" not in text:
        return text
    return "".join(_without_credentials(part) if "://" in part else part for part in _BLANKS.split(text))


def has_secret_folder(url: str) -> bool:
    """Whether somebody who does not know the address cannot guess it."""
    return any(map(_is_secret_folder, url.partition("://")[2].split("/")[1:]))


def _is_secret_folder(folder: str) -> bool:
    return bool(_NOT_GUESSABLE.fullmatch(folder)) and not _ADDRESS_OF_A_PHONE.fullmatch(folder)


def _without_credentials(url: str) -> str:
    scheme, _sign, rest = url.partition("://")
    at = rest.rfind("@")
    if at >= 0:
        rest = MASK + rest[at:]
    host, slash, path = rest.partition("/")
    if at < 0 and not _PORT.fullmatch(host):
        host = MASK  # the end of a user and a password whose @ is missing
    folders = (MASK if _is_secret_folder(folder) else folder for folder in path.split("/"))
    return f"{scheme}://{host}{slash}{'/'.join(folders)}"


def _secrets(text: str) -> Mapping[tuple[str, str], str]:
    found = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match and _hide(match["name"], match["value"])[1]:
            found[match["name"], _user(match["name"], match["value"])] = match["value"]
    return found


def _masked_line(line: str, old: Mapping[tuple[str, str], str] | None) -> str:
    match = _LINE.fullmatch(line)
    if not match:
        return without_credentials(line)
    name, value = match["name"], match["value"]
    shown, hidden = _hide(name, value)
    changed = hidden and old is not None and old.get((name, _user(name, value))) != value
    return f"{match['head']}{shown}{' (changed)' if changed else ''}"


def _hide(name: str, value: str) -> tuple[str, bool]:
    if not is_secret(name) or value in ("", RESET):
        shown = without_credentials(value)
        return shown, shown != value
    user = _user(name, value)
    return (f"{user}:{MASK}" if user in USERS else MASK), True


def _user(name: str, value: str) -> str:
    """user_password names the user before the colon; the user's name is no secret."""
    user, colon, _password = value.partition(":")
    return user if colon and name.endswith("security.user_password") else ""
