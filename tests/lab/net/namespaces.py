# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces with names of their own, and everything in them gone at the end."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

TESTS = Path(__file__).resolve().parents[2]


class NamespaceError(RuntimeError):
    """A command in a namespace failed."""


class Namespaces:
    """``with Namespaces() as spaces: spaces.add("lan"); spaces.run("lan", "ip", "addr")``.

    The prefix is random, so several labs run at once and each removes only what it made.
    """

    def __init__(self) -> None:
        self.prefix = f"voipsec-{secrets.token_hex(3)}"
        self.names: list[str] = []
        self._started: list[subprocess.Popen[str]] = []
        self.patience = 5.0  # seconds a program gets to end by itself

    def __enter__(self) -> Namespaces:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def full(self, name: str) -> str:
        """As ``ip netns`` lists it."""
        return f"{self.prefix}-{name}"

    def add(self, name: str) -> None:
        """Make one, with loopback up. IPv6 addresses are usable at once: nobody else can have them here."""
        _checked(["ip", "netns", "add", self.full(name)])
        self.names.append(name)
        self.sysctl(name, "net/ipv6/conf/all/accept_dad", 0)
        self.sysctl(name, "net/ipv6/conf/default/accept_dad", 0)
        self.ip(name, "link set lo up")

    def ip(self, name: str, *lines: str) -> None:
        """Run ``ip`` commands inside, one a line. ``{name}`` stands for the full name of a namespace made here."""
        text = "\n".join(lines).format_map({known: self.full(known) for known in self.names})
        _checked(["ip", "-n", self.full(name), "-batch", "-"], text)

    def sysctl(self, name: str, path: str, value: int) -> None:
        """``path`` as below /proc/sys."""
        self.run(name, "sh", "-c", f"echo {value} > /proc/sys/{path}")

    def argv(self, name: str, *command: str) -> list[str]:
        """The command, to be started inside."""
        return ["ip", "netns", "exec", self.full(name), *command]

    def run(self, name: str, *command: str, stdin: str = "", timeout: float = 60) -> str:
        """Run a command to its end inside; its output."""
        return _checked(self.argv(name, *command), stdin, timeout)

    def start(
        self, name: str, *command: str, stdout: int | None = subprocess.DEVNULL, log: Path | None = None
    ) -> subprocess.Popen[str]:
        """Start a command inside that goes on running; it ends with the namespace at the latest."""
        with log.open("w", encoding="utf-8") if log else contextlib.nullcontext() as handle:
            process = subprocess.Popen(
                self.argv(name, *command),
                stdin=subprocess.DEVNULL,
                stdout=stdout if handle is None else handle,
                stderr=subprocess.STDOUT if handle is not None else None,
                text=True,
                env=environment(),
            )
        self._started.append(process)
        return process

    def pids(self, name: str) -> list[int]:
        """Who runs inside."""
        return [int(word) for word in _checked(["ip", "netns", "pids", self.full(name)]).split()]

    def list_all(self) -> set[str]:
        """Prefixes of every lab's namespaces that exist on this machine now."""
        names = (line.split()[0] for line in _checked(["ip", "netns", "list"]).splitlines() if line.strip())
        return {name.rpartition("-")[0] for name in names if name.startswith("voipsec-")}

    def close(self) -> None:
        """End what runs inside and remove the namespaces, whatever state they are in."""
        problems: list[str] = []
        for name in reversed(self.names):
            try:
                self._end(name)
                _checked(["ip", "netns", "delete", self.full(name)])
            except NamespaceError as problem:
                problems.append(str(problem))
        self.names.clear()
        while self._started and not problems:
            self._started.pop().wait(self.patience)
        if problems:
            raise NamespaceError("; ".join(problems))

    def _end(self, name: str) -> None:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for pid in self.pids(name):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sign)
            until = time.monotonic() + self.patience
            while any(_alive(pid) for pid in self.pids(name)) and time.monotonic() < until:
                time.sleep(0.02)
            if not any(_alive(pid) for pid in self.pids(name)):
                return


def _alive(pid: int) -> bool:
    """A process that ended but was not waited for yet is not alive."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def environment() -> dict[str, str]:
    """So that ``python -m lab...`` works inside."""
    return {**os.environ, "PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}


def python_module(module: str, *arguments: str) -> tuple[str, ...]:
    """The Python that runs this, with a module of the lab."""
    return (sys.executable, "-m", module, *arguments)


def _checked(command: Sequence[str], stdin: str = "", timeout: float = 60) -> str:
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=timeout, check=False, env=environment()
    )
    if done.returncode:
        raise NamespaceError(f"{' '.join(command)}: exit {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout
