# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A netmiko driver for DrayOS 3 and 4: login, prompt, pager and echo, as draytek.md 1 and 1b describe them.

netmiko trusts any host key unless told otherwise and reports a failed key exchange as a timeout; both are put right
here.
Reads block on the channel instead of polling, since netmiko's own waits cost more than the device's answers.
"""

from __future__ import annotations

import contextlib
import logging
import re
import time
from types import TracebackType
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device, HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import COMMAND_LENGTH
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.echo import (
    echo_lines,
    without_echo,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.pager import pages, without_pager
from ansible_collections.voipsec.hardening.plugins.module_utils.old_ssh import remedy_for_old_ssh

try:
    import paramiko
    from netmiko import NetmikoAuthenticationException, NetmikoTimeoutException
    from netmiko.base_connection import BaseConnection
except ImportError as error:
    NETMIKO_MISSING: ImportError | None = error
    BaseConnection = object
else:
    NETMIKO_MISSING = None
    # Without a handler Python prints paramiko's tracebacks to the terminal; what went wrong is said in our own words.
    logging.getLogger("paramiko").addHandler(logging.NullHandler())

DEFAULT_PORT = 22
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x08+|\x00")
LINE_END = re.compile(r"\r\n|\n\r|\n|\r")
PROMPT_AFTER_LOGIN = re.compile(r"(?:^|[\r\n])(?P<prompt>[^\r\n]{0,60}> *)$")
NEXT_PAGE = " "
PAGER_OFF, PAGER_ON = "sys mpage disable", "sys mpage enable"
"""Kept in the router's memory only (1b)."""
LOGOUT = 2.0
"""Seconds to wait for the router to end the session after "exit"."""
QUIET = 1.0
"""Seconds without output after which a line that looks like a prompt is taken for one."""


class SessionLost(HardeningError):
    """The device closed the session, or stopped answering."""


class LoginRefused(HardeningError):
    """The device answered, but did not let us in. ``answered`` tells whether its port was reached at all,
    ``credentials`` whether user and password were refused."""

    def __init__(self, message: str, *, answered: bool, credentials: bool = False) -> None:
        super().__init__(message)
        self.answered, self.credentials = answered, credentials


class DrayOsConnection(BaseConnection):
    """netmiko's connection with DrayOS's ways. Use ``Session``."""

    def _try_session_preparation(self, force_data: bool = True) -> None:
        """netmiko would type Return first; the second prompt that this brings may come as late as in another answer."""
        super()._try_session_preparation(force_data=False)

    def session_preparation(self) -> None:
        """Wait for the prompt; a router may be called anything, so it is learnt, not assumed."""
        self.drayos_prompt = ""
        self.drayos_echoes = False
        text = self._receive_until(lambda received: PROMPT_AFTER_LOGIN.search(received) is not None, at_login=True)
        match = PROMPT_AFTER_LOGIN.search(text)
        self.drayos_prompt = match["prompt"].strip() if match else ">"

    def ask(self, command: str) -> str:
        """Send one line and return what the device prints before its next prompt, without echo and pager."""
        self._drop_pending()
        self.remote_conn.sendall(f"{command}\r".encode())
        lines = LINE_END.split(self._receive_until(self._at_prompt))[:-1]
        output = without_echo(lines, command, echoes=self.drayos_echoes)
        self.drayos_echoes = self.drayos_echoes or echo_lines(lines, command) > 0
        while output and output[-1].strip() == self.drayos_prompt:
            output.pop()  # printed twice
        return "\n".join(line.rstrip() for line in output)

    def _drop_pending(self) -> None:
        """What came after the last prompt, such as a second prompt, is not the answer to the next command."""
        while self.remote_conn.recv_ready():
            if not self.remote_conn.recv(65536):
                raise SessionLost("the device ended the session.")

    def _at_prompt(self, text: str) -> bool:
        *before, last = LINE_END.split(text)
        if last.strip() != self.drayos_prompt or not before:
            return False
        # A prompt that comes before the echo belongs to something else.
        return not self.drayos_echoes or any(line.strip() not in ("", self.drayos_prompt) for line in before)

    def _adopt_new_prompt(self, text: str) -> bool:
        """The router's name, and so its prompt, may change in mid-session: a quiet line that looks like one is one."""
        match = PROMPT_AFTER_LOGIN.search(text)
        candidate = match["prompt"].strip() if match else ""
        cut_in_two = candidate.endswith("->") or "<" in candidate
        if not candidate or (cut_in_two and candidate != self.drayos_prompt):
            return False  # a rule's direction or its "<null>", cut in two on the way
        self.drayos_prompt = candidate
        return True

    def _receive_until(self, finished: Any, *, at_login: bool = False) -> str:
        text, answered, nudged = "", 0, False
        deadline = time.monotonic() + self.read_timeout_override
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise SessionLost(f"the device did not finish its answer within {self.read_timeout_override:.0f} s.")
            self.remote_conn.settimeout(min(remaining, QUIET))
            try:
                data = self.remote_conn.recv(65536)
            except TimeoutError:
                if nudged and finished(text):
                    return text
                if at_login and not nudged and remaining < self.read_timeout_override / 2:
                    nudged = True  # Assumption: a router that shows no prompt unasked shows one after Return
                    self.remote_conn.sendall(b"\r")
                elif self._adopt_new_prompt(text):
                    return without_pager(text)
                continue
            except OSError as error:
                raise SessionLost("the device ended the session.") from error
            if not data:
                raise SessionLost("the device ended the session.")
            text = ESCAPES.sub("", text + data.decode("utf-8", "replace"))
            if pages(text) > answered:
                answered = pages(text)
                self.remote_conn.sendall(NEXT_PAGE.encode())
                deadline = time.monotonic() + self.read_timeout_override
            elif finished(without_pager(text)) and not nudged:  # after a nudge two prompts may come: wait until quiet
                return without_pager(text)

    def cleanup(self, command: str = "exit") -> None:
        """Log out, and wait until the router has: one that allows a single session must be free for the next login."""
        with contextlib.suppress(OSError):
            self.remote_conn.sendall(f"{command}\r".encode())
            self.remote_conn.settimeout(LOGOUT)
            while self.remote_conn.recv(65536):
                pass


class Session:
    """One login. Counts what it sends, since every command costs the customer's line a round trip."""

    def __init__(self, device: Device, known_hosts_file: str, *, timeout: float = 20.0) -> None:
        """Log in. Raises LoginRefused or HardeningError with the remedy."""
        self.commands_sent = 0
        self._pager_off = False
        self._connection = _connect(device, known_hosts_file, timeout)

    def run(self, command: str) -> str:
        """One command's output. Raises SessionLost when the device went away."""
        if len(command) > COMMAND_LENGTH:
            raise HardeningError(
                f"a command of {len(command)} characters is longer than the {COMMAND_LENGTH} that DrayOS takes."
            )
        self.commands_sent += 1
        try:
            return str(self._connection.ask(command))
        except SessionLost:
            self._pager_off = False  # nobody is there to put it back
            raise
        except (EOFError, OSError) as error:
            self._pager_off = False
            raise SessionLost("the device ended the session.") from error

    @property
    def local_address(self) -> str:
        """Our own end of the connection; empty where it is not known. Behind NAT the router sees another."""
        try:
            return str(self._connection.remote_conn.get_transport().sock.getsockname()[0])
        except (AttributeError, OSError):
            return ""

    def without_pager(self) -> None:
        """Switch the pager off until ``close``; for a dialect with ``pager_switch`` only.

        A router that does not know the command goes on paging, and each page is answered as before.
        """
        self._pager_off = True
        self.run(PAGER_OFF)

    def close(self) -> None:
        """Put the pager back and log out; never fails, the session may be gone already."""
        with contextlib.suppress(Exception):
            if self._pager_off:
                self._pager_off = False
                self.run(PAGER_ON)
        with contextlib.suppress(Exception):
            self._connection.disconnect()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _connect(device: Device, known_hosts_file: str, timeout: float) -> Any:
    if NETMIKO_MISSING is not None:
        raise HardeningError(
            "the Python package netmiko is not installed for the Python that runs this task; install the collection's "
            "requirements.txt there."
        ) from NETMIKO_MISSING
    for value, variable in ((device.user, "ansible_user"), (device.password, "ansible_password")):
        if not value:
            raise HardeningError(
                f"{variable} is not set for {device.host}: the router is logged in to with the inventory's "
                "ansible_user and ansible_password. Keep the password in vault."
            )
    port = device.port or DEFAULT_PORT
    where = f"{device.host} port {port}"
    try:
        return DrayOsConnection(
            device_type="draytek_drayos_ssh",
            host=device.host,
            port=port,
            username=device.user,
            password=device.password,
            ssh_strict=True,
            system_host_keys=False,
            alt_host_keys=True,
            alt_key_file=known_hosts_file,
            use_keys=False,
            allow_agent=False,
            conn_timeout=timeout,
            banner_timeout=timeout,
            auth_timeout=timeout,
            read_timeout_override=timeout,
        )
    except NetmikoAuthenticationException as error:
        raise LoginRefused(
            f"{where} refused the login of {device.user}: check ansible_user and ansible_password.",
            answered=True,
            credentials=True,
        ) from error
    except NetmikoTimeoutException as error:
        raise _explained(error, where, known_hosts_file) from error
    except (OSError, EOFError, paramiko.SSHException, SessionLost, ValueError) as error:
        raise LoginRefused(
            f"{where} closed the connection during login ({type(error).__name__}).", answered=True
        ) from error


def _explained(error: Exception, where: str, known_hosts_file: str) -> HardeningError:
    """netmiko's timeout, told apart by what lies behind it."""
    cause, text = error.__context__, str(error)
    if isinstance(cause, paramiko.BadHostKeyException):
        return LoginRefused(
            f"{where} shows another SSH host key than the one in {known_hosts_file}: this may be a "
            "man-in-the-middle attack, or the router was reset or replaced. Nothing was sent. Once you know why, "
            "remove the old line and enrol the new key (playbooks/enrol.yml).",
            answered=True,
        )
    if "not found in known_hosts" in text:
        return LoginRefused(
            f"{where} has no SSH host key in {known_hosts_file}. Enrol the router once with playbooks/enrol.yml, "
            "comparing the fingerprint with the one on the router.",
            answered=True,
        )
    if "Incompatible ssh" in text or type(cause).__name__ == "IncompatiblePeer":
        return LoginRefused(f"{where} {remedy_for_old_ssh(paramiko.__version__)}", answered=True)
    if "TCP connection to device failed" in text or "DNS failure" in text:
        return LoginRefused(f"{where} cannot be reached: no TCP connection.", answered=False)
    return LoginRefused(f"{where}: the SSH connection failed ({type(cause).__name__}).", answered=True)
