# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone that runs: it listens, rings, registers, and fetches its configuration when it is told to.

``with SipPhone(phone, port=0, resolver=...) as side: ...; side.events.wait("fetched")``
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any

from lab.phones.events import EventLog
from lab.phones.faults import Faults
from lab.phones.phone import Phone
from lab.phones.report import FetchReport
from lab.phones.signalling import SipAccount
from lab.phones.sip_answers import Answers
from lab.phones.sip_doors import Doors, StreamPeer, UdpPeer
from lab.phones.sip_register import Registration, Settings
from lab.phones.sip_text import Message
from lab.phones.transfer import Resolver
from lab.phones.web_side import WebDoors, WebPages

_START_WITHIN = 20.0
_MOST_RESTARTS = 3  # in a row, by files that want one each time


class SipPhone:
    """Runs in a thread of its own while the context lasts.

    address, port  where it listens. None: the port its settings name; 0: any free one, kept for good
    url            fetch from there instead of from the phone's own server address
    resolver       host names of the provisioning server -> (address, port); those of SIP servers are Phone.hosts
    registers      whether enabled accounts register with their servers
    fetches_first  whether it fetches at its start, if its settings say so, as it does after each reboot
    state_dir      the phone is saved there after each change
    off_for        seconds a reboot takes
    web            whether its web page is there: no, set (on the ports of its settings) or free (on any free ones)
    retry          seconds until a registration that failed is tried again; None: as the settings say
    pick_up, ring_for, allows_control: see Answers
    """

    def __init__(
        self,
        phone: Phone,
        *,
        address: str = "127.0.0.1",
        port: int | None = 0,
        url: str | None = None,
        resolver: Resolver | None = None,
        registers: bool = True,
        fetches_first: bool = False,
        faults: Faults | None = None,
        events: EventLog | None = None,
        state_dir: Path | str | None = None,
        off_for: float = 0.0,
        retry: float | None = None,
        web: str = "no",
        pick_up: str = "nothing",
        ring_for: float = 0.2,
        allows_control: bool = False,
    ) -> None:
        self.phone = phone
        self.address = address
        self.faults = faults or Faults()
        self.events = events or EventLog()
        self.reports: list[FetchReport] = []
        self._wanted_port, self._url, self._resolver = port, url, resolver or {}
        self._registers, self._fetches_first, self._state_dir = registers, fetches_first, state_dir
        self._off_for, self._retry = off_for, retry
        self._answers = Answers(
            phone,
            self.events,
            self.faults,
            self._obey,
            pick_up=pick_up,
            ring_for=ring_for,
            allows_control=allows_control,
        )
        self.pages = WebPages(phone, self.events, self._act)
        self._web = None if web == "no" else WebDoors(phone, address, self.pages, any_port=web == "free")
        self._ports: dict[int, int] = {}
        self._doors = Doors(address, self._received)
        self._inbox: dict[str, asyncio.Queue[Message]] = {}
        self._registrations: list[asyncio.Task[None]] = []
        self._loop = asyncio.new_event_loop()
        self._orders: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._worker: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port of the first account."""
        return next(iter(self._ports.values()))

    @property
    def web_ports(self) -> dict[str, int]:
        """Scheme -> port of the web page."""
        return self._web.ports if self._web else {}

    @property
    def ports(self) -> dict[int, int]:
        """The port of each account."""
        return dict(self._ports)

    def __enter__(self) -> SipPhone:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(_START_WITHIN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(_START_WITHIN)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_WITHIN)
        self._loop.close()
        broken = self.events.find("broken")
        if broken and kind is None:
            raise RuntimeError(f"the simulated phone broke: {broken[0]['why']}")

    def power_cycle(self) -> None:
        """Somebody pulls the plug and puts it back."""
        self._obey("reboot", "power")

    def _act(self, keys: str, source: str) -> None:
        self._loop.call_soon_threadsafe(self._answers.act, keys, source)

    # ---- from here on in the thread of the loop

    def _obey(self, order: str, why: str) -> None:
        self._loop.call_soon_threadsafe(self._orders.put_nowait, (order, why))

    def _watched(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task whose failure is a mistake in the simulator, and is said."""

        def ended(task: asyncio.Task[None]) -> None:
            problem = None if task.cancelled() else task.exception()
            if problem is not None:
                self.events.add("broken", why=repr(problem))

        task = asyncio.ensure_future(work)
        task.add_done_callback(ended)
        return task

    def _received(self, message: Message, peer: UdpPeer | StreamPeer) -> None:
        if self.faults.loses > 0:
            self.faults.loses -= 1
        elif message.status:
            queue = self._inbox.get(message.get("call-id"))
            if queue is not None:
                queue.put_nowait(message)
        elif self.faults.no_answer:
            self.events.add("ignored", method=message.method, source=f"{peer.source[0]}:{peer.source[1]}")
        elif self.faults.answer_after:
            self._loop.call_later(self.faults.answer_after, self._answers.receive, message, peer)
        else:
            self._answers.receive(message, peer)

    async def _start(self) -> None:
        await self._go_live()
        self._worker = self._watched(self._work())
        if self._fetches_first and self.phone.provisions_at_start():
            self._obey("provision", "start")

    async def _stop(self) -> None:
        await self._end_registrations()
        if self._worker:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        self._answers.forget()
        await self._close()

    async def _close(self) -> None:
        if self._web:
            await asyncio.to_thread(self._web.close)
        await self._doors.close()

    async def _work(self) -> None:
        """One order after the other: a phone does not do two things at once."""
        while True:
            order, why = await self._orders.get()
            if order == "reboot":
                self.phone.state.reboots += 1
                await self._restart(why)
            elif order == "provision":
                await self._provision(why)
            elif order == "reset":
                self.phone.factory_reset()
                self._save()
                await self._restart(why)

    async def _restart(self, why: str, number: int = 1) -> None:
        """Down, up with the settings of now, and the fetch that follows a start (yealink.md 4.1)."""
        await self._end_registrations()
        self._answers.forget()
        await self._close()
        self.events.add("rebooted", why=why, reboots=self.phone.reboots)
        await asyncio.sleep(self._off_for)
        await self._go_live()
        self._save()
        if self.phone.provisions_at_start() and number <= _MOST_RESTARTS:
            await self._provision("start", number)

    async def _provision(self, why: str, restarts: int = 0) -> None:
        if self.faults.never_fetches:
            self.events.add("not_fetched", why=why)
            return
        report = await asyncio.to_thread(self._fetch)
        self.reports.append(report)
        self._save()
        self.events.add(
            "fetched",
            why=why,
            updated=report.updated,
            aborted=report.aborted,
            changed=len(report.changed),
            ignored=report.ignored,
            rebooted=report.rebooted,
        )
        if report.rebooted:
            await self._restart("its new settings", restarts + 1)
        elif report.updated:
            await self._go_live()

    def _fetch(self) -> FetchReport:
        if self.faults.fetch_fails:
            return FetchReport(self.phone.mac, aborted="its network fails")
        return self.phone.sync(self._url, self._resolver)

    def _save(self) -> None:
        if self._state_dir:
            self.phone.save(self._state_dir)

    async def _go_live(self) -> None:
        """Listen and register as the settings say now."""
        await self._end_registrations()
        wanted = self.phone.listen_ports()
        if self._wanted_port is not None:
            wanted = dict.fromkeys(wanted, self._wanted_port)
        if wanted != self._ports or not self._doors.is_open:
            await self._doors.close()
            bound = {port: await self._doors.open(port) for port in set(wanted.values())}
            self._ports = {account: bound[port] for account, port in wanted.items()}
            if self._wanted_port == 0:
                self._wanted_port = self.port
            self.events.add("listening", ports=sorted(set(self._ports.values())))
        if self._web and not self._web.is_current:
            await asyncio.to_thread(self._web.open)
            self.events.add("web", ports=self.web_ports)
        if self._registers:
            self._registrations = [
                self._watched(Registration(each, self._way_to, self._inbox, self.events).run())
                for account in self.phone.sip_accounts()
                if account.registered
                for each in [self._registration(account)]
            ]

    def _registration(self, account: SipAccount) -> Settings:
        def number(name: str, otherwise: str) -> int:
            return int(self.phone.secret(f"account.{account.index}.{name}") or otherwise)

        retry = self._retry if self._retry is not None else float(number("reg_fail_retry_interval", "30"))
        expires = number("sip_server.1.expires", "3600")
        password = self.phone.sip_password(account.index)
        return Settings(account, password, expires, retry, self._answers.agent)

    async def _way_to(self, account: SipAccount) -> UdpPeer | StreamPeer:
        host, port = account.via
        target = (next(iter(self.phone.hosts.get(host, ())), host), port)
        own = self._ports[account.index]
        if account.transport in ("tcp", "tls"):
            checks = self.phone.tls_checks() if account.transport == "tls" else None
            return await self._doors.connect(target, host, checks, own)
        return self._doors.to(target, own)

    async def _end_registrations(self) -> None:
        for task in self._registrations:
            task.cancel()
        await asyncio.gather(*self._registrations, return_exceptions=True)
        self._registrations = []
