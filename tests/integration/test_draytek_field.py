# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What routers in the field do that one on the bench does not: slow lines, odd names, broken echoes, lost sessions."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from draytek_support import PASSWORD, PROVIDER_IN, Bench

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device, HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import Session
from lab.drayos import SimulatedVigor
from lab.drayos.fixtures import lived_in_state
from lab.drayos.profiles import PROFILES

Make = Callable[..., Bench]
TWICE = "DrayTek> \r\nDrayTek> "
SHOWN = ("ipf set -v", "object ip obj 1 -v")
DEFAULT_TIMEOUT = 20
"""The module's own."""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Make]:
    routers: list[SimulatedVigor] = []

    def make(profile: str = "vigor2927", *, prompt: str | None = None, **options: Any) -> Bench:
        model = PROFILES[profile]
        if prompt is not None:
            model = dataclasses.replace(model, prompt=prompt)
        router = SimulatedVigor(model, password=PASSWORD, state=lived_in_state(profile), **options).start()
        routers.append(router)
        known_hosts = tmp_path / f"known_hosts_{len(routers)}"
        known_hosts.write_text(router.known_hosts_line + "\n")
        return Bench(router, known_hosts)

    yield make
    for router in routers:
        router.stop()


def assert_hardened(there: Bench) -> None:
    """The whole change arrived and was saved, and a second look finds nothing to do."""
    assert there.reached() == PROVIDER_IN
    assert there.router.flash_snapshot() == there.router.snapshot()
    assert not there.run().changed


@pytest.mark.parametrize("prompt", ["-> ", "->> ", "a> b> ", "a -> b> ", "<null>> ", "DrayTek>", " Vigor >  ", TWICE])
def test_a_router_may_be_called_anything(bench: Make, prompt: str) -> None:
    there = bench(prompt=prompt)
    assert there.run().changed
    assert_hardened(there)


def test_a_router_may_be_renamed_as_soon_as_we_are_in(bench: Make) -> None:
    there = bench(faults={"new_prompt": "branch office> ", "new_prompt_after_command": 1})
    assert there.run().changed
    assert_hardened(there)


@pytest.mark.parametrize("profile", ["vigor2927", "vigor3912"])
def test_short_pages(bench: Make, profile: str) -> None:
    there = bench(profile, faults={"page_lines": 3})
    assert there.run().changed
    assert_hardened(there)
    assert there.router.device.paging, "the pager is left as it was found"


def test_the_pager_stays_on_where_switching_it_off_breaks_the_line(bench: Make) -> None:
    there = bench("vigor3912", faults={"drop_on": "^sys mpage enable", "drop_when": "before"})
    assert there.run().changed, "the session ends there anyway"
    there.router.faults.update({"drop_on": ""})
    assert_hardened(there)


def test_a_slow_router_on_a_slow_line_within_the_default_timeout(bench: Make) -> None:
    there = bench(faults={"login_delay": 1.5, "slow_reply": 0.08})
    assert there.run(timeout=DEFAULT_TIMEOUT).changed
    there.router.faults.update({"login_delay": 0.0, "slow_reply": 0.0})
    assert_hardened(there)


def test_a_router_that_shows_its_prompt_late_is_not_misread(bench: Make) -> None:
    there = bench(faults={"login_delay": 3.5})
    found = there.run(state="gathered", timeout=6).result
    there.router.faults.update({"login_delay": 0.0})
    assert found["gathered"] == there.run(state="gathered").result["gathered"]


def test_a_reply_slower_than_the_quiet_that_ends_a_guess(bench: Make) -> None:
    there = bench()
    device = Device(there.router.host, there.router.port, "admin", PASSWORD)
    with Session(device, str(there.known_hosts)) as session:
        quick = [session.run(command) for command in SHOWN]
        there.router.faults.update({"slow_reply": 1.3})
        assert [session.run(command) for command in SHOWN] == quick


def test_a_router_that_never_answers_is_given_up_in_time(bench: Make) -> None:
    there = bench(faults={"slow_reply": 30.0})
    begun = time.monotonic()
    with pytest.raises(HardeningError, match="did not finish its answer within 1 s"):
        there.run(timeout=1)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("profile", ["vigor2927", "vigor3912"])
def test_a_garbled_echo_is_not_taken_for_output(bench: Make, profile: str) -> None:
    there = bench(profile, faults={"wrong_echo": True})
    assert there.run().changed
    assert_hardened(there)


def test_an_echo_that_becomes_garbled_in_mid_session_changes_no_reading(bench: Make) -> None:
    there = bench()
    plain = there.run(state="gathered").result["gathered"]
    there.router.faults.update({"wrong_echo": True})
    assert there.run(state="gathered").result["gathered"] == plain


def test_a_session_lost_twice_ends_where_it_should(bench: Make) -> None:
    there = bench(faults={"drop_on": "^ipf rule", "drop_when": "after", "drop_times": 2})
    for _ in range(2):
        with pytest.raises(HardeningError, match="the device ended the session"):
            there.run()
    there.run()
    assert_hardened(there)
