# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every device family's core is given and gives back, whichever face (action plugin or module) runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker


class HardeningError(Exception):
    """A failure that the user can act on. The text is shown as it is, so it never holds a secret.

    ``details`` are added to the task's result, beside ``msg``.
    """

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Cipher(Protocol):
    """Encrypts and decrypts with the play's own vault secrets; exists on the controller only."""

    def encrypt(self, plaintext: bytes) -> bytes:
        """Ansible-vault text."""

    def decrypt(self, vaulttext: bytes) -> bytes:
        """The plain text; raises HardeningError where no secret of the play fits."""


@dataclass(frozen=True)
class Device:
    """How to reach one device: the inventory's ansible_host, ansible_port, ansible_user and ansible_password."""

    host: str
    port: int | None
    user: str | None
    password: str | None = field(repr=False)


@dataclass
class RunContext:
    """What a core may know of the run it is in."""

    check_mode: bool
    masker: Masker
    warn: Callable[[str], None]
    device: Device | None = None
    """The managed device; None for a core that works on files only."""
    cipher: Cipher | None = None
    """None on a host other than the controller."""


@dataclass
class Outcome:
    """What a core hands back. ``diff`` is in Ansible's form: a list of mappings with before and after."""

    changed: bool
    result: Mapping[str, Any] = field(default_factory=dict)
    diff: Sequence[Mapping[str, Any]] = ()


Params = dict[str, Any]


@dataclass(frozen=True)
class Core:
    """One device family's whole transaction behind its two faces."""

    argument_spec: Mapping[str, Any]
    run: Callable[[Params, RunContext], Outcome]
    prepare: Callable[[Params, RunContext], Params] | None = None
    """Done on the controller before ``run``, wherever that happens: reads what only the controller has (the vault)."""
    needs_device: Callable[[Params], bool] | None = None
    """Tells whether ``RunContext.device`` must be filled; the argument spec then has the option ``device``
    (DEVICE_OPTION)."""
    on_target: bool = False
    """The core works on files of the task's host, so it runs there unless that host is the controller."""
    controller_only: bool = False
    """The core cannot run anywhere else: it needs the play's vault secrets."""
    required_if: Sequence[Any] = ()
    mutually_exclusive: Sequence[Sequence[str]] = ()


DEVICE_OPTION: dict[str, Any] = {
    "device": {
        "type": "dict",
        "options": {
            "host": {"type": "str", "required": True},
            "port": {"type": "int"},
            "user": {"type": "str"},
            "password": {"type": "str", "no_log": True},
        },
    }
}
"""Filled from the inventory by the action plugin when the module runs elsewhere than on the controller."""
