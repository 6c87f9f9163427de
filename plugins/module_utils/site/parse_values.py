# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single values of a declaration, each from its text. A text that cannot be used raises Invalid."""

from __future__ import annotations

import datetime
import difflib
import re
import zoneinfo
from urllib.parse import urlsplit

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.hosts import DOMAIN, is_host
from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid
from ansible_collections.voipsec.hardening.plugins.module_utils.site.countries import COUNTRIES, likely_meant

_MAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?=.*\.){DOMAIN}")


def site_name(text: str) -> str:
    """The customer's short name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", text):
        raise Invalid(
            "is not a short name; use up to 32 letters, digits, dots, dashes and underscores, for example acme"
        )
    return text


def peer_name(text: str) -> str:
    """The name of a provider or a remote site."""
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,30}[A-Za-z0-9])?", text):
        raise Invalid(
            "is not a name; use up to 32 letters, digits, spaces, dots, dashes and underscores, for example ipswich"
        )
    return text


def person_name(text: str) -> str:
    """What phones display."""
    if not 1 <= len(text) <= 64 or text != text.strip() or not text.isprintable():
        raise Invalid("cannot be displayed as a name; use 1 to 64 printable characters without spaces at the ends")
    return text


def country(text: str) -> str:
    """ISO 3166-1 alpha-2, upper case."""
    code = text.strip().upper()
    if code in COUNTRIES:
        return code
    meant = likely_meant(text)
    hint = f"did you mean {meant.code} ({meant.name})?" if meant else "for example GB, IE or FR"
    raise Invalid(f"is not a country; use a two-letter ISO 3166 code, {hint}")


def time_zone(text: str) -> str:
    """A zone of the IANA database."""
    try:
        zoneinfo.ZoneInfo(text)
        return text
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        known = {name.lower(): name for name in zoneinfo.available_timezones()}
    if not known:
        text = "cannot be checked: the controller has no time zone database; install the package tzdata"
        raise Invalid(text, unverified=True)
    near = difflib.get_close_matches(text.lower(), known, n=1)
    hint = f"did you mean {known[near[0]]}?" if near else "for example Europe/London"
    raise Invalid(f"is not a time zone; use a name from the IANA time zone database, {hint}")


def date(text: str) -> datetime.date:
    """A day of the calendar."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid("is not a date; use year, month and day, for example 2027-03-31")


def digest(text: str) -> str:
    """Eight hex digits."""
    if not re.fullmatch(r"[0-9a-f]{8}", text):
        raise Invalid("is not eight hex digits; copy them from the checklist, in quotes")
    return text


def time_of_day(text: str) -> str:
    """HH:MM."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise Invalid('is not a time of day; use hours and minutes in quotes, for example "03:00"')
    return text


def extension_number(text: str) -> str:
    """What colleagues dial."""
    if not re.fullmatch(r"[0-9]{2,8}", text):
        raise Invalid('is not an extension number; use 2 to 8 digits in quotes, for example "201"')
    return text


def barred_number(text: str) -> str:
    """The beginning of numbers that nobody may dial."""
    if not re.fullmatch(r"\+?[0-9]{1,15}", text):
        raise Invalid('is not the beginning of a telephone number; use 1 to 15 digits in quotes, for example "0871"')
    return text


def phone_model(text: str) -> str:
    """As on the label. Which models are known is the phones' own matter."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{1,23}", text):
        raise Invalid("is not a model; use the name on the label, for example T46U")
    return text


def firmware(text: str) -> str:
    """As the phone shows it."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){2,6}", text):
        raise Invalid('is not a firmware version; copy it from the phone, for example "108.86.0.118"')
    return text


def mail_address(text: str) -> str:
    """name@domain."""
    if not _MAIL.fullmatch(text) or ".." in text or text.startswith("."):
        raise Invalid("is not a mail address; use for example support@example.net")
    return text


def https_directory(text: str) -> str:
    """Where phones fetch files that hold passwords."""
    needed = "use the https address of a directory, for example https://provision.acme.example/yealink/"
    try:
        parts = urlsplit(text)
        host_name, number = parts.hostname, parts.port
    except ValueError:
        raise Invalid(f"is not a valid address; {needed}") from None
    if parts.username is not None or parts.password is not None:
        raise Invalid(
            "contains a user name or password; declare provisioning.username instead, the password is generated",
            hide=True,
        )
    if parts.scheme.lower() != "https":
        raise Invalid(f"is not https, and the files contain passwords; {needed}", hide="@" in text)
    if parts.query or parts.fragment or not host_name or number == 0 or not is_host(host_name):
        raise Invalid(f"is not the address of a directory; {needed}", hide=bool(parts.query))
    if not re.fullmatch(r"[!-~]+", text):
        raise Invalid(f"contains spaces or characters that phones do not understand; {needed}")
    return text


def user_name(text: str) -> str:
    """For HTTP basic authentication or a mail server."""
    if not re.fullmatch(r"[^\s:]{1,64}", text) or not text.isprintable():
        raise Invalid("is not a user name; use up to 64 characters without spaces and colons, for example phones")
    return text


def https_file(text: str) -> str:
    """A certificate that phones fetch."""
    needed = "use the https address of a file, for example https://provision.acme.example/ca.crt"
    try:
        parts = urlsplit(text)
        valid = parts.scheme.lower() == "https" and is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        raise Invalid(f"is not a valid address; {needed}") from None
    if parts.username is not None or parts.password is not None:
        raise Invalid(f"contains a user name or password; {needed}", hide=True)
    if not valid or text.endswith("/") or not re.fullmatch(r"[!-~]+", text):
        raise Invalid(f"is not the https address of a file; {needed}", hide=bool(parts.query))
    return text


def phone_port(number: int) -> int:
    """Where a phone listens: not among the ports of its own speech (yealink.md G9)."""
    if not 1024 <= number <= 65535 or 11780 <= number <= 12780:
        raise Invalid(
            "cannot be a phone's SIP port; use 1024 to 65535, except 11780 to 12780, which are its media ports"
        )
    return number
