# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the module draytek_command: typed commands, after each was judged by ``command_table``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import COMMAND_LENGTH
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.command_table import (
    FORBIDDEN,
    FORBIDDEN_EXACT_WORDS,
    READS,
    SECRET,
    SECRET_OPTIONS,
    UNKNOWN_COMMAND,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.identity import Router, identify
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.redact_output import (
    NAMES_SECRET,
    without_secrets,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import Session

ARGUMENT_SPEC: dict[str, Any] = {
    "commands": {"type": "list", "elements": "str", "required": True},
    "allow_writes": {"type": "bool", "default": False},
    "save": {"type": "bool", "default": False},
    "known_hosts_file": {"type": "path", "required": True},
    "timeout": {"type": "int", "default": 20},
    **DEVICE_OPTION,
}
SAVE = "sys commit"
VERSION = "sys version"
_READ = re.compile("|".join(f"(?:{form})" for form in READS))


@dataclass(frozen=True)
class Verdict:
    """What may be done with a command; ``why`` says why not."""

    kind: Literal["read", "write", "refused"]
    why: str = ""


def judge(command: str) -> Verdict:
    """Read, write, or never to be sent. What is not known to read counts as a write."""
    if not command.isascii() or not command.isprintable():
        return _refused("it holds control characters, line ends or characters outside ASCII")
    if len(command) > COMMAND_LENGTH:
        return _refused(f"it has {len(command)} characters, DrayOS takes {COMMAND_LENGTH}")
    if not command.strip():
        return _refused("it is empty")
    if command.count('"') % 2:
        return _refused("a quotation mark is not closed")
    words = command.replace('"', " ").replace("?", " ? ").split()
    why = _forbidden(words) or _secret(words)
    if why:
        return _refused(why)
    if _READ.fullmatch(" ".join(command.split())):
        return Verdict("read")
    if "?" in words:
        return _refused("a question mark makes some commands act; it is sent only where it is known to be harmless")
    return Verdict("write")


def _refused(why: str) -> Verdict:
    return Verdict("refused", why)


def _forbidden(words: Sequence[str]) -> str:
    for pattern, why in FORBIDDEN:
        if _begins(words, pattern):
            return why
    if any(word.lower().startswith("setd") for word in words):
        return "it wipes all profiles of its kind"
    if _begins(words, "log") and any(word.startswith("-") and "F" in word for word in words):
        return "log -F wipes the log"
    if _begins(words, "ipf set") and _switches_filter_off(words):
        return "ipf set -d 0 switches the data filter off, and everybody reaches what is forwarded"
    return ""


def _begins(words: Sequence[str], pattern: str) -> bool:
    """Each typed word is the pattern's word or, since the router takes shortened words, its beginning."""
    expected = pattern.split()
    exact = FORBIDDEN_EXACT_WORDS.get(pattern, ())
    return len(words) >= len(expected) and all(
        whole.startswith(word.lower()) and word.lower() not in exact
        for word, whole in zip(words, expected, strict=False)
    )


def _switches_filter_off(words: Sequence[str]) -> bool:
    following = [*words[1:], ""]
    return any(
        re.fullmatch(r"-d0+", word) or (word == "-d" and re.fullmatch(r"0+", after))
        for word, after in zip(words, following, strict=True)
    )


def _secret(words: Sequence[str]) -> str:
    carries: object = (
        any(_begins(words, pattern) for pattern in SECRET)
        or any(
            _begins(words, pattern) and any(word.startswith(option) for word in words)
            for pattern, option in SECRET_OPTIONS
        )
        or (_begins(words, "sys tr069 set") and NAMES_SECRET.search(" ".join(words)))
    )
    return "it carries a secret, which would show in the task's arguments; use draytek_system" if carries else ""


def run(params: Params, context: RunContext) -> Outcome:
    """Judge all commands, then send them in order in one session. See the module's documentation for the result."""
    commands = [Command(line.strip(" "), judge(line.strip(" "))) for line in params["commands"]]
    _check_commands(commands, allow_writes=params["allow_writes"])
    if context.device is None:
        raise HardeningError("there is no device to log in to.")
    with Session(context.device, params["known_hosts_file"], timeout=params["timeout"]) as session:
        router = identify(session)
        _check_router(router, commands, context)
        transcript = Transcript()
        try:
            for command in commands:
                _send(session, command, transcript, check_mode=context.check_mode)
            if params["save"] and transcript.written:
                session.run(SAVE)
        except HardeningError as error:
            details = {"changed": bool(transcript.written), **transcript.as_result()}
            raise HardeningError(f"{error.message} {transcript.so_far()}", **details) from error
        result = transcript.as_result()
        saved = bool(params["save"] and transcript.written)
        result.update(saved=saved, router=router.as_result(), commands_sent=session.commands_sent)
    if transcript.written and not saved and not any(_begins(line.split(), SAVE) for line in transcript.written):
        context.warn(
            "The writes are active, but not saved: the router's next restart discards them. Set save: true to keep "
            "them."
        )
    return Outcome(bool(transcript.written or transcript.skipped), result)


@dataclass(frozen=True)
class Command:
    """One line of the task's list."""

    line: str
    verdict: Verdict


@dataclass
class Transcript:
    """What was sent and what came back, one answer for each of the task's commands."""

    stdout: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def as_result(self) -> dict[str, Any]:
        """As the module returns it, whether the task fails or not."""
        return {
            "stdout": self.stdout,
            "stdout_lines": [answer.splitlines() for answer in self.stdout],
            "written": self.written,
            "skipped_writes": self.skipped,
        }

    def so_far(self) -> str:
        """For a message: what had been written when it went wrong."""
        if not self.written:
            return "Nothing was written."
        return f"Written before that, and perhaps not saved: {'; '.join(self.written)}."


def _check_commands(commands: Sequence[Command], *, allow_writes: bool) -> None:
    if not commands:
        raise HardeningError("commands is an empty list: name at least one command, such as 'sys version'.")
    refused = [
        f"{_beginning(line)!r}: {verdict.why}"
        for line, verdict in ((command.line, command.verdict) for command in commands)
        if verdict.kind == "refused"
    ]
    if refused:
        raise HardeningError("commands that are never sent: " + "; ".join(refused) + ". Nothing was sent.")
    writes = [repr(command.line) for command in commands if command.verdict.kind == "write"]
    if writes and not allow_writes:
        raise HardeningError(
            f"commands not known to only read: {', '.join(writes)}. Nothing was sent. If they are meant, set "
            "allow_writes: true."
        )


def _beginning(line: str) -> str:
    """Enough to know the command by; a secret may stand behind it."""
    words = line.split()
    return " ".join(words[:2])[:40] + (" ..." if len(words) > 2 else "")


def _check_router(router: Router, commands: Sequence[Command], context: RunContext) -> None:
    if router.dialect is None and any(command.verdict.kind == "write" for command in commands):
        raise HardeningError(router.why_read_only)
    if not router.readable and any(command.line != VERSION for command in commands):
        raise HardeningError(f"{router.why_read_only} Only {VERSION!r} is sent to such a device.")
    if router.dialect is None:
        context.warn(router.why_read_only)


def _send(session: Session, command: Command, transcript: Transcript, *, check_mode: bool) -> None:
    writes = command.verdict.kind == "write"
    if writes and check_mode:
        transcript.skipped.append(command.line)
        transcript.stdout.append("")
        return
    if writes:
        transcript.written.append(command.line)  # before it is sent: where the session ends here, it may have arrived
    answer = without_secrets(session.run(command.line))
    transcript.stdout.append(answer)
    if answer.strip() == UNKNOWN_COMMAND:
        if writes:
            transcript.written.pop()
        raise HardeningError(
            f"the router does not know the command {command.line!r} (it answered {UNKNOWN_COMMAND!r}); what stood "
            "behind it was not sent."
        )


def _needs_device(_params: Params) -> bool:
    return True


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=_needs_device)
