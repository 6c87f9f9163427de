# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Yeastar cores against simulated PBXs over real HTTPS, without Ansible around them but for its argument checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from threecx_support import credentials, mac_of

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Core, Device, Outcome, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar import extensions, reprovision, security
from lab.yeastar import SimulatedPSeries
from lab.yeastar.s_series import SimulatedSSeries

__all__ = ["CONFIG", "Bench", "credentials", "mac_of", "requests"]

CONFIG: dict[str, Any] = {
    "countries": {"allowed": ["44", "353", "33"], "international_prefixes": ["00", "+"]},
    "barred_numbers": ["0909", "118"],
    "emergency_numbers": ["999", "112", "18000"],
    "emergency_trunks": [],
    "outbound_routes": [],
    "pin_lists": [],
    "phones": [],
}


@dataclass
class Bench:
    """A PBX of either series, and runs of the cores against it."""

    pbx: SimulatedPSeries | SimulatedSSeries
    warnings: list[str] = field(default_factory=list)

    @property
    def series(self) -> str:
        return "s" if isinstance(self.pbx, SimulatedSSeries) else "p"

    def run(self, core: Core, *, check_mode: bool = False, key: str | None = None, **options: Any) -> Outcome:
        options = {"tls_ca_file": str(self.pbx.ca_file), "timeout": 10, **options}
        if "series" in core.argument_spec:
            options = {"series": self.series, **options}
        checked = ArgumentSpecValidator(dict(core.argument_spec), required_if=list(core.required_if)).validate(options)
        assert not checked.error_messages, checked.error_messages
        if isinstance(self.pbx, SimulatedSSeries):
            device = Device(self.pbx.host, self.pbx.port, self.pbx.username, key or self.pbx.password)
        else:
            device = Device(self.pbx.host, self.pbx.port, self.pbx.client_id, key or self.pbx.client_secret)
        context = RunContext(check_mode, Masker(), self.warnings.append, device)
        params = dict(checked.validated_parameters)
        if core.prepare:
            params = core.prepare(params, context)
        return core.run(params, context)

    def secure(self, *, check_mode: bool = False, key: str | None = None, **options: Any) -> Outcome:
        return self.run(security.CORE, check_mode=check_mode, key=key, **{"config": CONFIG, **options})

    def extend(self, numbers: Sequence[Any], *, check_mode: bool = False, **options: Any) -> Outcome:
        declared = [each if isinstance(each, dict) else {"number": each} for each in numbers]
        return self.run(extensions.CORE, check_mode=check_mode, extensions=declared, **options)

    def reprovision(self, *numbers: str, **options: Any) -> Outcome:
        phones = [{"number": number} for number in numbers]
        return self.run(reprovision.CORE, **{"phones": phones, "poll": 0.02, "wait": 5, **options})


def requests(pbx: SimulatedPSeries | SimulatedSSeries) -> list[str]:
    """Method and endpoint of what was meant to change something."""
    return [f"{each.method} {each.endpoint}" for each in pbx.writes]
