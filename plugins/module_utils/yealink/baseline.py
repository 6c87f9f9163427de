# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hardened phone's settings are (yealink.md 2.5), under the names of its firmware. Pure functions.

Where the reference is silent these assumptions are made, and nowhere else:

G4   an empty value is undefined: never written, %NULL% is.
G5   names without `static.` are ignored from V81 on.
G7   the factory defaults of ca_cert and http_enable differ: both are always written.
G8   V86's certificate families security.sip.* and static.security.auto_provision.* take the values of the base names.
     They are written beside those; a phone that does not know them ignores them (G16).
G9   sip.listen_port 0 is not used: a phone outside the LAN gets a port of its own, outside its RTP range 11780-12780.
G15  a DECT base gets the SIP, web, certificate and provisioning part only; its own PIN must come from the user.
S1   before V81 there is no name known for the TLS version (default_ssl_method), so it stays automatic.
S2   SNMP off is also written for V81 and V82: only V83 templates are known to lack it.
S3   where emergency calls go if no emergency server is set is not documented: the PBX is named as the first one.
S4   what a block out rule does to an emergency number is not documented, so no rule may match one.
S5   the third user, var, has its public password even while it is switched off: it gets a random one all the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET, Setting
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.dial_patterns import MAX_PATTERNS
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import (
    ACCOUNT_TRANSPORT_UNTIL,
    STATIC_SINCE,
    TRANSPORTS,
    TRUST_PER_ACCOUNT_UNTIL,
    TRUST_SINCE,
    srtp_value,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import first_firmware
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.settings_by_firmware import translate
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import Account, WantedPhone

NEWEST_POSSIBLE = 999


@dataclass(frozen=True)
class Rule:
    """A setting that is the same on every phone. Names are those of V81 and later; without `static.` before that."""

    section: str
    name: str
    value: str
    since: int = 0
    until: int = NEWEST_POSSIBLE
    desk_only: bool = False
    """Left out on a DECT base (G15)."""
    stricter: tuple[str, ...] = ()
    """Values that close more than ``value`` does."""


TRUST, REMOTE = "Only the PBX may call or command this phone", "No remote control"
CERTIFICATES, WEB = "Check certificates", "Web pages and passwords"
PROVISIONING, SERVICES = "Provisioning", "Services that are off"
EMERGENCY = "Emergency numbers stay dialable"
LOCK, COUNTRIES, NETWORK = "Keypad lock", "Numbers that are not dialled", "Network"

LOCK_KEYS = {"all": "0", "function": "1", "menu": "2"}
"""phone_lock.lock_key_type from V81 on (yealink.md 0.5, 2.2)."""
DOT1X_MODES = {"md5": "1", "tls": "2", "peap": "3"}
"""yealink.md 2.4."""

RULES = (
    Rule(TRUST, "sip.trust_ctrl", "1", since=TRUST_SINCE),  # 2.1; before that see account_settings
    Rule(TRUST, "features.direct_ip_call_enable", "0"),  # 2.1: to be set together with trust
    # 4.1: check-sync reloads, and reboots only if it says so
    Rule(TRUST, "sip.notify_reboot_enable", "0", stricter=("2",)),
    Rule(REMOTE, "features.show_action_uri_option", "1", since=81, desk_only=True),  # 2.2
    Rule(REMOTE, "push_xml.sip_notify", "0", desk_only=True),  # 2.2
    Rule(CERTIFICATES, "static.security.trust_certificates", "1"),  # 2.3: only servers of a trusted authority
    Rule(CERTIFICATES, "static.security.cn_validation", "1"),  # 2.3: and only under their own name
    Rule(CERTIFICATES, "static.security.ca_cert", "2"),  # 2.3: built-in and own authorities
    Rule(CERTIFICATES, "static.security.default_ssl_method", "5", since=81),  # 2.3: TLS 1.2; S1
    Rule(CERTIFICATES, "security.sip.trust_certificates", "1", since=86),  # G8
    Rule(CERTIFICATES, "security.sip.cn_validation", "1", since=86),
    Rule(CERTIFICATES, "security.sip.ca_cert", "2", since=86),
    Rule(CERTIFICATES, "security.sip.ssl_method", "5", since=86),
    Rule(CERTIFICATES, "static.security.auto_provision.trust_certificates", "1", since=86),
    Rule(CERTIFICATES, "static.security.auto_provision.cn_validation", "1", since=86),
    Rule(CERTIFICATES, "static.security.auto_provision.ca_cert", "2", since=86),
    Rule(CERTIFICATES, "static.security.auto_provision.ssl_method", "5", since=86),
    Rule(WEB, "static.wui.http_enable", "0", since=81),  # 2.2
    Rule(WEB, "static.wui.https_enable", "1", since=81, stricter=("0",)),
    Rule(WEB, "network.web_server_type", "3", until=80, stricter=("0",)),  # 1.5: 3 is HTTPS only
    Rule(WEB, "features.relog_offtime", "5"),  # 2.2: minutes until the web session ends
    Rule(WEB, "static.security.var_enable", "0"),  # 2.2: a third user with a password of its own that is public
    Rule(PROVISIONING, "static.auto_provision.pnp_enable", "0"),  # 4.4: any host on the LAN could answer
    Rule(PROVISIONING, "static.auto_provision.dhcp_option.enable", "0"),
    Rule(PROVISIONING, "auto_provision.dhcp_enable", "0", until=80),
    Rule(PROVISIONING, "static.auto_provision.repeat.enable", "1", since=81),  # 2.4
    Rule(PROVISIONING, "static.auto_provision.repeat.minutes", "1440", since=81),
    Rule(PROVISIONING, "auto_provision.mode", "6", until=80),  # 1.5: 6 is power on and repeatedly
    Rule(PROVISIONING, "auto_provision.schedule.periodic_minute", "1440", until=80),
    Rule(PROVISIONING, "static.auto_provision.custom.protect", "0"),  # 0.2: local changes do not survive
    Rule(SERVICES, "static.managementserver.enable", "0"),  # 2.2: TR-069
    Rule(SERVICES, "static.network.snmp.enable", "0", until=82),  # 2.2, S2
    Rule(SERVICES, "static.network.span_to_pc_port", "0", desk_only=True),  # 2.4: the call's audio on the PC port
)


DECLARED: dict[str, Callable[[WantedPhone], str | None]] = {
    # Values that follow from what is declared for the phone.
    "sip.notify_reboot_enable": lambda phone: "2" if phone.check_sync == "ignore" else None,
    "static.wui.https_enable": lambda phone: "0" if phone.web_interface == "off" else None,
    "network.web_server_type": lambda phone: "0" if phone.web_interface == "off" else None,
    "static.auto_provision.pnp_enable": lambda phone: None if phone.enrolled else "1",
    "static.auto_provision.dhcp_option.enable": lambda phone: None if phone.enrolled else "1",
    "auto_provision.dhcp_enable": lambda phone: None if phone.enrolled else "1",
}


def baseline(phone: WantedPhone) -> tuple[Setting, ...]:
    """The phone's settings in the order of its file."""
    settings = [
        Setting(_spelt(rule.name, phone.firmware), _value(rule, phone), rule.section)
        for rule in RULES
        if rule.since <= phone.firmware <= rule.until and not (rule.desk_only and phone.model.dect)
    ]
    settings += [*_remote_control(phone), *_passwords(phone), *_provisioning(phone), *_certificates(phone)]
    if phone.listen_port and phone.firmware >= TRUST_SINCE:
        settings.append(Setting("sip.listen_port", str(phone.listen_port), TRUST))
    settings += _network(phone)
    if not phone.model.dect:
        settings += [*_lock(phone), *_block_out(phone), *_emergency(phone)]
    order = (TRUST, REMOTE, CERTIFICATES, WEB, PROVISIONING, SERVICES, LOCK, NETWORK, COUNTRIES, EMERGENCY)
    settings.sort(key=lambda setting: order.index(setting.section))
    for number, account in enumerate(phone.accounts, start=1):
        settings += _account(number, account, phone)
    return tuple(settings)


def lock_doubts(phone: WantedPhone) -> dict[str, str]:
    """Parameters of the declared lock, and what is not known of what their values mean to the phone's firmware."""
    return translate(_declared_lock(phone), phone.firmware, len(phone.accounts)).uncertain


def _value(rule: Rule, phone: WantedPhone) -> str:
    declared = DECLARED.get(rule.name)
    return (declared(phone) if declared else None) or rule.value


def _for_firmware(phone: WantedPhone, section: str, settings: dict[str, str]) -> Iterator[Setting]:
    """Settings under the names of V81 and later, as the phone's firmware spells them."""
    translated = translate(settings, phone.firmware, len(phone.accounts))
    for name, value in translated.settings.items():
        if first_firmware(name) <= phone.firmware:
            yield Setting(name, value, section)


def listen_port(mac: str) -> int:
    """A port that scanners do not try first, the same on every run (yealink.md 2.5, G9).

    The sixteen above it are free too: before V80 each account has one of its own.
    """
    return 20000 + zlib.crc32(mac.encode("ascii")) % 40000


def _spelt(name: str, firmware: int) -> str:
    return name if firmware >= STATIC_SINCE else name.removeprefix("static.")


def _remote_control(phone: WantedPhone) -> Iterator[Setting]:
    """yealink.md 2.2, 4.2: the action URI is off, or answers the named hosts only."""
    if phone.model.dect:
        return
    hosts = ",".join(phone.action_uri_from)
    if phone.firmware >= 81:
        yield Setting("features.action_uri.enable", "1" if hosts else "0", REMOTE)
    yield Setting("features.action_uri_limit_ip", hosts or RESET, REMOTE)


def _passwords(phone: WantedPhone) -> Iterator[Setting]:
    """One line for each user under the same name (yealink.md 1.1, 2.2)."""
    name = _spelt("static.security.user_password", phone.firmware)
    yield Setting(name, f"admin:{phone.admin_password.reveal()}", WEB)
    yield Setting(name, f"user:{phone.user_password.reveal()}", WEB)
    if phone.var_password:
        yield Setting(name, f"var:{phone.var_password.reveal()}", WEB)


def _provisioning(phone: WantedPhone) -> Iterator[Setting]:
    """yealink.md 2.4. Name and password stand apart from the URL, which is shown on the phone's screen and in logs."""
    server = _spelt("static.auto_provision.server.", phone.firmware)
    yield Setting(f"{server}url", phone.provisioning.url, PROVISIONING)
    if phone.provisioning.username and phone.provisioning.password:
        yield Setting(f"{server}username", phone.provisioning.username, PROVISIONING)
        yield Setting(f"{server}password", phone.provisioning.password.reveal(), PROVISIONING)


def _certificates(phone: WantedPhone) -> Iterator[Setting]:
    """yealink.md 2.3: an own authority, and what the phone's own web pages and SIP port present."""
    urls = {
        "static.trusted_certificates.url": phone.trusted_certificate,
        "static.server_certificates.url": phone.server_certificate,
    }
    yield from _for_firmware(phone, CERTIFICATES, {name: url for name, url in urls.items() if url})


def _lock(phone: WantedPhone) -> Iterator[Setting]:
    """yealink.md 2.2. The factory's PIN, 123, goes even where the lock is not declared: anybody can switch it on."""
    settings = {}
    if phone.unlock_pin:
        settings["phone_setting.phone_lock.unlock_pin"] = phone.unlock_pin.reveal()
    yield from _for_firmware(phone, LOCK, settings | _declared_lock(phone))


def _declared_lock(phone: WantedPhone) -> dict[str, str]:
    """Under the names of V81 and later. A DECT base has none (G15)."""
    if phone.lock is None or phone.model.dect:
        return {}
    return {
        "phone_setting.phone_lock.enable": "1",
        "phone_setting.phone_lock.lock_key_type": LOCK_KEYS[phone.lock.keys],
        "phone_setting.phone_lock.lock_time_out": str(phone.lock.after),
    }


def _block_out(phone: WantedPhone) -> Iterator[Setting]:
    """yealink.md 2.2: a second barrier; the PBX is the first. Unused places are cleared (G4)."""
    if not phone.block_out:
        return
    for place in range(1, MAX_PATTERNS + 1):
        pattern = phone.block_out[place - 1] if place <= len(phone.block_out) else RESET
        yield Setting(f"dialplan.block_out.number.{place}", pattern, COUNTRIES)


def _network(phone: WantedPhone) -> Iterator[Setting]:
    """yealink.md 2.4."""
    settings: dict[str, str] = {}
    if phone.vlan:
        for port, tag, priority in (
            ("internet_port", phone.vlan.id, phone.vlan.priority),
            ("pc_port", phone.vlan.pc_id, phone.vlan.pc_priority),
        ):
            if tag is None:
                continue
            settings[f"static.network.vlan.{port}_enable"] = "1"
            settings[f"static.network.vlan.{port}_vid"] = str(tag)
            if priority is not None:
                settings[f"static.network.vlan.{port}_priority"] = str(priority)
    if phone.dot1x:
        settings["static.network.802_1x.mode"] = DOT1X_MODES[phone.dot1x.method]
        settings["static.network.802_1x.identity"] = phone.dot1x.identity
        urls = {"root_cert_url": phone.dot1x.ca_url, "client_cert_url": phone.dot1x.client_certificate_url}
        settings.update({f"static.network.802_1x.{name}": url for name, url in urls.items() if url})
    yield from _for_firmware(phone, NETWORK, settings)


def _emergency(phone: WantedPhone) -> Iterator[Setting]:
    """yealink.md 2.2: the phone's own list is 911 only. The first names are dialable while the phone is locked."""
    yield Setting("phone_setting.emergency.number", ",".join(phone.emergency_numbers), EMERGENCY)
    if phone.firmware < 81:
        return
    yield Setting("dialplan.emergency.enable", "1", EMERGENCY)
    for position, number in enumerate(phone.emergency_numbers, start=1):
        yield Setting(f"dialplan.emergency.{position}.value", number, EMERGENCY)
    first = phone.accounts[0]
    yield Setting("dialplan.emergency.server.1.address", first.server, EMERGENCY)  # S3
    yield Setting("dialplan.emergency.server.1.port", str(first.port), EMERGENCY)
    yield Setting("dialplan.emergency.server.1.transport_type", TRANSPORTS[first.transport], EMERGENCY)


def _account(number: int, account: Account, phone: WantedPhone) -> Iterator[Setting]:
    """yealink.md 2.1, and 1.5 for the names before V80 and V81."""
    prefix, section = f"account.{number}", f"Account {number}"
    transport = TRANSPORTS[account.transport]
    yield Setting(f"{prefix}.enable", "1", section)
    yield Setting(f"{prefix}.label", account.label, section)
    yield Setting(f"{prefix}.display_name", account.display_name, section)
    yield Setting(f"{prefix}.user_name", account.number, section)
    yield Setting(f"{prefix}.auth_name", account.auth_id, section)
    yield Setting(f"{prefix}.password", account.password.reveal(), section)
    yield Setting(f"{prefix}.sip_server.1.address", account.server, section)
    yield Setting(f"{prefix}.sip_server.1.port", str(account.port), section)
    if phone.firmware <= ACCOUNT_TRANSPORT_UNTIL:
        yield Setting(f"{prefix}.transport", transport, section)
    else:
        yield Setting(f"{prefix}.sip_server.1.transport_type", transport, section)
    yield Setting(f"{prefix}.srtp_encryption", srtp_value(phone.firmware, account.srtp), section)
    if phone.firmware <= TRUST_PER_ACCOUNT_UNTIL:
        yield Setting(f"{prefix}.sip_trust_ctrl", "1", section)
    if phone.listen_port and phone.firmware < TRUST_SINCE:
        # Two accounts cannot listen on one port.
        yield Setting(f"{prefix}.sip_listen_port", str(phone.listen_port + number - 1), section)
