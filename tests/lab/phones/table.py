# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters a phone knows, and under which name each firmware release knows them.

parameters.csv is an extract of the reference list: name, values, default, first release, reboot, confidence.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

# yealink.md 1.5: the release that brought the `static.` prefix and `sip.trust_ctrl`.
STATIC_SINCE = 81

# yealink.md 1.5, renames: the release that no longer knows the old name.
_GONE_SINCE = {
    "account.X.sip_trust_ctrl": 81,
    "account.X.sip_listen_port": 81,
    "account.X.outbound_host": 81,
    "account.X.outbound_port": 81,
    "auto_provision.mode": 81,
    "static.auto_provision.mode": 81,
    "network.web_server_type": 81,
    "syslog.mode": 81,
    "account.X.transport": 80,
    "phone_setting.lock": 80,
    # yealink.md 2.2: SNMP is absent from V83 and later templates.
    "static.network.snmp.enable": 83,
    "static.network.snmp.port": 83,
    "static.network.snmp.trust_ip": 83,
}

# Where the list gives no usable default. Each is an assumption of the simulator, except where a section is named.
_DEFAULTS = {
    "static.security.ca_cert": "2",  # G7: 2 in the V81 template, 0 in that of the T58
    "static.wui.http_enable": "1",  # G7: 1 in the V81 template; newer phones were seen with HTTP off
    "security.user_name.var": "var",  # yealink.md 2.2 says var; an old template comment says custom
    "static.trusted_certificates.delete": "",
    "static.server_certificates.delete": "",
    "server_certificates.url": "",
    "gui_lang.delete": "",
    "lcd_logo.delete": "",
    "ringtone.delete": "",
    "dialplan.emergency.X.value": "",
}

# Index limits, yealink.md 1.1 and 2.2. Accounts depend on the model.
_LIMITS = {"sip_server": 2, "outbound_proxy": 2, "dialplan.block_out": 10, "dialplan.emergency": 255}
_SECRET = re.compile(r"password|aes_key|secret|(?:^|[._])pin(?:$|[._])|pin_code|unlock_pin")


@dataclass(frozen=True)
class Parameter:
    """One row of the list. `name` has X, Y, Z for its indexes."""

    name: str
    values: str
    default: str
    since: int
    reboot: bool
    confidence: str

    @property
    def secret(self) -> bool:
        """Whether the value must not be shown."""
        return bool(_SECRET.search(self.name)) and not self.values.startswith("enum:")


@dataclass(frozen=True)
class Known:
    """A name as this phone knows it."""

    key: str
    parameter: Parameter


def placeholders(name: str) -> tuple[str, tuple[int, ...]]:
    """account.1.sip_server.2.port -> account.X.sip_server.Y.port, (1, 2)."""
    indexes: list[int] = []
    segments = name.split(".")
    for position, segment in enumerate(segments):
        if segment.isascii() and segment.isdigit() and len(segment) <= 4 and len(indexes) < 3:
            segments[position] = "XYZ"[len(indexes)]
            indexes.append(int(segment))
        elif segment in ("X", "Y", "Z"):
            # A literal X is no index a phone could have been given.
            segments[position] = f"<{segment}>"
    return ".".join(segments), tuple(indexes)


@functools.cache
def parameters() -> dict[str, Parameter]:
    """All parameters by their name."""
    with (Path(__file__).parent / "parameters.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    marked = {row["name"] for row in rows if row["reboot"] == "yes"}
    table = {}
    for row in rows:
        name = row["name"]
        if name == "overwrite_mode":  # an attribute of boot files, no parameter (yealink.md 1.3)
            continue
        # A mark on either spelling counts, unless the row itself says no.
        reboot = name in marked or (
            row["reboot"] != "no" and bool({f"static.{name}", name.removeprefix("static.")} & marked)
        )
        default = _DEFAULTS.get(name, "" if row["default"] == "(blank)" else row["default"])
        since = _first_release(row["min_firmware"])
        table[name] = Parameter(name, row["values"], default, since, reboot, row["confidence"])
    return table


def is_static(template: str) -> bool:
    """Whether the setting is one of those without local priority (yealink.md 1.5), under either spelling."""
    return template.startswith("static.") or f"static.{template}" in parameters()


class KnownNames:
    """The names one phone understands."""

    def __init__(self, generation: int, accounts: int, legacy_alias: str = "ignore") -> None:
        if legacy_alias not in ("ignore", "accept"):
            raise ValueError("legacy_alias is ignore or accept")
        self.generation = generation
        self.accounts = accounts
        self.accepts_alias = legacy_alias == "accept"

    def find(self, name: str) -> Known | None:
        """How this phone understands a name, or None if it does not."""
        template, indexes = placeholders(name)
        known = self._modern(name, template) if self.generation >= STATIC_SINCE else self._early(name, template)
        if known is None or known.parameter.since > self.generation:
            return None
        if self.generation >= _GONE_SINCE.get(known.parameter.name, 1000):
            return None
        return known if self._in_range(template, indexes) else None

    def _modern(self, name: str, template: str) -> Known | None:
        row, twin = parameters().get(template), parameters().get(f"static.{template}")
        # yealink.md 1.5 names the V86 families (security.sip.*, security.dm.*, ...) without the prefix: both are known.
        if twin is None or (row is not None and 86 <= row.since <= self.generation):
            return Known(name, row) if row else None
        # G5: an old spelling is ignored, unless the simulator was told that this firmware still takes it.
        return Known(f"static.{name}", twin) if self.accepts_alias else None

    def _early(self, name: str, template: str) -> Known | None:
        if template.startswith("static."):
            return None
        row = parameters().get(template) or parameters().get(f"static.{template}")
        return Known(name, row) if row else None

    def _in_range(self, template: str, indexes: tuple[int, ...]) -> bool:
        if not indexes:
            return True
        if template.startswith("account.X.") and not 1 <= indexes[0] <= self.accounts:
            return False
        for part, limit in _LIMITS.items():
            position = 1 if part in ("sip_server", "outbound_proxy") else 0
            inside = f".{part}.Y." in template if position else template.startswith(f"{part}.")
            if inside and len(indexes) > position and not 1 <= indexes[position] <= limit:
                return False
        return True


def _first_release(text: str) -> int:
    """'V7x' -> 70, 'V80/V81' -> 81 (the later one: the stricter reading), '' -> 0."""
    head = text.split(" ", 1)[0]
    return max((int(number.replace("x", "0")) for number in re.findall(r"V(\d[\dx])", head)), default=0)
