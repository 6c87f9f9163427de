# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every error code of the reference, and the message that an installer reads."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import (
    P_SERIES,
    S_SERIES,
    p_refusal,
    s_refusal,
)

P_MESSAGES = {
    -2: "the PBX failed inside; a malformed request can cause it too (-2 INTERNAL SERVER ERROR).",
    -1: "the PBX says that it failed, and not why (-1 FAILURE).",
    1: "only a part was done (1 PARTIAL SUCCESS).",
    2: "the PBX is still at it (2 PROCESSING).",
    10001: "this PBX's firmware does not have it, or the model has no API (the P520 has none) (10001 INTERFACE NOT "
    "EXISTED).",
    10002: "this version of the API has ended on this PBX; report it (10002 API VERSION OUT OF MAINTENANCE).",
    10003: "this PBX does not know this version of the API; its firmware may be too old (10003 API VERSION "
    "UNSUPPORTED).",
    10004: "the access token is no longer valid (10004 TOKEN EXPIRED).",
    10005: "the API client may not do this; look under Integrations, API, for its permissions (10005 ACCESS DENIED).",
    40001: "the PBX could not read the request (40001 PARAMETER SYNTAX ERROR).",
    40002: "the PBX refuses a field or a value, or misses one (40002 PARAMETER ERROR).",
    40003: "there is one with this number or name already (40003 DUPLICATE KEY VALUE).",
    40004: "the file is too big for the PBX (40004 FILE SIZE EXCEEDED).",
    60001: "it is no longer there; it may have been removed meanwhile (60001 DATA NOT FOUND).",
    60002: "the PBX takes no more of these (60002 MAX LIMITATION EXCEEDED).",
    60101: "the user role is not there (60101 ROLE NOT EXISTED).",
    70004: "the PBX has blocked the address of this controller. Only its web page ends that: Security, Security Rules, "
    "Blocked IPs. It is not tried again (70004 ACCOUNT IP BLOCKED).",
    70082: "the PBX is busy with a heavy task, such as a backup; run again later (70082 OVERLOAD_TASK_RUNNING).",
    70084: "the PBX forbids this (70084 ACTION FORBIDDEN).",
    70087: "the API may not be used from the address of this controller. Add it under Integrations, API, IP "
    "restriction. It is not tried again (70087 IP FORBIDDEN).",
    70091: "something else on the PBX still uses it (70091 CONNECTION_RELATION_EXISTED).",
    70093: "the phonebook is not there (70093 PHONEBOOK_NOT_EXISTED).",
    70106: "the rate is not there (70106 RATE_NOT_EXISTED).",
    70120: "organisations are switched off on this PBX (70120 ORGANIZATION DISABLED).",
}
"""yeastar.md b, in its order; 0 is success."""
S_CODES = (*range(10002, 10034), *range(20000, 20015), 30001)
"""yeastar.md e."""


@pytest.mark.parametrize("code", sorted(P_MESSAGES))
def test_what_an_installer_reads_of_a_p_series(code: int) -> None:
    name = P_SERIES[code][0]
    assert p_refusal("changing extension 1001", code, name).message == f"changing extension 1001: {P_MESSAGES[code]}"


def test_no_code_of_the_reference_is_missing_and_none_is_invented() -> None:
    assert set(P_SERIES) == set(P_MESSAGES)
    assert set(S_SERIES) == set(S_CODES)


@pytest.mark.parametrize("code", S_CODES)
def test_what_an_installer_reads_of_an_s_series(code: int) -> None:
    message = s_refusal("changing extension 1001", code).message
    assert message == f"changing extension 1001: {S_SERIES[code]} ({code})."
    assert len(S_SERIES[code].split()) >= 3


def test_the_pbx_own_words_are_kept_where_they_say_more() -> None:
    text = p_refusal("adding the list 'x'", 40002, "The parameter name is invalid.").message
    assert text.endswith("(40002 PARAMETER ERROR, The parameter name is invalid.).")


def test_a_code_that_the_reference_does_not_know_is_not_explained_away() -> None:
    assert p_refusal("reading x", 70199, "SOMETHING NEW").message == (
        "reading x: the reference does not explain this code; report it to the authors (70199 SOMETHING NEW)."
    )
    assert "the reference does not explain this code" in s_refusal("reading x", 40404).message
