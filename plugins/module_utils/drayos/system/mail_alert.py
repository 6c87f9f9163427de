# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mails that the router sends about attacks and logins (draytek.md annex sys mailalert)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import labelled_fields, small_number
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import is_ipv4
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import is_port

VIEW = "sys mailalert -v"
SECURITY = {"plain": 0, "tls": 1, "starttls": 2, "force_starttls": 3}
"""0 plaintext, 1 SSL, 2 StartTLS, 3 StartTLS or nothing."""
EVENTS = {"dos_attack": 0, "vpn_log": 2, "reboot_debug_log": 6}
"""The alert types whose meaning is documented and that need no licence."""
EVENT_LABELS = {
    "dos_attack": "mail alert for dos attack",
    "vpn_log": "mail alert for vpn log",
    "reboot_debug_log": "mail alert for reboot debug log",
}
WORD = re.compile(r"^[A-Za-z0-9._%+@=/:~^-]{1,63}\Z")
"""What is sent as one word. The router's own limits are not documented."""


@dataclass(frozen=True)
class MailAlert:
    """The settings that the router shows. ``security`` is not among them: its print fits an older firmware only."""

    enabled: bool
    server: str
    port: int
    recipient: str
    sender: str
    authentication: bool
    username: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class WantedMailAlert:
    """What the mail alert should be."""

    server: str
    recipient: str
    sender: str = ""
    port: int = 25
    security: str = "force_starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    events: tuple[str, ...] = ("dos_attack",)

    def shown(self) -> MailAlert:
        """What the router shows when it is right."""
        return MailAlert(
            True,
            self.server,
            self.port,
            self.recipient,
            self.sender,
            bool(self.username),
            self.username,
            tuple(sorted(set(self.events))),
        )


def mail_alert_from(config: Mapping[str, Any], problems: list[str]) -> WantedMailAlert:
    """The option ``config.mail_alert`` in typed form; what is wrong goes to ``problems``."""
    wanted = WantedMailAlert(
        server=str(config["smtp_address"]),
        recipient=str(config["recipient"]),
        sender=str(config.get("sender") or ""),
        port=25 if config.get("port") is None else config["port"],
        security=config.get("security") or "force_starttls",
        username=str(config.get("username") or ""),
        password=str(config.get("password") or ""),
        events=tuple(config.get("events") or ("dos_attack",)),
    )
    if not is_ipv4(wanted.server):
        problems.append(f"config.mail_alert.smtp_address: {wanted.server!r} is not an IPv4 address; no name is taken.")
    if not is_port(wanted.port):
        problems.append(f"config.mail_alert.port: {wanted.port} is not a port from 1 to 65535.")
    for name in ("recipient", "sender"):
        address = getattr(wanted, name)
        if (address or name == "recipient") and not (WORD.match(address) and address.count("@") == 1):
            problems.append(f"config.mail_alert.{name}: {address!r} is not a mail address such as noc@example.net.")
    if wanted.username and not WORD.match(wanted.username):
        problems.append(
            f"config.mail_alert.username: {wanted.username!r} must be one word of at most 63 letters, digits and "
            "._%+@=/:~^-"
        )
    if wanted.password and not WORD.match(wanted.password):
        problems.append("config.mail_alert.password: must be one word of at most 63 letters, digits and ._%+@=/:~^-")
    if bool(wanted.username) != bool(wanted.password):
        problems.append("config.mail_alert: username and password are needed together.")
    if wanted.password and wanted.security == "plain":
        problems.append(
            "config.mail_alert.security: plain would send the password in clear; use force_starttls or tls."
        )
    return wanted


def parse_mail_alert(output: str) -> MailAlert | None:
    """``sys mailalert -v``; None where it is not one. Labels are the device's own, with its misspellings."""
    fields = labelled_fields(output)
    if "mail alert" not in fields:
        return None
    return MailAlert(
        enabled=_on(fields["mail alert"]),
        server=fields.get("smtp server ip address", ""),
        port=small_number(fields.get("smtp server port", "")) or 0,
        recipient=_starting(fields, "alert mail rec"),
        sender=_starting(fields, "mail return"),
        authentication=_on(fields.get("smtp authentication", "")),
        username=_starting(fields, "username for smtp"),
        events=tuple(sorted(name for name, label in EVENT_LABELS.items() if _on(fields.get(label, "")))),
    )


def _starting(fields: Mapping[str, str], beginning: str) -> str:
    return next((value for label, value in fields.items() if label.startswith(beginning)), "")


def _on(printed: str) -> bool:
    return printed.strip().lower().startswith("enable")


def _comparable(found: MailAlert, wanted: WantedMailAlert) -> MailAlert:
    """Without a sender or user name that is not declared: no documented command empties one, so one from before is no
    difference."""
    return dataclasses.replace(
        found,
        sender=found.sender if wanted.sender else "",
        username=found.username if wanted.username else "",
    )


def mail_alert_commands(wanted: WantedMailAlert, found: MailAlert | None) -> list[str]:
    """What is sent, the password left out; empty where the router shows the settings already."""
    if found and _comparable(found, wanted) == wanted.shown():
        return []
    words = [
        "sys mailalert",
        f"-i {wanted.server} -o {wanted.port} -a {wanted.recipient}",
        f"-r {wanted.sender}" if wanted.sender else "",
        f"-s {SECURITY[wanted.security]} -h {int(bool(wanted.username))}",
        f"-u {wanted.username}" if wanted.username else "",
    ]
    events = [f"sys mailalert -l {number} {int(name in wanted.events)}" for name, number in EVENTS.items()]
    return [" ".join(word for word in words if word), *events, "sys mailalert -e 1"]


def password_command(wanted: WantedMailAlert) -> str:
    """The password, which the router's command log keeps until it restarts."""
    return f"sys mailalert -p {wanted.password}"
