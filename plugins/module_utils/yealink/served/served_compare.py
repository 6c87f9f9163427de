# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone is served against what it should be. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_finding import (
    DRIFT,
    INSECURE,
    MISSING,
    UNVERIFIED,
    Finding,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_names import judged
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import Line, possible
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.redact_foreign import (
    hides_value,
    redacted_value,
    safe_name,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.weak_values import (
    default_of,
    is_security_rule,
    is_weaker,
    other_findings,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import CERTIFICATES, RULES
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET, Setting
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served.phone_requests import Taken
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.template_block import security_settings
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import WantedPhone

SECURITY, ALL = "security", "all"
ENFORCED, WEAKER, DIFFERENT, UNKNOWN = "enforced", "weaker", "different", "unknown"
ORDER = (WEAKER, UNKNOWN, DIFFERENT, ENFORCED)
"""The worst first."""
SECURITY_FAMILIES = (
    "account.",
    "features.action_uri",
    "phone_setting.phone_lock.",
    "phone_setting.emergency.",
    "dialplan.",
    "security.user_password",
    "static.security.user_password",
    "static.network.802_1x.",
)
"""Where another value than the declared one leaves more open or bars an emergency call; elsewhere it is another one."""
_RULES = {spelt: rule for rule in RULES for spelt in (rule.name, rule.name.removeprefix("static."))}


@dataclass(frozen=True)
class Control:
    """One setting of the policy and what became of it."""

    section: str
    parameter: str
    wanted: str
    value: str
    verdict: str
    reason: str = ""

    def as_result(self) -> dict[str, str]:
        """For the task's result; wanted and value are masked already."""
        return dict(vars(self))


def expected(
    settings: Sequence[Setting], phone: WantedPhone, policy: str, *, certificates: bool = True
) -> list[Setting]:
    """Of all the phone's settings, those of the policy.

    ``certificates``: also those by which phones check certificates. A PBX's block is without them unless asked for.
    """
    names = {setting.name for setting in (settings if policy == ALL else security_settings(phone))}
    return [
        setting for setting in settings if setting.name in names and (certificates or setting.section != CERTIFICATES)
    ]


def effective(taken: Taken) -> dict[tuple[str, str], tuple[str, Line]]:
    """What counts in the end, by name and, for passwords, user: the last line of the last file, and where it stands."""
    found: dict[tuple[str, str], tuple[str, Line]] = {}
    for url, text in taken.files:
        found.update({key: (url, lines[-1]) for key, lines in possible(text.assignments).items()})
    return found


def compare(taken: Taken, settings: Sequence[Setting]) -> tuple[list[Control], list[Finding]]:
    """Every setting of the policy with its verdict, and what is to be said of those that are not as they should be."""
    values = effective(taken)
    controls, findings = [], []
    for setting in settings:
        user = setting.value.partition(":")[0] if setting.name.endswith("security.user_password") else ""
        control, finding = _compared(setting, values.get((setting.name, user)), taken)
        controls.append(control)
        findings += [finding] if finding else []
    return controls, findings


def _compared(setting: Setting, found: tuple[str, Line] | None, taken: Taken) -> tuple[Control, Finding | None]:
    name, wanted = setting.name, redacted_value(setting.name, setting.value)
    if taken.aborted or not taken.files:
        return Control(setting.section, name, wanted, "", UNKNOWN, "what the phone is served could not be read"), None
    if found is None:
        return _missing(setting, taken)
    url, line = found
    value = redacted_value(name, line.value)
    differs = _weakness(setting, line.value)
    if differs is None:
        return Control(setting.section, name, wanted, value, ENFORCED), None
    kind = INSECURE if differs == WEAKER else DRIFT
    other = "the declared one" if hides_value(name) else wanted
    blank = "is blank, and the factory default " if line.value in ("", RESET) else ""
    text = f"{setting.section}: {blank}is not {other}"
    finding = Finding(kind, text, name, value, line.number, (("file", url),))
    return Control(setting.section, name, wanted, value, differs, text), finding


def _missing(setting: Setting, taken: Taken) -> tuple[Control, Finding | None]:
    """What is in no file: the factory default where overwrite_mode is on, and otherwise whatever the phone has."""
    name, wanted = setting.name, redacted_value(setting.name, setting.value)
    rule = _RULES.get(name)
    if rule and rule.since >= 86:
        text = f"{setting.section}: is not served; whether phones need it is not known (G8)"
        finding = Finding(UNVERIFIED, text, name, "", None, (("file", ""),))
        return Control(setting.section, name, wanted, "", UNKNOWN, text), finding
    if setting.value == RESET and taken.overwrite:
        return Control(setting.section, name, wanted, RESET, ENFORCED, "the factory default"), None
    unknown = rule is not None and not default_of(name)
    differs = UNKNOWN if unknown else _weakness(setting, RESET)
    if differs is None and taken.overwrite:
        return Control(setting.section, name, wanted, RESET, ENFORCED, "the factory default"), None
    factory = "is not known" if unknown else "is the same value" if differs is None else "is another value"
    text = f"{setting.section}: is not served, so the phone keeps what it has; the factory default {factory}"
    finding = Finding(MISSING, text, name, "", None, (("file", ""),))
    return Control(setting.section, name, wanted, "", differs or UNKNOWN, text), finding


def _weakness(setting: Setting, value: str) -> str | None:
    """WEAKER, DIFFERENT, or None where it is as strict."""
    default = default_of(setting.name)
    have = default if value in ("", RESET) else value
    wanted = default if setting.value == RESET else setting.value
    rule = _RULES.get(setting.name)
    if have == wanted:
        return None
    if rule is None:
        return WEAKER if setting.name.startswith(SECURITY_FAMILIES) else DIFFERENT
    if is_security_rule(rule):
        return WEAKER if is_weaker(rule.name, have, wanted) else None
    return DIFFERENT


def text_findings(taken: Taken, firmware: int) -> Iterator[Finding]:
    """Names and values that the phone passes over, and values that leave it open though no setting is about them."""
    for url, text in taken.files:
        for finding in judged(text.assignments, firmware):
            yield _of(finding, url)
    if not taken.files or taken.aborted:
        return
    values = {key: (url, [line]) for key, (url, line) in effective(taken).items()}
    lines: Mapping[tuple[str, str], Sequence[Line]] = {key: found for key, (_url, found) in values.items()}
    for finding in other_findings(lines, firmware, complete=True):
        key = next((key for key in values if key[0] == finding.parameter), None)
        missing = finding.line is None
        made = Finding(MISSING, *_parts(finding)) if missing else finding
        yield _of(made, "" if key is None or missing else values[key][0])


def _parts(finding: Finding) -> tuple[str, str, str, int | None]:
    return finding.problem, finding.parameter, finding.value, finding.line


def _of(finding: Finding, url: str) -> Finding:
    return Finding(finding.kind, *_parts(finding), (*finding.more, ("file", url)))


def worst(controls: Sequence[Control]) -> str:
    """The verdict of the phone."""
    verdicts = {control.verdict for control in controls}
    return next((verdict for verdict in ORDER if verdict in verdicts), UNKNOWN)


def safe_settings(taken: Taken) -> dict[str, Any]:
    """The effective values, masked."""
    settings: dict[str, Any] = {}
    for (name, _user), (_url, line) in effective(taken).items():
        if not safe_name(name):
            continue
        text = redacted_value(name, line.value)
        settings[name] = f"{settings[name]} {text}" if name in settings else text
    return settings
