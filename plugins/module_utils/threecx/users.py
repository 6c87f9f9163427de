# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PBX's extensions as data: what is read, what is declared, and the one request that brings each there. Pure.

Secrets are wrapped as soon as they are read, compared in memory and never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.extensions import ALWAYS, NEVER, ExtensionChange
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.weak_credentials import weaknesses
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK, Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import ExtensionSecrets
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import Release, since
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import entity

SRTP = {"disabled": "SRTPDisabled", "enabled": "SRTPEnabled", "enforced": "SRTPEnforced"}
SECRETS = {
    "AuthID": "auth_id",
    "AuthPassword": "sip_password",
    "VMPIN": "voicemail_pin",
    "DeskphonePassword": "phone_admin_password",
}
"""Readable in clear text (threecx.md c.3), so they are compared. Property -> field of the vault file."""
NAMES = ("FirstName", "LastName")
"""Given to new extensions only: on the PBX they are people's, and the declaration has what phones display."""
UNREADABLE = "AccessPassword"
"""The web client's password: taken on create, never given back (threecx.md b.1, inferred)."""
WORDS = {
    "lan_only": "AllowLanOnly",
    "block_tunnel": "BlockTunnel",
    "require_2fa": "Require2FA",
    "pin_protected": "PinProtected",
    "pin_protect_timeout": "PinProtectTimeout",
    "enabled": "Enabled",
}
"""Our word -> property, where the value goes over as it is. Internal, which bars all calls to outside, is left out on
purpose: nothing says that emergency calls would pass."""
PIN_AND_EMERGENCY = (
    "pin_protected: 3CX does not document whether emergency calls ask for the PIN too; try 112 from one of these "
    "phones before you rely on it"
)
READ = (
    *("Id", "Number", "FirstName", "LastName", "SRTPMode", "VMDisablePinAuth", "IsRegistered", "Tags"),
    *WORDS.values(),
    *SECRETS,
)
EXPAND = "Groups($expand=Rights)"
ADMINISTRATORS = frozenset({"system_owners", "system_admins"})
"""Roles whose holders change the PBX itself (threecx.md c.1)."""
WEAK_TAGS = {"WeakID": "the PBX calls its SIP id weak", "WeakPass": "the PBX calls its SIP password weak"}


@dataclass(frozen=True)
class User:
    """One extension as the PBX has it."""

    key: int
    number: str
    properties: Mapping[str, Any]
    """Without secrets."""
    secrets: Mapping[str, Secret] = field(repr=False)
    roles: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    registered: bool = False

    @property
    def administers(self) -> bool:
        """Whether it may change the PBX."""
        return bool(self.roles & ADMINISTRATORS)


def query(release: Release) -> dict[str, str | int]:
    """How all extensions are read."""
    return {"$select": ",".join(release.select("User", READ)), "$expand": EXPAND}


@reading()
def parse_users(rows: Iterable[Json]) -> dict[str, User]:
    """By number. A property that is null does not come at all (quirk 5)."""
    found = {}
    for row in rows:
        number = str(row.get("Number") or "")
        roles = {
            str((group.get(name) or {}).get("RoleName") or "")
            for group in row.get("Groups") or ()
            for name in ("Rights", "GroupRights")
        }
        found[number] = User(
            int(row.get("Id") or 0),
            number,
            {name: value for name, value in row.items() if name not in SECRETS and name not in ("Groups", "Tags")},
            {name: Secret(str(row.get(name) or "")) for name in SECRETS},
            frozenset(roles - {""}),
            frozenset(str(tag) for tag in row.get("Tags") or ()),
            bool(row.get("IsRegistered")),
        )
    return found


@dataclass(frozen=True)
class Wanted:
    """One declared extension."""

    number: str
    properties: Mapping[str, Any]
    secrets: ExtensionSecrets | None = field(default=None, repr=False)


def wanted(
    entry: Mapping[str, Any], secrets: ExtensionSecrets | None, release: Release
) -> tuple[Wanted, dict[str, str]]:
    """The declared extension in 3CX's words, and what this release lacks of it: option -> reason."""
    properties: Json = {}
    lacking = {}
    for word, name in WORDS.items():
        if entry.get(word) is None:
            continue
        if release.has("User", name):
            properties[name] = entry[word]
        else:
            lacking[word] = f"not on release {release} (since {since('User', name)})"
    if entry.get("srtp"):
        properties["SRTPMode"] = SRTP[entry["srtp"]]
    if entry.get("voicemail_asks_pin") is not None:
        properties["VMDisablePinAuth"] = not entry["voicemail_asks_pin"]
    if entry.get("name"):
        first, _space, last = entry["name"].partition(" ")
        properties["FirstName"], properties["LastName"] = first, last
    return Wanted(entry["number"], properties, secrets), lacking


def plan_user(want: Wanted, have: User | None, *, unreadable: str) -> ExtensionChange | None:
    """The one request for this extension, or None. ``unreadable`` is NEVER, ON_CREATE or ALWAYS."""
    secrets = _secrets(want.secrets)
    if have is None:
        body: Json = {"Number": want.number, **want.properties, **secrets}
        if want.secrets and unreadable != NEVER and want.secrets.web_password:
            body[UNREADABLE] = want.secrets.web_password
        operation = Operation("POST", "/Users", body, f"creating extension {want.number}")
        return ExtensionChange(want.number, {}, _after(want.properties, secrets), operation, created=True)
    changed = {
        name: value
        for name, value in want.properties.items()
        if name not in NAMES and not _same(have.properties.get(name), value)
    }
    fresh = {name: secret for name, secret in secrets.items() if have.secrets[name] != secret}
    body = {**changed, **fresh}
    if unreadable == ALWAYS and want.secrets and want.secrets.web_password:
        body[UNREADABLE] = want.secrets.web_password
    if not body:
        return None
    before = {name: have.properties.get(name) for name in changed}
    before |= {name: have.secrets[name] for name in fresh}
    operation = Operation("PATCH", entity("Users", have.key), body, f"changing extension {want.number}")
    return ExtensionChange(want.number, before, _after(changed, fresh), operation, secrets=tuple(fresh))


def _same(found: Any, value: Any) -> bool:
    """Nothing and absent are the same: the PBX leaves nulls out (quirk 5)."""
    return found == value or (found in (None, "") and value in (None, "")) or (found is None and value is False)


def _secrets(secrets: ExtensionSecrets | None) -> dict[str, Secret]:
    return {} if secrets is None else {name: getattr(secrets, each) for name, each in SECRETS.items()}


def _after(properties: Mapping[str, Any], secrets: Mapping[str, Secret]) -> Json:
    return {**properties, **dict.fromkeys(secrets, f"{MASK} (changed)")}


def in_force(want: Wanted, have: User | None) -> bool:
    """Whether the PBX has this extension's current secrets."""
    if have is None or want.secrets is None:
        return False
    return all(have.secrets[name] == secret for name, secret in _secrets(want.secrets).items())


def weak(users: Iterable[User]) -> dict[str, list[str]]:
    """Extensions that can be guessed, and why: what the PBX itself says, and what the policy says of what it shows."""
    found = {}
    for user in users:
        reasons = [text for tag, text in WEAK_TAGS.items() if tag in user.tags]
        reasons += weaknesses(
            user.number,
            auth_id=user.secrets["AuthID"],
            sip_password=user.secrets["AuthPassword"],
            pin=user.secrets["VMPIN"],
        )
        if reasons:
            found[user.number] = reasons
    return found


def administrators_without_2fa(users: Iterable[User], declared: Sequence[str]) -> list[User]:
    """Administrators that need no second factor and are not declared themselves."""
    return [
        user
        for user in users
        if user.administers and not user.properties.get("Require2FA") and user.number not in declared
    ]


def require_2fa(user: User) -> ExtensionChange:
    """Demand a second factor of somebody who may change the PBX."""
    operation = Operation(
        "PATCH", entity("Users", user.key), {"Require2FA": True}, f"demanding a second factor of {user.number}"
    )
    return ExtensionChange(
        user.number, {"Require2FA": user.properties.get("Require2FA")}, {"Require2FA": True}, operation
    )


def disable(user: User) -> ExtensionChange:
    """Switch an extension off; its mailbox and history stay."""
    operation = Operation("PATCH", entity("Users", user.key), {"Enabled": False}, f"disabling extension {user.number}")
    return ExtensionChange(user.number, {"Enabled": user.properties.get("Enabled")}, {"Enabled": False}, operation)
