# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits in sshd's drop-in: the stricter of the host's value and ours.

sshd takes the first value that it reads, and it reads the drop-in first: without a look at the host's own values, a
host with ``PermitRootLogin no`` would admit root again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ROOT_LOGIN = ("no", "forced-commands-only", "prohibit-password", "yes")
"""From the strictest."""
GRACE_SECONDS = 30
STARTUPS = (10, 30, 60)
"""Unauthenticated connections: how many until some are refused, the percentage, and how many until all are."""
ALIVE = (300, 2)
"""Seconds between probes of a silent client, and unanswered probes before it is disconnected."""


def strictest(found: Iterable[str], max_auth_tries: int) -> list[str]:
    """Lines of the drop-in. ``found``: the lines of ``sshd -T`` without the drop-in."""
    present = {name: value for name, _blank, value in (line.strip().partition(" ") for line in found)}
    interval, count = _alive(present)
    return [
        f"PermitRootLogin {_root_login(present.get('permitrootlogin', ''))}",
        f"MaxAuthTries {min(max_auth_tries, _number(present, 'maxauthtries', max_auth_tries))}",
        # 0 means no limit.
        f"LoginGraceTime {min(GRACE_SECONDS, _number(present, 'logingracetime', 0) or GRACE_SECONDS)}",
        f"MaxStartups {_startups(present.get('maxstartups', ''))}",
        f"ClientAliveInterval {interval}",
        f"ClientAliveCountMax {count}",
    ]


def _number(present: Mapping[str, str], name: str, default: int) -> int:
    value = present.get(name, "")
    return int(value) if value.isdecimal() else default


def _root_login(found: str) -> str:
    ours = ROOT_LOGIN.index("prohibit-password")
    # sshd -T prints prohibit-password as "without-password".
    return ROOT_LOGIN[min(ours, ROOT_LOGIN.index(found) if found in ROOT_LOGIN else ours)]


def _startups(found: str) -> str:
    parts = found.split(":")
    if len(parts) != len(STARTUPS) or not all(part.isdecimal() for part in parts):
        return ":".join(map(str, STARTUPS))
    begin, rate, full = (int(part) for part in parts)
    return f"{min(begin, STARTUPS[0])}:{max(rate, STARTUPS[1])}:{min(full, STARTUPS[2])}"


def _alive(present: Mapping[str, str]) -> tuple[int, int]:
    """The pair that ends a dead connection sooner. With a zero it never ends."""
    found = _number(present, "clientaliveinterval", 0), _number(present, "clientalivecountmax", 0)
    return found if 0 < found[0] * found[1] < ALIVE[0] * ALIVE[1] else ALIVE
