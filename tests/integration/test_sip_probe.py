# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe against real sockets on loopback, and the role verify under ansible-playbook."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.probe import CORE
from lab.pki import Pki, make_pki
from lab.playbook import PlaybookRun, run_playbook
from lab.sip_server import sip_server

LOOPBACK = ["127.0.0.1", "::1"]
UNUSED = {"host": "127.0.0.1", "port": 9}
"""discard: nobody offers it any more."""


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki"))


def server_context(pki: Pki, kind: str) -> ssl.SSLContext:
    pair = pki.certificate(kind)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    return context


def probe(*targets: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The result of the core with the module's defaults and a short timeout."""
    defaults = {name: option.get("default") for name, option in CORE.argument_spec.items()}
    params = {**defaults, "allowed_targets": LOOPBACK, "timeout": 0.4, **options, "targets": list(targets)}
    outcome = CORE.run(params, RunContext(check_mode=False, masker=Masker(), warn=print))
    assert not outcome.changed
    return dict(outcome.result)


def only(result: dict[str, Any]) -> dict[str, Any]:
    (target,) = result["targets"]
    return dict(target)


@contextlib.contextmanager
def mute_tcp_port() -> Iterator[dict[str, Any]]:
    """A TCP port that does not even say no: its queue of connections is full, so Linux drops the SYN."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _number in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield {"host": "127.0.0.1", "port": listening.getsockname()[1], "transport": "tcp"}


@pytest.mark.parametrize("host", LOOPBACK)
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_sip_server_answers(host: str, transport: str) -> None:
    with sip_server(transport=transport, host=host) as server:
        result = probe(server.door, contact="support@example.net")
    found = only(result)
    assert (found["state"], found["status"], found["phrase"], found["server"]) == ("answered", 200, "OK", "lab-pbx/1.0")
    assert found["address"] in found["local"]
    assert found["elapsed"] < 0.4
    assert len(server.requests) == found["sent"] == 1
    assert b"User-Agent: voipsec-site-audit/0.1.0 (+support@example.net)\r\n" in server.requests[0]


def test_an_answer_to_a_later_datagram_counts() -> None:
    with sip_server("second") as server:
        found = only(probe(server.door, timeout=2.0))
    assert (found["state"], found["sent"]) == ("answered", 2)
    assert server.requests[0] == server.requests[1], "a retransmission is the same request"


@pytest.mark.parametrize("behaviour", ["other-call", "other-branch", "request"])
def test_what_is_not_for_the_probe_is_no_answer_but_puts_silence_in_doubt(behaviour: str) -> None:
    with sip_server(behaviour) as server:
        found = only(probe({**server.door, "expect": "silent"}))
    assert (found["state"], found["strays"], found["verdict"]) == ("silent", 1, "unproved")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_door_that_answers_with_something_else_is_not_silent(transport: str) -> None:
    with sip_server("garbage", transport=transport) as server:
        found = only(probe({**server.door, "expect": "silent"}))
    assert (found["state"], found["status"], found["verdict"]) == ("answered", None, "failed")
    assert "not SIP" in found["detail"]


def test_an_answer_from_another_address_is_the_same_door() -> None:
    with sip_server(answer_from="127.0.0.2") as server:
        found = only(probe(server.door))
    assert (found["state"], found["status"]) == ("answered", 200)
    assert "from 127.0.0.2:" in found["detail"]


@pytest.mark.parametrize(
    ("behaviour", "detail"), [("swallow", "no SIP answer"), ("close", "then closed"), ("other-call", "no SIP answer")]
)
def test_a_tcp_connection_that_opens_has_answered(behaviour: str, detail: str) -> None:
    with sip_server(behaviour, transport="tcp") as server:
        found = only(probe({**server.door, "expect": "silent"}))
    assert (found["state"], found["status"], found["verdict"]) == ("answered", None, "failed")
    assert found["detail"].startswith("TCP connection opened")
    assert detail in found["detail"]


def test_a_plain_tcp_connect_sends_nothing() -> None:
    with sip_server(transport="tcp") as server:
        found = only(probe({**server.door, "transport": "tcp_connect"}))
    assert (found["state"], found["detail"]) == ("answered", "TCP connection opened, nothing sent")
    assert server.requests == []


@pytest.mark.parametrize("host", LOOPBACK)
@pytest.mark.parametrize("transport", ["udp", "tcp", "tls", "tcp_connect"])
def test_a_closed_port_refuses(host: str, transport: str) -> None:
    found = only(probe({"host": host, "port": 9, "transport": transport, "expect": "silent"}))
    assert (found["state"], found["verdict"]) == ("refused", "rejected")
    if transport == "udp":
        assert found["detail"] == f"ICMP port unreachable from {host}"


def test_four_silent_targets_take_as_long_as_one() -> None:
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(sip_server("swallow")) for _number in range(3)]
        mute = stack.enter_context(mute_tcp_port())
        started = time.monotonic()
        result = probe(*(server.door for server in servers), mute, timeout=1.8)
        elapsed = time.monotonic() - started
    assert [target["state"] for target in result["targets"]] == ["silent"] * 4
    assert elapsed < 3.6
    assert [len(server.requests) for server in servers] == [3, 3, 3]


def test_silence_is_proved_beside_a_control_in_the_same_run_only() -> None:
    with sip_server() as answering, sip_server("swallow") as mute:
        target = {**mute.door, "expect": "silent"}
        alone = probe(target, timeout=1.6)
        proved = probe(target, control=[answering.door], timeout=1.6, require_proof=True)
        doubted = probe(target, control=[answering.door, {**UNUSED, "transport": "udp"}], timeout=1.6)
    assert alone["verdict"] == "unproved"
    assert proved["verdict"] == "proved"
    assert "answered this vantage point" in proved["summary"][1]
    assert only({"targets": doubted["targets"][2:]})["verdict"] == "unproved"
    assert doubted["verdict"] == "failed"


def test_the_result_of_another_vantage_point_is_a_control() -> None:
    with sip_server() as answering, sip_server("swallow") as mute:
        peer = probe(answering.door, vantage="ipswich")
        stranger = probe({**mute.door, "expect": "silent"}, control_results=[peer], timeout=1.6, require_proof=True)
    assert f"127.0.0.1 udp {answering.port} answered ipswich" in only(stranger)["reason"]


def test_without_proof_the_task_fails_if_asked_to() -> None:
    with sip_server("swallow") as mute, pytest.raises(HardeningError) as failure:
        probe({**mute.door, "expect": "silent"}, require_proof=True)
    assert "Not proved, but require_proof is true." in failure.value.message
    assert failure.value.details["verdict"] == "unproved"


def test_nothing_is_sent_when_one_target_may_not_be_probed() -> None:
    with sip_server() as server:
        with pytest.raises(HardeningError, match="127.0.0.2 is not in allowed_targets"):
            probe(server.door, {"host": "127.0.0.2", "port": 5060, "transport": "udp"})
        assert server.requests == []


def test_a_tls_server_with_a_good_certificate_answers(pki: Pki) -> None:
    with sip_server(transport="tls", tls=server_context(pki, "server")) as server:
        found = only(probe({**server.door, "server_name": "localhost"}, ca_file=str(pki.ca_file), timeout=3.0))
    assert (found["state"], found["status"], found["certificate"]["verified"]) == ("answered", 200, True)
    assert "localhost" in found["certificate"]["names"]
    assert len(found["certificate"]["sha256"]) == 64


@pytest.mark.parametrize(
    ("kind", "problem"), [("wrong-name", "Hostname mismatch"), ("expired", "certificate has expired")]
)
def test_a_wrong_certificate_is_told_and_the_door_is_open_all_the_same(pki: Pki, kind: str, problem: str) -> None:
    with sip_server(transport="tls", tls=server_context(pki, kind)) as server:
        target = {**server.door, "server_name": "localhost", "expect": "silent"}
        verified = only(probe(target, ca_file=str(pki.ca_file), timeout=3.0))
        asked = len(server.requests)
        trusting = only(probe(target, verify=False, timeout=3.0))
    assert (verified["state"], verified["verdict"], verified["status"]) == ("answered", "failed", None)
    assert verified["certificate"]["verified"] is False
    assert problem in verified["certificate"]["problem"]
    assert asked == 0
    assert (trusting["status"], trusting["certificate"]["verified"]) == (200, False)
    assert "not verified" in trusting["certificate"]["problem"]


def test_a_port_without_tls_is_an_open_door() -> None:
    with sip_server("garbage", transport="tcp") as server:
        found = only(probe({**server.door, "transport": "tls"}, timeout=1.0))
    assert found["state"] == "answered"
    assert found["detail"].startswith("TCP connection opened, no TLS")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timeout": 0.0}, "timeout: 0 is not 0.1 to"),
        ({"timeout": float("nan")}, "timeout: nan is not 0.1 to"),
        ({"timeout": 33.0}, "timeout: 33 is not 0.1 to"),
        ({"retransmissions": 9}, "retransmissions: 9 is not 0 to 8"),
        ({"contact": "a\r\nVia: x"}, "contact: "),
        ({"ca_file": "/nonexistent.pem"}, "ca_file: /nonexistent.pem cannot be used"),
    ],
)
def test_bad_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(HardeningError, match=message):
        probe({**UNUSED, "transport": "udp"}, **options)


def verify(folder: Path, hosts: dict[str, str], ports: list[int], *arguments: str, **variables: Any) -> PlaybookRun:
    """Run the playbook for a site on loopback whose SIP ports are ``ports``, the last of them with TLS.

    ``targets_<vantage point>`` are other targets of that host: on one machine a firewall cannot tell hosts apart.
    """
    inventory = {
        "all": {
            "vars": {
                "ansible_connection": "local",
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                "site": {
                    "name": "acme",
                    "country": "GB",
                    "time_zone": "Europe/London",
                    "management": ["198.51.100.7/32"],
                },
                "pbx": {
                    "address": "192.168.10.10",
                    "server_name": "localhost",
                    "sip_ports": ports,
                    "tls_port": ports[-1],
                },
                "trunk_providers": [{"name": "gamma", "signalling": ["203.0.113.0/26"]}],
                "verify_public_address": ["127.0.0.1"],
                "verify_management_ports": [9],
                "verify_timeout": 3.2,
                **variables,
            },
            "hosts": {"router": {}},
            "children": {
                "vantage_points": {
                    "hosts": {
                        name: {
                            "verify_vantage": vantage,
                            **(
                                {"verify_targets": f"{{{{ targets_{name} }}}}"}
                                if f"targets_{name}" in variables
                                else {}
                            ),
                        }
                        for name, vantage in hosts.items()
                    }
                }
            },
        }
    }
    (folder / "hosts.yml").write_text(yaml.safe_dump(inventory))
    return run_playbook(folder, ["-i", str(folder / "hosts.yml"), "voipsec.hardening.verify", *arguments])


def said(run: PlaybookRun) -> str:
    return " ".join(run.output.split())


def test_an_open_site_fails_with_every_open_door_named(tmp_path: Path, pki: Pki) -> None:
    with sip_server() as udp, sip_server(transport="tls", tls=server_context(pki, "server")) as tls:
        run = verify(
            tmp_path,
            {"office": "peer", "outside": "stranger"},
            [udp.port, tls.port],
            "--check",
            verify_ca_file=str(pki.ca_file),
        )
    assert run.returncode != 0
    assert run.changed == 0
    assert "Strangers are answered." in said(run)
    assert f"127.0.0.1 udp {udp.port}: answered (SIP answer: 200 OK from lab-pbx/1.0). Failed" in said(run)
    assert f"127.0.0.1 tls {tls.port}: answered (SIP answer: 200 OK from lab-pbx/1.0). Failed" in said(run)
    assert "127.0.0.1 tcp 9: refused" in said(run)
    assert "Traceback" not in run.output


def test_a_closed_site_is_proved_by_its_peers_answer(tmp_path: Path) -> None:
    with sip_server() as answering, sip_server("swallow") as mute, mute_tcp_port() as mute_tcp:
        targets = [{**mute.door, "expect": "silent"}, {**mute_tcp, "expect": "silent"}]
        run = verify(
            tmp_path,
            {"outside": "stranger", "office": "peer"},
            [answering.port, 9],
            targets_outside=targets,
            verify_require_silence=True,
        )
    assert run.returncode == 0, run.output
    silence = f"127.0.0.1 udp {mute.port}: silent (3 datagrams in 3.2 s)."
    assert f"{silence} Proved: 127.0.0.1 udp {answering.port} answered office" in said(run)
    assert f"127.0.0.1 tcp {mute_tcp['port']}: silent (no connection in 3.2 s). Proved" in said(run)


def test_a_dead_line_is_not_a_closed_site(tmp_path: Path) -> None:
    with sip_server("swallow") as mute:
        hosts = {"office": "peer", "outside": "stranger"}
        run = verify(tmp_path, hosts, [mute.port, 9], verify_timeout=0.4)
        lenient = verify(tmp_path, hosts, [mute.port, 9], verify_timeout=0.4, verify_require_proof=False)
    assert run.returncode != 0
    assert "No peer is answered by 127.0.0.1" in said(run)
    assert "Unproved: no positive control: 127.0.0.1 answered nobody in this run" in said(run)
    assert lenient.returncode == 0, lenient.output


@pytest.mark.parametrize(
    ("hosts", "message"),
    [
        ({}, "The group vantage_points has no host"),
        ({"office": "peer"}, "No stranger was probed"),
        ({"outside": "stranger"}, "No peer is answered by 127.0.0.1"),
        ({"outside": "nobody"}, "value of verify_vantage must be one of: stranger, peer"),
    ],
)
def test_a_run_that_verifies_nothing_fails(tmp_path: Path, hosts: dict[str, str], message: str) -> None:
    run = verify(tmp_path, hosts, [10, 9], verify_timeout=0.3)
    assert run.returncode != 0
    assert message in said(run)


def test_the_module_runs_where_the_task_is(tmp_path: Path) -> None:
    """Become another user, here oneself, so that the action plugin hands over to the module's own process."""
    tasks = [
        {
            "voipsec.hardening.sip_probe": {
                "targets": [{"host": "localhost", "port": 9, "transport": "udp", "expect": "silent"}],
                "allowed_targets": LOOPBACK,
                "timeout": 0.3,
            },
            "register": "found",
            "become": True,
            "become_method": "ansible.builtin.sudo",
            "become_exe": str(tmp_path / "as-oneself"),
        },
        {"ansible.builtin.debug": {"var": "found"}},
    ]
    (tmp_path / "as-oneself").write_text('#!/bin/sh\nfor last; do :; done\nexec /bin/sh -c "$last"\n')
    (tmp_path / "as-oneself").chmod(0o700)
    (tmp_path / "play.yml").write_text(
        yaml.safe_dump([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}])
    )
    run = run_playbook(
        tmp_path,
        [
            "-i",
            "localhost,",
            "-e",
            "ansible_python_interpreter={{ ansible_playbook_python }}",
            "-vv",
            str(tmp_path / "play.yml"),
        ],
    )
    assert run.returncode == 0, run.output
    assert "verdict: rejected" in run.output
    assert "door: localhost (127.0.0.1) udp 9" in run.output
