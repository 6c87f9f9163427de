# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens, refusals and lost answers: how both Yeastar clients behave on a bad day."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from yeastar_support import Bench, credentials, requests

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from lab.pki import make_pki
from lab.playbook import ROOT
from lab.yeastar import PSeriesFaults
from lab.yeastar.s_series import SSeriesFaults

Make = Callable[..., Bench]


def trouble(bench: Bench, **faults: Any) -> None:
    """Faults from now on; requests are counted from 1 again."""
    bench.pbx.reset_counters()
    bench.pbx.faults = SSeriesFaults(**faults) if bench.series == "s" else PSeriesFaults(**faults)


pytestmark = pytest.mark.usefixtures("impatient")


@pytest.mark.parametrize("firmware", ["37.7.0.16", "37.23.0.123", "83.24.0.30", "84.21.0.117", "s"])
def test_every_token_is_given_back(yeastar: Make, firmware: str) -> None:
    bench = yeastar(firmware)
    bench.extend(["1001", "1002"], credentials=credentials("1001", "1002"))
    assert bench.pbx.live_tokens == []
    if firmware != "s":
        bench.secure()
        bench.secure(check_mode=True)
        assert bench.pbx.live_tokens == []


def test_every_request_says_who_asks_and_no_message_holds_the_token(yeastar: Make) -> None:
    bench = yeastar()
    bench.secure()
    assert all(each.headers.get("User-Agent") == "OpenAPI" for each in bench.pbx.exchanges)
    trouble(bench, broken_json_at={3})
    with pytest.raises(HardeningError) as caught:
        bench.secure()
    assert "access_token" not in caught.value.message
    assert bench.pbx.live_tokens == []


@pytest.mark.parametrize("firmware", ["37.23.0.123", "s"])
def test_the_token_is_given_back_after_a_failure_too(yeastar: Make, firmware: str) -> None:
    bench = yeastar(firmware)
    trouble(bench, errors_at={3: "10017" if firmware == "s" else 40002})
    with pytest.raises(HardeningError):
        bench.extend(["1001"], credentials=credentials("1001"))
    assert bench.pbx.live_tokens == []


@pytest.mark.parametrize("firmware", ["37.23.0.123", "s"])
def test_a_token_that_ends_is_replaced_once(yeastar: Make, firmware: str) -> None:
    bench = yeastar(firmware)
    trouble(bench, **({"token_timeout_at": 2} if firmware == "s" else {"token_expired_at": 2}))
    assert bench.extend(["1001"], credentials=credentials("1001")).changed
    assert bench.pbx.live_tokens == []
    trouble(bench, **({"always_timeout": True} if firmware == "s" else {"always_10004": True}))
    with pytest.raises(HardeningError, match="ended the token twice in one run"):
        bench.extend(["1001"])
    assert len(bench.pbx.exchanges) <= 6


def test_wrong_credentials_are_sent_once(yeastar: Make) -> None:
    bench = yeastar()
    with pytest.raises(HardeningError, match="refuses the client id or the client secret") as caught:
        bench.secure(key="wrong-secret-4711")
    assert "wrong-secret-4711" not in caught.value.message
    assert [each.endpoint for each in bench.pbx.exchanges] == ["get_token"]
    s_series = yeastar("s")
    with pytest.raises(HardeningError, match="the user name or the password of the API is wrong"):
        s_series.extend(["1001"], key="wrong-secret-4711")
    assert [each.endpoint for each in s_series.pbx.exchanges] == ["login"]


def test_a_forbidden_or_blocked_address_is_not_tried_again(yeastar: Make) -> None:
    bench = yeastar()
    bench.pbx.permitted = ["10.9.9.0/24"]
    with pytest.raises(HardeningError, match=r"Integrations, API, IP restriction.*70087"):
        bench.secure()
    bench.pbx.permitted = None
    bench.pbx.blocked_api.add("127.0.0.1")
    with pytest.raises(HardeningError, match="Blocked IPs.*70004"):
        bench.secure()
    assert len(bench.pbx.exchanges) == 2


def test_the_same_in_the_middle_of_a_run(yeastar: Make) -> None:
    bench = yeastar()
    for code in (70004, 70087):
        trouble(bench, errors_at={4: code})
        with pytest.raises(HardeningError, match=str(code)):
            bench.secure()
        asked = [each.endpoint for each in bench.pbx.exchanges if each.errcode == code]
        assert len(asked) == 1


def test_a_busy_pbx_is_waited_for_and_not_for_ever(yeastar: Make) -> None:
    bench = yeastar()
    trouble(bench, overload_at={3: 2})
    assert bench.secure().changed
    trouble(bench, overload_at={3: 99})
    with pytest.raises(HardeningError, match="run again later .70082"):
        bench.secure()
    busy = [each.endpoint for each in bench.pbx.exchanges if each.errcode == 70082]
    assert busy == [busy[0]] * 3 + ["del_token"] * 3
    assert any("could not be given back" in text for text in bench.warnings)


def test_giving_the_token_back_waits_for_a_busy_pbx_too(yeastar: Make) -> None:
    bench = yeastar()
    bench.secure()
    bench.pbx.reset_counters()
    bench.secure()
    trouble(bench, overload_at={len(bench.pbx.exchanges) - 1: 1})
    bench.secure()
    assert [each.endpoint for each in bench.pbx.exchanges][-2:] == ["del_token", "del_token"]
    assert bench.pbx.live_tokens == []


def test_an_s_series_that_applies_settings_is_waited_for(yeastar: Make) -> None:
    bench = yeastar("s")
    trouble(bench, errors_at={3: "10025"})
    assert bench.extend(["1001", "1002"], credentials=credentials("1001", "1002")).changed
    assert requests(bench.pbx).count("POST extension/update") == 3


def test_eight_tokens_of_others_are_told_and_left_alone(yeastar: Make) -> None:
    bench = yeastar()
    with pytest.MonkeyPatch.context() as patch:
        # Eight runs that were killed before they could give their tokens back.
        patch.setattr(f"{PREFIX}yeastar.p_client.PSeries.close", lambda _self: True)
        for _run in range(8):
            bench.secure(check_mode=True)
    assert len(bench.pbx.live_tokens) == 8
    with pytest.raises(HardeningError, match="all eight access tokens of this PBX are in use"):
        bench.secure()
    bench.pbx.advance(1801)
    assert bench.secure().changed
    assert bench.pbx.live_tokens == []


PREFIX = "ansible_collections.voipsec.hardening.plugins.module_utils."


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_killed_at_every_request_the_next_run_converges_and_one_token_is_left(yeastar: Make, kind: str) -> None:
    bench = yeastar("83.24.0.30")
    bench.secure(state="deleted", config=None)
    for place in range(1, 40):
        trouble(bench, **{kind: place})
        try:
            bench.secure()
        except HardeningError:
            pass
        else:
            if not any(not each.answered or each.errcode is None for each in bench.pbx.exchanges):
                break
        bench.pbx.faults = PSeriesFaults()
        bench.secure()
        assert len(bench.pbx.live_tokens) <= 1, f"at request {place}"
        bench.pbx.reset_counters()
        assert not bench.secure().changed, f"at request {place}"
        names = [row["name"] for row in bench.pbx.state["block_numbers"]]
        assert len(names) == len(set(names))
        bench.secure(state="deleted", config=None)
        bench.pbx.advance(1801)
    else:
        pytest.fail("the run never came to its end")


DISPOSED = """
            class Disposed(io.IOBase):
                # Python asks an object of this kind to close when it is disposed of, and drops what that raises.
                def close(self):
                    signal.raise_signal(signal.SIGTERM)
                    super().close()
"""


@pytest.mark.parametrize("meanwhile", ["wait", "Disposed()"])
def test_a_run_that_is_told_to_end_gives_its_token_back(yeastar: Make, tmp_path: Path, meanwhile: str) -> None:
    """Also where the signal comes at the one moment when Python drops exceptions."""
    bench = yeastar()
    trouble(bench, slow=0.3)
    script = tmp_path / "run.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import io, signal
            from {PREFIX}core import Device, RunContext
            from {PREFIX}redaction import Masker
            from {PREFIX}yeastar.p_client import p_series
            {DISPOSED.strip()}
            wait = None
            device = Device({bench.pbx.host!r}, {bench.pbx.port}, {bench.pbx.client_id!r}, {bench.pbx.client_secret!r})
            context = RunContext(False, Masker(), lambda text: None, device)
            with p_series({{"tls_ca_file": {str(bench.pbx.ca_file)!r}}}, context) as pbx:
                print("in", flush=True)
                {meanwhile}
                while True:
                    pbx.rows("extension/list")
            """
        )
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".cache" / "collections")}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"in\n"
            assert len(bench.pbx.live_tokens) == 1
            if meanwhile == "wait":
                process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 128 + signal.SIGTERM
        finally:
            process.kill()
    assert bench.pbx.live_tokens == []


def test_a_reply_to_the_login_that_is_lost_is_not_followed_by_another_login(yeastar: Make) -> None:
    bench = yeastar()
    trouble(bench, drop_get_token_reply=True)
    with pytest.raises(HardeningError, match="A token that it gave ends within 30 minutes"):
        bench.secure()
    assert [each.endpoint for each in bench.pbx.exchanges] == ["get_token"]
    assert len(bench.pbx.live_tokens) == 1


def test_a_redirection_is_not_followed(yeastar: Make) -> None:
    bench = yeastar()
    trouble(bench, redirect_at={2})
    with pytest.raises(HardeningError, match="HTTP 302, a redirection, which is not followed"):
        bench.secure()


def test_the_certificate_is_judged_before_anything_is_sent(yeastar: Make, tmp_path: Path) -> None:
    bench = yeastar()
    other = make_pki(tmp_path / "other", names=("localhost",))
    with pytest.raises(HardeningError, match="its certificate is not trusted"):
        bench.secure(tls_ca_file=str(other.ca_file))
    assert bench.pbx.exchanges == []
    assert bench.secure(tls_ca_file=None, tls_fingerprint=bench.pbx.certificate_sha256).changed


def test_paging_takes_what_a_pbx_gives(yeastar: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = yeastar()
    bench.pbx.add_extensions(50, first=2000)
    monkeypatch.setattr(f"{PREFIX}yeastar.p_client.PAGE", 7)
    found = bench.extend([], state="gathered").result["extensions"]
    assert len(found) == 56
    assert len({each["number"] for each in found}) == 56
