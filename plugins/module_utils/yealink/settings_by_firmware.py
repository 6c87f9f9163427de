# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same settings under the names and values of each firmware. Pure functions.

Settings are declared under the names and with the meanings of V81 and later. An older phone gets the name and the value
that mean the same to it (yealink.md 0.5, 1.5, 2.1, 2.2). What it has no name for is left out, and that is said.

A declared name that already is the phone's own, older one stays as it is.

Assumed where the reference is silent:
E1   V80's comments of phone_lock.lock_key_type are not at hand: it is taken to mean what V81 means, with a warning.
E2   the times of weekly provisioning kept their meaning: weekly.begin_time, end_time, dayofweek -> schedule.time_from,
     time_to, dayofweek.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import (
    ACCOUNT_TRANSPORT_UNTIL,
    REVERSED_SINCE,
    SRTP_VALUES,
    STATIC_SINCE,
    TRUST_SINCE,
)

Settings = dict[str, str]

_SRTP = {now: SRTP_VALUES["V7x"][meaning] for meaning, now in SRTP_VALUES["V8x"].items()}
_LOCK = {"0": "3", "1": "2", "2": "1"}
"""phone_lock.lock_key_type 0 all, 1 function, 2 menu -> phone_setting.lock 3 all, 2 function, 1 menu (2.2)."""
_MODES = {"000": "0", "100": "1", "010": "4", "001": "5", "110": "6", "101": "7"}
"""power_on, repeat.enable, weekly.enable -> auto_provision.mode (the table's values of that name)."""
_PLAIN = (
    # until which firmware, the name that is declared, the older one
    (80, r"static\.auto_provision\.repeat\.minutes", "auto_provision.schedule.periodic_minute"),
    (80, r"static\.auto_provision\.weekly\.begin_time", "auto_provision.schedule.time_from"),
    (80, r"static\.auto_provision\.weekly\.end_time", "auto_provision.schedule.time_to"),
    (80, r"static\.auto_provision\.weekly\.dayofweek", "auto_provision.schedule.dayofweek"),
    (80, r"static\.syslog\.enable", "syslog.mode"),
    (80, r"account\.([0-9]+)\.outbound_proxy\.1\.address", r"account.\1.outbound_host"),
    (80, r"account\.([0-9]+)\.outbound_proxy\.1\.port", r"account.\1.outbound_port"),
    (ACCOUNT_TRANSPORT_UNTIL, r"account\.([0-9]+)\.sip_server\.1\.transport_type", r"account.\1.transport"),
)
"""The value means the same under both names."""
_ONLY_FIRST = (
    (80, re.compile(r"account\.[0-9]+\.outbound_proxy\.2\.(?:address|port)")),
    (ACCOUNT_TRANSPORT_UNTIL, re.compile(r"account\.[0-9]+\.sip_server\.2\.transport_type")),
)
"""Until this firmware there is one name for the first server and none for the second."""


@dataclass
class Translated:
    """Settings as the phone's firmware spells them."""

    settings: Settings = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    """Declared name -> why this phone does not get it."""
    uncertain: dict[str, str] = field(default_factory=dict)
    """Declared name -> what is not known of its meaning."""


def translate(declared: Mapping[str, str], firmware: int, accounts: int) -> Translated:
    """``accounts``: how many the phone registers, for settings that became the whole phone's."""
    result = Translated()
    rest = dict(declared)
    for group in (_web_server, _provisioning_mode, _phone_lock, _whole_phone(accounts)):
        group(rest, firmware, result)
    for name, value in rest.items():
        _one(name, value, firmware, result)
    return result


def _one(name: str, value: str, firmware: int, result: Translated) -> None:
    for last, second in _ONLY_FIRST:
        if firmware <= last and second.fullmatch(name):
            result.left_out[name] = f"firmware V{firmware} has it for the first server only"
            return
    if firmware < REVERSED_SINCE and re.fullmatch(r"account\.[0-9]+\.srtp_encryption", name):
        result.settings[name] = _SRTP.get(value, value)
        return
    if name == "phone_setting.phone_lock.lock_key_type" and firmware == REVERSED_SINCE and value in ("0", "2"):
        result.uncertain[name] = "0 and 2 changed places between V7x and V81, and which V80 means is not known"
    for last, pattern, older in _PLAIN:
        if firmware <= last and re.fullmatch(pattern, name):
            result.settings[re.sub(pattern, older, name)] = value
            return
    result.settings[name.removeprefix("static.") if firmware < STATIC_SINCE else name] = value


def _web_server(rest: Settings, firmware: int, result: Translated) -> None:
    """Two switches were one: 0 off, 1 both, 2 HTTP, 3 HTTPS (yealink.md 1.5)."""
    names = ("static.wui.http_enable", "static.wui.https_enable")
    if firmware >= STATIC_SINCE or not any(name in rest for name in names):
        return
    given = [rest.pop(name, None) for name in names]
    # One that is not declared is as the hardened baseline has it: HTTP off, HTTPS on.
    http, https = (
        hardened if value in (None, RESET) else str(value) for value, hardened in zip(given, "01", strict=True)
    )
    result.settings["network.web_server_type"] = {"00": "0", "11": "1", "10": "2", "01": "3"}.get(http + https, "?")


def _provisioning_mode(rest: Settings, firmware: int, result: Translated) -> None:
    names = ("power_on", "repeat.enable", "weekly.enable")
    full = [f"static.auto_provision.{name}" for name in names]
    if firmware >= STATIC_SINCE or not any(name in rest for name in full):
        return
    given = [rest.pop(name, None) for name in full]
    defaults = ("1", "0", "0")
    key = "".join(
        default if value in (None, RESET) else str(value) for value, default in zip(given, defaults, strict=True)
    )
    if key in _MODES:
        result.settings["auto_provision.mode"] = _MODES[key]
    else:
        result.left_out[full[1]] = f"firmware V{firmware} has no mode for this combination with {full[0]} and {full[2]}"


def _phone_lock(rest: Settings, firmware: int, result: Translated) -> None:
    """One parameter before V80: off, or which keys (yealink.md 1.5, 2.2)."""
    enable, keys = "phone_setting.phone_lock.enable", "phone_setting.phone_lock.lock_key_type"
    if firmware >= REVERSED_SINCE or not (enable in rest or keys in rest):
        return
    on, which = rest.pop(enable, None), rest.pop(keys, "0")
    if on is None:
        result.left_out[keys] = f"firmware V{firmware} names the keys and switches the lock on in one: declare {enable}"
        return
    which = "0" if which == RESET else which
    result.settings["phone_setting.lock"] = "0" if on in ("0", RESET) else _LOCK.get(which, "?")


def _whole_phone(accounts: int) -> Callable[[Settings, int, Translated], None]:
    """Settings that belonged to each account before V80."""

    def group(rest: Settings, firmware: int, result: Translated) -> None:
        if firmware >= TRUST_SINCE:
            return
        for name, older in (("sip.trust_ctrl", "sip_trust_ctrl"), ("sip.listen_port", "sip_listen_port")):
            if name in rest:
                value = rest.pop(name)
                result.settings.update(_for_each_account(older, value, accounts))

    return group


def _for_each_account(name: str, value: str, accounts: int) -> Iterator[tuple[str, str]]:
    for number in range(1, accounts + 1):
        yield f"account.{number}.{name}", value
