# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIPp in a namespace: one call or one NOTIFY, and every answer that came back. It follows the files in scenarios."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from .namespaces import Namespaces

_SCENARIOS = Path(__file__).parent / "scenarios"
# Each request is sent three times, over some two seconds from a stranger: nothing is lost in the lab, and what says
# nothing until then says nothing.
_PATIENCE = ("-max_retrans", "2", "-max_invite_retrans", "2", "-recv_timeout", "5000")
_MESSAGE = re.compile(r"message received .*?\n\s*(SIP/2\.0 (\d{3}).*?)\n-{20}", re.DOTALL)


@dataclass(frozen=True)
class Account:
    """A user of a PBX."""

    number: str
    domain: str
    auth_id: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Heard:
    """The answers, without those that only ask for credentials and those to CANCEL."""

    statuses: tuple[int, ...]

    @property
    def rang(self) -> bool:
        """The phone rang."""
        return 180 in self.statuses

    @property
    def refused(self) -> bool:
        """Silence, or a refusal before which the phone said nothing else (yealink.md G1)."""
        return all(status >= 300 for status in self.statuses)

    def __str__(self) -> str:
        return "-".join(map(str, self.statuses)) or "silent"


@dataclass(frozen=True)
class Sipp:
    """Somebody with SIPp, at an address in a namespace. `folder` gets its traces and is for the owner only."""

    spaces: Namespaces
    name: str
    address: str
    folder: Path

    def ghost_call(self, target: tuple[str, int], user: str) -> Heard:
        """INVITE a phone directly."""
        return self._run("ghost_call", target, user, "INVITE")

    def notify(self, target: tuple[str, int], user: str, event: str, sipfrag: str = "") -> Heard:
        """NOTIFY a phone directly."""
        return self._run("notify", target, user, "NOTIFY", event=event, sipfrag=sipfrag)

    def register(self, pbx: tuple[str, int], account: Account) -> Heard:
        """Be a user of the PBX."""
        return self._run("register", pbx, account.number, "REGISTER", account)

    def pbx_call(self, pbx: tuple[str, int], account: Account, user: str) -> Heard:
        """INVITE another user through the PBX."""
        return self._run("pbx_call", pbx, user, "INVITE", account)

    def pbx_notify(self, pbx: tuple[str, int], account: Account, user: str, event: str) -> Heard:
        """NOTIFY another user's phone through the PBX."""
        return self._run("pbx_notify", pbx, user, "NOTIFY", account, event=event)

    def _run(
        self,
        scenario: str,
        target: tuple[str, int],
        user: str,
        method: str,
        account: Account | None = None,
        **keys: str,
    ) -> Heard:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        trace = self.folder / f"{self.name}-{scenario}-{user}-{secrets.token_hex(3)}"
        command = ["sipp", f"{target[0]}:{target[1]}", "-sf", str(_SCENARIOS / f"{scenario}.xml"), "-s", user]
        command += ["-i", self.address, "-m", "1", "-l", "1", "-nostdin", *_PATIENCE]
        command += ["-trace_msg", "-message_file", f"{trace}.messages", "-trace_err", "-error_file", f"{trace}.errors"]
        if account:
            # In a file, so that no process list shows it.
            proof = f"SEQUENTIAL\n[authentication username={account.auth_id} password={account.password}]\n"
            with os.fdopen(os.open(f"{trace}.csv", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                handle.write(proof)
            command += ["-inf", f"{trace}.csv"]
            keys = {"caller": account.number, "domain": account.domain, **keys}
        for key, value in keys.items():
            command += ["-key", key, value]
        # Its exit code says whether the scenario went as written; here only counts what came back.
        self.spaces.run(self.name, "sh", "-c", '"$0" "$@" >/dev/null 2>&1; true', *command)
        messages = Path(f"{trace}.messages")
        if not messages.exists():
            raise RuntimeError(f"sipp sent nothing: {_read(Path(f'{trace}.errors'))}")
        return Heard(statuses(messages.read_text(encoding="utf-8", errors="replace"), method))


def statuses(trace: str, method: str) -> tuple[int, ...]:
    """The answers to requests of one method in sipp's trace of messages."""
    trace = trace.replace("\r", "")
    if "message sent" not in trace:
        raise RuntimeError(f"sipp sent nothing: {trace}")
    return tuple(
        int(status)
        for text, status in _MESSAGE.findall(f"{trace}\n{'-' * 20}")
        if re.search(rf"(?m)^CSeq: *\d+ {method}$", text) and status not in ("401", "407")
    )


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else "no reason given"
