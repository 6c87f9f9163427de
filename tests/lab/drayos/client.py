# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plain client for tests of the simulator: types a line, reads to the prompt, answers the pager."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any

import asyncssh

from .simulator import SimulatedVigor
from .ssh_server import MORE


class Client:
    """One login. Raises asyncssh's errors; a lost connection raises ConnectionError."""

    def __init__(
        self,
        router: SimulatedVigor,
        password: str = "admin",
        prompt: str | None = None,
        pager_key: str = " ",
        **options: Any,
    ) -> None:
        self._router = router
        self._prompt = prompt or router.profile.prompt
        self._pager_key = pager_key
        self.pages = 0
        self._loop = asyncio.new_event_loop()
        try:
            self._loop.run_until_complete(self._open(password, options))
        except BaseException:
            self._loop.close()
            raise

    async def _open(self, password: str, options: dict[str, Any]) -> None:
        self._connection = await asyncssh.connect(
            self._router.host,
            self._router.port,
            username=self._router.username,
            password=password,
            known_hosts=asyncssh.import_known_hosts(self._router.known_hosts_line + "\n"),
            client_keys=None,
            config=None,
            agent_path=None,
            **options,
        )
        self._process = await self._connection.create_process(term_type="vt100", encoding="latin-1")
        self.greeting = await self._read()

    async def _read(self) -> str:
        text = ""
        while not text.endswith(self._prompt):
            part = await asyncio.wait_for(self._process.stdout.read(65536), 10)
            if not part:
                raise ConnectionError("the router closed the connection")
            text += part
            if text.endswith(MORE):
                self.pages += 1
                self._process.stdin.write(self._pager_key)
        return text

    def raw(self, text: str) -> str:
        """Write and read to the next prompt, everything included."""

        async def exchange() -> str:
            try:
                self._process.stdin.write(text)
                return await self._read()
            except (BrokenPipeError, asyncssh.Error) as error:
                raise ConnectionError(str(error)) from error

        return self._loop.run_until_complete(exchange())

    def run(self, command: str) -> list[str]:
        """The lines a command prints, without echo, prompt and pager."""
        text = self.raw(command + "\r")
        wiped = "\r" + " " * len(MORE) + "\r"
        text = text.replace(MORE + wiped, "").removesuffix(self._prompt)
        echo, _newline, rest = text.partition("\r\n")
        if echo != command:
            raise AssertionError(f"echo was {echo!r}")
        return rest.split("\r\n")[:-1]

    def expect(self, prompt: str) -> None:
        """The prompt is another one from the next command on."""
        self._prompt = prompt

    def connection(self) -> asyncssh.SSHClientConnection:
        return self._connection

    def exec(self, command: str) -> None:
        """What ``ssh router command`` does."""
        self._loop.run_until_complete(self._connection.run(command))

    def close(self) -> None:
        async def end() -> None:
            self._connection.close()
            await self._connection.wait_closed()

        if not self._loop.is_closed():
            self._loop.run_until_complete(end())
            self._loop.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.close()
