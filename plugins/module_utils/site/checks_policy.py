# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of countries, flood defence and alerts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ansible_collections.voipsec.hardening.plugins.module_utils.rtp_rates import (
    DIRECTIONS,
    PACKETS_PER_CALL,
    least_flood_threshold,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.checks_extensions import repeated
from ansible_collections.voipsec.hardening.plugins.module_utils.site.countries import COUNTRIES
from ansible_collections.voipsec.hardening.plugins.module_utils.site.manual_controls import known_controls
from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_tree import (
    Circumstances,
    Reading,
    entries,
    items,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.problems import Problem, problem, warning

LONGEST_ATTESTED = datetime.timedelta(days=366)


def own_country_is_allowed(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """A site that may not call its own country is a mistake, and it may bar emergency calls."""
    country = (reading.get("site") or {}).get("country")
    allowed = reading.get("allowed_countries")
    if country is None or allowed is None or None in allowed or country in allowed:
        return
    text = f"does not hold {country}, the site's own country; add {country} ({COUNTRIES[country].name})"
    yield problem("allowed_countries", f"[{', '.join(allowed)}]", text)


def countries_are_allowed_once(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """No country stands twice."""
    for path, country, first in repeated(items("", reading, "allowed_countries")):
        yield problem(path, country, f"is declared already as {first}; once is enough")


def flood_defence_lets_speech_pass(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """The router does not take the site's own calls for a flood."""
    threshold = (reading.get("flood") or {}).get("udp_packets_per_second")
    if threshold is None:
        return
    calls = reading.get("concurrent_calls")
    if now.absent("concurrent_calls", calls):
        text = (
            f"nothing is declared, but flood.udp_packets_per_second {threshold} is; a whole number such as 12 is needed"
        )
        yield Problem("concurrent_calls", "", text)
    elif calls is not None and threshold < least_flood_threshold(calls):
        yield problem(
            "flood.udp_packets_per_second",
            threshold,
            f"would cut speech; at least {least_flood_threshold(calls)} is needed: {calls} concurrent calls x "
            f"{PACKETS_PER_CALL} packets a second x {DIRECTIONS} directions + 30 %",
        )


def alerts_are_sent_safely(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """User and password come together, and the password is never sent in clear text."""
    alerts = reading.get("alerts") or {}
    smtp = alerts.get("smtp") or {}
    username, password = smtp.get("username"), smtp.get("password")
    if username and now.absent("alerts.smtp.password", password):
        text = (
            f"nothing is declared, but alerts.smtp.username {username} is; a password (in a vault) is needed beside it"
        )
        yield Problem("alerts.smtp.password", "", text)
    if password and now.absent("alerts.smtp.username", username):
        text = "nothing is declared, but alerts.smtp.password is; a user name is needed beside it"
        yield Problem("alerts.smtp.username", "", text)
    if password and smtp.get("security") == "none":
        text = "would send alerts.smtp.password in clear text; starttls or tls is needed"
        yield problem("alerts.smtp.security", "none", text)


def attestations_are_of_controls(reading: Reading, now: Circumstances) -> Iterator[Problem]:
    """What is confirmed exists, once, and was confirmed before today."""
    known = known_controls()
    seen: dict[str, str] = {}
    for path, entry in entries(reading, "attestations"):
        control, day, expires = (entry.get(name) for name in ("control", "confirmed_on", "expires"))
        if control is not None and control not in known:
            yield problem(f"{path}.control", control, f"is no control; valid are {', '.join(known)}")
        elif control is not None and control in seen:
            yield problem(f"{path}.control", control, f"is confirmed already in {seen[control]}; keep the newer one")
        elif control is not None:
            seen[control] = path
        if day is not None and day > now.today:
            yield problem(f"{path}.confirmed_on", day, "is in the future; the day on which it was looked at is needed")
        if day is not None and expires is not None and not day <= expires <= day + LONGEST_ATTESTED:
            text = f"is not a day from {day} to {day + LONGEST_ATTESTED}, a year later"
            yield problem(f"{path}.expires", expires, text)


def somebody_may_call(reading: Reading, _now: Circumstances) -> Iterator[Problem]:
    """A site without providers is possible, but probably a mistake."""
    if reading.get("trunk_providers") == []:
        text = "is empty, so the router closes SIP to every provider; declare one, unless the site has none"
        yield warning("trunk_providers", "[]", text)
