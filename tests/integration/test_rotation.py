# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rotation is a transaction over vault, PBX and phones, whatever happens in between."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rotation_support import Rotation

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from lab.customer import CustomerSite

NUMBERS = ("201", "208")
"""One in the office, one at a remote site."""
MOST = 60
"""More requests than a rotation of NUMBERS sends to any PBX."""
PRODUCTS = (
    ("threecx", None),
    ("yeastar_appliance", None),
    ("yeastar_appliance", "37.7.0.16"),  # does not show passwords
    ("yeastar_s", None),
)


@pytest.fixture(scope="module", params=PRODUCTS, ids=lambda each: "-".join(part for part in each if part))
def rotation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rotation]:
    """A customer whose phones are all registered."""
    product, firmware = request.param
    with CustomerSite(tmp_path_factory.mktemp("customer"), product=product, firmware=firmware) as site:
        rotation = Rotation(site, NUMBERS)
        rotation.credentials()
        rotation.pbx()
        rotation.by_hand(site.folder / "by-hand")
        rotation.files()
        site.sync_phones()
        assert all(site.register(phone) for phone in site.phones if phone.mac[-3:] in NUMBERS)
        rotation.phones(NUMBERS, ())
        yield rotation


@pytest.fixture(autouse=True)
def undisturbed(request: pytest.FixtureRequest, impatient: None) -> Iterator[None]:
    if "rotation" not in request.fixturenames:
        yield
        return
    rotation = request.getfixturevalue("rotation")
    rotation.site.phone_system.reset_counters()
    yield
    rotation.site.switchboard.mend()
    rotation.site.switchboard.wait_until_tokens_end()


def test_new_credentials_reach_vault_pbx_and_phone(rotation: Rotation) -> None:
    before = rotation.book()
    rotation.forward(rotate=NUMBERS)
    assert rotation.consistent() == []
    after = rotation.book()
    assert all(before[number]["current"] != after[number]["current"] for number in NUMBERS)
    assert before["202"] == after["202"]
    assert len(rotation.site.phone_system.exchanges) <= MOST


@pytest.mark.parametrize("kind", ["before", "after"])
def test_killed_at_every_request_the_next_run_finishes(rotation: Rotation, kind: str) -> None:
    site, cuts = rotation.site, 0
    rotation.forward(rotate=NUMBERS)
    last = len(site.phone_system.exchanges)
    for place in range(1, last + 1):
        site.switchboard.wait_until_tokens_end()
        site.phone_system.reset_counters()
        site.switchboard.cut(**{kind: place})
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
            assert site.switchboard.stored(number).sip_password in held, f"lost at request {place}"
            assert known[number]["current"]["sip_password"] in held or "previous" not in entry
        assert rotation.blocked() == [], f"at request {place}"
        site.switchboard.mend()
        rotation.forward()
        assert rotation.consistent() == [], f"at request {place}"
    assert cuts > 10


def test_a_phone_that_stays_away_brings_the_credentials_before_back(rotation: Rotation) -> None:
    before = rotation.book()
    with rotation.phones_away():
        pending = rotation.credentials(rotate=["201"])["unconfirmed"]
        rotation.pbx()
        rotation.files()
        with pytest.raises(HardeningError, match="not registered again within 1 seconds: 201"):
            rotation.phones(["201"], pending, wait=1)
    assert rotation.settle(revert=["201"])["reverted"] == ["201"]
    entry = rotation.book()["201"]
    assert entry["current"] == before["201"]["current"]
    assert "previous" in entry  # until the PBX is known to have the old ones, the new ones are not forgotten
    rotation.forward()
    assert rotation.consistent() == []
    assert rotation.book()["201"]["current"] == before["201"]["current"]


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


@pytest.mark.parametrize("product", ["threecx", "yeastar_software", "yeastar_s"])
def test_the_playbooks_rotate_and_take_back(tmp_path: Path, product: str) -> None:
    with CustomerSite(tmp_path, product=product) as site:
        assert site.enrol().returncode == 0
        first_run = site.playbook("site.yml")
        assert first_run.returncode == 0, first_run.output
        rotation = Rotation(site, NUMBERS)
        rotation.by_hand(site.folder / "by-hand")
        site.sync_phones()
        assert all(site.register(phone) for phone in site.phones)
        first = rotation.book()
        loud = ("-vvv", "--diff")
        with phones_fetch_by_themselves(rotation):
            done = site.playbook("rotate_credentials.yml", *loud, "-e", '{"credentials_rotate": ["201", "208"]}')
            assert done.returncode == 0, done.output
            assert rotation.consistent() == []
            again = site.playbook("site.yml", "-e", '{"credentials": {"generation": 3}}')
            assert "seen to work; their previous credentials are deleted: 201, 202," in " ".join(again.output.split())
            assert rotation.consistent() == []
        second = rotation.book()
        assert second["201"]["current"] != first["201"]["current"]
        site.phone_system.on_reprovision = None
        wait = f"{site.switchboard.group}_registration_wait"
        failed = site.playbook(
            "rotate_credentials.yml", *loud, "-e", json.dumps({"credentials_rotate": ["201"], wait: 1})
        )
        assert failed.returncode != 0
        assert "not registered again within 1 seconds: 201" in " ".join(failed.output.split())
        assert "The previous credentials are active again: 201." in " ".join(failed.output.split())
        assert rotation.book()["201"]["current"] == second["201"]["current"]
        assert site.switchboard.stored("201").sip_password == second["201"]["current"]["sip_password"]
        assert all(site.register(phone) for phone in site.phones if phone.mac == "805ec0a1b201")
        assert rotation.blocked() == []
        assert site.switchboard.leftovers() == []
        values = {
            value
            for book in (first, second, rotation.book())
            for entry in book.values()
            for value in entry["current"].values()
        }
        values.add(site.switchboard.key)
        text = done.output + failed.output
        assert not [value for value in values if re.search(rf"(?<![\w.]){re.escape(value)}(?!\w)", text)]


@contextlib.contextmanager
def phones_fetch_by_themselves(rotation: Rotation) -> Iterator[None]:
    """An S-Series tells phones nothing: they look for new files every now and then."""
    if rotation.series != "s":
        yield
        return
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            for phone in rotation.site.phones:
                rotation.site.phone_is_told(phone.mac)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
