# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``alerts``: who is notified."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import host
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.ports import PORTS
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import mail_address, user_name
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import (
    choice,
    integer,
    mapping,
    text,
    texts,
)


@dataclass(frozen=True)
class Smtp:
    """The mail server that takes alerts."""

    host: str = text(
        "a mail server", "Host name or IPv4 address.", required=True, example="mail.example.net", parse=host
    )
    port: int = integer("a port", "Port.", default=587, example=587, bounds=PORTS)
    security: str = choice(
        "starttls",
        "tls",
        "none",
        default="starttls",
        meaning="Encryption of the connection.",
        checked="not `none` together with a password",
    )
    username: str | None = text(
        "a user name",
        "User name.",
        example="acme",
        parse=user_name,
        checked="together with `alerts.smtp.password`",
    )
    password: Secret | None = text("a password", "Password. Keep it in a vault.", secret=True, digits=True)


@dataclass(frozen=True)
class Alerts:
    """Who is notified."""

    to: tuple[str, ...] = texts(
        "mail addresses",
        "a mail address",
        "Mail addresses of the recipients.",
        required=True,
        least=1,
        example=["support@example.net"],
        parse=mail_address,
    )
    sender: str | None = text(
        "a mail address", "Mail address of the sender.", example="pbx@acme.example", parse=mail_address
    )
    smtp: Smtp | None = mapping(Smtp, "The mail server that takes alerts.")
