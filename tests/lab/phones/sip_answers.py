# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running phone answers to SIP requests (yealink.md 3 and 4.1). Sends through peers, owns no socket."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from lab.phones import models, sip_digest
from lab.phones.events import EventLog
from lab.phones.faults import Faults
from lab.phones.phone import Phone
from lab.phones.sip_text import Message, parameter, respond

# yealink.md 3
_ALLOW = "INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, MESSAGE"
_ALLOW_EVENTS = "talk, hold, conference, refer, check-sync"
_T1, _T2, _GIVE_UP = 0.5, 4.0, 32.0  # RFC 3261 17


class Peer(Protocol):
    """Where a message came from, and the way back."""

    source: tuple[str, int]
    reliable: bool
    """Nothing has to be sent twice."""
    contact: str
    """The phone's own address there, as address:port;transport=..."""
    gone: asyncio.Event
    """Set once it can be reached no more."""

    def send(self, data: bytes) -> None:
        """To there."""
        ...


@dataclass
class Call:
    """An INVITE, from its arrival to the end of its dialog."""

    request: Message
    peer: Peer
    tag: str
    final: int = 0
    acknowledged: bool = False
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Answers:
    """`obey` is called with reboot, provision or reset when a request that the phone accepts asks for it.

    `pick_up` is what the person at the phone does when it rings: nothing, answer or refuse, after `ring_for` seconds.
    `allows_control` is what that person presses when the phone asks whether remote control is allowed.
    """

    def __init__(
        self,
        phone: Phone,
        events: EventLog,
        faults: Faults,
        obey: Callable[[str, str], None],
        *,
        pick_up: str = "nothing",
        ring_for: float = 0.2,
        allows_control: bool = False,
    ) -> None:
        if pick_up not in ("nothing", "answer", "refuse"):
            raise ValueError("pick_up is nothing, answer or refuse")
        self.phone, self.events, self.faults, self._obey = phone, events, faults, obey
        self.pick_up, self.ring_for, self.allows_control = pick_up, ring_for, allows_control
        self._calls: dict[tuple[str, str], Call] = {}  # by Call-ID and branch, as CANCEL and ACK of a refusal name it
        self._said: dict[tuple[str, str, str], bytes] = {}  # the last answer of each transaction
        self._nonces: set[str] = set()

    def forget(self) -> None:
        """A restart: calls end without a word."""
        for call in self._calls.values():
            _stop(call)
        self._calls.clear()
        self._said.clear()

    def receive(self, request: Message, peer: Peer) -> None:
        """One request."""
        method = request.method
        again = self._said.get((request.get("call-id"), request.branch, method))
        if again is not None and method != "ACK":
            peer.send(again)  # a retransmission (RFC 3261 17.2)
        elif request.to_tag or method in ("ACK", "CANCEL"):
            self._in_dialog(request, peer)
        elif method == "INVITE":
            self._invite(request, peer)
        elif method == "NOTIFY":
            self._notify(request, peer)
        else:
            self._other(request, peer)

    # ---- out of any dialog: the trust settings decide

    def _invite(self, request: Message, peer: Peer) -> None:
        decision = self.phone.answers_invite(peer.source[0], request.user, peer.source[1])
        if decision != "ring":
            self._refuse(request, peer, decision)
            return
        call = Call(request, peer, secrets.token_hex(5))
        self._calls[request.get("call-id"), request.branch] = call
        self.events.add("rang", user=request.user, source=_shown(peer))
        self._say(call.request, peer, 100)
        self._say(call.request, peer, 180, tag=call.tag, contact=True)
        if self.pick_up == "answer":
            self._later(call, self.ring_for, lambda: self._finish(call, 200))
        elif self.pick_up == "refuse":
            code = self.phone.secret("features.normal_refuse_code") or "486"
            self._later(call, self.ring_for, lambda: self._finish(call, int(code)))

    def _notify(self, request: Message, peer: Peer) -> None:
        event = request.get("event")
        decision = self.phone.on_notify(peer.source[0], event, peer.source[1])
        if decision not in ("reboot", "provision", "ignored", "action"):
            self._refuse(request, peer, decision)
            return
        if self.faults.challenge_notify and not self._has_proved_itself(request):
            self._challenge(request, peer)
            return
        self.events.add("notified", header=event, outcome=decision, source=_shown(peer))
        if decision == "action":
            self.act(request.body.decode("utf-8", "replace").partition("key=")[2].strip(), _shown(peer))
        elif decision != "ignored":
            self._obey(decision, f"NOTIFY from {_shown(peer)}")
        self._say(request, peer, 200)

    def act(self, keys: str, source: str) -> None:
        """An action URI that was let in (yealink.md 4.1 and 4.2). By default the phone asks who stands before it."""
        # Firmware that does not know the option is taken to ask nobody: the worse case.
        if self.phone.secret("features.show_action_uri_option") not in ("0", None) and not self.allows_control:
            self.events.add("prompted", keys=keys, source=source)
            return
        self.events.add("action", keys=keys, source=source)
        for key in keys.split(";"):
            order = {"reboot": "reboot", "autop": "provision", "reset": "reset"}.get(key.strip().lower())
            if order:
                self._obey(order, f"action URI from {source}")

    def _other(self, request: Message, peer: Peer) -> None:
        # G3: trust is taken to filter every request out of dialogs, OPTIONS too.
        decision = self.phone.lets_in(peer.source[0], request.user, peer.source[1])
        if decision != "answer":
            self._refuse(request, peer, decision)
        elif request.method == "OPTIONS":
            self._say(request, peer, 200)
        else:
            self._say(request, peer, 501)  # nothing is known; no capture of it is at hand

    def _refuse(self, request: Message, peer: Peer, decision: str) -> None:
        if decision == "drop":
            self.events.add("dropped", method=request.method, source=_shown(peer))
            return
        if request.method == "INVITE":
            call = Call(request, peer, secrets.token_hex(5))
            self._calls[request.get("call-id"), request.branch] = call
            self._finish(call, int(decision))
        else:
            self._say(request, peer, int(decision))

    # ---- in a dialog or a transaction that exists: whoever knows its names (yealink.md 3)

    def _in_dialog(self, request: Message, peer: Peer) -> None:
        call = self._calls.get((request.get("call-id"), request.branch)) or self._by_tag(request)
        if call is None:
            if request.method != "ACK":
                decision = self.phone.lets_in(peer.source[0], request.user, peer.source[1])
                self._refuse(request, peer, "481" if decision == "answer" else decision)
            return
        if request.method == "ACK":
            call.acknowledged = True
            _stop(call)
            if call.final != 200:
                self._forget_call(call)
        elif request.method == "CANCEL":
            if not call.final:
                self.events.add("cancelled", source=_shown(peer))
            self._say(request, peer, 200, tag=call.tag)
            if not call.final:
                self._finish(call, 487)
        elif request.method == "BYE":
            self.events.add("hung_up", source=_shown(peer))
            self._say(request, peer, 200)
            _stop(call)
            self._forget_call(call)
        elif request.method == "INVITE":
            self._say(request, peer, 488)  # no change of a call that goes on is simulated
        else:
            self._say(request, peer, 200 if request.method in ("OPTIONS", "INFO") else 501)

    def _by_tag(self, request: Message) -> Call | None:
        mine = [call for call in self._calls.values() if call.request.get("call-id") == request.get("call-id")]
        tag = parameter(request.get("from"), "tag")
        return next(
            (call for call in mine if call.tag == request.to_tag and parameter(call.request.get("from"), "tag") == tag),
            None,
        )

    def _forget_call(self, call: Call) -> None:
        self._calls.pop((call.request.get("call-id"), call.request.branch), None)

    # ---- answering

    def _finish(self, call: Call, status: int) -> None:
        """The final answer to an INVITE, repeated until it is acknowledged."""
        _stop(call)
        call.final = status
        body = _speech(call.peer.contact) if status == 200 else b""
        data = self._say(call.request, call.peer, status, tag=call.tag, contact=status == 200, body=body)
        delay, total = _T1, 0.0
        while total < _GIVE_UP and (status == 200 or not call.peer.reliable):
            total += delay
            self._later(call, total, lambda: call.peer.send(data))
            delay = min(2 * delay, _T2)

    def _say(
        self,
        request: Message,
        peer: Peer,
        status: int,
        *,
        tag: str = "",
        contact: bool = False,
        body: bytes = b"",
    ) -> bytes:
        headers = [("User-Agent", self.agent), ("Allow", _ALLOW), ("Allow-Events", _ALLOW_EVENTS)]
        if contact:
            headers.append(("Contact", f"<sip:{request.user}@{peer.contact}>"))
        if body:
            headers.append(("Content-Type", "application/sdp"))
        tag = tag or ("" if status == 100 else secrets.token_hex(5))
        data = respond(request, status, peer.source, tag=tag, headers=headers, body=body)
        self._send(request, peer, status, data)
        return data

    def _send(self, request: Message, peer: Peer, status: int, data: bytes) -> None:
        key = (request.get("call-id"), request.branch, request.method)
        self._said[key] = data
        asyncio.get_running_loop().call_later(_GIVE_UP, self._said.pop, key, None)
        # Recorded first: whoever has the answer can rely on finding the record.
        self.events.add("answered", method=request.method, status=status, source=_shown(peer))
        peer.send(data)

    def _challenge(self, request: Message, peer: Peer) -> None:
        nonce = secrets.token_hex(16)
        self._nonces.add(nonce)
        headers = [("User-Agent", self.agent), ("WWW-Authenticate", sip_digest.challenge(self._realm(), nonce))]
        data = respond(request, 401, peer.source, tag=secrets.token_hex(5), headers=headers)
        self._send(request, peer, 401, data)

    def _has_proved_itself(self, request: Message) -> bool:
        said = request.get("authorization")
        nonce = sip_digest.fields(said).get("nonce", "")
        accounts = self.phone.sip_accounts()
        if not accounts or nonce not in self._nonces:
            return False
        user = accounts[0].auth_name or accounts[0].user
        password = self.phone.sip_password(accounts[0].index)
        self._nonces.discard(nonce)
        return sip_digest.is_right(said, nonce, self._realm(), user, password, request.method, request.uri)

    def _realm(self) -> str:
        accounts = self.phone.sip_accounts()
        return accounts[0].server if accounts else "phone"

    @property
    def agent(self) -> str:
        """The User-Agent of its SIP messages; without the MAC (yealink.md 4.5)."""
        return models.user_agent(self.phone.model, self.phone.firmware, self.phone.mac, with_mac=False)

    @staticmethod
    def _later(call: Call, delay: float, action: Callable[[], object]) -> None:
        call.timers.append(asyncio.get_running_loop().call_later(delay, action))


def _stop(call: Call) -> None:
    for timer in call.timers:
        timer.cancel()
    call.timers.clear()


def _shown(peer: Peer) -> str:
    return f"{peer.source[0]}:{peer.source[1]}"


def _speech(contact: str) -> bytes:
    """A description of speech that nobody sends."""
    address = contact.rpartition(":")[0]
    lines = ["v=0", f"o=- 1 1 IN IP4 {address}", "s=-", f"c=IN IP4 {address}", "t=0 0", "m=audio 11780 RTP/AVP 8"]
    return "\r\n".join([*lines, ""]).encode()
