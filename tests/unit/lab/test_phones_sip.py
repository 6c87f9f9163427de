# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated phone that runs: what others hear from it over SIP."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phones_wire import Caller

from lab.net.namespaces import environment
from lab.phones import Faults, Phone, SipPhone, events, sip_digest
from lab.phones.sip_text import Message, NotSip, parameter, parse, respond, split_stream
from lab.pki import Pki, make_pki
from lab.provisioning_server import ProvisioningServer
from lab.sip_server import sip_server

MAC = "805ec0aabbcc"
PBX, STRANGER = "127.0.0.2", "127.0.0.3"
NAME = "provision.example.net"
ACCOUNT = {
    "account.1.enable": "1",
    "account.1.user_name": "201",
    "account.1.auth_name": "auth201",
    "account.1.password": "sip-s3cret",
    "account.1.sip_server.1.address": "pbx.example.net",
}
HARD = {"sip.trust_ctrl": "1", "features.direct_ip_call_enable": "0", "sip.notify_reboot_enable": "0"}


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"), names=(NAME,))


@pytest.fixture
def server(tmp_path: Path, pki: Pki) -> Iterator[ProvisioningServer]:
    (tmp_path / "www").mkdir()
    with ProvisioningServer(tmp_path / "www", pki) as running:
        yield running


def phone(settings: dict[str, str] | None = None, firmware: str = "108.86.0.118", **options: Any) -> Phone:
    hosts = {"pbx.example.net": [PBX]}
    return Phone(MAC, "T46U", firmware, settings={**ACCOUNT, **(settings or {})}, hosts=hosts, **options)


def running(settings: dict[str, str] | None = None, **options: Any) -> SipPhone:
    return SipPhone(phone(settings), registers=False, **options)


def served(
    server: ProvisioningServer, pki: Pki, text: str, settings: dict[str, str] | None = None, **options: Any
) -> SipPhone:
    """A phone that finds one file on the server."""
    (server.directory / f"{MAC}.cfg").write_text(f"#!version:1.0.0.1\n{text}\n")
    resolver = {NAME: (server.address, server.port)}
    fitted = phone(settings, built_in_cas=[pki.ca_file])
    return SipPhone(fitted, registers=False, resolver=resolver, url=f"https://{NAME}:{server.port}/", **options)


# ---- calls


def test_a_factory_phone_rings_for_a_stranger_until_the_call_is_cancelled() -> None:
    with running() as side, Caller(side.port, STRANGER) as stranger:
        invite = stranger.request("INVITE", "100", call_id="a", branch="a")
        stranger.send(invite)
        assert [stranger.hear().status, stranger.hear().status] == [100, 180]
        side.events.wait("rang", user="100")
        stranger.send(invite)
        assert stranger.hear().status == 180, "sent again, not rung again"
        stranger.send(stranger.request("CANCEL", "100", call_id="a", branch="a"))
        assert [stranger.hear().status, stranger.hear().status] == [200, 487]
        assert stranger.hear().status == 487, "until it is acknowledged"
        stranger.send(stranger.request("ACK", "100", call_id="a", branch="a"))
        assert len(side.events.find("rang")) == 1


def test_an_answered_call_ends_with_bye_from_wherever() -> None:
    with running(pick_up="answer", ring_for=0) as side, Caller(side.port) as caller, Caller(side.port, PBX) as proxy:
        caller.send(caller.request("INVITE", call_id="b"))
        heard = [caller.hear() for _ in range(3)]
        assert [each.status for each in heard] == [100, 180, 200]
        tag = heard[2].to_tag
        assert tag
        assert tag == heard[1].to_tag
        assert heard[2].get("contact") == f"<sip:201@127.0.0.1:{side.port}>"
        caller.send(caller.request("ACK", call_id="b", to_tag=tag))
        assert proxy.ask("BYE", call_id="b", to_tag="guessed") == 481
        assert proxy.ask("BYE", call_id="b", to_tag=tag) == 200
        side.events.wait("hung_up")
        assert proxy.ask("BYE", call_id="b", to_tag=tag, branch="later") == 481


@pytest.mark.parametrize(("code", "status"), [("486", 486), ("603", 603)])
def test_a_refused_call_says_what_the_phone_is_set_to_say(code: str, status: int) -> None:
    settings = {"features.normal_refuse_code": code}
    with running(settings, pick_up="refuse", ring_for=0) as side, Caller(side.port) as caller:
        caller.send(caller.request("INVITE"))
        assert [caller.hear().status for _ in range(3)] == [100, 180, status]


def test_a_hardened_phone_is_silent_for_strangers_and_rings_for_its_server() -> None:
    with (
        running(HARD) as side,
        Caller(side.port, STRANGER) as stranger,
        Caller(side.port, PBX) as pbx,
    ):
        for method in ("INVITE", "OPTIONS", "NOTIFY", "MESSAGE", "BYE", "CANCEL"):
            stranger.send(stranger.request(method, headers=("Event: check-sync;reboot=true",)))
            side.events.wait("dropped", method=method)
        assert stranger.hears_nothing()
        assert pbx.ask("INVITE", "999") == 404
        assert pbx.ask("OPTIONS") == 200
        assert pbx.ask("INVITE") == 100
        assert pbx.hear().status == 180
        assert not side.events.find("rebooted")


@pytest.mark.parametrize("action", ["403", "404", "488"])
def test_a_phone_that_says_no_does_not_ring_first(action: str) -> None:
    side = SipPhone(phone(HARD, trust_action=action), registers=False)
    with side, Caller(side.port, STRANGER) as stranger:
        assert stranger.ask("INVITE", call_id="c", branch="c") == int(action)
        stranger.send(stranger.request("ACK", call_id="c", branch="c"))
        assert stranger.ask("NOTIFY", headers=("Event: check-sync",)) == int(action)
        assert stranger.ask("OPTIONS") == int(action)
        assert not side.events.find("rang")


def test_it_looks_like_a_phone() -> None:
    with running() as side, Caller(side.port) as caller:
        caller.send(caller.request("OPTIONS"))
        heard = caller.hear()
        assert heard.get("user-agent") == "Yealink SIP-T46U 108.86.0.118"
        assert "check-sync" in heard.get("allow-events")
        assert {"INVITE", "NOTIFY"} <= set(heard.get("allow").split(", "))
        assert "received=127.0.0.1" in heard.get("via")
        assert parameter(heard.get("via"), "rport") == str(caller.sock.getsockname()[1])


def test_noise_is_not_answered() -> None:
    with running() as side, Caller(side.port) as caller:
        for noise in (b"\0\xff", b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"INVITE sip:1@h SIP/2.0\r\nVia: x\r\n\r\n"):
            caller.send(noise)
        assert caller.ask("OPTIONS") == 200, "and it goes on"


@given(st.binary(max_size=300), st.integers(0, 600), st.integers(0, 40))
def test_a_damaged_message_is_no_message_or_a_message(noise: bytes, start: int, length: int) -> None:
    with Caller(0) as caller:
        whole = caller.request("NOTIFY", headers=("Event: check-sync", "Content-Type: message/sipfrag"), body="key=OK")
    for data in (noise, whole[:start] + noise + whole[start + length :]):
        with contextlib.suppress(NotSip):
            message = parse(data)
            assert message.method
            assert 0 <= message.sequence < 10**10
            if not message.status:
                assert message.user in message.uri
                assert parse(respond(message, 200, ("192.0.2.1", 5060), tag="t")).status == 200
        with contextlib.suppress(NotSip):
            whole_ones, rest = split_stream(data)
            assert len(b"".join(whole_ones)) + len(rest) <= len(data)


def test_tcp_brings_messages_in_pieces() -> None:
    with (
        running() as side,
        Caller(side.port) as caller,
        socket.create_connection(("127.0.0.1", side.port), timeout=5) as connection,
    ):
        both = caller.request("OPTIONS", transport="TCP") + caller.request("OPTIONS", transport="TCP")
        for start in range(0, len(both), 100):
            connection.sendall(both[start : start + 100])
        heard: list[bytes] = []
        rest = b""
        while len(heard) < 2:
            more, rest = split_stream(rest + connection.recv(65535))
            heard += more
        assert [parse(each).status for each in heard] == [200, 200]


# ---- NOTIFY


@pytest.mark.parametrize(
    ("mode", "event", "reboots"),
    [
        ("0", "check-sync", 0),
        ("0", "check-sync;reboot=false", 0),
        ("0", "check-sync;reboot=true", 1),
        ("1", "check-sync", 1),
    ],
)
def test_check_sync_fetches_and_applies(
    server: ProvisioningServer, pki: Pki, mode: str, event: str, reboots: int
) -> None:
    settings = {"sip.notify_reboot_enable": mode}
    text = f"sip.notify_reboot_enable = {mode}\nsip.trust_ctrl = 1\naccount.1.enable = 1\naccount.1.user_name = 201"
    with served(server, pki, text, settings) as side, Caller(side.port, STRANGER) as caller:
        assert caller.ask("NOTIFY", headers=(f"Event: {event}",)) == 200
        fetched = side.events.wait("fetched")
        assert (fetched["updated"], fetched["aborted"]) == (True, None)
        assert side.phone.reboots == len(side.events.find("rebooted")) == reboots
        caller.send(caller.request("OPTIONS"))
        side.events.wait("dropped")


def test_a_check_sync_is_ignored_when_the_phone_is_set_so(server: ProvisioningServer, pki: Pki) -> None:
    with served(server, pki, "", {"sip.notify_reboot_enable": "2"}) as side, Caller(side.port) as caller:
        assert caller.ask("NOTIFY", headers=("Event: check-sync",)) == 200
        side.events.wait("notified", outcome="ignored")
    assert server.requests == []


def test_a_setting_that_needs_a_restart_restarts_it(server: ProvisioningServer, pki: Pki) -> None:
    text = "static.network.port.https = 8443"
    with served(server, pki, text, {"sip.notify_reboot_enable": "0"}) as side, Caller(side.port) as caller:
        caller.ask("NOTIFY", headers=("Event: check-sync",))
        side.events.wait("rebooted", why="its new settings")
        side.events.wait("fetched", updated=False, why="start")
        assert side.phone.reboots == 1


def test_a_new_port_is_listened_on_at_once(server: ProvisioningServer, pki: Pki) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as free, socket.socket(type=socket.SOCK_DGRAM) as other:
        free.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        new, old = free.getsockname()[1], other.getsockname()[1]
    text = f"sip.notify_reboot_enable = 0\nsip.listen_port = {new}"
    side = served(server, pki, text, {"sip.notify_reboot_enable": "0", "sip.listen_port": str(old)}, port=None)
    with side, Caller(old) as before, Caller(new) as after:
        assert before.ask("NOTIFY", headers=("Event: check-sync",)) == 200
        side.events.wait("listening", ports=[new])
        assert after.ask("OPTIONS") == 200
        before.send(before.request("OPTIONS"))
        assert before.hears_nothing()


def test_a_notify_is_challenged_and_the_answer_checked() -> None:
    side = running({"sip.notify_reboot_enable": "2"}, faults=Faults(challenge_notify=True))
    with side, Caller(side.port) as caller:
        results = [_notify(caller, password) for password in ("wrong", "sip-s3cret")]
        assert results == [401, 200]
        assert len(side.events.find("notified")) == 1


def _notify(caller: Caller, password: str) -> int:
    caller.send(caller.request("NOTIFY", headers=("Event: check-sync",)))
    heard = caller.hear()
    assert heard.status == 401
    challenge = sip_digest.fields(heard.get("www-authenticate"))
    answer = sip_digest.answer(challenge, "auth201", password, "NOTIFY", "sip:201@127.0.0.1", "c0ffee")
    return caller.ask("NOTIFY", headers=("Event: check-sync", f"Authorization: {answer}"))


def test_digest_is_that_of_the_rfc() -> None:
    """The example of RFC 2617 3.5."""
    challenge = sip_digest.fields(
        'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    said = sip_digest.answer(challenge, "Mufasa", "Circle Of Life", "GET", "/dir/index.html", "0a4f113b")
    assert sip_digest.fields(said)["response"] == "6629fae49393a05397450978507c4ef1"


# ---- action URI by NOTIFY


@pytest.mark.parametrize(
    ("settings", "kind"),
    [({}, "prompted"), ({"features.show_action_uri_option": "0"}, "action")],
)
def test_an_action_uri_is_asked_about_unless_set_otherwise(settings: dict[str, str], kind: str) -> None:
    with running(settings) as side, Caller(side.port) as caller:
        headers = ("Event: ACTION-URI", "Content-Type: message/sipfrag")
        assert caller.ask("NOTIFY", headers=headers, body="key=Reboot") == 200
        assert side.events.wait(kind)["keys"] == "Reboot"
        if kind == "action":
            side.events.wait("rebooted")


# ---- faults


def test_faults_of_fetching(server: ProvisioningServer, pki: Pki) -> None:
    with served(server, pki, "", {"sip.notify_reboot_enable": "0"}) as side, Caller(side.port) as caller:
        side.faults.never_fetches = True
        assert caller.ask("NOTIFY", headers=("Event: check-sync",)) == 200
        side.events.wait("not_fetched")
        side.faults.never_fetches, side.faults.fetch_fails = False, True
        assert caller.ask("NOTIFY", headers=("Event: check-sync",)) == 200
        assert side.events.wait("fetched")["aborted"] == "its network fails"
    assert server.requests == []


def test_faults_of_answering() -> None:
    with running() as side, Caller(side.port) as caller:
        side.faults.no_answer = True
        caller.send(caller.request("OPTIONS"))
        side.events.wait("ignored")
        assert caller.hears_nothing(0.1)
        side.faults.no_answer, side.faults.answer_after = False, 0.4
        caller.send(caller.request("OPTIONS"))
        assert caller.hears_nothing(0.2)
        assert caller.hear().status == 200
        side.faults.answer_after, side.faults.loses = 0, 1
        request = caller.request("OPTIONS")
        caller.send(request)
        caller.send(request)
        assert caller.hear().status == 200
        assert caller.hears_nothing(0.1)


# ---- registering


def test_it_registers_with_digest_credentials_and_again_after_a_restart() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as registrar:
        registrar.bind((PBX, 0))
        registrar.settimeout(5)
        port = registrar.getsockname()[1]
        side = SipPhone(phone({"account.1.sip_server.1.port": str(port), "static.auto_provision.power_on": "0"}))
        with side:
            for count in (1, 2):
                _register(registrar)
                side.events.wait("registered", user="201", count=count)
                if count == 1:
                    side.power_cycle()


def _register(registrar: socket.socket) -> None:
    data, address = registrar.recvfrom(65535)
    first = parse(data)
    assert first.first == "REGISTER sip:pbx.example.net SIP/2.0"
    _reply(
        registrar, data, address, "401 Unauthorized", 'WWW-Authenticate: Digest realm="lab", nonce="n0nce", qop="auth"'
    )
    data, address = registrar.recvfrom(65535)
    second = parse(data)
    said = second.get("authorization")
    uri = "sip:pbx.example.net"
    assert sip_digest.is_right(said, "n0nce", "lab", "auth201", "sip-s3cret", "REGISTER", uri)
    assert second.sequence == first.sequence + 1
    assert f"@127.0.0.1:{address[1]}>" in second.get("contact")
    _reply(registrar, data, address, "200 OK", f"Contact: {second.get('contact')};expires=600")


def _reply(registrar: socket.socket, data: bytes, address: tuple[str, int], status: str, header: str) -> None:
    request = parse(data)
    copied = [f"{name}: {request.get(name.lower())}" for name in ("Via", "From", "To", "Call-ID", "CSeq")]
    registrar.sendto("\r\n".join([f"SIP/2.0 {status}", *copied, header, "", ""]).encode(), address)


@pytest.mark.parametrize(
    ("certificate", "checks", "event", "why"),
    [
        ("server", "1", "registered", None),
        ("wrong-name", "1", "not_registered", "TLS: the certificate is for another name"),
        ("wrong-name", "0", "registered", None),
        ("expired", "1", "not_registered", "TLS: certificate has expired"),
    ],
)
def test_it_registers_over_tls_where_the_server_proves_its_name(
    pki: Pki, certificate: str, checks: str, event: str, why: str | None
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki.certificate(certificate).certificate, pki.certificate(certificate).key)
    with sip_server(transport="tls", tls=context) as server:
        settings = {
            **ACCOUNT,
            "account.1.sip_server.1.address": NAME,
            "account.1.sip_server.1.port": str(server.port),
            "account.1.sip_server.1.transport_type": "2",
            "static.security.cn_validation": checks,
        }
        hosts = {NAME: ["127.0.0.1"]}
        fitted = Phone(MAC, "T46U", "108.86.0.118", settings=settings, built_in_cas=[pki.ca_file], hosts=hosts)
        with SipPhone(fitted) as side:
            assert side.events.wait(event, user="201").get("why") == why
        assert [parse(each).method for each in server.requests] == (["REGISTER"] if event == "registered" else [])


def test_it_registers_over_tcp_and_again_when_the_connection_breaks() -> None:
    with socket.create_server((PBX, 0)) as listening:
        listening.settimeout(5)
        port = str(listening.getsockname()[1])
        settings = {"account.1.sip_server.1.port": port, "account.1.sip_server.1.transport_type": "1"}
        with SipPhone(phone(settings)) as side:
            for count in (1, 2):
                connection, _address = listening.accept()
                with connection:
                    request = parse(connection.recv(65535))
                    assert f"@127.0.0.1:{side.port};transport=tcp>" in request.get("contact")
                    connection.sendall(answer_to_register(request))
                    side.events.wait("registered", count=count)


def answer_to_register(request: Message) -> bytes:
    copied = [f"{name}: {request.get(name.lower())}" for name in ("Via", "From", "To", "Call-ID", "CSeq", "Contact")]
    return "\r\n".join(["SIP/2.0 200 OK", *copied, "Content-Length: 0", "", ""]).encode()


# ---- a process of its own


def test_as_a_process_it_goes_on_from_its_saved_state(tmp_path: Path) -> None:
    phone(HARD).save(tmp_path / "state")
    ready, log = tmp_path / "ready", tmp_path / "events"
    command = [sys.executable, "-m", "lab.phones", "serve", "--mac", MAC, "--state-dir", str(tmp_path / "state")]
    command += ["--address", "127.0.0.1", "--port", "0", "--host", f"pbx.example.net={PBX}", "--no-register"]
    command += ["--events", str(log), "--ready-file", str(ready), "--fault", "answer_after=0.01"]
    with subprocess.Popen(command, env=environment()) as process:
        try:
            events.wait_for(log, "listening", alive=lambda: process.poll() is None)
            port = _ready(ready)["sip"]["1"]
            with Caller(port, PBX) as pbx:
                assert pbx.ask("INVITE") == 100
            assert events.wait_for(log, "rang")["user"] == "201"
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert "s3cret" not in log.read_text() + ready.read_text()
    assert os.stat(log).st_mode & 0o077 == 0


def _ready(file: Path) -> dict[str, Any]:
    for _attempt in range(500):
        if file.exists():
            break
        time.sleep(0.01)
    return json.loads(file.read_text())  # type: ignore[no-any-return]
