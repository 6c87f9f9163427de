# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Silence is proved beside a positive control at the same address only."""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.sip import icmp
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import Evidence, Settings, Target
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.probe import (
    MAX_RETRANSMISSIONS,
    MAX_TIMEOUT,
    VERSION,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.targets import (
    allowed_addresses,
    check_count,
    read_targets,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.transport import send_times
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.verdict import (
    Controls,
    Verdict,
    handed_over,
    judge,
    line,
    overall,
    own_controls,
)

SITE, OTHER = ipaddress.ip_address("203.0.113.5"), ipaddress.ip_address("203.0.113.6")
DOOR = Target(str(SITE), SITE, 5060, "udp", "silent")
SILENCE = Evidence("silent", "no answer", sent=5, elapsed=8.0)
NOW = 1000.0
ROOT = Path(__file__).resolve().parents[3]


def peer(**changes: Any) -> dict[str, Any]:
    """What a peer registered twenty seconds ago."""
    answered = {"address": str(SITE), "door": "203.0.113.5 tls 5061", "state": "answered"}
    return {"vantage": "ipswich", "started_at": NOW - 20, "targets": [answered], **changes}


def verdict(evidence: Evidence, *results: dict[str, Any], target: Target = DOOR, missing: tuple[str, ...] = ()) -> str:
    witnesses, notes = handed_over(results, NOW)
    found = judge(target, evidence, Controls(witnesses, missing), notes)
    return f"{found.word}: {found.reason}"


def test_silence_is_proved_when_a_peer_was_answered_there() -> None:
    assert verdict(SILENCE, peer()) == "proved: 203.0.113.5 tls 5061 answered ipswich 20 s earlier"


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([], "no positive control: 203.0.113.5 answered nobody in this run"),
        ([peer(started_at=NOW - 121)], "is 121 s old; at most 120 s count"),
        ([peer(started_at=NOW + 3600)], "s old"),
        ([peer(targets=[])], "nothing answered ipswich"),
        ([peer(targets=[{**peer()["targets"][0], "state": "refused"}])], "nothing answered ipswich"),
        ([peer(targets=[{**peer()["targets"][0], "address": str(OTHER)}])], "no positive control"),
    ],
)
def test_silence_without_a_control_that_counts_is_unproved(results: list[dict[str, Any]], reason: str) -> None:
    found = verdict(SILENCE, *results)
    assert found.startswith("unproved: ")
    assert reason in found


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (Evidence("silent", "", sent=2, elapsed=8.0), "2 datagrams sent, 3 are needed"),
        (Evidence("silent", "", sent=5, elapsed=8.0, strays=1), "1 datagram arrived that answered something else"),
        (Evidence("unreachable", "ICMP host unreachable", sent=5), "unreachable is not silence"),
    ],
)
def test_weak_evidence_is_unproved_beside_any_control(evidence: Evidence, reason: str) -> None:
    assert verdict(evidence, peer()).startswith("unproved: ")
    assert reason in verdict(evidence, peer())


def test_a_short_wait_for_a_tcp_connection_is_unproved() -> None:
    tcp = Target(str(SITE), SITE, 22, "tcp_connect", "silent")
    assert "it waited 0.5 s; 3 s are needed" in verdict(Evidence("silent", "", sent=1, elapsed=0.5), peer(), target=tcp)
    assert verdict(Evidence("silent", "", sent=1, elapsed=3.0), peer(), target=tcp).startswith("proved")


def test_an_own_control_that_is_silent_puts_all_silence_in_doubt() -> None:
    control = Target(str(OTHER), OTHER, 5060, "udp", "answered", control=True)
    missing = own_controls([(control, SILENCE)]).missing
    assert verdict(SILENCE, peer(), missing=missing) == "unproved: the control 203.0.113.6 udp 5060 was silent"


def test_an_own_control_counts_at_its_address() -> None:
    control = Target(str(SITE), SITE, 443, "tcp_connect", "answered", control=True)
    controls = own_controls([(control, Evidence("answered", "TCP connection opened")), (DOOR, SILENCE)])
    assert judge(DOOR, SILENCE, controls).word == "proved"


@pytest.mark.parametrize(
    ("expect", "state", "word"),
    [
        ("silent", "answered", "failed"),
        ("silent", "refused", "rejected"),
        ("answered", "answered", "proved"),
        ("answered", "silent", "failed"),
        ("answered", "unreachable", "failed"),
        (None, "answered", "noted"),
        (None, "silent", "noted"),
    ],
)
def test_what_was_expected_decides(expect: str | None, state: str, word: str) -> None:
    target = Target(str(SITE), SITE, 5060, "udp", expect)
    assert judge(target, Evidence(state, "", sent=5, elapsed=8.0), Controls()).word == word


def test_one_sentence_tells_everything() -> None:
    evidence = Evidence(
        "answered",
        "SIP answer",
        1,
        status=200,
        phrase="OK",
        server="PBX",
        certificate={"problem": "not verified, as asked"},
    )
    assert line(DOOR, evidence, judge(DOOR, evidence, Controls())) == (
        "203.0.113.5 udp 5060: answered (SIP answer: 200 OK from PBX; certificate: not verified, as asked). "
        "Failed: silence was expected, but it answers."
    )


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"failed": True, "msg": "x"},
        peer(started_at="soon"),
        peer(targets=[{}]),
        peer(targets=5),
        peer(targets=["x"]),
    ],
)
def test_what_is_no_result_of_this_module_is_refused(result: dict[str, Any]) -> None:
    with pytest.raises(HardeningError, match="control_results\\[0\\]: not the registered result of a sip_probe task"):
        handed_over([result], NOW)


def refused(entry: dict[str, Any], allowed: list[str], addresses: tuple[str, ...] = ()) -> str:
    with pytest.raises(HardeningError) as failure:
        read_targets("targets", [entry], allowed_addresses(allowed), lambda _name: addresses)
    return failure.value.message


def door(host: str, **changes: Any) -> dict[str, Any]:
    return {"host": host, "port": 5060, "transport": "udp", **changes}


def test_only_what_is_allowed_is_probed() -> None:
    assert "targets[0].host: 198.51.100.1 is not in allowed_targets" in refused(door("198.51.100.1"), [str(SITE)])
    # One address of a name is allowed, the other is somebody else's.
    message = refused(door("pbx.example"), [str(SITE)], (str(SITE), "198.51.100.1"))
    assert "pbx.example (198.51.100.1) is not in allowed_targets" in message


def test_a_name_is_probed_at_every_address_and_each_door_once() -> None:
    allowed = allowed_addresses([str(SITE), "2001:db8:0::5"])
    entries = [door("pbx.example"), door("pbx.example"), door("::ffff:203.0.113.5")]
    found = read_targets("targets", entries, allowed, lambda _name: (str(SITE), "2001:db8::5"))
    assert [(target.host, str(target.address)) for target in found] == [
        ("pbx.example", "203.0.113.5"),
        ("pbx.example", "2001:db8::5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
    ]


@pytest.mark.parametrize(
    "value", ["203.0.113.0/24", "pbx.example", "0.0.0.0", "224.0.0.1", "::", "255.255.255.255", ""]
)
def test_only_single_addresses_can_be_allowed(value: str) -> None:
    with pytest.raises(HardeningError, match="allowed_targets\\[0\\]"):
        allowed_addresses([value])


def test_bad_hosts_ports_and_names_are_refused() -> None:
    assert "neither an IP address nor a name" in refused(door("pbx.example\r\nX: y"), [str(SITE)])
    assert "0 is not a port" in refused(door(str(SITE), port=0), [str(SITE)])
    assert "server_name" in refused(door(str(SITE), server_name=".x"), [str(SITE)])
    assert "has no address here" in refused(door("pbx.example"), [str(SITE)])


def test_a_task_probes_64_doors_at_most() -> None:
    check_count([DOOR] * 64)
    with pytest.raises(HardeningError, match="65 targets are too many"):
        check_count([DOOR] * 65)


def test_datagrams_leave_as_rfc_3261_has_it_and_never_more_than_ten() -> None:
    assert send_times(Settings(8.0, 4, "x")) == [0, 0.5, 1.5, 3.5, 7.5]
    assert send_times(Settings(1.0, 4, "x")) == [0, 0.5]
    assert len(send_times(Settings(MAX_TIMEOUT, MAX_RETRANSMISSIONS, "x"))) <= 10


def test_icmp_errors_tell_who_sent_them() -> None:
    head = struct.pack("=IBBBBII", 111, 2, 3, 3, 0, 0, 0)
    error = icmp.parse(head + struct.pack("=H", 2) + bytes(2) + bytes([203, 0, 113, 5]) + bytes(8))
    assert error == icmp.NetworkError(True, "ICMP port unreachable from 203.0.113.5", "203.0.113.5")
    prohibited = icmp.parse(struct.pack("=IBBBBII", 113, 2, 3, 13, 0, 0, 0))
    assert prohibited == icmp.NetworkError(False, "ICMP administratively prohibited", "")
    assert icmp.parse(head[:10]) is None


def test_the_user_agent_has_the_version_of_the_collection() -> None:
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == VERSION


@pytest.mark.parametrize(("age", "counts"), [(-121, False), (-120, True), (0, True), (120, True), (121, False)])
def test_a_control_of_another_counts_for_two_minutes_either_way(age: int, counts: bool) -> None:
    witnesses, notes = handed_over([peer(started_at=NOW - age)], NOW)
    assert bool(witnesses) == counts
    assert notes == (() if counts else (f"the result from ipswich is {age} s old; at most 120 s count",))
    if counts:
        assert witnesses[0].story == f"203.0.113.5 tls 5061 answered ipswich {max(age, 0)} s earlier"


def test_a_result_without_a_name_and_one_with_control_characters() -> None:
    nameless = handed_over([peer(vantage=None, targets=[])], NOW)[1]
    assert nameless == ("nothing answered another vantage point",)
    hostile = {**peer()["targets"][0], "door": "x\r\ny"}
    assert (
        handed_over([peer(vantage="a\x1b[0mb", targets=[hostile])], NOW)[0][0].story
        == "x y answered a [0mb 20 s earlier"
    )


def test_only_targets_that_answered_are_witnesses_and_all_of_them() -> None:
    answered = peer()["targets"][0]
    targets = [answered, {**answered, "state": "silent"}, {**answered, "address": str(OTHER), "door": "other"}]
    witnesses, _notes = handed_over([peer(targets=targets), peer(targets=[])], NOW)
    assert [str(witness.address) for witness in witnesses] == [str(SITE), str(OTHER)]


@pytest.mark.parametrize(
    ("transport", "sent", "elapsed", "word"),
    [
        ("udp", 3, 0.1, "proved"),
        ("udp", 2, 9.0, "unproved"),
        ("tcp", 1, 3.0, "proved"),
        ("tcp", 1, 2.9, "unproved"),
        ("tls", 0, 3.1, "proved"),
        ("tcp_connect", 9, 2.9, "unproved"),
    ],
)
def test_how_much_silence_is_enough(transport: str, sent: int, elapsed: float, word: str) -> None:
    target = Target(str(SITE), SITE, 5060, transport, "silent")
    assert verdict(Evidence("silent", "", sent=sent, elapsed=elapsed), peer(), target=target).startswith(f"{word}: ")


def test_all_doubts_are_named_and_controls_of_others_explain_themselves() -> None:
    weak = Evidence("silent", "", sent=1, elapsed=8.0, strays=2)
    assert verdict(weak, peer(started_at=NOW - 500), missing=("the control x was silent",)) == (
        "unproved: the control x was silent; no positive control: 203.0.113.5 answered nobody in this run; "
        "the result from ipswich is 500 s old; at most 120 s count; 2 datagrams arrived that answered something else; "
        "1 datagram sent, 3 are needed (see timeout, retransmissions)"
    )


def test_own_controls_are_those_that_were_probed_as_such() -> None:
    control = Target(str(SITE), SITE, 5061, "tls", "answered", control=True)
    silent = Target(str(OTHER), OTHER, 5060, "udp", "answered", control=True)
    found = own_controls([(DOOR, Evidence("answered", "")), (control, Evidence("answered", "")), (silent, SILENCE)])
    assert [(str(each.address), each.story) for each in found.witnesses] == [
        (str(SITE), "the control 203.0.113.5 tls 5061 answered this vantage point")
    ]
    assert found.missing == ("the control 203.0.113.6 udp 5060 was silent",)


@pytest.mark.parametrize(
    ("words", "worst"),
    [
        (["noted", "proved", "rejected", "unproved", "failed"], "failed"),
        (["noted", "proved", "rejected", "unproved"], "unproved"),
        (["noted", "proved", "rejected"], "rejected"),
        (["noted", "proved"], "proved"),
        (["noted"], "noted"),
        ([], "noted"),
    ],
)
def test_the_worst_verdict_is_the_verdict(words: list[str], worst: str) -> None:
    assert overall(Verdict(word, "") for word in words) == worst


@pytest.mark.parametrize(
    ("evidence", "transport", "text"),
    [
        (Evidence("silent", "x", 5, 8.0), "udp", "203.0.113.5 udp 5060: silent (5 datagrams in 8.0 s)."),
        (Evidence("silent", "x", 1, 8.0), "udp", "203.0.113.5 udp 5060: silent (1 datagram in 8.0 s)."),
        (Evidence("silent", "x", 0, 3.04), "tcp", "203.0.113.5 tcp 5060: silent (no connection in 3.0 s)."),
        (Evidence("refused", "ICMP"), "udp", "203.0.113.5 udp 5060: refused (ICMP)."),
        (Evidence("answered", "SIP", status=404), "udp", "203.0.113.5 udp 5060: answered (SIP: 404)."),
        (Evidence("answered", "TCP"), "tcp", "203.0.113.5 tcp 5060: answered (TCP)."),
        (
            Evidence("answered", "TLS: expired", certificate={"problem": "expired"}),
            "tcp",
            "203.0.113.5 tcp 5060: answered (TLS: expired).",
        ),
        (Evidence("answered", "TLS", certificate={"problem": None}), "tcp", "203.0.113.5 tcp 5060: answered (TLS)."),
    ],
)
def test_one_sentence_for_each_kind_of_evidence(evidence: Evidence, transport: str, text: str) -> None:
    target = Target(str(SITE), SITE, 5060, transport, None)
    assert line(target, evidence, judge(target, evidence, Controls())) == text


@pytest.mark.parametrize(
    ("expect", "state", "reason"),
    [
        (None, "silent", "nothing was expected"),
        ("answered", "answered", "it answers, as expected"),
        ("answered", "refused", "an answer was expected, but it was refused"),
        ("silent", "answered", "silence was expected, but it answers"),
        ("silent", "refused", "nothing gets in, but the refusal shows that a machine is there"),
        ("silent", "unreachable", "unreachable is not silence: the line may be down, or a router may be rejecting"),
    ],
)
def test_the_reason_of_a_verdict(expect: str | None, state: str, reason: str) -> None:
    assert judge(Target(str(SITE), SITE, 5060, "udp", expect), Evidence(state, ""), Controls()).reason == reason
