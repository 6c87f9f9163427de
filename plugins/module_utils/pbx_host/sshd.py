# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drop-in of sshd says where the host may be stricter already.

The drop-in is read first and sshd takes the first value that it meets: without a look at what is there, a host with
``PermitRootLogin no`` would let in root again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ROOT_LOGIN = ("no", "forced-commands-only", "prohibit-password", "yes")
"""The strictest first."""
GRACE_SECONDS = 30
STARTUPS = (10, 30, 60)
"""Logins in progress from which on some are refused, how many per cent of them, and from where on all."""
ALIVE = (300, 2)
"""Seconds between questions to a silent client, and how many stay without an answer."""


def strictest(found: Iterable[str], max_auth_tries: int) -> list[str]:
    """Lines of the drop-in. ``found`` is what ``sshd -T`` says of the host without the drop-in."""
    there = {name: value for name, _blank, value in (line.strip().partition(" ") for line in found)}
    interval, count = _alive(there)
    return [
        f"PermitRootLogin {_root_login(there.get('permitrootlogin', ''))}",
        f"MaxAuthTries {min(max_auth_tries, _number(there, 'maxauthtries', max_auth_tries))}",
        # None means: without end.
        f"LoginGraceTime {min(GRACE_SECONDS, _number(there, 'logingracetime', 0) or GRACE_SECONDS)}",
        f"MaxStartups {_startups(there.get('maxstartups', ''))}",
        f"ClientAliveInterval {interval}",
        f"ClientAliveCountMax {count}",
    ]


def _number(there: Mapping[str, str], name: str, otherwise: int) -> int:
    value = there.get(name, "")
    return int(value) if value.isdecimal() else otherwise


def _root_login(found: str) -> str:
    ours = ROOT_LOGIN.index("prohibit-password")
    # What sshd calls "without-password" is ours.
    return ROOT_LOGIN[min(ours, ROOT_LOGIN.index(found) if found in ROOT_LOGIN else ours)]


def _startups(found: str) -> str:
    parts = found.split(":")
    if len(parts) != len(STARTUPS) or not all(part.isdecimal() for part in parts):
        return ":".join(map(str, STARTUPS))
    begin, rate, full = (int(part) for part in parts)
    return f"{min(begin, STARTUPS[0])}:{max(rate, STARTUPS[1])}:{min(full, STARTUPS[2])}"


def _alive(there: Mapping[str, str]) -> tuple[int, int]:
    """The pair after which a dead connection ends sooner. With a zero in it, it never ends."""
    found = _number(there, "clientaliveinterval", 0), _number(there, "clientalivecountmax", 0)
    return found if 0 < found[0] * found[1] < ALIVE[0] * ALIVE[1] else ALIVE
