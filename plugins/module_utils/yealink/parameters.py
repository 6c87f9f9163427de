# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is this a parameter of that firmware, and may it have this value? Nothing on the phone tells (yealink.md 0.4)."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET, name_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import STATIC_SINCE
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameter_table import NAME_ONLY, ROWS

DOCUMENTED = "d"
ENFORCED = (DOCUMENTED, "c")
"""Documented, or explained by a comment in a vendor template. Other rows are good for a warning only."""

RENAMED = {
    "account.X.sip_trust_ctrl": "sip.trust_ctrl",
    "account.X.sip_listen_port": "sip.listen_port",
    "account.X.transport": "account.X.sip_server.Y.transport_type",
    "account.X.outbound_host": "account.X.outbound_proxy.Y.address",
    "account.X.outbound_port": "account.X.outbound_proxy.Y.port",
    "auto_provision.mode": "static.auto_provision.power_on and static.auto_provision.repeat.enable",
    "network.web_server_type": "static.wui.http_enable and static.wui.https_enable",
    "syslog.mode": "static.syslog.enable",
    "phone_setting.lock": "phone_setting.phone_lock.enable",
}
"""yealink.md 1.5."""

INDEX_LIMITS = (
    ("account.X.sip_server.Y.", 1, 2),
    ("account.X.outbound_proxy.Y.", 1, 2),
    ("dialplan.block_out.number.X", 0, 10),
    ("dialplan.emergency.X.", 0, 255),
)
"""Begin of the name, which index, its highest value (yealink.md 1.1, 2.2). Accounts depend on the model."""

_SECRET = re.compile(
    r"(?:(?:^|[._])(?:\w*password|pin|pin_code\w*|\w*_pin|aes_key\w*|encode_key|token|secret)|\.pwd)(?:\.(?:com|mac))?$"
)
_OCTET = r"(?:\*|25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
_ADDRESS = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_KEY = re.compile(r"[0-9A-Za-z#$%*+,\-.:=?@\[\]^_{}~]*")


@dataclass(frozen=True)
class Parameter:
    """One row of the table."""

    name: str
    values: str
    default: str
    since: int
    gone: int
    reboot: str
    confidence: str

    @property
    def enforced(self) -> bool:
        """Whether the row is good enough to refuse something."""
        return self.confidence in ENFORCED


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one setting; both empty where all is well."""

    error: str | None = None
    warning: str | None = None


@functools.cache
def table() -> dict[str, Parameter]:
    """All known parameters by name, with X, Y and Z for indexes, in the order of the names."""
    found = {row[0]: Parameter(*row) for row in ROWS}
    for (since, reboot), block in NAME_ONLY.items():
        for family, *rest in map(str.split, block.split("\n")[1:-1]):
            found |= {family + name: Parameter(family + name, "", "", since, 0, reboot, "n") for name in rest}
    return dict(sorted(found.items()))


def placeholders(name: str) -> tuple[str, tuple[int, ...]]:
    """account.1.sip_server.2.port -> account.X.sip_server.Y.port and (1, 2)."""
    segments = name.split(".")
    indexes: list[int] = []
    for position, segment in enumerate(segments):
        if segment.isascii() and segment.isdigit() and len(segment) <= 4 and len(indexes) < 3:
            segments[position] = "XYZ"[len(indexes)]
            indexes.append(int(segment))
    return ".".join(segments), tuple(indexes)


def is_secret(name: str) -> bool:
    """Whether the value of this parameter must not be shown."""
    pattern, _indexes = placeholders(name)
    if pattern == "account.X.auth_name":
        return True  # half of the phone's credentials, and not guessable on a PBX that makes it at random
    rows = (table().get(pattern), table().get(f"static.{pattern}"))
    return bool(_SECRET.search(name)) and not any(row and row.values.startswith("enum:") for row in rows)


WEAK = ("s", "i", "n")
"""Less than a template: seen, inferred, or known by name only."""


def below_template_evidence(name: str) -> bool:
    """Whether the parameter is known less well than by a template of a vendor or of a public project.

    Before V81 it is the same parameter without `static.`, so what is known of either counts.
    """
    pattern = placeholders(name)[0]
    rows = (table().get(pattern), table().get(f"static.{pattern}"))
    return not any(row and row.confidence not in WEAK for row in rows)


def first_firmware(name: str, *, documented: bool = False) -> int:
    """Since when firmware has the parameter; 0 where that is not known, or not documented where that is asked for."""
    row = table().get(placeholders(name)[0])
    return row.since if row and (row.confidence == DOCUMENTED or not documented) else 0


@functools.lru_cache(maxsize=16384)
def judge_name(name: str, firmware: int, accounts: int) -> Verdict:
    """Whether this firmware has the parameter, under this name."""
    pattern, indexes = placeholders(name)
    error = _not_a_name(name) or _wrong_spelling(name, pattern, firmware)
    if error:
        return Verdict(error=error)
    row = _row(pattern, firmware)
    if row is None:
        return Verdict(error=f"{name} is not a known parameter{_nearest(pattern, indexes, firmware)}")
    error = _gone(row, name, firmware) or _index_problem(name, pattern, indexes, accounts)
    if error:
        return Verdict(error=error)
    if row.since > firmware:
        text = f"{name} is known since V{row.since}; the phone has V{firmware}"
        # Other rows name the firmware of the oldest template that has it, which is not since when it exists.
        return Verdict(error=text) if row.confidence == DOCUMENTED else Verdict(warning=text)
    if row.confidence == "n":
        return Verdict(warning=f"{name} is known by name only: its value is not checked")
    return Verdict()


def _not_a_name(name: str) -> str | None:
    problem = name_problem(name)
    if problem:
        return f"{name!r} {problem}"
    if any(segment in ("X", "Y", "Z") for segment in name.split(".")):
        return f"{name}: write a number in place of X, Y or Z"
    if name == "overwrite_mode":
        return "overwrite_mode belongs into the boot file: use the option reset_undeclared"
    return None


def _wrong_spelling(name: str, pattern: str, firmware: int) -> str | None:
    """Whether it is the name for older or newer firmware (yealink.md 1.5)."""
    row = table().get(pattern)
    if firmware < STATIC_SINCE:
        known = row or pattern.removeprefix("static.") in table()
        if pattern.startswith("static.") and known:
            return f"{name}: the prefix static. came with V81; V{firmware} takes {name.removeprefix('static.')}"
        return None
    # G5: without the prefix the name is taken to be ignored. The families that came with V86 are known in both
    # spellings.
    if f"static.{pattern}" not in table() or (row and row.since >= 86):
        return None
    old = row and _gone(row, name, firmware)
    return old or f"{name} is the name before V81; firmware V{firmware} takes static.{name}"


def _row(pattern: str, firmware: int) -> Parameter | None:
    """The parameter's row. Before V81, that of the name with the prefix will do: the name alone is then known."""
    row, twin = table().get(pattern), table().get(f"static.{pattern}")
    if row or not twin or firmware >= STATIC_SINCE:
        return row
    return dataclasses.replace(twin, name=pattern, since=0, confidence="n")


@functools.lru_cache(maxsize=16384)
def judge_value(name: str, value: str, firmware: int) -> Verdict:
    """Whether the parameter takes the value. Secrets are not repeated in the text."""
    pattern, _indexes = placeholders(name)
    row = table().get(pattern)
    if row is None and firmware < STATIC_SINCE:
        row = table().get(f"static.{pattern}")
    if row is None or value == RESET:
        return Verdict()
    problem = form_problem(row.values, value)
    if not problem:
        return Verdict()
    text = f"{name}: {problem}" if is_secret(name) else f"{name} = {value}: {problem}"
    return Verdict(error=text) if row.enforced else Verdict(warning=f"{text} (as far as is known)")


def form_problem(form: str, value: str) -> str | None:
    """What is wrong with a value of this form, as the table gives it."""
    if form.startswith("zero or ") and value == "0":
        return None
    kind, _colon, body = form.removeprefix("zero or ").partition(":")
    check = _FORMS.get(kind)
    return check(body, value) if check else None


def _enum_problem(body: str, value: str) -> str | None:
    items = body.split("|")
    return None if value in items else f"must be one of {', '.join(items)}"


def _range_problem(body: str, value: str) -> str | None:
    low, high = (int(limit) for limit in body.split(".."))
    inside = re.fullmatch(r"[+-]?[0-9]{1,10}", value) and low <= int(value) <= high
    return None if inside else f"must be a number from {low} to {high}"


def _addresses_problem(_body: str, value: str) -> str | None:
    valid = value == "any" or all(_ADDRESS.fullmatch(item) for item in value.split(","))
    return None if valid else "must be any, or IPv4 addresses with commas between them (* for an octet)"


def _url_problem(body: str, value: str) -> str | None:
    schemes = body.split("|")
    valid = value.partition("://")[0] in schemes and "://" in value
    return None if valid else f"must be an address that begins with {', '.join(schemes)}"


def _user_problem(_body: str, value: str) -> str | None:
    user, colon, password = value.partition(":")
    return password_problem(password) if user and colon else "must be user:password"


def _key_problem(body: str, value: str) -> str | None:
    lengths = [int(length) for length in body.split("|")]
    valid = len(value) in lengths and _KEY.fullmatch(value)
    allowed = "0-9 A-Z a-z #$%*+,-.:=?@[]^_{}~"
    return None if valid else f"must be {' or '.join(map(str, lengths))} characters of {allowed}"


def _text_form(pattern: str, what: str) -> Callable[[str, str], str | None]:
    return lambda _body, value: None if re.fullmatch(pattern, value) else f"must be {what}"


_FORMS: dict[str, Callable[[str, str], str | None]] = {
    "enum": _enum_problem,
    "range": _range_problem,
    "addresses": _addresses_problem,
    "url": _url_problem,
    "user": _user_problem,
    "key": _key_problem,
    "time": _text_form(r"([01][0-9]|2[0-3]):[0-5][0-9]", "a time HH:MM"),
    "digits": _text_form(r"[0-9]+", "digits"),
    "weekdays": _text_form(r"[0-6]+", "days 0 to 6, 0 is Sunday"),
    "numbers": _text_form(r"[0-9]+(,[0-9]+)*", "numbers with commas between them"),
}


def password_problem(password: str) -> str | None:
    """What is wrong with the password of a phone's user (yealink.md 2.2). The text does not repeat it."""
    if re.fullmatch(r"[\x20-\x39\x3b-\x7e]{1,32}", password):
        return None
    return "must be 1 to 32 ASCII characters without a colon"


def _gone(row: Parameter, name: str, firmware: int) -> str | None:
    if not row.gone or firmware < row.gone:
        return None
    new = RENAMED.get(row.name)
    instead = f"; it became {new}" if new else ""
    return f"{name} is ignored since V{row.gone}, and the phone has V{firmware}{instead}"


def _index_problem(name: str, pattern: str, indexes: tuple[int, ...], accounts: int) -> str | None:
    if pattern.startswith("account.X.") and not 1 <= indexes[0] <= accounts:
        return f"{name}: the model has accounts 1 to {accounts}"
    for begin, position, highest in INDEX_LIMITS:
        if pattern.startswith(begin) and not 1 <= indexes[position] <= highest:
            return f"{name}: the index goes from 1 to {highest}"
    return None


def placeholders_in(pattern: str) -> list[str]:
    """The X, Y and Z of a name in the table."""
    return [segment for segment in pattern.split(".") if segment in ("X", "Y", "Z")]


def _nearest(pattern: str, indexes: tuple[int, ...], firmware: int) -> str:
    modern = firmware >= STATIC_SINCE
    usable = [
        row.name
        for row in table().values()
        if not (row.gone and row.gone <= firmware)
        and row.since <= firmware
        and len(placeholders_in(row.name)) == len(indexes)
        and (modern or not row.name.startswith("static."))
        and not (modern and f"static.{row.name}" in table())
    ]
    near = difflib.get_close_matches(pattern, usable, n=1, cutoff=0.75)
    if not near:
        return ""
    name = near[0]
    for letter, index in zip("XYZ", indexes, strict=False):
        name = ".".join(str(index) if segment == letter else segment for segment in name.split("."))
    return f"; the nearest known one is {name}"
