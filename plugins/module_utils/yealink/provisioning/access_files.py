# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phone may fetch: the web server's file of users, or its table of paths. Runs on the host of the file."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.files import discard, write_beside
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.vault_file import load_for_devices
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import (
    phone_password,
    phone_path,
    phone_salt,
    shared_salt,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.directory import Attributes, wanted_attributes
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import normal_mac

PASSWORD, PATH, SHARED = "phone_password", "phone_path", "shared"
ROUNDS = 1000
"""The least that SHA-512-crypt has. The passwords are random, with at least 128 bits, so that nobody guesses one,
however fast a hash is; and the server computes one for every file of every phone when a site has its power back."""
MAC = re.compile(r"[0-9a-f]{12}")
USER = re.compile(r"[A-Za-z0-9._@-]{1,64}")
HASHED = re.compile(rf"(?P<name>{USER.pattern}):(?P<value>\S+)")
MAPPED = re.compile(r'"(?P<value>[0-9a-f]{32})" "(?P<name>[0-9a-f]{12})";')
PATHS_HEADER = "# Written by voipsec.hardening; changes here are lost. Secret paths and the phones that have them.\n"
MAX_BYTES = 8 * 1024 * 1024
"""Bytes. A line has about 150, so such a file is none of ours."""

ARGUMENT_SPEC: dict[str, Any] = {
    "phones": {"type": "list", "elements": "str", "required": True},
    "method": {"type": "str", "choices": [PASSWORD, PATH, SHARED], "default": PASSWORD},
    "username": {"type": "str"},
    "credentials_file": {"type": "path"},
    "htpasswd_file": {"type": "path"},
    "path_map_file": {"type": "path"},
    "mode": {"type": "str", "default": "0640"},
    "owner": {"type": "str"},
    "group": {"type": "str"},
    "access": {"type": "str", "no_log": True},
}
REQUIRED_IF = [
    ("method", PASSWORD, ["htpasswd_file"]),
    ("method", PATH, ["path_map_file"]),
    ("method", SHARED, ["htpasswd_file", "username"]),
]

Entries = dict[str, str]
"""By the name of the phone or user: the hash of its password, or its secret path."""


def declared_macs(phones: list[str]) -> list[str]:
    """Normal form, sorted. A phone that is listed twice is one phone."""
    found = set()
    for text in phones:
        mac = normal_mac(text)
        if mac is None or not MAC.fullmatch(mac):
            raise HardeningError(f"phones: {text!r} is not a MAC address; 12 hexadecimal digits are, as 805ec0aabbcc.")
        found.add(mac)
    return sorted(found)


def user_name(name: str | None) -> str:
    """The name that all phones of a site share."""
    if name is None or not USER.fullmatch(name):
        raise HardeningError(
            f"username: {name!r} is not a name for the web server; up to 64 letters, digits and . _ @ - are, as phones."
        )
    return name


def hashed(password: str, salt: str) -> str:
    """As a line of htpasswd has it. passlib is there on the controller only, so it is imported here."""
    try:
        from passlib.hash import sha512_crypt
    except ImportError:
        raise HardeningError("The Python library libpass is missing on the controller: see requirements.txt.") from None
    return str(sha512_crypt.using(salt=salt, rounds=ROUNDS).hash(password))


def entries(method: str, macs: list[str], username: str | None, site_secret: str) -> Entries:
    """What the file has to hold."""
    if method == SHARED:
        name = user_name(username)
        return {name: hashed(site_secret, shared_salt(site_secret, name))}
    if method == PATH:
        return {mac: phone_path(site_secret, mac) for mac in macs}
    return {mac: hashed(phone_password(site_secret, mac), phone_salt(site_secret, mac)) for mac in macs}


def render(method: str, wanted: Mapping[str, str]) -> str:
    """The file's text. The same entries give the same bytes."""
    if method == PATH:
        return PATHS_HEADER + "".join(f'"{wanted[mac]}" "{mac}";\n' for mac in sorted(wanted))
    # htpasswd has no comments that every program knows, so there is no header.
    return "".join(f"{name}:{wanted[name]}\n" for name in sorted(wanted))


def read_entries(method: str, text: str) -> Entries:
    """What a file holds. Lines that mean nothing are passed over: the file is written anew as a whole."""
    line = MAPPED if method == PATH else HASHED
    found = (line.fullmatch(part) for part in text.splitlines())
    return {match["name"]: match["value"] for match in found if match}


def prepare(params: Params, context: RunContext) -> Params:
    """On the controller: what each phone proves itself with, as one text that goes to the host of the file."""
    macs = declared_macs(params["phones"])
    method = params["method"]
    if method == SHARED:
        user_name(params["username"])
    if params.get("access"):
        return {**params, "phones": macs}
    path = params["credentials_file"]
    if not path:
        raise HardeningError("credentials_file is missing: the vault file that has the site's provisioning password.")
    if context.check_mode and not os.path.exists(path):
        context.warn(f"{path} does not exist yet, so this check run cannot tell whether phones' passwords change.")
        return {**params, "phones": macs}
    password = load_for_devices(path, context.cipher).provisioning_password
    site_secret = password.reveal() if isinstance(password, Secret) else password
    if not site_secret:
        raise HardeningError(f"{path} has no provisioning_password: the role voipsec.hardening.credentials makes it.")
    context.masker.add(site_secret, *(phone_password(site_secret, mac) for mac in macs))
    wanted = entries(method, macs, params["username"], site_secret)
    context.masker.add(*wanted.values())
    return {**params, "phones": macs, "access": json.dumps(wanted)}


def run(params: Params, context: RunContext) -> Outcome:
    """Compare, then write the file when it differs."""
    macs = declared_macs(params["phones"])
    method = params["method"]
    path = params["path_map_file"] if method == PATH else params["htpasswd_file"]
    attributes = wanted_attributes(params["mode"], params["owner"], params["group"])
    given = params.get("access")
    if not given and not context.check_mode:
        raise HardeningError("access is missing: it is filled in by the action plugin of the same name.")
    have = _read(path, attributes)
    before = read_entries(method, have.text) if have else {}
    if given:
        wanted: Entries = json.loads(given)
        context.masker.add(*wanted.values(), *before.values())
        text = render(method, wanted)
    else:  # a check run before there are credentials: the names are known, and no more
        names = [user_name(params["username"])] if method == SHARED else macs
        wanted = {name: before.get(name, "") for name in names}
        text = render(method, wanted) if have and set(wanted) == set(before) else ""
    plan = _Plan(path, have, before, wanted, text, attributes)
    if plan.changed and not context.check_mode:
        _write(path, text, attributes)
    return Outcome(plan.changed, plan.report(), [plan.diff()] if plan.changed else [])


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, on_target=True, required_if=REQUIRED_IF)


@dataclass(frozen=True)
class _File:
    text: str
    attributes: Attributes


@dataclass(frozen=True)
class _Plan:
    """The file as it is and as it should be."""

    path: str
    have: _File | None
    before: Entries
    wanted: Entries
    text: str
    attributes: Attributes

    @property
    def changed(self) -> bool:
        return self.have != _File(self.text, self.attributes)

    def report(self) -> dict[str, Any]:
        """Names only."""
        return {
            "file": self.path,
            "added": sorted(set(self.wanted) - set(self.before)),
            "removed": sorted(set(self.before) - set(self.wanted)),
            "renewed": sorted(
                name for name in set(self.wanted) & set(self.before) if self.wanted[name] != self.before[name]
            ),
        }

    def diff(self) -> dict[str, str]:
        """Who has access, never with what."""
        renewed = self.report()["renewed"]
        after = [f"{name}{' (renewed)' if name in renewed else ''}" for name in sorted(self.wanted)]
        return {
            "before_header": self.path,
            "after_header": self.path,
            "before": _described(sorted(self.before), self.have.attributes) if self.have else "",
            "after": _described(after, self.attributes),
        }


def _described(names: list[str], attributes: Attributes) -> str:
    parts = {"mode": f"{attributes.mode:04o}", "owner": attributes.owner, "group": attributes.group}
    lines = [f"{key}: {value}" for key, value in parts.items() if value is not None]
    return "".join(f"{line}\n" for line in [*lines, *(f"may fetch: {name}" for name in names)])


def _read(path: str, wanted: Attributes) -> _File | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HardeningError(f"{path} cannot be read: {error.strerror}.") from None
    with os.fdopen(descriptor, "rb") as handle:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise HardeningError(f"{path} is not an ordinary file of this module: remove it, then run again.")
        content = handle.read()
    found = Attributes(
        stat.S_IMODE(status.st_mode),
        None if wanted.owner is None else status.st_uid,
        None if wanted.group is None else status.st_gid,
    )
    return _File(content.decode("utf-8", errors="replace"), found)


def _write(path: str, text: str, attributes: Attributes) -> None:
    """Either the old or the new file is whole, whatever happens; the web server may read it at any moment."""
    try:
        temporary = write_beside(path, text.encode("utf-8"), attributes.mode, attributes.owner, attributes.group)
        try:
            os.replace(temporary, path)
        except BaseException:
            discard(temporary)
            raise
    except OSError as error:
        raise HardeningError(f"{path} cannot be written: {error.strerror}.") from None
