# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Yeastar's error codes mean to an installer. Data from yeastar.md b and (e); pure.

A code that the reference does not explain says so, and never more than the reference does.
"""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

P_SERIES: dict[int, tuple[str, str]] = {
    -2: ("INTERNAL SERVER ERROR", "the PBX failed inside; a malformed request can cause it too"),
    -1: ("FAILURE", "the PBX says that it failed, and not why"),
    1: ("PARTIAL SUCCESS", "only a part was done"),
    2: ("PROCESSING", "the PBX is still at it"),
    10001: (
        "INTERFACE NOT EXISTED",
        "this PBX's firmware does not have it, or the model has no API (the P520 has none)",
    ),
    10002: (
        "API VERSION OUT OF MAINTENANCE",
        "this version of the API has ended on this PBX; report it",
    ),
    10003: ("API VERSION UNSUPPORTED", "this PBX does not know this version of the API; its firmware may be too old"),
    10004: ("TOKEN EXPIRED", "the access token is no longer valid"),
    10005: ("ACCESS DENIED", "the API client may not do this; look under Integrations, API, for its permissions"),
    40001: ("PARAMETER SYNTAX ERROR", "the PBX could not read the request"),
    40002: ("PARAMETER ERROR", "the PBX refuses a field or a value, or misses one"),
    40003: ("DUPLICATE KEY VALUE", "there is one with this number or name already"),
    40004: ("FILE SIZE EXCEEDED", "the file is too big for the PBX"),
    60001: ("DATA NOT FOUND", "it is no longer there; it may have been removed meanwhile"),
    60002: ("MAX LIMITATION EXCEEDED", "the PBX takes no more of these"),
    60101: ("ROLE NOT EXISTED", "the user role is not there"),
    70004: (
        "ACCOUNT IP BLOCKED",
        "the PBX has blocked the address of this controller. Only its web page ends that: Security, Security Rules, "
        "Blocked IPs. It is not tried again",
    ),
    70082: ("OVERLOAD_TASK_RUNNING", "the PBX is busy with a heavy task, such as a backup; run again later"),
    70084: ("ACTION FORBIDDEN", "the PBX forbids this"),
    70087: (
        "IP FORBIDDEN",
        "the API may not be used from the address of this controller. Add it under Integrations, API, IP restriction. "
        "It is not tried again",
    ),
    70091: ("CONNECTION_RELATION_EXISTED", "something else on the PBX still uses it"),
    70093: ("PHONEBOOK_NOT_EXISTED", "the phonebook is not there"),
    70106: ("RATE_NOT_EXISTED", "the rate is not there"),
    70120: ("ORGANIZATION DISABLED", "organisations are switched off on this PBX"),
}
"""Code -> the PBX's own words, ours. 0 is success."""
NOT_EXPLAINED = "the reference does not explain this code; report it to the authors"
UNKNOWN_ENDPOINT = 10001
TOKEN_EXPIRED = 10004
ACCESS_DENIED = 10005
DUPLICATE = 40003
NOT_FOUND = 60001
FULL = 60002
PROCESSING = 2
OVERLOAD = 70082
NEVER_AGAIN = frozenset({70004, 70087})
"""Trying again would make it worse or cannot help: the address is blocked or not permitted."""

S_SERIES: dict[int, str] = {
    10002: "the PBX was sent XML, which it does not take",
    10003: "this PBX's firmware does not have it; version 2.0.0 of the API needs firmware 30.13.0.30 or later",
    10004: "a required parameter is blank",
    10005: "the call is not there",
    10006: "the extension is not there",
    10007: "the call is not there",
    10008: "the extension is not idle",
    10009: "the extension does not allow being monitored",
    10010: "the monitor mode does not fit",
    10011: "the called number is not there",
    10012: "the IVR is not there",
    10013: "the queue is not there",
    10014: "the ring group is not there",
    10015: "the call is not connected",
    10016: "accepting or rejecting the call took too long",
    10017: "the PBX could not configure the extension; it refuses a value, such as a password that it calls weak",
    10018: "the PBX could not configure the IVR",
    10019: "the PBX could not configure the queue",
    10020: "the PBX could not set the alarm",
    10021: "the alarm is not there",
    10022: "the alarm is there already",
    10023: "the audio file is not there",
    10024: "the extension may not call out",
    10025: "settings were changed faster than the PBX applies them",
    10026: "there is no GSM module of this name",
    10027: "the GSM module is busy",
    10028: "the number is blank",
    10029: "the file of the short message cannot be opened",
    10030: "the short message is blank",
    10031: "the called number is not as it must be",
    10032: "the password is wrong",
    10033: "the PBX could not save the outbound route of the extension",
    20000: "the PBX takes JSON only",
    20001: "the PBX takes POST requests only",
    20002: "the login is locked after too many failures; it opens again after 10 minutes. It is not tried again",
    20003: "the user name or the password of the API is wrong. It is not tried again: five failures lock the login",
    20004: "there is no such token",
    20005: "the token is blank",
    20006: "the token has timed out",
    20007: "the request is blank",
    20008: "the port is wrong",
    20009: "the request is blank",
    20010: "the PBX's API service could not be reached inside the PBX",
    20011: "the heartbeat failed",
    20012: "the recording's name is not valid",
    20013: "the PBX asks for a captcha",
    20014: "the recording is not there",
    30001: "the PBX's API failed inside",
}
"""errno -> our words; the S-Series sends no text of its own."""
S_TOKEN_GONE = frozenset({20004, 20005, 20006})
S_LOGIN_REFUSED = frozenset({20002, 20003, 10032, 20013})
S_TOO_FAST = 10025
S_UNKNOWN = frozenset({10003})
S_NOT_FOUND = 10006


class Refused(HardeningError):
    """The PBX answered with an error code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def p_refusal(what: str, code: int, text: str = "") -> Refused:
    """A P-Series' refusal; ``text`` is its errmsg, which may say more than the code's own name."""
    name, meaning = P_SERIES.get(
        code, (text or "no text", "the reference does not explain this code; report it to the authors")
    )
    more = f", {text}" if text and text != name else ""
    return Refused(f"{what}: {meaning} ({code} {name}{more}).", code)


def s_refusal(what: str, code: int) -> Refused:
    """An S-Series' refusal."""
    meaning = S_SERIES.get(code, NOT_EXPLAINED)
    return Refused(f"{what}: {meaning} ({code}).", code)
