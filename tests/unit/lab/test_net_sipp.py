# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as an answer, and as silence: the judge of the wire tests."""

from __future__ import annotations

import pytest

from lab.net.sipp import Heard, statuses

LINE = "-" * 47
SENT = f"""{LINE} 2026-11-28 03:58:49.265987
UDP message sent (339 bytes):

INVITE sip:201@192.0.2.1 SIP/2.0
CSeq: 1 INVITE

"""


def received(status: str, method: str) -> str:
    return f"""{LINE} 2026-11-28 03:58:49.266106
UDP message received [475] bytes :

SIP/2.0 {status}
Via: SIP/2.0/UDP 192.0.2.9:5060
CSeq: 1 {method}
Content-Length: 0

"""


@pytest.mark.parametrize(
    ("heard", "rang", "refused"),
    [
        ((), False, True),
        ((403,), False, True),
        ((404,), False, True),
        ((488,), False, True),
        ((100, 180, 487), True, False),
        ((100, 183), False, False),
        ((200,), False, False),
        ((100, 403), False, False),
        ((100,), False, False),
    ],
)
def test_what_rings_and_what_refuses(heard: tuple[int, ...], rang: bool, refused: bool) -> None:
    assert (Heard(heard).rang, Heard(heard).refused) == (rang, refused)


def test_only_answers_to_the_request_count() -> None:
    answers = [("401 Unauthorized", "INVITE"), ("100 Trying", "INVITE"), ("180 Ringing", "INVITE")]
    answers += [("200 OK", "CANCEL"), ("487 Request Terminated", "INVITE")]
    trace = SENT + "".join(received(*answer) for answer in answers)
    assert statuses(trace, "INVITE") == (100, 180, 487)
    assert statuses(trace.replace("\n", "\r\n"), "INVITE") == (100, 180, 487)
    assert statuses(trace, "NOTIFY") == ()


def test_silence_is_only_believed_of_somebody_who_spoke() -> None:
    assert statuses(SENT, "INVITE") == ()
    with pytest.raises(RuntimeError, match="sent nothing"):
        statuses("", "INVITE")
