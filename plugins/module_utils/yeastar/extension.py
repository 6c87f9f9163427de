# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Yeastar's extensions as data: what is read, what is declared, and the one request that brings each there. Pure.

Secrets are wrapped as soon as they are read, compared in memory and never shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.extensions import ALWAYS, NEVER, ExtensionChange
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import policy
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import ExtensionSecrets
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.dialects import Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.restrictions import (
    SWITCHES,
    ListForm,
    restricted,
    same_list,
)


@dataclass(frozen=True)
class Extension:
    """One extension as the PBX has it."""

    key: int | str
    """What names it in requests: the id on a P-Series, the number on an S-Series."""
    number: str
    name: str
    properties: Mapping[str, Any]
    """By the device's names, without secrets."""
    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    """Those that could be read, by the device's names."""
    registered: bool = False


@dataclass(frozen=True)
class Wanted:
    """One declared extension, in the device's words."""

    number: str
    name: str
    properties: Mapping[str, Any]
    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    login: Secret | None = field(default=None, repr=False)


def wanted(
    entry: Mapping[str, Any],
    secrets: ExtensionSecrets | None,
    dialect: Dialect,
    shown: Collection[str],
    forms: Mapping[str, ListForm],
) -> tuple[Wanted, dict[str, str]]:
    """The declared extension, and what this PBX cannot set of it with the reason.

    ``shown`` are the names that the PBX has in its own answers, ``forms`` the lists that were learnt from them.
    """
    properties: Json = {}
    lacking: dict[str, str] = {}
    for option, given in entry.items():
        if given is None or option in ("number", "name", "mac", *SWITCHES):
            continue
        word = dialect.words.get(option)
        if word is None:
            lacking[option] = dialect.missing
        elif word.documented or word.key in shown:
            properties[word.key] = dialect.value(word, given)
        else:
            lacking[option] = f"this PBX's firmware does not show {word.key}, so it is not sent"
    more, missing = restricted(entry, shown, forms) if dialect.name == "P-Series" else ({}, _missing(entry, dialect))
    properties |= more
    lacking |= missing
    values = {key: getattr(secrets, name) for key, name in dialect.secrets.items()} if secrets else {}
    login = secrets.web_password if secrets and secrets.web_password else None
    return Wanted(entry["number"], entry.get("name") or "", properties, values, login), lacking


def _missing(entry: Mapping[str, Any], dialect: Dialect) -> dict[str, str]:
    return {option: dialect.missing for option in SWITCHES if entry.get(option)}


def plan_extension(
    want: Wanted, have: Extension | None, dialect: Dialect, *, unreadable: str, login: str
) -> ExtensionChange | None:
    """The one request for this extension, or None.

    ``unreadable`` tells when a secret goes that cannot be compared, ``login`` when the user's own password does; both
    are NEVER, ON_CREATE or ALWAYS.
    """
    if have is None:
        return _creation(want, dialect, login)
    changed = {name: value for name, value in want.properties.items() if not _same(have.properties.get(name), value)}
    if have.secrets.keys() >= want.secrets.keys():
        fresh = {name: secret for name, secret in want.secrets.items() if have.secrets[name] != secret}
    else:
        # All of them or none: a new registration name with an old password would shut the phone out.
        fresh = dict(want.secrets) if unreadable == ALWAYS else {}
    body = {**changed, **fresh}
    if want.login is not None:
        known = have.secrets.get(dialect.login)
        if (known != want.login) if known is not None and login != NEVER else login == ALWAYS:
            body[dialect.login] = want.login
    if not body:
        return None
    before = {name: have.properties.get(name) for name in changed}
    before |= {name: have.secrets.get(name) for name in body if name not in changed}
    number = {"id": have.key} if isinstance(have.key, int) else {"number": have.key}
    operation = Operation("POST", "extension/update", {**number, **body}, f"changing extension {want.number}")
    return ExtensionChange(want.number, before, body, operation, secrets=tuple(fresh))


def _creation(want: Wanted, dialect: Dialect, login: str) -> ExtensionChange | None:
    body: Json = {"number": want.number, **_names(want, dialect), **dialect.create, **want.properties, **want.secrets}
    if want.login is not None and login != NEVER:
        body[dialect.login] = want.login
    endpoint = "extension/create" if dialect.name == "P-Series" else "extension/add"
    after = {name: value for name, value in body.items() if name != "number"}
    return ExtensionChange(
        want.number, {}, after, Operation("POST", endpoint, body, f"creating extension {want.number}"), created=True
    )


def _names(want: Wanted, dialect: Dialect) -> Json:
    """Given to new extensions only: on the PBX names are people's, and the declaration has what phones display."""
    name = want.name or want.number
    if dialect.name == "P-Series":
        first, _space, last = name.partition(" ")
        return {"first_name": first[:63], "last_name": last[:63], "caller_id": want.number}
    # The S-Series refuses these in a name [D].
    return {"username": re.sub(r"""[!%.@:;&"'\\<>`$]""", " ", name).strip(), "callerid": want.number}


def _same(found: Any, value: Any) -> bool:
    """Whether the device has this value; it may give numbers as text."""
    if isinstance(value, list):
        return same_list(found, value)
    return found == value or (found is not None and not isinstance(value, bool) and str(found) == str(value))


def in_force(want: Wanted, have: Extension | None, written: Collection[str]) -> bool:
    """Whether the PBX has the wanted secrets: as read, or as just written where they cannot be read."""
    if have is None or not want.secrets:
        return False
    return all(
        have.secrets[name] == secret if name in have.secrets else want.number in written
        for name, secret in want.secrets.items()
    )


def refused_secrets(number: str, name: str, secrets: ExtensionSecrets) -> list[str]:
    """Why a Yeastar would refuse credentials, before it is asked: the strictest of all its rules."""
    reasons = []
    if policy.password_problems(secrets.sip_password.reveal(), policy.SIP_PASSWORD, number, name):
        reasons.append("SIP password")
    shortest = policy.Lengths(policy.PHONE_PASSWORD.shortest, policy.PHONE_PASSWORD_LENGTH)
    if secrets.web_password and policy.password_problems(secrets.web_password.reveal(), shortest, number, name):
        reasons.append("web password")
    if policy.pin_problems(secrets.voicemail_pin.reveal(), number):
        reasons.append("voicemail PIN")
    return reasons
