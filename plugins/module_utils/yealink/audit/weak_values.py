# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of a found file that leave the phone open. Pure functions (yealink.md 2, 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_finding import (
    INSECURE,
    UNVERIFIED,
    Finding,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import Line
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.redact_foreign import redacted_value
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import RULES, Rule
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import (
    STATIC_SINCE,
    TRUST_SINCE,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import placeholders, table

Possible = Mapping[tuple[str, str], Sequence[Line]]

FACTORY_PASSWORDS = ("admin:admin", "user:user", "var:var")
"""yealink.md 2.2."""
FACTORY_PINS = {"phone_setting.phone_lock.unlock_pin": "123", "base.pin_code": "0000"}
"""yealink.md 2.2, G15."""
UNVERIFIED_RULES = frozenset(rule.name for rule in RULES if rule.since >= 86)
"""G8: their absence is no finding, since it is not known whether phones need them."""
UNLESS_SET = ", unless the template's variable is set"
NOT_SECURITY = ("auto_provision.repeat.", "auto_provision.mode", "auto_provision.schedule.")
"""Rules about when a phone fetches its files; others do it otherwise and are not less secure."""
AS_STRICT = {"static.security.ca_cert": ("0", "1", "2")}
"""Values that leave no more doors open, beside those that the rules name: each is a list of authorities that is checked
(yealink.md 2.3)."""
STRICTER = {rule.name: rule.stricter for rule in RULES}
_CLEAR = re.compile(r"(?i)(?:http|tftp|ftp)://(?!localhost\b|127\.)")
_WITH_USER = re.compile(r"://[^/\s]*@")
_PROVISIONING = re.compile(r"(?:static\.)?(?:auto_provision\.server\.url|autoprovision\.\d+\.url|custom_mac_cfg\.url)")
_COMMON = """
password passw0rd password1 12345678 123456789 1234567890 admin user changeme welcome qwerty letmein yealink secret
default 11111111 00000000 administrator
"""
_COMMON_PASSWORDS = frozenset(_COMMON.split())


def is_security_rule(rule: Rule) -> bool:
    """Whether another value than the rule's is insecure, and not only another habit."""
    return not rule.name.removeprefix("static.").startswith(NOT_SECURITY)


def rules_for(firmware: int, *, dect: bool = False) -> list[tuple[str, Rule]]:
    """The baseline's rules under the names of this firmware."""
    return [
        (rule.name if firmware >= STATIC_SINCE else rule.name.removeprefix("static."), rule)
        for rule in RULES
        if rule.since <= firmware <= rule.until and is_security_rule(rule) and not (rule.desk_only and dect)
    ]


def is_weaker(rule_name: str, value: str, wanted: str) -> bool:
    """Whether a value that the phone takes leaves more doors open than the wanted one."""
    if rule_name == "features.relog_offtime" and value.isascii() and value.isdigit() and len(value) < 5:
        return not 1 <= int(value) <= int(wanted)
    return value not in (wanted, *STRICTER.get(rule_name, ()), *AS_STRICT.get(rule_name, ()))


def default_of(name: str) -> str:
    """What a phone does that is not told; empty where not known."""
    pattern = placeholders(name)[0]
    row = table().get(pattern) or table().get(f"static.{pattern}")
    return row.default if row else ""


def baseline_findings(values: Possible, firmware: int, *, complete: bool, dect: bool = False) -> Iterator[Finding]:
    """``complete``: the file is all that the phone gets, so what is missing keeps its factory default."""
    upload = [line.value for line in _of(values, "auto_provision.custom.sync")]
    for name, rule in rules_for(firmware, dect=dect):
        lines = values.get((name, ""), ())
        default = default_of(name)
        if not lines:
            if complete and rule.name not in UNVERIFIED_RULES and is_weaker(rule.name, default, rule.value):
                what = "is not the hardened value" if default else "is not known; the hardened value is"
                text = f"{rule.section}: is not set, and the factory default {what} {rule.value}"
                yield Finding(INSECURE if default else UNVERIFIED, text, name, RESET)
            continue
        if name.endswith("custom.protect") and upload[-1:] == ["1"]:
            continue  # yealink.md 0.2: local changes are uploaded, so that they are seen
        for line in lines:
            value = line.judged
            if value is not None and is_weaker(rule.name, _value(name, value), rule.value):
                text = _wrong(rule, value) + (UNLESS_SET if line.dynamic else "")
                yield Finding(INSECURE, text, name, redacted_value(name, line.value), line.number)


def _of(values: Possible, end: str) -> Iterator[Line]:
    for (name, _user), lines in values.items():
        if name.endswith(end):
            yield from lines


def _value(name: str, text: str) -> str:
    return default_of(name) if text in ("", RESET) else text


def _wrong(rule: Rule, value: str) -> str:
    blank = "is blank, and the factory default" if value in ("", RESET) else ""
    local = ": changes made at the phone survive unnoticed" if rule.name.endswith("custom.protect") else ""
    return f"{rule.section}: {blank} is not the hardened value {rule.value}{local}".replace(":  is", ": is")


def other_findings(values: Possible, firmware: int, *, complete: bool, dect: bool = False) -> Iterator[Finding]:
    """What no rule of one value says."""
    yield from _passwords(values, firmware, complete=complete)
    yield from _accounts(values, firmware)
    lock = [line.value for line in _of(values, "phone_setting.phone_lock.enable")][-1:] == ["1"]
    pins = {"phone_setting.phone_lock.unlock_pin": lock, "base.pin_code": dect}
    for name, needed in pins.items():
        if complete and needed and (name, "") not in values:
            yield Finding(INSECURE, f"the factory PIN {FACTORY_PINS[name]} stays", name, RESET)
    for lines in values.values():
        for line in lines:
            yield from _one(line)


def _one(line: Line) -> Iterator[Finding]:
    value = line.value if line.judged is None else line.judged
    for text in _open_value(line.name, value, dynamic=line.judged is None):
        told = text + (UNLESS_SET if line.dynamic and line.judged is not None else "")
        yield Finding(INSECURE, told, line.name, redacted_value(line.name, line.value), line.number)


def _open_value(name: str, value: str, *, dynamic: bool) -> Iterator[str]:
    bare = name.removeprefix("static.")
    if bare == "features.action_uri_limit_ip" and value == "any":
        yield "any host may command the phone"
    if FACTORY_PINS.get(bare) == value:
        yield "the factory PIN"
    if _CLEAR.match(value):
        yield (
            "passwords are sent in clear text"
            if _PROVISIONING.fullmatch(name)
            else "what is sent or fetched there is in clear text, and anyone on the path can change it"
        )
    if _WITH_USER.search(value):
        yield "a user and a password are in the address, which phones show and servers log"
    if dynamic or value in ("", "0", RESET):
        return
    if "telnet" in name.lower():
        yield "a remote shell"
    if bare in ("managementserver.enable", "network.snmp.enable"):
        yield "a service by which the phone can be managed remotely"
    if re.fullmatch(r"account\.\d+\.auto_answer", name):
        yield "the phone answers automatically: anyone who can call it hears the room"


def _passwords(values: Possible, firmware: int, *, complete: bool) -> Iterator[Finding]:
    name = "static.security.user_password" if firmware >= STATIC_SINCE else "security.user_password"
    users = set()
    dynamic = False
    for line in _of(values, "security.user_password"):
        user, colon, password = line.value.partition(":")
        users.add(user)
        dynamic |= line.dynamic
        value = redacted_value(line.name, line.value)
        if line.judged in FACTORY_PASSWORDS:
            text = "a factory password" + (UNLESS_SET if line.dynamic else "")
            yield Finding(INSECURE, text, line.name, value, line.number)
        elif line.dynamic or line.value in ("", RESET):
            continue
        elif not colon:
            text = "names no user (user:password), so the factory password stays"
            yield Finding(INSECURE, text, line.name, value, line.number)
        elif why := guessable(password, (user,)):
            yield Finding(INSECURE, f"the password of a phone's user {why}", line.name, value, line.number)
    for user in ("admin", "user"):
        if complete and not dynamic and user not in users and not _renamed(values, user):
            yield Finding(INSECURE, f"the factory password of {user} stays: none is set here", name, RESET)


def _renamed(values: Possible, user: str) -> bool:
    """yealink.md 2.2: where a user has another name, the line bears that."""
    return any(line.value not in ("", RESET, user) for line in _of(values, f"security.user_name.{user}"))


def _accounts(values: Possible, firmware: int) -> Iterator[Finding]:
    trusted_anyway = firmware >= TRUST_SINCE
    for (name, _user), lines in values.items():
        account = re.fullmatch(r"(account\.\d+)\.password", name)
        if not account:
            continue
        own = [
            line.value
            for field in ("user_name", "auth_name", "label", "display_name")
            for line in values.get((f"{account[1]}.{field}", ""), ())
            if not line.dynamic
        ]
        for line in lines:
            why = None if line.dynamic or line.value in ("", RESET) else guessable(line.value, own)
            if why:
                yield Finding(INSECURE, f"the SIP password {why}", name, redacted_value(name, line.value), line.number)
        trust = f"{account[1]}.sip_trust_ctrl"
        if not trusted_anyway and not any(line.dynamic or line.value == "1" for line in values.get((trust, ""), ())):
            text = "the phone takes calls and commands from anyone: before V81 this must be 1 for each account"
            yield Finding(INSECURE, text, trust, RESET)


def guessable(password: str, own: Sequence[str]) -> str | None:
    """Why it is easy to guess. The text does not repeat it."""
    if any(text and password.lower() == text.lower() for text in own):
        return "is the number or name it belongs to"
    if password.lower() in _COMMON_PASSWORDS:
        return "is among the first that attackers try"
    if len(password) < 8:
        return "has fewer than 8 characters"
    if len(set(password)) < 4:
        return "repeats the same few characters"
    if password.isascii() and password.isdigit() and len(password) < 16:
        return "has digits only"
    return None
