# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One router: takes a line, changes its configuration, says what to print. No network here."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import views
from .command_table import find
from .faults import FaultFile, Faults
from .fixtures import factory_state
from .grammar import MAX_LINE, Action, RefusedError, tokenize
from .journal import Counters, Journal, masked
from .posture import ManagementProbe, Posture, Probe, measure
from .profiles import Profile
from .state import State, from_dict, to_dict

LOG_LENGTH = 100  # Assumption: how many commands sys cmdlog keeps is not printed
COLOUR_ON, COLOUR_OFF = "\x1b[1;32m", "\x1b[0m"


@dataclass
class Outcome:
    """What the line did to the session."""

    lines: list[str] = field(default_factory=list)
    ending: str = ""  # "" stay | logout | drop this connection | reboot | cut every connection


class Device:
    profile: Profile
    state: State
    faults: Faults

    def __init__(
        self,
        profile: Profile,
        state: State,
        faults: Faults,
        journal: Journal,
        password: str,
        probes: Sequence[Probe],
        management: Sequence[ManagementProbe],
        fault_file: FaultFile | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self.profile = profile
        self.state = state
        self.flash = state.copy()
        self.faults = faults
        self.journal = journal
        self.password = password
        self.flash_password = password
        self.probes = probes
        self.management = management
        self.fault_file = fault_file or FaultFile(None)
        self.on_change = on_change
        self.counters = Counters()
        self.life_commands = 0
        self.life_writes = 0
        self.violations: list[str] = []
        self.command_log: list[str] = []
        self.paging = True
        self.flow_refreshes = 0
        self.flow_enabled = 1
        self.management_cut = False
        self.stop_listening: Callable[[], None] = lambda: None
        self.silent_until = 0.0
        self.postures: list[Posture] = [measure(state, 0, "", probes, management)]

    # --- configuration -----------------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        plain: dict[str, Any] = to_dict(self.state)
        return plain

    def status_mark(self) -> str:
        return views.status_mark(json.dumps(self.snapshot(), sort_keys=True))

    def router_name(self) -> str:
        return self.state.names.get("wan1") or "DrayTek"

    def commit(self) -> None:
        if not self.faults.fail_commit:
            self.flash = self.state.copy()
            self.flash_password = self.password

    def factory_reset(self) -> None:
        self.state = factory_state(self.profile)

    def reboot(self, reason: str) -> None:
        """Running configuration, command log and page switch are lost; flash is loaded."""
        if not self.faults.restart_keeps_memory:
            self.state = self.flash.copy()
            self.password = self.flash_password
        self.paging = True
        self.command_log.clear()
        self.management_cut = False
        self.silent_until = time.monotonic() + self.faults.reboot_takes
        self.counters.reboots += 1
        entry = self.journal.add("reboot", reason=reason)
        self.postures.append(measure(self.state, entry["seq"], "reboot", self.probes, self.management))
        self.on_change()

    # --- session -----------------------------------------------------------------------------------------------------

    def prompt(self) -> str:
        faults = self.faults
        text = self.profile.prompt
        if faults.prompt_follows_name and self.state.names.get("wan1"):
            text = f"{self.state.names['wan1']}> "
        if faults.new_prompt and self.life_commands >= faults.new_prompt_after_command:
            text = faults.new_prompt
        return f"{COLOUR_ON}{text}{COLOUR_OFF}" if faults.prompt_colour else text

    def login_allowed(self, password: str, sessions: int) -> str:
        """The reason why not, or nothing."""
        self.fault_file.apply(self.faults)
        faults = self.faults
        expected = self.password
        if faults.password_changed:
            if faults.password_changed is True or password != faults.password_changed:
                return "password changed"
            expected = str(faults.password_changed)
        if password != expected:
            return "wrong password"
        if faults.refuse_second_login and sessions:
            return "a session is open"
        if faults.login_fails_after_write and self.life_writes:
            return "login fails after a write"
        return ""

    def execute(self, typed: str, session: int = 0) -> Outcome:
        """Run one line."""
        self.fault_file.apply(self.faults)
        faults = self.faults
        line = typed[:MAX_LINE]
        if not line.strip():
            return Outcome()
        self._somebody_else(line)
        self.life_commands += 1
        self.counters.commands += 1
        self.command_log = [*self.command_log[-LOG_LENGTH + 1 :], line.strip()]

        if faults.drop_before_command == self.life_commands or self._drop_wanted(line, "before"):
            self._note(line, typed, "unknown", "not executed", session)
            return Outcome(ending="drop")

        action, lines, reply = self._understand(line)
        if action.kind in ("write", "commit", "reboot") and (faults.read_only or self.fault_file.locked()):
            self.violations.append(line)
            self.journal.add("violation", text=masked(line), session=session)
            self._note(line, typed, action.kind, "refused: read only", session)
            return Outcome([views.INVALID])
        if reply is None:
            lines, reply = self._run(action, line)
        if action.kind == "write" and not faults.confirmations and reply == "text":
            lines, reply = [], "silent"

        entry = self._note(line, typed, action.kind, reply, session)
        if action.kind == "write":
            self.counters.writes += 1
            self.life_writes += 1
            self.postures.append(measure(self.state, entry["seq"], line, self.probes, self.management))
        elif action.kind == "commit":
            self.counters.commits += 1
        if action.kind in ("write", "commit"):
            self.on_change()
        return Outcome(lines, self._ending(line, action))

    def _somebody_else(self, line: str) -> None:
        """An edit behind our back: not counted, and seen by nobody but the configuration."""
        faults = self.faults
        due = faults.edit_before_command == self.life_commands + 1 or _matches(faults.edit_on, line)
        if not due or not faults.edit_times or not faults.edit_lines:
            return
        faults.edit_times -= 1
        for typed in faults.edit_lines:
            self.journal.add("edited by somebody else", text=masked(typed))
            find(self, tokenize(typed)).run()

    def pass_hours(self, hours: int) -> None:
        """Time goes by: a restart that was scheduled happens."""
        other = self.state.other
        if other.get("autoreboot") == "on" and int(other.get("autoreboot hours", "24")) <= hours:
            self.reboot("schedule")

    def _understand(self, line: str) -> tuple[Action, list[str], str | None]:
        try:
            return find(self, tokenize(line)), [], None
        except RefusedError as refusal:
            lines = self._refusal(refusal)
            return Action("unknown", list), lines, f"refused: {refusal}"

    def _run(self, action: Action, line: str) -> tuple[list[str], str]:
        faults = self.faults
        ignore = _matches(faults.ignore_writes_matching, line)
        corrupt = _matches(faults.corrupt_writes_matching, line)
        if action.kind != "write" or not (ignore or corrupt):
            return self._run_plain(action)
        # The reply belongs to what was asked for, the stored value does not.
        before, password = self.state.copy(), self.password
        outcome = self._run_plain(action)
        if ignore:
            self.state, self.password = before, password
            return outcome
        try:
            find(self, tokenize(corrupted(line, faults.corrupt_writes_with))).run()
        except RefusedError:
            self.state = before
        return outcome

    def _run_plain(self, action: Action) -> tuple[list[str], str]:
        try:
            lines = action.run()
        except RefusedError as refusal:
            return self._refusal(refusal), f"refused: {refusal}"
        if lines == [views.INVALID]:
            return ([] if self.faults.silent_errors else lines), "unknown command"
        return lines, "text" if lines else "silent"

    def _refusal(self, refusal: RefusedError) -> list[str]:
        """Assumption: errors have no fixed form (draytek.md 1), so the one known line serves for all."""
        return [] if self.faults.silent_errors else (refusal.text or [views.INVALID])

    def _drop_wanted(self, line: str, when: str) -> bool:
        faults = self.faults
        if faults.drop_when != when or not faults.drop_times or not _matches(faults.drop_on, line):
            return False
        faults.drop_times -= 1 if faults.drop_times > 0 else 0
        return True

    def _ending(self, line: str, action: Action) -> str:
        faults = self.faults
        if action.kind == "reboot":
            self.reboot("sys reboot")
            return "reboot"
        if faults.reboot_after_command == self.life_commands:
            self.reboot("fault")
            return "reboot"
        if _matches(faults.stop_listening_on, line):
            self.journal.add("stopped listening", text=masked(line))
            self.stop_listening()
        if _matches(faults.management_cut_on, line):
            self.management_cut = True
            self.journal.add("management cut", text=masked(line))
            return "cut"
        if faults.drop_after_command == self.life_commands or self._drop_wanted(line, "after"):
            return "drop"
        return "logout" if line.strip().lower() in ("exit", "quit") else ""

    def _note(self, line: str, typed: str, kind: str, reply: str, session: int) -> dict[str, Any]:
        return self.journal.add(
            "command",
            number=self.life_commands,
            text=masked(line),
            **{"class": kind},
            write=kind == "write",
            reply=reply,
            cut=len(typed) > MAX_LINE,
            session=session,
        )


def _matches(pattern: str, line: str) -> bool:
    return bool(pattern) and re.search(pattern, line) is not None


def corrupted(line: str, replacement: Sequence[str] | None) -> str:
    """The command with another value: by the given replacement, or its last number plus one."""
    if replacement:
        return re.sub(replacement[0], replacement[1], line)
    found = list(re.finditer(r"\d+", line))
    if not found or len(found) == 1:
        return line + "x"
    last = found[-1]
    return f"{line[: last.start()]}{int(last.group()) + 1}{line[last.end() :]}"


def load_saved(text: str) -> State | None:
    """The flash copy of a saved state file, if there is one."""
    data = json.loads(text) if text.strip() else {}
    return from_dict(data["flash"]) if "flash" in data else None
