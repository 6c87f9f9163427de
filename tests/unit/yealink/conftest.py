# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task on a directory, as the action plugin runs it: validated arguments, then the core."""

from __future__ import annotations

import collections
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import settings

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Outcome, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.core import CORE as AUDIT
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import table

MAC = "805ec0aabbcc"

# A property is not judged by the wall clock: other work on the machine would make it fail.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")


def phone(mac: str = MAC, **changes: Any) -> dict[str, Any]:
    """One declared phone."""
    account = {"number": "201", "display_name": "Reception", "server": "pbx.example.net"}
    account.update(changes.pop("account", {}))
    declared = {
        "mac": mac,
        "model": "T46U",
        "firmware": "108.86.0.118",
        "accounts": [account],
        "provisioning": {"url": "https://prov.example.net/phones/", "username": "phones"},
    }
    return {**declared, **changes}


def credentials(*numbers: str, **settings: str) -> str:
    """What the controller hands over, as one text."""
    return json.dumps(
        {
            "extensions": {
                number: {
                    "auth_id": f"authid{number}",
                    "sip_password": f"SipPassword={number}#x",
                    "admin_password": f"AdminPassword{number}",
                    "user_password": f"UserPassword{number}",
                }
                for number in numbers
            },
            "provisioning_password": "ProvisioningPassword",
            "settings": settings,
            "source": "credentials.yml",
        }
    )


@dataclass
class Task:
    """yealink_config on one directory."""

    directory: Path
    warnings: list[str] = field(default_factory=list)

    def run(self, *phones: dict[str, Any], check: bool = False, **options: Any) -> Outcome:
        """Run once; warnings of this run are in ``warnings``."""
        arguments = {"phones": list(phones), "directory": str(self.directory), "credentials": credentials("201", "202")}
        validated = ArgumentSpecValidator(CORE.argument_spec, required_if=CORE.required_if).validate(
            {**arguments, **options}
        )
        assert not validated.error_messages
        self.warnings.clear()
        context = RunContext(check_mode=check, masker=Masker(), warn=self.warnings.append)
        return CORE.run(validated.validated_parameters, context)

    def audit(self, *phones: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
        """What yealink_audit reports of the directory."""
        arguments = {"directory": str(self.directory), "phones": list(phones), **options}
        validated = ArgumentSpecValidator(AUDIT.argument_spec).validate(arguments)
        assert not validated.error_messages
        context = RunContext(check_mode=False, masker=Masker(), warn=self.warnings.append)
        outcome = AUDIT.run(validated.validated_parameters, context)
        assert not outcome.changed
        entries: list[dict[str, Any]] = outcome.result["audited"]
        return entries

    def text(self, mac: str = MAC, kind: str = "cfg") -> str:
        """A file's text."""
        return (self.directory / f"{mac}.{kind}").read_text(encoding="utf-8")

    def values(self, mac: str = MAC) -> dict[str, str]:
        """The assignments of a phone's file; read here without the code under test. The last of a name wins."""
        pairs = (line.split(" = ", 1) for line in self.text(mac).splitlines() if " = " in line and line[0] != "#")
        return dict(pairs)


@pytest.fixture
def task(tmp_path: Path) -> Task:
    """A task on an empty directory."""
    return Task(tmp_path / "phones")


@pytest.fixture(name="phone")
def phone_factory() -> Any:
    """The factory of declared phones."""
    return phone


@pytest.fixture(name="credentials")
def credentials_factory() -> Any:
    """The factory of credentials."""
    return credentials


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How well the phones' parameters are known."""
    counts = collections.Counter(row.confidence for row in table().values())
    words = {
        "d": "documented",
        "c": "template comment",
        "t": "template",
        "s": "seen",
        "i": "inferred",
        "n": "name only",
    }
    known = ", ".join(f"{counts[letter]} {word}" for letter, word in words.items())
    terminalreporter.write_line(f"Yealink parameters: {len(table())} names: {known}")
