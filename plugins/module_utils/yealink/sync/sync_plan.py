# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phones have to be told to fetch their files, and what is to be said of those that did not. Pure."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import Answer
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.notify import USER
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import InputProblems, normal_mac

NO_FILE, NO_ANSWER, REFUSED, NOT_SENT, DID_NOT_FETCH, STALE = (
    "no_file",
    "no_answer",
    "refused",
    "not_sent",
    "did_not_fetch",
    "stale",
)
"""Why a phone has not fetched its current file."""
CLOCK_STEP = 5.0
"""Seconds that a clock may have been set back by since a file was written; they pass while phones are waited for."""
SIP_PORT = 5060
MAX_NAMED = 10
"""Phones that a sentence names one by one."""


@dataclass(frozen=True)
class Phone:
    """One declared phone."""

    mac: str
    """12 lower-case hex digits."""
    number: str
    address: str = ""
    """Where it listens; needed only where it is told directly."""
    port: int = SIP_PORT

    def __str__(self) -> str:
        return f"{self.number} ({self.mac})"


@dataclass(frozen=True)
class Served:
    """What the server's host knows, by MAC address."""

    written: Mapping[str, float]
    """When the phone's files were last written; absent where there are none."""
    fetched: Mapping[str, float]
    """When the phone last fetched; absent where that is not known."""

    def is_current(self, mac: str) -> bool:
        """Whether the phone has fetched the files that are there now."""
        return mac in self.written and self.fetched.get(mac, float("-inf")) >= self.written[mac]


@dataclass(frozen=True)
class Plan:
    """Every declared phone with a MAC address is in ``tell``, ``current`` or ``without_file``, and in one only."""

    tell: tuple[Phone, ...]
    current: tuple[Phone, ...] = ()
    """They have what is there now, and are left in peace."""
    without_file: tuple[Phone, ...] = ()


def read_phones(entries: Iterable[Mapping[str, Any]], *, addressed: bool) -> tuple[list[Phone], list[str]]:
    """The phones, and the numbers of extensions without one. Raises HardeningError for what cannot be told."""
    problems = InputProblems()
    phones: dict[str, Phone] = {}
    without: list[str] = []
    for entry in entries:
        number, given = str(entry["number"]), entry.get("mac")
        if not USER.fullmatch(number):
            problems.error(f"phones: number {number!r} is not an extension; digits, letters and *+._- are taken")
        if not given:
            without.append(number)
            continue
        mac = normal_mac(str(given))
        address, port = str(entry.get("address") or ""), int(entry.get("port", SIP_PORT))
        if mac is None:
            problems.error(f"phones: mac {given!r} is not a MAC address, for example 805ec0aabbcc")
            continue
        if mac in phones:
            problems.error(f"phones: mac {mac} is declared twice")
        if not 1 <= port <= 65535:
            problems.error(f"phones: port {port} of {mac} is not from 1 to 65535")
        if addressed and not address:
            problems.error("phones: address is missing, and via is phone: the phone's own address is needed", mac)
        phones[mac] = Phone(mac, number, address, port)
    problems.stop_on_errors()
    return list(phones.values()), without


def plan(phones: Iterable[Phone], served: Served | None, *, only_stale: bool, expect_files: bool) -> Plan:
    """Without ``served`` nothing is known, so all are told. ``expect_files``: files that are not there yet will be."""
    if served is None:
        return Plan(tuple(phones))
    tell, current, without_file = [], [], []
    for phone in phones:
        if phone.mac not in served.written and not expect_files:
            without_file.append(phone)
        elif only_stale and served.is_current(phone.mac):
            current.append(phone)
        else:
            tell.append(phone)
    return Plan(tuple(tell), tuple(current), tuple(without_file))


def missing(phones: Iterable[Phone], since: Mapping[str, float], fetched: Mapping[str, float]) -> list[Phone]:
    """Phones that have not fetched since the time that counts for each."""
    return [phone for phone in phones if fetched.get(phone.mac, float("-inf")) < since[phone.mac]]


def entry(phone: Phone, answer: Answer | None, served: Served, *, asked: bool, waited: float) -> dict[str, Any]:
    """One phone that has not fetched, and why as far as it is known. ``asked``: this run was to tell it."""
    reason, detail = _why(phone, answer, served, asked=asked, waited=waited)
    return {"number": phone.number, "mac": phone.mac, "reason": reason, "detail": detail}


def _why(phone: Phone, answer: Answer | None, served: Served, *, asked: bool, waited: float) -> tuple[str, str]:
    if phone.mac not in served.written:
        return NO_FILE, f"{phone.mac}.cfg is not in the directory"
    if not asked or answer is None:
        return (
            STALE,
            f"its file was written {_clock(served.written[phone.mac])}, {_last(served.fetched.get(phone.mac))}",
        )
    if answer.accepted:
        return DID_NOT_FETCH, f"it answered {answered(answer)} and did not download its file within {waited:g} s"
    if answer.status is not None:
        return REFUSED, f"it was answered {answered(answer)}"
    return (NO_ANSWER if answer.lost else NOT_SENT), answer.detail


def answered(answer: Answer) -> str:
    """Status, phrase and remark, for a sentence."""
    remark = f" ({answer.detail})" if answer.detail else ""
    return f"{answer.status} {answer.phrase}".rstrip() + remark


def answer_entry(phone: Phone, answer: Answer) -> dict[str, Any]:
    """One answer for the result."""
    return {
        "number": phone.number,
        "mac": phone.mac,
        "status": answer.status,
        "phrase": answer.phrase,
        "detail": answer.detail,
        "told": answer.told,
    }


def with_reasons(entries: Sequence[Mapping[str, Any]]) -> str:
    """The phones of ``entry`` for a sentence: a few with the reason of each."""
    named = [f"{each['number']} ({each['mac']}: {each['detail']})" for each in entries[:MAX_NAMED]]
    more = f" and {len(entries) - MAX_NAMED} more" if len(entries) > MAX_NAMED else ""
    return ", ".join(named) + more


def names(phones: Collection[Phone]) -> str:
    """Numbers for a sentence."""
    numbers = [phone.number for phone in phones]
    more = f" and {len(numbers) - MAX_NAMED} more" if len(numbers) > MAX_NAMED else ""
    return ", ".join(numbers[:MAX_NAMED]) + more


def from_the_future(served: Served, now: float) -> list[str]:
    """MAC addresses whose files were written later than now: no fetch would ever count."""
    return sorted(mac for mac, written in served.written.items() if written > now + CLOCK_STEP)


def check_times(served: Served, now: float) -> None:
    """Raises HardeningError for files from the future."""
    strange = from_the_future(served, now)
    if strange:
        more = f" and {len(strange) - MAX_NAMED} more" if len(strange) > MAX_NAMED else ""
        raise HardeningError(
            f"directory: the files of {', '.join(strange[:MAX_NAMED])}{more} are dated in the future by this host's "
            "clock, so no download would count. Set the clock, then write the files again."
        )


def _clock(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def _last(seconds: float | None) -> str:
    return f"its last download was {_clock(seconds)}" if seconds is not None else "no download was seen"
