# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yealink_sync makes simulated phones fetch over HTTPS, told straight or through a PBX that asks who is there."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from sync_support import (
    AUTH,
    FACTORY,
    HOST,
    MAC,
    OTHER,
    PASSWORD,
    Site,
    bundle,
    meanwhile,
    server_context,
    straight,
    write_credentials,
)

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.modules import yealink_sync
from lab.phones import Faults
from lab.pki import Pki, make_pki
from lab.playbook import run_playbook
from lab.sip_server import sip_server


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"), names=(HOST, "localhost"))


@pytest.fixture
def site(tmp_path: Path, pki: Pki) -> Iterator[Site]:
    with contextlib.ExitStack() as stack:
        yield Site(tmp_path, pki, stack)


# ---- phones that do what they should


@pytest.mark.parametrize("way", ["phone udp", "phone tcp", "pbx udp", "pbx tcp", "pbx tls"])
def test_stale_phones_fetch_without_a_reboot_and_a_second_run_sends_nothing(site: Site, way: str) -> None:
    via, transport = way.split()
    first, second = site.phone(), site.phone("202", OTHER)
    options = {**straight(), "transport": transport} if via == "phone" else site.through(transport)
    if transport == "tls":
        options |= {"ca_file": str(site.pki.ca_file), "server_name": "localhost"}

    done = site.sync(first, second, require=True, **options)
    assert done.changed
    assert done.result["told"] == done.result["fetched"] == [MAC, OTHER]
    assert [(each["number"], each["status"]) for each in done.result["answers"]] == [("201", 200), ("202", 200)]
    assert done.result["not_fetched"] == done.result["already_current"] == []
    assert first.phone.effective("account.1.label") == "label 1"
    for side in (first, second):
        (notified,) = side.events.find("notified")
        assert (notified["header"], notified["outcome"]) == ("check-sync;reboot=false", "provision")
        assert not side.events.find("rebooted")

    again = site.sync(first, second, require=True, **options)
    assert not again.changed
    assert again.result["already_current"] == [MAC, OTHER]
    assert again.result["told"] == again.result["answers"] == again.result["fetched"] == []
    assert [len(side.events.find("notified")) for side in (first, second)] == [1, 1]
    assert site.warnings == []

    site.write(OTHER)
    third = site.sync(first, second, require=True, **options)
    assert (third.result["told"], third.result["already_current"]) == ([OTHER], [MAC])


def test_a_new_boot_file_makes_a_phone_stale(site: Site) -> None:
    side = site.phone()
    site.sync(side)
    (site.directory / f"{MAC}.boot").write_text(f"#!version:1.0.0.1\ninclude:config <{MAC}.cfg>\noverwrite_mode = 0\n")
    assert site.sync(side).result["fetched"] == [MAC]


def test_check_mode_tells_who_would_be_told_and_sends_nothing(site: Site) -> None:
    current, stale = site.phone(), site.phone("202", OTHER)
    site.sync(current)
    planned = site.sync(current, stale, check=True, require=True)
    assert planned.changed
    assert (planned.result["told"], planned.result["already_current"]) == ([OTHER], [MAC])
    assert [each["reason"] for each in planned.result["not_fetched"]] == ["stale"]
    assert site.pbx.told == ["201"]
    (site.directory / f"{OTHER}.cfg").unlink()
    assert site.sync(stale, check=True).result["told"] == [OTHER], "yealink_config would write its file first"


def test_all_are_told_again_on_demand_and_have_to_fetch_again(site: Site) -> None:
    side = site.phone()
    site.sync(side)
    again = site.sync(side, only_stale=False)
    assert again.changed
    assert again.result["told"] == again.result["fetched"] == [MAC]
    side.faults.never_fetches = True
    lazy = site.sync(side, only_stale=False, wait=0)
    assert [each["reason"] for each in lazy.result["not_fetched"]] == ["did_not_fetch"]


def test_a_phone_with_the_factorys_setting_reboots_and_fetches_then(site: Site) -> None:
    side = site.phone(settings=FACTORY)
    done = site.sync(side)
    assert done.result["fetched"] == [MAC]
    side.events.wait("rebooted")
    (note,) = done.result["notes"]
    assert "201: no download seen yet" in note
    assert "sip.notify_reboot_enable=1" in note


def test_a_reboot_that_is_asked_for(site: Site) -> None:
    side = site.phone()
    assert site.sync(side, reboot=True).result["fetched"] == [MAC]
    assert side.events.wait("notified")["header"] == "check-sync;reboot=true"
    side.events.wait("rebooted")


def test_a_datagram_that_is_lost_is_sent_again_and_obeyed_once(site: Site) -> None:
    side = site.phone(faults=Faults(loses=1))
    assert site.sync(side, **straight()).result["told"] == [MAC]
    assert len(side.events.find("notified")) == 1


def test_the_pbx_that_asks_is_answered_for_a_phone_that_registered_itself(site: Site) -> None:
    site.pbx.behaviour.asks = ("SHA-256", "MD5")
    side = site.phone(registers=True)
    side.events.wait("registered")
    done = site.sync(side, credentials=bundle())
    assert done.result["fetched"] == [MAC]
    assert [each.algorithm for each in site.pbx.seen] == ["", "SHA-256"]
    first, second = (each.message for each in site.pbx.seen)
    assert (first.get("cseq"), second.get("cseq")) == ("1 NOTIFY", "2 NOTIFY")
    assert first.get("call-id") == second.get("call-id")
    assert first.branch != second.branch
    assert first.get("subscription-state") == "terminated"


def test_a_nonce_that_ran_out_is_no_refusal(site: Site) -> None:
    site.pbx.behaviour.asks, site.pbx.behaviour.stale = ("MD5",), 1
    assert site.sync(site.phone(), credentials=bundle()).result["fetched"] == [MAC]
    assert [each.algorithm for each in site.pbx.seen] == ["", "MD5", "MD5"]


def test_a_phone_that_asks_is_answered_with_what_the_task_says_only(site: Site) -> None:
    side = site.phone(faults=Faults(challenge_notify=True))
    alone = site.sync(side, **straight(), wait=0, credentials=bundle())
    (late,) = alone.result["not_fetched"]
    assert (late["reason"], alone.changed) == ("refused", False)
    assert "401 Unauthorized (it asks for credentials: set username and password)" in late["detail"]
    done = site.sync(side, **straight(), username=AUTH, password=PASSWORD)
    assert done.result["fetched"] == [MAC]


# ---- phones and servers that do not


def test_every_way_to_fail_is_told_apart_and_nobody_else_waits_for_it(site: Site) -> None:
    lazy = site.phone("201", faults=Faults(never_fetches=True))
    deaf = site.phone("202", OTHER, faults=Faults(no_answer=True))
    good = site.phone("203", "805ec0000003")
    arguments = site.arguments(lazy, deaf, good)["phones"]
    site.pbx.behaviour.refuses["204"] = 480
    arguments.append({"number": "204", "mac": "805ec0000004"})
    arguments.append({"number": "205", "mac": "805ec0000005"})
    arguments.append({"number": "206"})
    site.write("805ec0000004")
    started = time.monotonic()
    done = site.sync(phones=arguments, wait=1, timeout=1.0)
    assert 2 <= time.monotonic() - started < 5
    assert done.changed
    assert done.result["told"] == [MAC, OTHER, good.phone.mac]
    assert done.result["fetched"] == [good.phone.mac]
    assert {each["number"]: each["reason"] for each in done.result["not_fetched"]} == {
        "201": "did_not_fetch",
        "202": "no_answer",
        "204": "refused",
        "205": "no_file",
    }
    details = {each["number"]: each["detail"] for each in done.result["not_fetched"]}
    assert details["201"] == "it answered 200 OK and did not download its file within 1 s"
    assert details["202"] == "no answer within 1 s"
    assert details["204"] == "it was answered 480 Temporarily Unavailable"
    assert any("206" in note and "left out" in note for note in done.result["notes"])
    (warning,) = site.warnings
    assert warning.startswith("4 phones have not downloaded their current files: 205 (805ec0000005: ")
    assert "205" not in site.pbx.told

    with pytest.raises(HardeningError) as failure:
        site.sync(phones=arguments, wait=0, timeout=0.2, require=True)
    assert "201 (805ec0aabbcc: it answered 200 OK" in failure.value.message
    assert failure.value.details["told"] == [MAC, OTHER]


def test_a_phone_that_is_not_there_was_not_told(site: Site) -> None:
    side = site.phone()
    gone = {**site.arguments(side)["phones"][0], "port": 9}
    for transport in ("udp", "tcp"):
        done = site.sync(phones=[gone], wait=0, transport=transport, **straight())
        assert not done.changed
        (late,) = done.result["not_fetched"]
        assert late["reason"] == "not_sent"
        assert "unreachable" in late["detail"] or "refused" in late["detail"]


@pytest.mark.parametrize(
    ("options", "status", "detail"),
    [
        ({"credentials": bundle(password="wrong")}, 407, "the credentials were refused"),
        ({}, 407, "it asks for credentials: set credentials_file"),
        (
            {"credentials": bundle(number="202"), "credentials_file": "/x/credentials.vault.txt"},
            407,
            "it asks for credentials: /x/credentials.vault.txt has no credentials of extension 201",
        ),
    ],
)
def test_a_pbx_that_does_not_believe_is_told_of(site: Site, options: dict[str, Any], status: int, detail: str) -> None:
    site.pbx.behaviour.asks = ("MD5",)
    done = site.sync(site.phone(), wait=0, **options)
    (answer,) = done.result["answers"]
    assert (answer["status"], answer["detail"], answer["told"], done.changed) == (status, detail, False, False)


@pytest.mark.parametrize("kind", ["wrong-name", "expired"])
def test_nothing_is_said_to_a_pbx_with_a_wrong_certificate(site: Site, pki: Pki, kind: str) -> None:
    side = site.phone()
    with sip_server(transport="tls", tls=server_context(pki, kind)) as server:
        options: dict[str, Any] = {"pbx": "127.0.0.1", "pbx_port": server.port, "transport": "tls"}
        options |= {"server_name": "localhost"}
        with pytest.raises(HardeningError, match="so no phone was notified: its certificate does not verify"):
            site.sync(side, ca_file=str(pki.ca_file), **options)
        assert server.requests == []


@pytest.mark.parametrize(("behaviour", "transport"), [("garbage", "udp"), ("close", "tcp"), ("other-call", "tcp")])
@pytest.mark.parametrize("watched", [True, False])
def test_what_answers_something_else_may_have_heard(site: Site, behaviour: str, transport: str, watched: bool) -> None:
    side = site.phone()
    options: dict[str, Any] = {} if watched else {"directory": None, "access_log": None}
    with sip_server(behaviour, transport=transport) as server:
        address = {"pbx": "127.0.0.1", "pbx_port": server.port, "transport": transport}
        done = site.sync(side, wait=0, timeout=0.7, **{**address, **options})
    (answer,) = done.result["answers"]
    assert (answer["status"], answer["told"]) == (None, True)
    assert answer["detail"] in ("no answer within 0.7 s", "the connection was closed without an answer")
    assert answer["detail"] in site.warnings[0]


@pytest.mark.parametrize(
    ("transport", "spoken", "detail"),
    [
        ("udp", "", "nothing listens there: ICMP port unreachable"),
        ("tcp", "", "Connection refused"),
        ("tcp", "garbage", "something that is not SIP answered"),
        ("tls", "garbage", "no answer within 0.7 s"),
    ],
)
def test_a_pbx_that_is_not_there_stops_the_task(site: Site, transport: str, spoken: str, detail: str) -> None:
    side = site.phone()
    with sip_server(spoken or "answer", transport="tcp") as server:
        options: dict[str, Any] = {"pbx": "127.0.0.1", "pbx_port": server.port if spoken else 9, "transport": transport}
        with pytest.raises(HardeningError, match=f"^pbx: 127.0.0.1 {transport} .* no phone was notified: {detail}"):
            site.sync(side, timeout=0.7, **options)


def test_without_the_servers_files_all_are_told_and_nothing_is_claimed(site: Site) -> None:
    side = site.phone()
    options = {"directory": None, "access_log": None, **straight()}
    for _run in range(2):
        done = site.sync(side, **options)
        assert done.changed
        assert (done.result["told"], done.result["fetched"], done.result["not_fetched"]) == ([MAC], [], [])
        assert "not checked" in done.result["notes"][0]
    side.events.wait("notified", count=2)
    assert site.sync(side, check=True, **options).result["told"] == [MAC]
    with pytest.raises(HardeningError, match="require: needs directory and access_log"):
        site.sync(side, require=True, **options)


# ---- waiting


def test_phones_that_somebody_else_told_are_waited_for(site: Site) -> None:
    side = site.phone()
    with meanwhile(side.power_cycle):
        done = site.sync(side, via="none", pbx=None, pbx_port=None)
    assert (done.changed, done.result["told"], done.result["fetched"]) == (False, [], [MAC])
    assert site.pbx.seen == []


def test_the_limit_is_kept_and_told_truthfully(site: Site) -> None:
    side = site.phone()
    started = time.monotonic()
    done = site.sync(side, via="none", pbx=None, pbx_port=None, wait=1)
    assert 1 <= time.monotonic() - started < 3
    (late,) = done.result["not_fetched"]
    assert late["reason"] == "stale"
    assert "no download was seen" in late["detail"]
    assert any("access.log does not exist" in note for note in done.result["notes"])


@pytest.mark.parametrize("moment", ["notified", "fetched"])
@pytest.mark.parametrize("emptied", [False, True])
def test_a_rotation_while_waiting_loses_nothing(site: Site, moment: str, emptied: bool) -> None:
    side = site.phone()
    site.log.write_text('not JSON\n{"time": 1, "method": "GET"}\n\xff' + "x" * 100_000 + "\n")
    site.server.faults.slow["cfg$"] = 0.3

    def rotate() -> None:
        side.events.wait(moment)
        rotated = site.log.with_name("access.log.1")
        if emptied:
            rotated.write_bytes(site.log.read_bytes())
            os.truncate(site.log, 0)
        else:
            site.log.rename(rotated)

    with meanwhile(rotate):
        done = site.sync(side, poll=0.8, require=True)
    assert done.result["fetched"] == [MAC]
    assert not site.sync(side).changed, "what the log before says counts too"


def test_only_a_whole_get_counts(site: Site) -> None:
    side = site.phone()
    now = time.time() + 1
    entries = [
        {"time": now, "method": "GET", "path": f"/{MAC}.cfg", "status": 401},
        {"time": now, "method": "HEAD", "path": f"/{MAC}.cfg", "status": 200},
        {"time": now, "method": "GET", "path": f"/{MAC}.boot", "status": 200},
        {"time": now, "method": "PUT", "path": f"/{MAC}-local.cfg", "status": 200},
        {"time": 1.0, "method": "GET", "path": f"/{MAC}.cfg", "status": 200},
    ]
    site.log.write_text("".join(json.dumps(each) + "\n" for each in entries))
    assert site.sync(side, check=True).result["told"] == [MAC]


# ---- many phones


def test_phones_are_told_one_after_the_other_and_few_at_a_time(site: Site) -> None:
    phones = [{"number": f"2{number:02}", "mac": f"805ec00000{number:02x}"} for number in range(8)]
    for phone in phones:
        site.write(phone["mac"])
    site.pbx.behaviour.silent = True
    site.sync(phones=phones, wait=0, timeout=0.7, at_once=3, stagger=0.05)
    by_branch: dict[str, list[float]] = {}
    for each in site.pbx.seen:
        by_branch.setdefault(each.message.branch, []).append(each.time)
    assert sorted(site.pbx.told) == [phone["number"] for phone in phones], "one transaction for each"
    assert {len(times) for times in by_branch.values()} == {2}, "sent again once after half a second"
    begun = sorted(times[0] for times in by_branch.values())
    assert min(later - sooner for sooner, later in itertools.pairwise(begun)) > 0.03
    # The fourth begins when the first has given up.
    assert begun[3] - begun[0] > 0.6


# ---- what the user may write


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"wait": -1}, "wait: -1 is not valid; 0 to 86400 seconds are."),
        ({"timeout": 33.0}, "timeout: 33 is not valid; 0.1 to 32 seconds are."),
        ({"timeout": float("nan")}, "timeout: nan is not valid"),
        ({"at_once": 0}, "at_once: 0 is not valid; 1 to 100 phones are."),
        ({"directory": None}, "directory and access_log belong together"),
        ({"directory": "/nonexistent"}, "directory: /nonexistent is not a directory of this host."),
        ({"access_log": "/nonexistent/log"}, "access_log: /nonexistent/log is not there, and neither is /nonexistent"),
        ({"access_log": "/dev/zero"}, "access_log: /dev/zero is not an ordinary file."),
        ({"ca_file": "/nonexistent.pem"}, "ca_file: /nonexistent.pem cannot be used"),
        ({"pbx": "no such host"}, "pbx: 'no such host' is neither an IP address nor a name."),
        ({"pbx_port": 0}, "pbx_port: 0 is not a port"),
        ({"domain": "a\r\nEvent: x"}, "domain: 'a\\r\\nEvent: x' is neither a name nor an IP address."),
        ({"username": 'a"b'}, "username must be one line without quotes and backslashes."),
        ({"password": "x"}, "username: missing; password is set."),
        ({"phones": [{"number": "2 01", "mac": MAC}]}, "phones: number '2 01' is not an extension"),
        ({"phones": [{"number": "201", "mac": "80"}]}, "phones: mac '80' is not a MAC address"),
        ({"phones": [{"number": "201", "mac": MAC}] * 2}, "phones: mac 805ec0aabbcc is declared twice"),
        (
            {"phones": [{"number": "201", "mac": MAC}], "via": "phone"},
            "phones: address is missing, and via is phone: the phone's own address is needed (phone 805ec0aabbcc).",
        ),
        ({"credentials": bundle(user='a"b')}, "credentials of extension 201: auth_id must be one line"),
    ],
)
def test_bad_options_are_named_and_nothing_is_sent(site: Site, options: dict[str, Any], message: str) -> None:
    side = site.phone()
    with pytest.raises(HardeningError) as failure:
        site.sync(side, **options)
    assert message in failure.value.message
    assert site.pbx.seen == []


def test_a_file_from_the_future_is_an_error_and_not_a_wait_without_end(site: Site) -> None:
    side = site.phone()
    later = time.time() + 3600
    os.utime(site.directory / f"{MAC}.cfg", (later, later))
    with pytest.raises(HardeningError, match=f"directory: the files of {MAC} are dated in the future"):
        site.sync(side)


# ---- as a module and in a playbook


def test_on_another_host_it_is_a_module_that_shows_no_secret(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.pbx.behaviour.asks = ("SHA-256",)
    side = site.phone()
    with patch_module_args({**site.arguments(side), "credentials": bundle()}), pytest.raises(SystemExit) as end:
        yealink_sync.main()
    shown = capsys.readouterr().out
    result = json.loads(shown)
    assert end.value.code == 0
    assert (result["changed"], result["fetched"]) == (True, [MAC])
    assert [secret for secret in (AUTH, PASSWORD) if secret in shown] == []


def test_a_playbook_at_the_highest_verbosity_shows_no_secret(site: Site, tmp_path: Path) -> None:
    site.pbx.behaviour.asks = ("MD5",)
    side, other = site.phone(), site.phone("202", OTHER, faults=Faults(challenge_notify=True))
    vault = write_credentials(tmp_path, "201", "202")
    canary = "Canary4711Password"
    variables = tmp_path / "secret.json"
    variables.write_text(json.dumps({"canary": canary}))
    arguments = {key: value for key, value in site.arguments(side, other, wait=2).items() if value is not None}
    through = {"voipsec.hardening.yealink_sync": {**arguments, "credentials_file": str(vault)}}
    refused = {
        "voipsec.hardening.yealink_sync": {
            **arguments,
            **{"only_stale": False, "username": "monitor", "password": "{{ canary }}", "wait": 0},
        },
        "when": "not ansible_check_mode",
    }
    play = tmp_path / "play.yml"
    play.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [through, refused]}]))
    command = ["-i", "localhost,", "-c", "local", "-e", f"@{variables}", str(play), "--diff", "-vvvv"]
    command += ["--vault-password-file", str(tmp_path / "vault-password")]
    planned = run_playbook(tmp_path, [*command, "--check"])
    assert (planned.returncode, planned.changed) == (0, 1), planned.output
    assert site.pbx.seen == []
    done = run_playbook(tmp_path, command)
    assert (done.returncode, done.changed) == (0, 1), done.output
    assert "the credentials were refused" in done.output
    again = run_playbook(tmp_path, command)
    assert (again.returncode, again.changed) == (0, 0), again.output
    for secret in (AUTH, PASSWORD, canary):
        assert [run for run in (planned, done, again) if secret in run.output] == []


def test_the_role_tells_the_declared_phones(site: Site, tmp_path: Path) -> None:
    side = site.phone()
    site.pbx.behaviour.asks = ("MD5",)
    write_credentials(tmp_path, "201", "202")
    phone = {"mac": MAC, "model": "T46U", "firmware": "108.86.0.118"}
    variables = {
        "credentials_file": str(tmp_path / "credentials.vault.txt"),
        "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": ["198.51.100.7/32"]},
        "pbx": {"address": "192.168.10.10", "server_name": "pbx.example.net", "rtp_ports": "9000-10999"},
        "provisioning": {"url": site.server.url(HOST), "username": "phones"},
        "trunk_providers": [{"name": "gamma", "signalling": ["203.0.113.0/26"], "ports": [5060], "transport": "udp"}],
        "extensions": [{"number": "201", "name": "Reception", "phone": phone}, {"number": "202", "name": "Softphone"}],
        "allowed_countries": ["GB"],
        "concurrent_calls": 12,
        "ansible_connection": "local",
        "yealink_provisioning_directory": str(site.directory),
        "yealink_sync_access_log": str(site.log),
        "yealink_sync_pbx": site.pbx.address,
        "yealink_sync_pbx_port": site.pbx.ports["udp"],
        "yealink_sync_require": True,
    }
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"provisioning": {}}, "vars": variables}}))
    role = {"ansible.builtin.include_role": {"name": "voipsec.hardening.yealink", "tasks_from": "sync"}}
    play = tmp_path / "play.yml"
    play.write_text(yaml.safe_dump([{"hosts": "provisioning", "gather_facts": False, "tasks": [role]}]))
    command = ["-i", str(inventory), "--vault-password-file", str(tmp_path / "vault-password"), str(play), "-vvvv"]
    done = run_playbook(tmp_path, command)
    assert (done.returncode, done.changed) == (0, 1), done.output
    side.events.wait("fetched")
    assert site.pbx.seen[0].message.uri == "sip:201@pbx.example.net"
    again = run_playbook(tmp_path, command)
    assert (again.returncode, again.changed) == (0, 0), again.output
    assert [secret for secret in (AUTH, PASSWORD) if secret in done.output + again.output] == []
