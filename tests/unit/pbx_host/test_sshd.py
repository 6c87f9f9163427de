# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits of sshd: of the role's value and the host's own, the stricter one."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.sshd import strictest

# What Debian's sshd -T says of these.
DEBIAN = [
    "permitrootlogin without-password",
    "maxauthtries 6",
    "logingracetime 120",
    "maxstartups 10:30:100",
    "clientaliveinterval 0",
    "clientalivecountmax 3",
]
OURS = {
    "PermitRootLogin": "prohibit-password",
    "MaxAuthTries": "3",
    "LoginGraceTime": "30",
    "MaxStartups": "10:30:60",
    "ClientAliveInterval": "300",
    "ClientAliveCountMax": "2",
}


def limits(*found: str, max_auth_tries: int = 3) -> dict[str, str]:
    """With Debian's values where nothing else is found."""
    named = {line.split()[0] for line in found}
    lines = [*found, *(line for line in DEBIAN if line.split()[0] not in named)]
    return dict(line.split(" ", 1) for line in strictest(lines, max_auth_tries))


def test_debian_as_it_comes_gets_ours() -> None:
    assert limits() == OURS


def test_where_nothing_is_known_ours_stand() -> None:
    assert dict(line.split(" ", 1) for line in strictest([], 3)) == OURS


@pytest.mark.parametrize(
    ("found", "name", "expected"),
    [
        ("permitrootlogin no", "PermitRootLogin", "no"),
        ("permitrootlogin forced-commands-only", "PermitRootLogin", "forced-commands-only"),
        ("permitrootlogin yes", "PermitRootLogin", "prohibit-password"),
        ("maxauthtries 2", "MaxAuthTries", "2"),
        ("maxauthtries 3", "MaxAuthTries", "3"),
        ("logingracetime 20", "LoginGraceTime", "20"),
        ("logingracetime 0", "LoginGraceTime", "30"),
        ("maxstartups 5:50:20", "MaxStartups", "5:50:20"),
        ("maxstartups 20:20:200", "MaxStartups", "10:30:60"),
        ("maxstartups 3:100:3", "MaxStartups", "3:100:3"),
    ],
)
def test_the_stricter_value_stays(found: str, name: str, expected: str) -> None:
    assert limits(found) == {**OURS, name: expected}


def test_a_declaration_that_is_stricter_than_the_host_counts() -> None:
    assert limits("maxauthtries 4", max_auth_tries=2)["MaxAuthTries"] == "2"
    assert limits("maxauthtries 4", max_auth_tries=5)["MaxAuthTries"] == "4"


@pytest.mark.parametrize(
    ("interval", "count", "expected"),
    [(60, 3, ("60", "3")), (600, 3, ("300", "2")), (10, 0, ("300", "2")), (0, 1, ("300", "2"))],
)
def test_a_dead_connection_ends_as_soon_as_either_says(interval: int, count: int, expected: tuple[str, str]) -> None:
    found = limits(f"clientaliveinterval {interval}", f"clientalivecountmax {count}")
    assert (found["ClientAliveInterval"], found["ClientAliveCountMax"]) == expected


def test_what_was_written_is_found_again_and_stays() -> None:
    """The second run: also where the host itself had it from us."""
    once = strictest(["permitrootlogin no", "maxauthtries 2", "maxstartups 5:50:20"], 3)
    assert strictest([line.lower() for line in once], 3) == once
