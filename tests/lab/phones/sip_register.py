# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone registers an account with its server: UDP, TCP or TLS, with digest credentials when asked (RFC 3261 10)."""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from lab.phones import sip_digest
from lab.phones.events import EventLog
from lab.phones.signalling import SipAccount
from lab.phones.sip_answers import Peer
from lab.phones.sip_text import Message, write
from lab.phones.transfer import TransferFailed

_RESEND = (0.5, 1.0, 2.0, 4.0)  # RFC 3261 17.1.2.2, given up sooner
_STREAM_PATIENCE = 5.0


class NotRegistered(Exception):
    """The text says why. `status` is the server's, 0 for none."""

    def __init__(self, why: str, status: int = 0) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Settings:
    """What the phone says of one account."""

    account: SipAccount
    password: str
    expires: int
    retry: float
    agent: str

    def __repr__(self) -> str:
        return f"Settings({self.account.user} at {self.account.server})"


class Registration:
    """Keeps one account registered until it is cancelled. `connect` gives the way to the server."""

    def __init__(
        self,
        settings: Settings,
        connect: Callable[[SipAccount], Awaitable[Peer]],
        inbox: dict[str, asyncio.Queue[Message]],
        events: EventLog,
    ) -> None:
        self._settings, self._connect, self._inbox, self._events = settings, connect, inbox, events
        self._call_id = secrets.token_hex(10)
        self._tag = secrets.token_hex(5)
        self._sequence = 0

    async def run(self) -> None:
        """Register, and again in time."""
        answers = self._inbox[self._call_id] = asyncio.Queue()
        account = self._settings.account
        named = {"user": account.user, "server": account.server}
        try:
            while True:
                try:
                    granted, peer = await self._register(answers)
                except NotRegistered as problem:
                    self._events.add("not_registered", **named, status=problem.status, why=str(problem))
                    await asyncio.sleep(self._settings.retry)
                else:
                    self._events.add("registered", **named, expires=granted)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(peer.gone.wait(), max(1.0, granted * 0.8))
        finally:
            self._inbox.pop(self._call_id, None)

    async def _register(self, answers: asyncio.Queue[Message]) -> tuple[int, Peer]:
        account = self._settings.account
        try:
            peer = await self._connect(account)
        except TransferFailed as problem:
            raise NotRegistered(str(problem)) from problem
        except ssl.SSLCertVerificationError as problem:
            raise NotRegistered(f"TLS: {problem.verify_message or problem.reason}") from problem
        except OSError as problem:
            raise NotRegistered(f"no connection ({type(problem).__name__})") from problem
        answer = await self._ask(peer, answers, {})
        if answer.status in (401, 407):
            asked, answering = (
                ("www-authenticate", "Authorization")
                if answer.status == 401
                else ("proxy-authenticate", "Proxy-Authorization")
            )
            challenge = next(filter(None, map(sip_digest.fields, answer.all(asked))), {})
            answer = await self._ask(peer, answers, {answering: self._prove(challenge)})
        if answer.status != 200:
            raise NotRegistered(f"status {answer.status}", answer.status)
        found = re.search(r";\s*expires\s*=\s*(\d+)", answer.get("contact"), re.IGNORECASE)
        return int(found[1] if found else answer.get("expires") or self._settings.expires), peer

    def _prove(self, challenge: Mapping[str, str]) -> str:
        account, password = self._settings.account, self._settings.password
        user = account.auth_name or account.user
        return sip_digest.answer(challenge, user, password, "REGISTER", f"sip:{account.server}", secrets.token_hex(8))

    async def _ask(self, peer: Peer, answers: asyncio.Queue[Message], more: Mapping[str, str]) -> Message:
        account = self._settings.account
        self._sequence += 1
        address, _semicolon, transport = peer.contact.partition(";transport=")
        me = f"<sip:{account.user}@{account.server}>"
        branch = f"z9hG4bK{secrets.token_hex(8)}"
        headers = [
            ("Via", f"SIP/2.0/{(transport or 'udp').upper()} {address};branch={branch};rport"),
            ("From", f"{me};tag={self._tag}"),
            ("To", me),
            ("Call-ID", self._call_id),
            ("CSeq", f"{self._sequence} REGISTER"),
            ("Contact", f"<sip:{account.user}@{peer.contact}>"),
            ("Max-Forwards", "70"),
            ("User-Agent", self._settings.agent),
            ("Expires", str(self._settings.expires)),
            *more.items(),
        ]
        request = write(f"REGISTER sip:{account.server} SIP/2.0", headers)
        for patience in (_STREAM_PATIENCE,) if peer.reliable else _RESEND:
            peer.send(request)
            try:
                return await asyncio.wait_for(self._final(answers), patience)
            except TimeoutError:
                continue
        raise NotRegistered("no answer")

    async def _final(self, answers: asyncio.Queue[Message]) -> Message:
        while True:
            answer = await answers.get()
            if answer.sequence == self._sequence and answer.status >= 200:
                return answer
