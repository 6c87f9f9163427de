# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rotation is a transaction over vault, PBX and phones, whatever happens in between."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rotation_support import Rotation

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from lab.customer import CustomerSite
from lab.xapi import Faults

NUMBERS = ("201", "208")
"""One in the office, one at a remote site."""
REQUESTS = 22
"""More than a rotation of NUMBERS sends."""


@pytest.fixture(scope="module")
def rotation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rotation]:
    """A customer whose phones are all registered."""
    with CustomerSite(tmp_path_factory.mktemp("customer")) as site:
        rotation = Rotation(site, NUMBERS)
        rotation.credentials()
        rotation.pbx()
        rotation.files()
        site.sync_phones()
        assert all(site.register(phone) for phone in site.phones)
        rotation.phones(NUMBERS, ())
        yield rotation


@pytest.fixture(autouse=True)
def undisturbed(rotation: Rotation, impatient: None) -> Iterator[None]:
    rotation.site.phone_system.reset_counters()
    yield
    rotation.site.phone_system.faults = Faults()


def test_new_credentials_reach_vault_pbx_and_phone(rotation: Rotation) -> None:
    before = rotation.book()
    rotation.forward(rotate=NUMBERS)
    assert rotation.consistent() == []
    after = rotation.book()
    assert all(before[number]["current"] != after[number]["current"] for number in NUMBERS)
    assert before["202"] == after["202"]
    assert len(rotation.site.phone_system.exchanges) <= REQUESTS


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_killed_at_every_request_the_next_run_finishes(rotation: Rotation, kind: str) -> None:
    site, cuts = rotation.site, 0
    for place in range(1, REQUESTS + 1):
        site.phone_system.reset_counters()
        site.phone_system.faults = Faults(**{kind: place})
        known = rotation.book()
        with contextlib.suppress(HardeningError):
            rotation.forward(rotate=NUMBERS)
            cuts -= 1
        cuts += 1
        # Whatever the PBX has by now, the vault has it too.
        for number in NUMBERS:
            entry = rotation.book()[number]
            kept = (entry["current"], entry.get("previous", entry["current"]), *entry.get("between", ()))
            held = {each["sip_password"] for each in kept}
            assert site.phone_system.user(number)["AuthPassword"] in held, f"lost at request {place}"
            assert known[number]["current"]["sip_password"] in held or "previous" not in entry
        assert rotation.blocked() == [], f"at request {place}"
        site.phone_system.faults = Faults()
        rotation.forward()
        assert rotation.consistent() == [], f"at request {place}"
    assert cuts > 10


def test_a_phone_that_stays_away_brings_the_credentials_before_back(rotation: Rotation) -> None:
    site = rotation.site
    before = rotation.book()
    outside = site.phone_system.on_reprovision
    site.phone_system.on_reprovision = None
    pending = rotation.credentials(rotate=["201"])["unconfirmed"]
    rotation.pbx()
    rotation.files()
    with pytest.raises(HardeningError, match="not registered again within 1 seconds: 201"):
        rotation_phones_once(rotation, pending)
    site.phone_system.on_reprovision = outside
    assert rotation.settle(revert=["201"])["reverted"] == ["201"]
    entry = rotation.book()["201"]
    assert entry["current"] == before["201"]["current"]
    assert "previous" in entry  # until the PBX is known to have the old ones, the new ones are not forgotten
    rotation.forward()
    assert rotation.consistent() == []
    assert rotation.book()["201"]["current"] == before["201"]["current"]


def rotation_phones_once(rotation: Rotation, numbers: list[str]) -> None:
    """As Rotation.phones, but it does not wait for long."""
    from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import reprovision

    rotation._run(
        reprovision.CORE,
        {
            "phones": [{"number": "201", "mac": "805ec0a1b201"}],
            "expected": numbers,
            "poll": 0.01,
            "wait": 1,
            "tls_ca_file": str(rotation.site.phone_system.ca_file),
        },
    )


def test_while_it_is_open_which_generation_a_device_has_there_is_no_third(rotation: Rotation) -> None:
    before = rotation.book()["201"]["current"]
    rotation.credentials(rotate=["201"])
    rotation.settle(revert=["201"])
    failed = rotation.book()["201"]["previous"]
    assert rotation.credentials(rotate=["201"])["rotated"] == []
    assert rotation.book()["201"]["current"] == before
    assert rotation.book()["201"]["previous"] == failed
    rotation.settle(confirm=["201"])
    assert rotation.credentials(rotate=["201"])["rotated"] == ["201"]
    rotation.forward()
    assert rotation.consistent() == []


def test_no_secret_is_in_what_the_steps_give_back(rotation: Rotation) -> None:
    rotation.forward(rotate=NUMBERS)
    text = "\n".join(rotation.outputs)
    secrets = {value for entry in rotation.book().values() for value in entry["current"].values()}
    assert not [value for value in secrets if re.search(rf"(?<![\w.]){value}(?!\w)", text)]
    assert len(rotation.outputs) > 5


def test_the_playbooks_rotate_and_take_back(tmp_path: Path) -> None:
    with CustomerSite(tmp_path) as site:
        assert site.enrol().returncode == 0
        assert site.playbook("site.yml").returncode == 0
        site.sync_phones()
        assert all(site.register(phone) for phone in site.phones)
        rotation = Rotation(site, NUMBERS)
        first = rotation.book()
        loud = ("-vvv", "--diff")
        done = site.playbook("rotate_credentials.yml", *loud, "-e", '{"credentials_rotate": ["201", "208"]}')
        assert done.returncode == 0, done.output
        assert rotation.consistent() == []
        again = site.playbook("site.yml", "-e", '{"credentials": {"generation": 3}}')
        assert "seen to work, the generation before is forgotten: 201, 202," in " ".join(again.output.split())
        assert rotation.consistent() == []
        second = rotation.book()
        assert second["201"]["current"] != first["201"]["current"]
        site.phone_system.on_reprovision = None
        options = '{"credentials_rotate": ["201"], "threecx_registration_wait": 1}'
        failed = site.playbook("rotate_credentials.yml", *loud, "-e", options)
        assert failed.returncode != 0
        assert "not registered again within 1 seconds: 201" in " ".join(failed.output.split())
        assert "The credentials before are in force again: 201." in " ".join(failed.output.split())
        assert rotation.book()["201"]["current"] == second["201"]["current"]
        assert site.phone_system.user("201")["AuthPassword"] == second["201"]["current"]["sip_password"]
        assert all(site.register(phone) for phone in site.phones if phone.mac == "805ec0a1b201")
        assert rotation.blocked() == []
        values = {
            value
            for book in (first, second, rotation.book())
            for entry in book.values()
            for value in entry["current"].values()
        }
        values.add(site.phone_system.client_secret)
        text = done.output + failed.output
        assert not [value for value in values if re.search(rf"(?<![\w.]){re.escape(value)}(?!\w)", text)]
