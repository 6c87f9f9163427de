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

from ansible_collections.voipsec.hardening.plugins.module_utils.site.countries import COUNTRIES, likely_meant
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import PortRange
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Invalid

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_MAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")


def site_name(text: str) -> str:
    """The customer's short name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", text):
        raise Invalid("is not a short name; up to 32 letters, digits, dots, dashes and underscores, for example acme")
    return text


def peer_name(text: str) -> str:
    """The name of a provider or a remote site."""
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,30}[A-Za-z0-9])?", text):
        raise Invalid(
            "is not a name; up to 32 letters, digits, blanks, dots, dashes and underscores, for example ipswich"
        )
    return text


def person_name(text: str) -> str:
    """What phones display."""
    if not 1 <= len(text) <= 64 or text != text.strip() or not text.isprintable():
        raise Invalid("is not a name to display; 1 to 64 printable characters without blanks at the ends")
    return text


def country(text: str) -> str:
    """ISO 3166-1 alpha-2, upper case."""
    code = text.strip().upper()
    if code in COUNTRIES:
        return code
    meant = likely_meant(text)
    hint = f"did you mean {meant.code} ({meant.name})?" if meant else "for example GB, IE or FR"
    raise Invalid(f"is not a country; a two-letter code of ISO 3166 is needed, {hint}")


def time_zone(text: str) -> str:
    """A zone of the IANA database."""
    try:
        zoneinfo.ZoneInfo(text)
        return text
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        known = {name.lower(): name for name in zoneinfo.available_timezones()}
    if not known:
        raise Invalid("cannot be checked: the controller has no time zone database; install the package tzdata")
    near = difflib.get_close_matches(text.lower(), known, n=1)
    hint = f"did you mean {known[near[0]]}?" if near else "for example Europe/London"
    raise Invalid(f"is not a time zone; a name of the IANA time zone database is needed, {hint}")


def port(number: int) -> int:
    """A TCP or UDP port."""
    if not 1 <= number <= 65535:
        raise Invalid("is not a port; 1 to 65535 is valid")
    return number


def ports(text: str) -> PortRange:
    """``443`` or ``8000-8010``."""
    found = re.fullmatch(r"\s*([0-9]{1,5})(?:\s*-\s*([0-9]{1,5}))?\s*", text)
    if found and 1 <= int(found[1]) <= int(found[2] or found[1]) <= 65535:
        return PortRange(int(found[1]), int(found[2] or found[1]))
    raise Invalid('is neither a port nor a range of ports; for example "443" or "8000-8010"')


def port_range(text: str) -> PortRange:
    """``9000-10999``."""
    found = re.fullmatch(r"\s*([0-9]{1,5})\s*-\s*([0-9]{1,5})\s*", text)
    if found and 1024 <= int(found[1]) < int(found[2]) <= 65535:
        return PortRange(int(found[1]), int(found[2]))
    raise Invalid(
        "is not a range of ports; first and last port between 1024 and 65535 are needed, for example 9000-10999"
    )


def host(text: str) -> str:
    """A host name or an IPv4 address."""
    if not _HOST.fullmatch(text) or (re.fullmatch(r"[0-9.]+", text) and not _is_address(text)):
        raise Invalid("is neither a host name nor an IPv4 address; for example pbx.acme.example")
    return text


def fqdn(text: str) -> str:
    """A whole host name, with a domain."""
    if not _HOST.fullmatch(text) or "." not in text or re.fullmatch(r"[0-9.]+", text):
        raise Invalid("is not a whole host name; for example ipswich.acme.example")
    return text.lower()


def _is_address(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 4 and all(part.isdigit() and int(part) <= 255 for part in parts)


def date(text: str) -> datetime.date:
    """A day of the calendar."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid("is not a date; year, month and day are needed, for example 2027-03-31")


def digest(text: str) -> str:
    """Eight hex digits."""
    if not re.fullmatch(r"[0-9a-f]{8}", text):
        raise Invalid("is not eight hex digits; copy them from the checklist, in quotes")
    return text


def duration(text: str) -> int:
    """Seconds."""
    found = re.fullmatch(r"([0-9]{1,9})\s*([smhd]?)", text.strip())
    if not found:
        raise Invalid("is not a duration; a number with s, m, h or d is needed, for example 10m, 24h or 1d")
    return int(found[1]) * _UNITS[found[2]]


def time_of_day(text: str) -> str:
    """HH:MM."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise Invalid('is not a time of day; hours and minutes in quotes are needed, for example "03:00"')
    return text


def extension_number(text: str) -> str:
    """What colleagues dial."""
    if not re.fullmatch(r"[0-9]{2,8}", text):
        raise Invalid('is not an extension number; 2 to 8 digits in quotes are needed, for example "201"')
    return text


def barred_number(text: str) -> str:
    """The beginning of numbers that nobody may dial."""
    if not re.fullmatch(r"\+?[0-9]{1,15}", text):
        raise Invalid(
            'is not the beginning of a telephone number; 1 to 15 digits in quotes are needed, for example "0871"'
        )
    return text


def mac(text: str) -> str:
    """12 lower-case hex digits."""
    digits = re.sub(r"[:.\-]", "", text.strip()).lower()
    grouped = re.fullmatch(
        r"[0-9a-f]{12}|([0-9a-f]{2}([:.\-])){5}[0-9a-f]{2}|([0-9a-f]{4}[.\-:]){2}[0-9a-f]{4}", text.strip().lower()
    )
    if not grouped or not re.fullmatch(r"[0-9a-f]{12}", digits):
        raise Invalid('is not a MAC address; 12 hexadecimal digits in quotes are needed, for example "805ec0aabbcc"')
    if int(digits[:2], 16) & 1 or int(digits, 16) == 0:
        raise Invalid("is not the MAC address of one device; copy it from the label, for example 805ec0aabbcc")
    return digits


def phone_model(text: str) -> str:
    """As on the label. Which models are known is the phones' own matter."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{1,23}", text):
        raise Invalid("is not a model; the name on the label is needed, for example T46U")
    return text


def firmware(text: str) -> str:
    """As the phone shows it."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){2,6}", text):
        raise Invalid('is not a firmware version; it is needed as the phone shows it, for example "108.86.0.118"')
    return text


def mail_address(text: str) -> str:
    """name@domain."""
    if not _MAIL.fullmatch(text) or ".." in text or text.startswith("."):
        raise Invalid("is not a mail address; for example support@example.net")
    return text


def https_directory(text: str) -> str:
    """Where phones fetch files that hold passwords."""
    needed = "the https address of a directory is needed, for example https://provision.acme.example/yealink/"
    try:
        parts = urlsplit(text)
        host_name, number = parts.hostname, parts.port
    except ValueError:
        raise Invalid(f"is not a valid address; {needed}") from None
    if parts.username is not None or parts.password is not None:
        raise Invalid(
            "holds a user or password; declare provisioning.username instead, the password is generated", hide=True
        )
    if parts.scheme.lower() != "https":
        raise Invalid(f"is not https, and the files hold passwords; {needed}", hide="@" in text)
    if parts.query or parts.fragment or not host_name or number == 0 or not _HOST.fullmatch(host_name):
        raise Invalid(f"is not the address of a directory; {needed}", hide=bool(parts.query))
    if not re.fullmatch(r"[!-~]+", text):
        raise Invalid(f"contains blanks or characters that phones do not understand; {needed}")
    return text


def user_name(text: str) -> str:
    """For HTTP basic authentication or a mail server."""
    if not re.fullmatch(r"[^\s:]{1,64}", text) or not text.isprintable():
        raise Invalid("is not a user name; up to 64 characters without blanks and colons, for example phones")
    return text


def https_file(text: str) -> str:
    """A certificate that phones fetch."""
    needed = "the https address of a file is needed, for example https://provision.acme.example/ca.crt"
    try:
        parts = urlsplit(text)
        valid = parts.scheme.lower() == "https" and _HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:
        raise Invalid(f"is not a valid address; {needed}") from None
    if parts.username is not None or parts.password is not None:
        raise Invalid(f"holds a user or password; {needed}", hide=True)
    if not valid or text.endswith("/") or not re.fullmatch(r"[!-~]+", text):
        raise Invalid(f"is not the https address of a file; {needed}", hide=bool(parts.query))
    return text


def phone_port(number: int) -> int:
    """Where a phone listens: not among the ports of its own speech (yealink.md G9)."""
    if not 1024 <= number <= 65535 or 11780 <= number <= 12780:
        raise Invalid("is not a port for a phone; 1024 to 65535 is valid, without 11780 to 12780, where its speech is")
    return number


def lock_time(text: str) -> int:
    """Seconds until a phone locks itself (yealink.md 2.2)."""
    seconds = duration(text)
    if seconds > 3600:
        raise Invalid("is too long; at most 1h is valid, and 0 locks by hand only")
    return seconds
