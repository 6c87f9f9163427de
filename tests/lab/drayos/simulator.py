# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole simulated Vigor: the device behind a real SSH server, in a thread of its own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import asyncssh

from .device import Device, load_saved
from .faults import FaultFile, Faults
from .fixtures import PortForward, add_open_ports, factory_state
from .journal import Counters, Journal
from .posture import DEFAULT_MANAGEMENT, DEFAULT_PROBES, ManagementProbe, Posture, Probe
from .profiles import PROFILES, Profile
from .ssh_server import Hub, listen, new_host_key
from .state import State, to_dict

T = TypeVar("T")


class SimulatedVigor:
    """``with SimulatedVigor("vigor2927", password="...") as router: connect to router.host, router.port``."""

    def __init__(
        self,
        profile: str | Profile = "vigor2927",
        username: str = "admin",
        password: str = "admin",
        state: State | None = None,
        faults: Faults | dict[str, Any] | None = None,
        log_path: str | Path | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        open_ports: Iterable[PortForward] = (),
        probes: Sequence[Probe] = DEFAULT_PROBES,
        management: Sequence[ManagementProbe] = DEFAULT_MANAGEMENT,
        state_file: str | Path | None = None,
        faults_file: str | Path | None = None,
        read_only_file: str | Path | None = None,
        host_key: asyncssh.SSHKey | None = None,
    ) -> None:
        self.profile = PROFILES[profile] if isinstance(profile, str) else profile
        self.username = username
        self.host = host
        self.port = port
        self.host_key = host_key or new_host_key(self.profile.old_ssh)
        self._state_file = Path(state_file) if state_file else None
        saved = load_saved(self._state_file.read_text()) if self._state_file and self._state_file.exists() else None
        start = saved or (state.copy() if state is not None else factory_state(self.profile))
        if saved is None:
            add_open_ports(start, open_ports)
        self.device = Device(
            self.profile,
            start,
            faults if isinstance(faults, Faults) else Faults.from_dict(faults or {}),
            Journal(Path(log_path) if log_path else None),
            password,
            probes,
            management,
            FaultFile(Path(faults_file) if faults_file else None, Path(read_only_file) if read_only_file else None),
            self._changed,
        )
        self._subscribers: list[Callable[[State], None]] = []
        self._hub = Hub(self.device)
        self._flash_seen: State | None = None
        self._flash_saved: dict[str, Any] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._acceptor: asyncssh.SSHAcceptor | None = None

    # --- running -----------------------------------------------------------------------------------------------------

    def __enter__(self) -> SimulatedVigor:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def start(self) -> SimulatedVigor:
        loop = asyncio.new_event_loop()
        self._loop = loop
        self._thread = threading.Thread(target=loop.run_forever, name=f"lab-{self.profile.name}", daemon=True)
        self._thread.start()
        acceptor = asyncio.run_coroutine_threadsafe(
            listen(self._hub, self.username, self.host, self.port, self.host_key), loop
        ).result(20)
        self._acceptor = acceptor
        self.port = acceptor.get_port()
        self.device.stop_listening = acceptor.close
        self._save()
        return self

    def stop(self) -> None:
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(10)
        loop.close()
        self.device.journal.close()

    async def _close(self) -> None:
        if self._acceptor is not None:
            self._acceptor.close()
        self._hub.abort_all()
        await asyncio.sleep(0)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _in_loop(self, call: Callable[[], T]) -> T:
        """Run beside no command, so that what is read belongs together."""
        if self._loop is None:
            return call()

        async def run() -> T:
            return call()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    # --- looking -----------------------------------------------------------------------------------------------------

    @property
    def known_hosts_line(self) -> str:
        key = self.host_key.export_public_key().decode().split()
        place = self.host if self.port == 22 else f"[{self.host}]:{self.port}"
        return f"{place} {key[0]} {key[1]}"

    @property
    def faults(self) -> Faults:
        return self.device.faults

    @property
    def state(self) -> State:
        return self.device.state

    @property
    def flash(self) -> State:
        return self.device.flash

    @property
    def log(self) -> Journal:
        return self.device.journal

    @property
    def counters(self) -> Counters:
        return self.device.counters

    @property
    def postures(self) -> list[Posture]:
        return self.device.postures

    @property
    def violations(self) -> list[str]:
        return self.device.violations

    def snapshot(self) -> dict[str, Any]:
        """The whole running configuration as plain data; equal when the configurations are equal."""
        return self._in_loop(self.device.snapshot)

    def flash_snapshot(self) -> dict[str, Any]:
        plain: dict[str, Any] = self._in_loop(lambda: to_dict(self.device.flash))
        return plain

    def assert_clean(self) -> None:
        """No write was tried while the router was read-only."""
        if self.device.violations:
            raise AssertionError(f"written to a read-only router: {self.device.violations}")

    # --- acting ------------------------------------------------------------------------------------------------------

    def reset_counters(self) -> None:
        """Counters, violations and postures start again; the life count of commands goes on."""

        def reset() -> None:
            self.device.counters = Counters()
            self.device.violations.clear()
            del self.device.postures[:-1]

        self._in_loop(reset)

    def reboot(self) -> None:
        """Power cycle: sessions end, what was not committed is lost."""

        def act() -> None:
            self.device.reboot("power cycle")
            self._hub.abort_all()

        self._in_loop(act)

    def pass_hours(self, hours: int) -> None:
        """A restart that was scheduled for within so many hours happens."""

        def act() -> None:
            reboots = self.device.counters.reboots
            self.device.pass_hours(hours)
            if self.device.counters.reboots > reboots:
                self._hub.abort_all()

        self._in_loop(act)

    def subscribe(self, callback: Callable[[State], None]) -> None:
        """Call with the running configuration after each write, commit and reboot, before the reply is sent."""
        self._subscribers.append(callback)

    def _changed(self) -> None:
        for callback in self._subscribers:
            callback(self.device.state)
        self._save()

    def _flash_plain(self) -> dict[str, Any]:
        """Flash is replaced as a whole, never edited: convert each copy once."""
        if self._flash_seen is not self.device.flash:
            self._flash_seen, self._flash_saved = self.device.flash, to_dict(self.device.flash)
        return self._flash_saved

    def _save(self) -> None:
        if self._state_file is None:
            return
        device = self.device
        last = device.postures[-1]
        content = {
            "profile": self.profile.name,
            "running": device.snapshot(),
            "flash": self._flash_plain(),
            "counters": vars(device.counters),
            "violations": device.violations,
            "posture": {
                "seq": last.seq,
                "reached": sorted(last.reached()),
                "management_blocked": sorted(last.management_blocked()),
                "dangling": list(last.dangling),
            },
        }
        temporary = self._state_file.with_name(self._state_file.name + ".new")
        temporary.write_text(json.dumps(content, sort_keys=True))
        temporary.replace(self._state_file)
