# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was changed at a phone by hand: its uploaded <mac>-local.cfg against the file that it is served. Pure functions.

yealink.md 0.2, 1.2: such a file exists only with custom.protect, holds no static settings, and survives provisioning
only as long as custom.protect is 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_finding import (
    DRIFT,
    FORMAT,
    INSECURE,
    Finding,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import Line
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.redact_foreign import (
    redacted_value,
    safe_name,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.weak_values import (
    default_of,
    is_weaker,
    rules_for,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET

Values = Mapping[tuple[str, str], Sequence[Line]]
SURVIVES, ENDS, NOT_KNOWN = "yes", "no", "unknown"


def survival(served: Values | None) -> str:
    """Whether a local value stays when the phone is provisioned again."""
    lines = [line for (name, _user), found in (served or {}).items() for line in found if name.endswith(".protect")]
    protect = next(
        (line.value for line in reversed(lines) if line.name.endswith("auto_provision.custom.protect")), None
    )
    if protect is None:
        return NOT_KNOWN if served is None else ENDS  # the factory default is 0
    return {"1": SURVIVES, "0": ENDS}.get(protect, NOT_KNOWN)


def drift(local: Values, served: Values | None, firmware: int, *, dect: bool = False) -> Iterator[Finding]:
    """``served`` None: there is no file to compare with, so only the hardened values are."""
    stays = survival(served)
    rules = dict(rules_for(firmware, dect=dect))
    for (name, user), lines in local.items():
        line = lines[-1]
        if not safe_name(name):
            continue
        if name.startswith("static."):
            text = "a static setting, which phones never save in this file: it was put there by something else"
            yield Finding(FORMAT, text, name, redacted_value(name, line.value), line.number)
            continue
        rule = rules.get(name)
        wanted = served[name, user][-1].value if served and (name, user) in served else None
        if wanted is None and served is None and rule:
            wanted = rule.value
        if (wanted is not None or served is not None) and not _same(name, line.value, wanted):
            yield _finding(line, wanted, stays)
        value = default_of(name) if line.value in ("", RESET) else line.value
        if rule and is_weaker(rule.name, value, rule.value):
            text = f"{rule.section}: was changed at the phone and is not the hardened value {rule.value}"
            yield Finding(INSECURE, text, name, redacted_value(name, line.value), line.number)


def _same(name: str, local: str, wanted: str | None) -> bool:
    default = default_of(name)
    return _meant(local, default) == _meant(wanted, default)


def _meant(value: str | None, default: str) -> str:
    return default if value in (None, "", RESET) else str(value)


def _finding(line: Line, wanted: str | None, stays: str) -> Finding:
    declared = "" if wanted is None else redacted_value(line.name, wanted)
    text = "was changed at the phone" + ("; no value is declared" if wanted is None else "")
    text += {
        SURVIVES: ", and stays so when the phone is provisioned again (custom.protect is 1)",
        ENDS: "; the next provisioning ends that (custom.protect is 0)",
        NOT_KNOWN: "",
    }[stays]
    more = (("declared", declared), ("survives", stays))
    return Finding(DRIFT, text, line.name, redacted_value(line.name, line.value), line.number, more)
