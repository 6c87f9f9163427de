# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rotation step by step, as playbooks/apply_credentials.yml does it, with the same cores and real simulated devices.

In one process, so that it can be cut at every single request of a PBX.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Core, Device, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import credentials_core
from ansible_collections.voipsec.hardening.plugins.module_utils.site.compilers import compile_for
from ansible_collections.voipsec.hardening.plugins.module_utils.site.declaration import VARIABLES, parse
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import extensions as threecx_extensions
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import reprovision as threecx_reprovision
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink import config as yealink
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import extensions as yeastar_extensions
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import reprovision as yeastar_reprovision
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import security as yeastar_security
from lab.customer import CustomerSite


class Vault:
    """The play's vault secret."""

    def __init__(self, site: CustomerSite) -> None:
        self._vault = VaultLib([("default", VaultSecret(site.vault_password_file.read_bytes()))])

    def encrypt(self, plaintext: bytes) -> bytes:
        return bytes(self._vault.encrypt(plaintext))

    def decrypt(self, vaulttext: bytes) -> bytes:
        return bytes(self._vault.decrypt(vaulttext))


@dataclass
class Rotation:
    """The steps of one customer's rotation."""

    site: CustomerSite
    numbers: Sequence[str]
    phones_are_on: bool = True
    fresh: set[str] = field(default_factory=set)
    """Whose credentials were made and not yet written."""
    outputs: list[str] = field(default_factory=list)
    """Everything that the steps gave back, for the search for secrets."""

    @property
    def series(self) -> str | None:
        """p or s; None for a 3CX."""
        product = str(self.site.declared["pbx"].get("product") or "")
        return None if not product.startswith("yeastar") else "s" if product == "yeastar_s" else "p"

    def _run(self, core: Core, options: dict[str, Any]) -> dict[str, Any]:
        checked = ArgumentSpecValidator(dict(core.argument_spec)).validate(options)
        assert not checked.error_messages, checked.error_messages
        pbx = self.site.phone_system
        board = self.site.switchboard
        device = Device(pbx.host, pbx.port, board.user, board.key)
        context = RunContext(False, Masker(), lambda _text: None, device, Vault(self.site))
        params = dict(checked.validated_parameters)
        if core.prepare:
            params = core.prepare(params, context)
        outcome = core.run(params, context)
        result = context.masker.clean(dict(outcome.result))
        self.outputs.append(json.dumps([result, list(outcome.diff)]))
        return dict(result)

    def _compiled(self, what: str) -> Any:
        import datetime

        variables = {name: self.site.declared[name] for name in VARIABLES if name in self.site.declared}
        declaration, _problems = parse(variables, datetime.date.today())
        assert declaration is not None
        return compile_for(what, declaration)

    def book(self) -> dict[str, Any]:
        """What the vault file holds."""
        text = Vault(self.site).decrypt(self.site.credentials_file.read_bytes())
        loaded: dict[str, Any] = json.loads(text)["extensions"]
        return loaded

    def credentials(self, **options: Any) -> dict[str, Any]:
        declared = self._compiled("credentials")
        result = self._run(credentials_core.CORE, {"path": str(self.site.credentials_file), **declared, **options})
        self.fresh |= set(result["created"])
        return result

    def settle(self, **options: Any) -> dict[str, Any]:
        declared = [{**entry, "generation": 1} for entry in self._compiled("credentials")["extensions"]]
        options = {"path": str(self.site.credentials_file), "extensions": declared, **options}
        return self._run(credentials_core.CORE, options)

    def pbx(self) -> dict[str, Any]:
        """The declared extensions on the PBX; on a Yeastar only a few, because each is read by two requests."""
        common = {
            "credentials_file": str(self.site.credentials_file),
            "tls_ca_file": str(self.site.phone_system.ca_file),
        }
        if self.series is None:
            declared = {"extensions": self._compiled("threecx_extensions"), "guard": self._compiled("threecx_guard")}
            return self._run(threecx_extensions.CORE, {**declared, **common})
        some = {*self.numbers, "202"}
        declared = {
            "extensions": [each for each in self._compiled("yeastar_extensions") if each["number"] in some],
            "series": self.series,
            "unconfirmed": sorted(
                number
                for number, entry in self.book().items()
                if number in some and (number in self.fresh or "previous" in entry)
            ),
        }
        result = self._run(yeastar_extensions.CORE, {**declared, **common})
        self.fresh.clear()
        return result

    def by_hand(self, folder: Path) -> None:
        """What the checklist says is set by hand."""
        if self.series is None:
            return
        controls = self._compiled("manual_controls")
        options = {"manual_controls": controls, "directory": str(folder), "series": self.series, "config": {}}
        self._run(yeastar_security.CORE, {**options, "tls_ca_file": str(self.site.phone_system.ca_file)})
        self.site.switchboard.by_hand(controls, folder)

    def files(self) -> dict[str, Any]:
        return self._run(
            yealink.CORE,
            {
                "phones": self._compiled("phones"),
                "directory": str(self.site.provisioning_directory),
                "credentials_file": str(self.site.credentials_file),
            },
        )

    def phones(self, numbers: Sequence[str], expected: Sequence[str], *, wait: int = 5) -> dict[str, Any]:
        every = self._compiled("phone_registrations")
        if self.series == "s":
            # Nobody tells them, so they fetch by themselves.
            for phone in every:
                if phone["number"] in numbers and self.phones_are_on:
                    self.site.phone_is_told(phone["mac"])
        core = threecx_reprovision.CORE if self.series is None else yeastar_reprovision.CORE
        return self._run(
            core,
            {
                "phones": [phone for phone in every if phone["number"] in numbers],
                "expected": list(expected),
                "poll": 0.01,
                "wait": wait,
                "binding_lifetime": 0.1 if self.series == "s" else 0.3,
                "tls_ca_file": str(self.site.phone_system.ca_file),
                **({"series": self.series} if self.series else {}),
            },
        )

    @contextlib.contextmanager
    def phones_away(self) -> Iterator[None]:
        """Nobody fetches anything."""
        outside = self.site.phone_system.on_reprovision
        self.site.phone_system.on_reprovision = None
        self.phones_are_on = False
        yield
        self.site.phone_system.on_reprovision = outside
        self.phones_are_on = True

    def forward(self, *, rotate: Sequence[str] = ()) -> None:
        """The whole way; without ``rotate`` an interrupted one is finished."""
        pending = self.credentials(rotate=list(rotate))["unconfirmed"]
        written = self.pbx()
        self.knock()
        self.files()
        changed = written["credentials_changed"]
        affected = sorted({*pending, *changed})
        registered: list[str] = []
        if affected:
            expected = sorted(set(changed) & set(written["registered_before"]))
            registered = self.phones(affected, expected)["registered"]
        seen = sorted(set(pending) & set(written["in_force"]) & set(registered))
        if seen:
            self.settle(confirm=seen)

    def knock(self) -> None:
        """Phones go on to register with what they have, more often than the PBX bears from one address."""
        for phone in self.site.phones:
            for _attempt in range(8):
                self.site.register(phone)

    def consistent(self) -> list[str]:
        """What does not fit together: vault, PBX, file of the phone, registration, and the site's own addresses."""
        wrong = []
        for number in self.numbers:
            entry, stored = self.book()[number], self.site.switchboard.stored(number)
            if "previous" in entry:
                wrong.append(f"{number} is still pending")
            if stored.sip_password != entry["current"]["sip_password"]:
                wrong.append(f"{number}: the PBX has another password than the vault")
            if not stored.registered:
                wrong.append(f"{number} is not registered")
        return wrong + self.site.switchboard.leftovers() + self.blocked()

    def blocked(self) -> list[str]:
        """Addresses of the site that the PBX no longer hears."""
        addresses = {"192.0.2.10", *(f"192.168.10.{100 + place}" for place in range(1, 13))}
        return [f"{address} is blocked" for address in sorted(addresses) if self.site.phone_system.is_blocked(address)]
