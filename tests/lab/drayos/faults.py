# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults and undocumented choices of a simulated router. All can be switched while it runs."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar


@dataclass
class Faults:
    """Command numbers count from 1 over the life of the simulator; reboots do not reset them."""

    # --- the line breaks
    drop_after_command: int = 0  # close TCP right after the Nth command was executed; its reply is lost
    drop_before_command: int = 0  # close TCP instead of executing the Nth command
    drop_on: str = ""  # close TCP at a command that matches ...
    drop_when: str = "after"  # ... "before" or "after" it is executed ...
    drop_times: int = 1  # ... so many times; -1: always
    slow_reply: float = 0.0  # seconds between executing and replying
    login_delay: float = 0.0  # seconds between password and prompt
    wrong_echo: bool = False  # some characters of what is typed are not echoed
    type_ahead_lost: bool = False  # input that waits behind a command is thrown away

    # --- logins
    refuse_second_login: bool = False  # while one session is open
    second_login_ends_first: bool = False
    password_changed: bool | str = False  # True: the password is wrong now; text: this is the new one
    login_fails_after_write: bool = False
    stop_listening_on: str = ""  # after a command that matches, new connections find nobody; open sessions go on
    management_cut_on: str = ""  # a command that matches cuts every session and every later connection, until reboot

    # --- somebody else is at it too
    edit_before_command: int = 0  # just before the Nth command ...
    edit_on: str = ""  # ... or before one that matches ...
    edit_times: int = 1  # ... so many times ...
    edit_lines: list[str] | None = None  # ... these lines are typed in another session

    # --- the device does not do as told
    ignore_writes_matching: str = ""  # answers as if it had worked, does nothing
    corrupt_writes_matching: str = ""  # stores something else: the last number of the command plus one ...
    corrupt_writes_with: list[str] | None = None  # ... or [pattern, replacement] applied to the command
    fail_commit: bool = False  # silent as ever, but flash stays as it was
    read_only: bool = False  # any write, commit or reboot is refused and remembered as a violation
    reboot_after_command: int = 0
    reboot_takes: float = 0.0  # seconds without service
    restart_keeps_memory: bool = False  # what was not saved survives: that it does not is known from field notes only

    # --- the prompt
    prompt_colour: bool = False
    new_prompt: str = ""  # shown instead of the profile's prompt ...
    new_prompt_after_command: int = 0  # ... once so many commands were executed

    # --- what the reference leaves open (draytek.md 2.3, 2b, 6)
    reference_style: str = "index"  # index | name | expanded: how ipf rule -v prints objects and groups
    group_add: str = "replace"  # replace | add: what the member list of a group does
    group_listing: str = "full"  # full | short: 100 rows, or "..." as printed in the manual
    confirmations: bool = True  # False: successful writes say nothing
    silent_errors: bool = False  # True: refused commands say nothing
    prompt_follows_name: bool = False  # sys name changes the prompt
    page_lines: int = 23

    _CHOICES: ClassVar = {
        "drop_when": ("before", "after"),
        "reference_style": ("index", "name", "expanded"),
        "group_add": ("replace", "add"),
        "group_listing": ("full", "short"),
    }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Faults:
        faults = cls()
        faults.update(data)
        return faults

    def update(self, data: dict[str, Any]) -> None:
        """Change some; a name or a choice that does not exist is refused."""
        known = {item.name for item in fields(self)}
        for name, value in data.items():
            if name not in known:
                raise ValueError(f"unknown fault {name!r}; known: {', '.join(sorted(known))}")
            if name in self._CHOICES and value not in self._CHOICES[name]:
                raise ValueError(f"fault {name}: {value!r} is not one of {self._CHOICES[name]}")
            setattr(self, name, value)

    def replace_all(self, data: dict[str, Any]) -> None:
        """Back to no faults, then as given."""
        fresh = Faults.from_dict(data)
        for item in fields(self):
            setattr(self, item.name, getattr(fresh, item.name))


class FaultFile:
    """A file of faults (JSON) that another process may rewrite at any time."""

    def __init__(self, path: Path | None, read_only_file: Path | None = None) -> None:
        self._path = path
        self._read_only_file = read_only_file
        self._stamp: tuple[int, int, int] | None = None

    def apply(self, faults: Faults) -> None:
        """Called before each command and each login. A half-written file is read again next time."""
        if self._path is not None:
            try:
                found = self._path.stat()
                stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
                if stamp != self._stamp:
                    faults.replace_all(json.loads(self._path.read_text() or "{}"))
                    self._stamp = stamp
            except FileNotFoundError:
                pass
            except json.JSONDecodeError:
                self._stamp = None

    def locked(self) -> bool:
        """The read-only file exists."""
        return self._read_only_file is not None and self._read_only_file.exists()
