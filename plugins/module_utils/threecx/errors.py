# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the PBX's refusals mean for an installer. Pure. Sources: threecx.md c.4."""

from __future__ import annotations

import json

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

MEANINGS = {
    "ALREADY_EXPIRED": "the end of the entry lies in the past",
    "ALREADY_IN_USE": "it is in use already",
    "BLACKLIST_NUMBER_LIMIT_EXCEEDED": "the PBX takes no more blacklisted numbers",
    "CAN_NOT_BE_EMPTY_STRING": "it must not be empty",
    "CERTIFICATE_EXPIRED": "the certificate has expired",
    "DUPLICATE": "it exists already",
    "FORBIDDEN_CHANGE": "the PBX does not let this be changed",
    "INTERNATIONALPREFIX_IS_MISSING": "the E.164 settings have no international prefix; set it in the console first",
    "INVALID": "the PBX does not take the value",
    "INVALID_IP_MASK": "the PBX does not take this address or network",
    "INVALID_LICENSE_TYPE": "the licence does not include it",
    "INVALID_PASSWORD": "the PBX does not take this password",
    "INVALID_PIN_NUMBER": "the PBX does not take this PIN",
    "LIMIT_REACHED": "the licence or the PBX allows no more of them",
    "NOT_FOUND": "it does not exist on this PBX",
    "NOT_SUPPORTED": "this PBX does not support it",
    "OTHER_USER_ROLE_DOWNGRADE": "the role of that user cannot be lowered",
    "OUTBOUND_RULES_LIMIT_REACHED": "the licence allows no more outbound rules",
    "OUT_OF_THE_RANGE": "the value is out of the range that the PBX takes",
    "REQUIRED": "it must be given",
    "SBC_CERT_EXPIRED": "the certificate has expired",
    "SBC_CERT_FQDN_MISMATCH": "the certificate does not have the PBX's name",
    "SBC_KEY_CERT_MISMATCH": "certificate and key do not belong together",
    "TOO_MANY_ITEMS_IN_LIST": "the list is too long for the PBX",
    "USER_ROLE_DOWNGRADE": "your own role cannot be lowered",
}
"""By the last part of the code: 20.0.9 renamed some (threecx.md c.4). Pairing with our requests is inferred there."""

ROLE_OR_LICENCE = (
    "the PBX does not allow it to this API client (403). In the Admin Console under Integrations, API, the client "
    "needs "
    "'3CX Configuration API Access' and the role System Owner; the licence must be 8SC+ ENT/AI or ENT+; and the Admin "
    "Console must not be restricted to other addresses than this one"
)
REFUSED_LOGIN = (
    "the PBX refuses the client id or its API key (401). It is not tried again, because failed logins lead to a block. "
    "Compare ansible_user (the client id, a number) and ansible_password (the API key) with the Admin Console, "
    "Integrations, API; without an Enterprise licence (8SC+ ENT/AI) there is no API"
)


class Refused(HardeningError):
    """The PBX answered with a refusal."""

    def __init__(self, status: int, codes: list[str], message: str) -> None:
        super().__init__(message)
        self.status = status
        self.codes = codes


def refusal(what: str, status: int, body: bytes) -> Refused:
    """The refusal of a request in an installer's words; ``what`` says what was asked, without any value."""
    if status == 403:
        return Refused(status, [], f"{what}: {ROLE_OR_LICENCE}.")
    if status == 404:
        return Refused(status, _codes(body), f"{what}: this PBX does not have it (404).")
    codes = _codes(body)
    known = [
        f"{target + ': ' if target else ''}{MEANINGS[code]}" for target, code in _details(body) if code in MEANINGS
    ]
    if known:
        return Refused(status, codes, f"{what}: {'; '.join(known)} ({', '.join(codes)}).")
    said = _message(body)
    return Refused(
        status, codes, f"{what}: the PBX answers {status}{': ' + said if said else ' and says nothing more'}."
    )


def _error(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _details(body: bytes) -> list[tuple[str, str]]:
    """(target, last part of the code). The codes are in ``message``; ``code`` is empty in every live refusal."""
    error = _error(body)
    details = error.get("details")
    found = []
    for each in details if isinstance(details, list) else []:
        if isinstance(each, dict):
            found.append((str(each.get("target") or ""), str(each.get("message") or "").rsplit(".", 1)[-1]))
    if not found and isinstance(error.get("message"), str):
        lines = [line for line in str(error["message"]).splitlines() if line.startswith("WARNINGS.")]
        found = [("", line.rsplit(".", 1)[-1]) for line in lines]
    return found


def _codes(body: bytes) -> list[str]:
    return [code for _target, code in _details(body)]


def _message(body: bytes) -> str:
    """One line, cut: a PBX may repeat a whole request in it."""
    message = _error(body).get("message")
    return " ".join(str(message).split())[:300] if isinstance(message, str) else ""
