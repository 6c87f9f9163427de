# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task's phones, checked and completed with their credentials. Pure functions.

All problems are collected and told at once, so that an installer corrects a site in one go.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import is_host, is_ipv4
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.macs import normal_mac
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import is_port
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import listen_port
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import value_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import (
    STATIC_SINCE,
    Model,
    find_model,
    firmware_of,
    pair_problem,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.input_problems import InputProblems
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import password_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_parts import (
    HOW_TO_MAKE,
    PLACEHOLDER,
    checked_block_out,
    checked_dot1x,
    checked_listen_port,
    checked_lock,
    checked_provisioning,
    checked_url,
    checked_vlan,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import Account, WantedPhone


@dataclass(frozen=True)
class ExtensionCredentials:
    """What the phone of one extension needs to know."""

    auth_id: str
    sip_password: Secret
    admin_password: Secret
    user_password: Secret
    pin: Secret | None = None
    """The voicemail's PIN: the one that its user knows."""


@dataclass(frozen=True)
class Credentials:
    """The secrets of all phones of the task."""

    extensions: Mapping[str, ExtensionCredentials] = field(default_factory=dict)
    provisioning_password: Secret | None = None
    settings: Mapping[str, Secret] = field(default_factory=dict)
    source: str = ""
    """Where they came from, for messages."""

    def secrets(self) -> list[Secret]:
        """Everything that must not be shown."""
        found = [*self.settings.values()]
        for extension in self.extensions.values():
            found += [extension.sip_password, extension.admin_password, extension.user_password]
            found += [derived_password(extension.admin_password, "var")]
            found.append(Secret(extension.auth_id))
        if self.provisioning_password:
            found.append(self.provisioning_password)
        return found


NO_CREDENTIALS = ExtensionCredentials(PLACEHOLDER.reveal(), PLACEHOLDER, PLACEHOLDER, PLACEHOLDER)
"""Stands for credentials that do not exist yet, in check mode and for rendering without a credentials file. Never
written to a file."""


def wanted_phones(
    phones: Sequence[Mapping[str, Any]],
    credentials: Credentials,
    action_uri_from: Sequence[str],
    problems: InputProblems,
    *,
    placeholders: bool,
) -> list[WantedPhone]:
    """The phones in the order of their MAC addresses. With ``placeholders``, missing credentials are no error."""
    for address in action_uri_from:
        if not re.fullmatch(r"[0-9]{1,3}(\.([0-9]{1,3}|\*)){3}", address):
            problems.error(f"action_uri_from: {address!r} is not an IPv4 address (* is allowed for an octet)")
    wanted: dict[str, WantedPhone] = {}
    missing: list[str] = []
    for phone in phones:
        mac = normal_mac(phone["mac"])
        if mac is None:
            problems.error(f"phones: mac {phone['mac']!r} is not a MAC address, for example 805ec0aabbcc")
        elif mac in wanted:
            problems.error(f"phones: mac {mac} is declared twice")
        else:
            made = _wanted(
                mac,
                phone,
                credentials=credentials,
                action_uri_from=tuple(action_uri_from),
                problems=problems,
                missing=missing,
                placeholders=placeholders,
            )
            if made:
                wanted[mac] = made
    if missing:
        numbers = ", ".join(dict.fromkeys(missing))
        where = f" in {credentials.source}" if credentials.source else ""
        text = f"no phone credentials{where} for extension {numbers}. {HOW_TO_MAKE.rstrip('.')}"
        if placeholders:
            problems.warn(f"{text}. Until then the phones' files are planned without them")
        else:
            problems.error(text)
    return [wanted[mac] for mac in sorted(wanted)]


def _wanted(
    mac: str,
    phone: Mapping[str, Any],
    *,
    credentials: Credentials,
    action_uri_from: tuple[str, ...],
    problems: InputProblems,
    missing: list[str],
    placeholders: bool,
) -> WantedPhone | None:
    try:
        model = find_model(phone["model"])
        firmware = _firmware(mac, model, phone.get("firmware"), problems)
    except HardeningError as error:
        problems.error(error.message.rstrip("."), mac)
        return None
    declared = phone["accounts"]
    if not 1 <= len(declared) <= model.accounts:
        takes = "1 account" if model.accounts == 1 else f"1 to {model.accounts} accounts"
        problems.error(f"{model.name} has {takes}, and {len(declared)} are declared", mac)
        return None
    secrets = []
    for account in declared:
        found = credentials.extensions.get(account["number"])
        if found is None:
            missing.append(account["number"])
        secrets.append(found or NO_CREDENTIALS)
    accounts = tuple(
        _account(mac, account, secret, phone, problems) for account, secret in zip(declared, secrets, strict=True)
    )
    _check_passwords(mac, declared, secrets, problems)
    if phone.get("server_certificate") and firmware < STATIC_SINCE:
        problems.warn(f"server_certificate: not sent, as firmware V{firmware} has no known setting for it", mac)
    if model.dect and not any(name.endswith("base.pin_code") for name in credentials.settings):
        problems.warn("a DECT base keeps its factory PIN 0000: set base.pin_code in secret_settings", mac)
    return WantedPhone(
        mac=mac,
        model=model,
        firmware=firmware,
        outside_lan=phone["outside_lan"],
        accounts=accounts,
        admin_password=secrets[0].admin_password,
        user_password=secrets[0].user_password,
        var_password=derived_password(secrets[0].admin_password, "var"),
        unlock_pin=secrets[0].pin,
        provisioning=checked_provisioning(
            mac, phone["provisioning"], credentials.provisioning_password, problems, placeholders=placeholders
        ),
        emergency_numbers=_emergency(mac, phone["emergency_numbers"], problems),
        action_uri_from=action_uri_from,
        listen_port=checked_listen_port(mac, phone, listen_port(mac), problems),
        web_interface=phone["web_interface"],
        check_sync=phone["check_sync"],
        enrolled=phone["enrolled"],
        lock=checked_lock(mac, phone.get("lock"), problems),
        vlan=checked_vlan(mac, phone.get("vlan"), problems),
        dot1x=checked_dot1x(mac, phone.get("dot1x"), credentials.settings, problems),
        block_out=checked_block_out(mac, phone, problems),
        trusted_certificate=checked_url(mac, phone, "trusted_certificate", problems),
        server_certificate=checked_url(mac, phone, "server_certificate", problems),
    )


def derived_password(password: Secret, purpose: str) -> Secret:
    """Another one, which follows from the first and does not give it away."""
    digest = hmac.new(password.reveal().encode("utf-8"), purpose.encode("ascii"), hashlib.sha256).digest()
    return Secret(base64.b32encode(digest).decode("ascii")[:24])


def _firmware(mac: str, model: Model, version: str | None, problems: InputProblems) -> int:
    if not version:
        problems.warn(
            "the firmware is not declared, so the newest known for the model is assumed. A phone silently ignores "
            "settings under the names of other firmware: declare phone.firmware as the phone shows it",
            mac,
        )
        return model.newest
    firmware = firmware_of(version)
    pair = pair_problem(model, version)
    if pair:
        report = problems.error if pair.certain else problems.warn
        report(pair.text, mac)
    return firmware


def _account(
    mac: str,
    account: Mapping[str, Any],
    secret: ExtensionCredentials,
    phone: Mapping[str, Any],
    problems: InputProblems,
) -> Account:
    number, server, transport, srtp = account["number"], account["server"], account["transport"], account["srtp"]
    label = account.get("label") or number
    display_name = account.get("display_name") or label
    for option, value in (("number", number), ("label", label), ("display_name", display_name)):
        problem = value_problem(value)
        if problem:
            problems.error(f"account {number!r}: {option} {problem}", mac)
    if not is_host(server):
        problems.error(f"account {number!r}: server {server!r} is neither a host name nor an IPv4 address", mac)
    elif transport == "tls" and is_ipv4(server):
        problems.warn(
            f"accounts register over TLS with the address {server}: its certificate must be for that address, or "
            "the phone refuses it. Use the PBX's name",
            mac,
        )
    if not is_port(account["port"]):
        problems.error(f"account {number!r}: port {account['port']} is not from 1 to 65535", mac)
    if phone["outside_lan"] and (transport != "tls" or srtp != "compulsory"):
        problems.warn("a phone outside the LAN without TLS and compulsory SRTP: calls can be overheard", mac)
    if srtp != "disabled" and transport != "tls":
        problems.warn("SRTP without TLS protects nothing: the key is sent in clear text", mac)
    return Account(
        number=number,
        label=label,
        display_name=display_name,
        server=server,
        port=account["port"],
        transport=transport,
        srtp=srtp,
        auth_id=secret.auth_id,
        password=secret.sip_password,
    )


def _check_passwords(
    mac: str, declared: Sequence[Mapping[str, Any]], secrets: Sequence[ExtensionCredentials], problems: InputProblems
) -> None:
    """The texts name the extension and never repeat what is wrong."""
    for account, secret in zip(declared, secrets, strict=True):
        for what, value in (("auth_id", secret.auth_id), ("sip_password", secret.sip_password.reveal())):
            problem = value_problem(value) or _reserved(value)
            if problem:
                problems.error(f"credentials of extension {account['number']}: {what} {problem}", mac)
    number, first = declared[0]["number"], secrets[0]
    for user, password in (("admin", first.admin_password), ("user", first.user_password)):
        value = password.reveal()
        problem = password_problem(value) or value_problem(value)
        if problem:
            problems.error(f"credentials of extension {number}: the phone's {user} password {problem}", mac)
        elif value == user:
            problems.error(f"credentials of extension {number}: the phone's {user} password is the factory's", mac)


def _reserved(value: str) -> str | None:
    return "has a form that means something to the phone" if re.fullmatch(r"%[A-Z]+%", value) else None


def _emergency(mac: str, numbers: Sequence[str], problems: InputProblems) -> tuple[str, ...]:
    if not numbers:
        problems.error("emergency_numbers is empty: emergency calls must stay possible", mac)
    for number in numbers:
        if not re.fullmatch(r"[0-9]{2,15}", number):
            problems.error(f"emergency_numbers: {number!r} is not a number", mac)
    return tuple(dict.fromkeys(numbers))
