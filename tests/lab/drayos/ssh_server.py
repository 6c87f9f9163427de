# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SSH side: password login, one interactive channel, echo, pager. draytek.md 1 and 1b."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncssh

from .device import Device, Outcome

MORE = "--- MORE ---   ['q': Quit, 'Enter': New Lines, 'Space Bar': Next Page] ---"
# Old equipment as far as asyncssh can be told to (draytek.md 1b).
OLD_ALGORITHMS: dict[str, Any] = {
    "kex_algs": ["diffie-hellman-group1-sha1"],
    "encryption_algs": ["3des-cbc", "aes128-cbc"],
    "mac_algs": ["hmac-sha1"],
    "signature_algs": ["ssh-rsa"],
}


class Hub:
    """Every open connection of one device."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.sessions: dict[int, asyncssh.SSHServerConnection] = {}
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self._next = 0

    def opened(self, connection: asyncssh.SSHServerConnection) -> int:
        self._next += 1
        self.sessions[self._next] = connection
        return self._next

    def abort_all(self, but: int = 0) -> None:
        for number, connection in list(self.sessions.items()):
            if number != but:
                connection.abort()

    def serving(self) -> bool:
        return not self.device.management_cut and asyncio.get_running_loop().time() >= self.device.silent_until


UNECHOED = 6
"""With a garbled echo every so many characters one is missing."""


class LoginServer(asyncssh.SSHServer):
    """Passwords only. One of these per TCP connection."""

    def __init__(self, hub: Hub, username: str) -> None:
        self._hub = hub
        self._username = username
        self._number = 0
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        if not self._hub.serving():
            self._hub.device.journal.add("connection refused")
            conn.abort()

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def kbdint_auth_supported(self) -> bool:
        return False

    def public_key_auth_supported(self) -> bool:
        return False

    async def validate_password(self, username: str, password: str) -> bool:
        device = self._hub.device
        await asyncio.sleep(device.faults.login_delay)
        why = "unknown user" if username != self._username else device.login_allowed(password, len(self._hub.sessions))
        if why:
            device.counters.failed_logins += 1
            device.journal.add("login failed", user=username, reason=why)
        return not why

    def auth_completed(self) -> None:
        device = self._hub.device
        if self._connection is None:
            return
        self._number = self._hub.opened(self._connection)
        if device.faults.second_login_ends_first:
            self._hub.abort_all(but=self._number)
        device.counters.logins += 1
        device.journal.add("login", user=self._username, session=self._number)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._hub.sessions.pop(self._number, None) is not None:
            self._hub.device.journal.add("logout", session=self._number)

    def session_requested(self) -> Terminal:
        return Terminal(self._hub, self._number)


class Terminal(asyncssh.SSHServerSession[bytes]):
    """The interactive channel: a line editor that echoes, and a pager."""

    def __init__(self, hub: Hub, number: int) -> None:
        self._hub = hub
        self._device = hub.device
        self._number = number
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._input = bytearray()  # received, not yet looked at
        self._line: list[str] = []  # typed so far
        self._after_return = False
        self._waiting = False  # a slow reply is on its way
        self._pages: list[str] | None = None  # lines the pager still holds
        self._output: list[str] = []

    # --- asyncssh ----------------------------------------------------------------------------------------------------

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._device.journal.add("exec refused", session=self._number)
        return False

    def subsystem_requested(self, subsystem: str) -> bool:
        return False

    def session_started(self) -> None:
        self._print("\r\n" + self._device.prompt())
        self._flush()

    def data_received(self, data: bytes, datatype: Any) -> None:
        self._input += data
        self._pump()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._channel = None  # nothing that was typed ahead runs any more

    # --- keys --------------------------------------------------------------------------------------------------------

    def _pump(self) -> None:
        position = 0
        while position < len(self._input) and not self._waiting and self._channel is not None:
            key = chr(self._input[position])
            position += 1
            if key == "\n" and self._after_return:
                self._after_return = False
                continue
            self._after_return = key == "\r"
            if self._pages is not None:
                self._pager_key(key)
            elif key in "\r\n":
                self._print("\r\n")
                line, self._line = "".join(self._line), []
                if self._device.faults.type_ahead_lost:
                    position = len(self._input)
                self._run(line)
            elif key in "\x08\x7f":
                if self._line:
                    self._line.pop()
                    self._print("\x08 \x08")
            elif key >= " ":
                self._line.append(key)
                if not (self._device.faults.wrong_echo and len(self._line) % UNECHOED == 0):
                    self._print(key)
        del self._input[:position]
        self._flush()

    def _run(self, line: str) -> None:
        outcome = self._device.execute(line, self._number)
        delay = self._device.faults.slow_reply
        if delay > 0 and line.strip() and not outcome.ending:
            self._waiting = True
            self._flush()
            asyncio.get_running_loop().call_later(delay, self._late, outcome)
        else:
            self._finish(outcome)

    def _late(self, outcome: Outcome) -> None:
        self._waiting = False
        self._finish(outcome)
        self._pump()

    def _finish(self, outcome: Outcome) -> None:
        if outcome.ending in ("reboot", "cut"):
            self._output.clear()
            self._channel = None
            self._hub.abort_all()
        elif outcome.ending == "drop":
            self._output.clear()
            self._device.journal.add("connection dropped", session=self._number)
            connection = self._hub.sessions.get(self._number)
            self._channel = None
            if connection is not None:
                connection.abort()
        elif outcome.ending == "logout":
            self._flush()
            channel, self._channel = self._channel, None
            connection = self._hub.sessions.get(self._number)
            if channel is not None:
                channel.exit(0)
            if connection is not None:
                connection.close()
        else:
            self._page(outcome.lines, self._device.faults.page_lines)

    # --- pager -------------------------------------------------------------------------------------------------------

    def _page(self, lines: list[str], count: int) -> None:
        """Print so many lines; stop at the pager's line when some are left."""
        if not self._device.paging or len(lines) <= count:
            self._print("".join(f"{line}\r\n" for line in lines))
            self._pages = None
            self._print(self._device.prompt())
            return
        self._print("".join(f"{line}\r\n" for line in lines[:count]) + MORE)
        self._pages = lines[count:]

    def _pager_key(self, key: str) -> None:
        """Keys other than the three are swallowed: type-ahead is lost here."""
        lines = self._pages or []
        if key == " ":
            self._erase_more()
            self._page(lines, self._device.faults.page_lines)
        elif key in "\r\n":
            self._erase_more()
            self._page(lines, 1)
        elif key in "qQ":
            self._erase_more()
            self._page([], 1)

    def _erase_more(self) -> None:
        """Assumption: the line is wiped in place; what the device sends here is not documented."""
        self._print("\r" + " " * len(MORE) + "\r")

    # --- output ------------------------------------------------------------------------------------------------------

    def _print(self, text: str) -> None:
        self._output.append(text)

    def _flush(self) -> None:
        if self._output and self._channel is not None:
            self._channel.write("".join(self._output).encode("latin-1", "replace"))
        self._output.clear()


async def listen(hub: Hub, username: str, host: str, port: int, host_key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    profile = hub.device.profile
    (key_pair,) = asyncssh.load_keypairs(host_key)
    if profile.old_ssh:
        # asyncssh has no option for it: offer the RSA key with SHA-1 signatures only.
        key_pair.host_key_algorithms = [b"ssh-rsa"]
    return await asyncssh.listen(
        host,
        port,
        server_factory=lambda: LoginServer(hub, username),
        server_host_keys=[key_pair],
        server_version=profile.ssh_banner,
        encoding=None,
        line_editor=False,
        agent_forwarding=False,
        gss_host=None,
        reuse_address=True,
        **(OLD_ALGORITHMS if profile.old_ssh else {}),
    )


def new_host_key(old: bool) -> asyncssh.SSHKey:
    return (
        asyncssh.generate_private_key("ssh-rsa", key_size=2048) if old else asyncssh.generate_private_key("ssh-ed25519")
    )
