# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone asks for and what a server may answer: no answer makes the audit fail or asks another server."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import MODELS, find_model
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served.phone_requests import (
    MAX_FILES,
    Answer,
    Taken,
    common_file,
    requests,
    user_agent,
)

MAC = "805ec0aabbcc"
BASE = "https://prov.example.net/p/"
HEADER = "#!version:1.0.0.1\n"
T46S = find_model("T46S")


def drive(answers: dict[str, str], url: str = BASE, firmware: int = 86, model: str = "T46S") -> tuple[list[str], Taken]:
    """Which addresses are asked for where the server has these files, and what is taken of them."""
    asked = []
    run = requests(BASE, MAC, find_model(model), firmware)
    wanted = next(run)
    while True:
        asked.append(wanted)
        content = answers.get(wanted.removeprefix(BASE))
        answer = Answer(wanted, 404) if content is None else Answer(wanted, 200, content.encode())
        try:
            wanted = run.send(answer)
        except StopIteration as end:
            return asked, end.value


def test_old_firmware_asks_for_no_boot_file() -> None:
    """yealink.md 1.2."""
    asked, _taken = drive({}, firmware=73, model="T28P")
    assert asked == [f"{BASE}y000000000000.cfg", f"{BASE}{MAC}.cfg"]


def test_the_first_boot_file_decides() -> None:
    files = {f"{MAC}.boot": f'{HEADER}include:config "a.cfg"\n', "a.cfg": f"{HEADER}sip.trust_ctrl = 1\n"}
    asked, taken = drive(files)
    assert asked == [f"{BASE}{MAC}.boot", f"{BASE}a.cfg"]
    assert not taken.overwrite
    asked, taken = drive({"y000000000000.boot": f"{HEADER}include:config <{MAC}.cfg>\noverwrite_mode=1\n"})
    assert asked == [f"{BASE}{MAC}.boot", f"{BASE}y000000000000.boot", f"{BASE}{MAC}.cfg"]
    assert taken.overwrite


def test_no_more_than_some_files_are_fetched() -> None:
    boot = HEADER + "".join(f'include:config "{number}.cfg"\n' for number in range(500))
    asked, taken = drive({f"{MAC}.boot": boot})
    assert len(asked) == 1 + MAX_FILES
    assert any("the rest was not fetched" in problem for _url, problem in taken.problems)


@pytest.mark.parametrize(
    ("model", "firmware", "agent"),
    [
        ("T46S", "66.84.0.15", "Yealink SIP-T46S 66.84.0.15 80:5e:c0:aa:bb:cc"),
        ("T56A", "58.80.0.25", "Yealink SIP-T56A 58.80.0.25 805ec0aabbcc"),
        ("CP960", "73.83.0.30", "Yealink CP960 73.83.0.30 80:5e:c0:aa:bb:cc"),
        ("W60B", "77.81.0.35", "Yealink W60B 77.81.0.35 80:5e:c0:aa:bb:cc"),
    ],
)
def test_a_phone_introduces_itself(model: str, firmware: str, agent: str) -> None:
    """yealink.md 4.5."""
    assert user_agent(find_model(model), firmware, MAC) == agent


def test_every_model_has_a_name_and_most_a_common_file() -> None:
    for model in MODELS.values():
        assert model.name in user_agent(model, None, MAC)
    assert {name for name, model in MODELS.items() if common_file(model) is None} == {
        "W75B",
        "W75DM",
        "W80B",
        "W80DM",
        "W90B",
        "W90DM",
    }
    assert common_file(T46S) == "y000000000066.cfg"


_TARGET = st.one_of(
    st.text(max_size=30), st.sampled_from(["https://[::1", "//x/y.cfg", "../../../a.cfg", "http://a/b.cfg"])
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_TARGET, max_size=5), st.binary(max_size=80), st.sampled_from([0, 200, 301, 404, 500]))
def test_whatever_a_server_answers_only_it_is_asked(targets: list[str], content: bytes, status: int) -> None:
    boot = HEADER + "".join(f'include:config "{target}.cfg"\n' for target in targets)
    run = requests(BASE, MAC, T46S, 86)
    url = next(run)
    answer = Answer(url, 200, boot.encode("utf-8", "replace"))
    for _ in range(MAX_FILES + 5):
        assert urlsplit(url).netloc == "prov.example.net"
        try:
            url = run.send(answer)
        except StopIteration:
            return
        answer = Answer(url, status, content)
    raise AssertionError("it goes on without end")
