# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What products take and what is too weak, as data and pure checks. Sources stand beside each number."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Lengths(NamedTuple):
    """Shortest and longest, both allowed."""

    shortest: int
    longest: int

    def allow(self, length: int) -> bool:
        """Whether this length is one of them."""
        return self.shortest <= length <= self.longest

    def __str__(self) -> str:
        return f"{self.shortest} to {self.longest}"


@dataclass(frozen=True)
class ProductRules:
    """What one product takes. None where the reference names no limit: nothing is assumed then."""

    name: str
    sip_password: Lengths
    pin: Lengths | None
    auth_id_longest: int | None
    source: str


PRODUCTS = (
    ProductRules(
        "3CX V20", Lengths(10, 50), Lengths(4, 10), 50, "threecx.md e and gap 12: SIP credentials, voicemail PIN"
    ),
    ProductRules("Yeastar P-Series", Lengths(8, 63), None, None, "yeastar.md a.4: reg_password; no alphabet is named"),
    ProductRules("Yeastar S-Series", Lengths(16, 63), None, 31, "yeastar.md e: registerpassword, registername"),
)
"""A customer may change from one to another, so credentials are made that all of them take. The S-Series names no
longest password; the P-Series' is taken."""


def _all_take(lengths: Iterable[Lengths]) -> Lengths:
    """The strictest of several rules."""
    given = list(lengths)
    return Lengths(max(each.shortest for each in given), min(each.longest for each in given))


ALPHANUMERIC = string.ascii_letters + string.digits
"""The one alphabet that every product, CSV file, phone file and URL takes."""
SIP_PASSWORD = _all_take(product.sip_password for product in PRODUCTS)
RECOMMENDED_PIN = Lengths(6, 12)
"""Under 6 digits is too few for a mailbox that can be reached from outside (domain.md 3.3)."""
PIN = _all_take([RECOMMENDED_PIN, *(product.pin for product in PRODUCTS if product.pin)])
PASSWORD_LENGTH, PIN_LENGTH = 20, 6
"""What is made where nothing else is declared."""
AUTH_ID_LENGTH = 12
"""3CX itself makes 10; every product takes 12, see PRODUCTS."""
PHONE_PASSWORD_LENGTH = 20
PHONE_PASSWORD = Lengths(12, 26)
"""Yealink takes at most 32 characters and no colon (yealink.md 2.2). Taken to count "admin:" too, as it may. Twelve is
the least of Cyber Essentials (domain.md CE-AUTH-LEN)."""
PROVISIONING_PASSWORD_LENGTH = 24
RUN_OF_DIGITS = 4
"""So many digits in a row that go up, down or stay are refused in a PIN, as Yeastar does in passwords (yeastar.md
a.4, user_password)."""
SHORTEST_NAME = 2
"""Letters. Yeastar refuses passwords with the extension's name in them (yeastar.md a.4, user_password, and e, S-Series
registerpassword); a single letter cannot be meant."""
IDENTICAL_IN_PIN = 3
DISTINCT_IN_PIN = 3


def password_problems(password: str, lengths: Lengths, number: str = "", name: str = "") -> list[str]:
    """Why a password may not be used for this extension; empty when it may."""
    problems = []
    if not lengths.allow(len(password)):
        problems.append(f"its length is not {lengths}")
    if set(password) - set(ALPHANUMERIC):
        problems.append("it has characters other than letters and digits")
    classes = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    if not all(set(password) & set(letters) for letters in classes):
        problems.append("it lacks a lower-case letter, a capital or a digit")
    if number and number in password:
        problems.append("it contains the extension number")
    words = re.findall(f"[a-z0-9]{{{SHORTEST_NAME},}}", name.lower())
    if any(word in password.lower() for word in words):
        problems.append("it contains the extension's name")
    # Yeastar S-Series wants "non-consecutive digits" and does not say what that is: no neighbours satisfies every
    # reading, and the P-Series' rule of four in sequence with it (yeastar.md a.4 and e).
    if any(set(pair) <= set(string.digits) for pair in itertools.pairwise(password)):
        problems.append("it has two digits side by side")
    return problems


def pin_problems(pin: str, number: str) -> list[str]:
    """Why a voicemail PIN may not be used for this extension; empty when it may."""
    problems = []
    if not is_number(pin) or not PIN.allow(len(pin)):
        problems.append(f"it is not {PIN} digits")
    if number and any(each in pin or pin in each for each in (number, number[::-1])):
        problems.append("it contains the extension number or its reverse")
    if any(_is_run(pin[start : start + RUN_OF_DIGITS]) for start in range(len(pin) - RUN_OF_DIGITS + 1)):
        problems.append("it contains a sequence")
    if any(len(set(pin[start : start + IDENTICAL_IN_PIN])) == 1 for start in range(len(pin) - IDENTICAL_IN_PIN + 1)):
        problems.append("it repeats a digit")
    if len(set(pin)) < DISTINCT_IN_PIN or _is_repetition(pin):
        problems.append("it repeats a pattern")
    if any(pin[start : start + 2] in ("19", "20") for start in range(len(pin) - 3)):
        problems.append("it contains a year")
    return problems


def is_number(text: str) -> bool:
    """Whether it is digits as on a keypad; str.isdigit takes other scripts' too."""
    return text.isascii() and text.isdigit()


def _is_run(text: str) -> bool:
    """Four digits that go up by one, down by one, or stay; 9 and 0 are neighbours, as on a keypad."""
    if not is_number(text):
        return False
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(text)}
    return steps in ({1}, {9}, {0})


def _is_repetition(text: str) -> bool:
    """121212, 123123: a shorter block again and again."""
    return any(
        len(text) % size == 0 and text == text[:size] * (len(text) // size) for size in range(1, len(text) // 2 + 1)
    )
