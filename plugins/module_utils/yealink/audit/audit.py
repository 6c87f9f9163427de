# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What existing phone files do about security, whoever wrote them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_finding import (
    FORMAT,
    INSECURE,
    Finding,
    in_order,
    line_list,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_names import guess, judged
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.decoded import BLOCK, Decoded, decoded
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.drift import drift
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_boot import (
    BOOT_SETTINGS,
    applies,
    boot_findings,
    safe_target,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_files import FoundFile
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import (
    FoundText,
    Line,
    possible,
    read_lines,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.phone_template import (
    is_phone_template,
    sections,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.redact_foreign import (
    is_known,
    redacted_value,
    safe_name,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.weak_values import (
    baseline_findings,
    other_findings,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import HEADER, is_ours
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import (
    find_model,
    firmware_of,
)

CONFIGURATION, BOOT, LOCAL, TEMPLATE = "configuration", "boot", "local", "template"
ENCRYPTED, UNKNOWN = "encrypted", "unknown"
DEFAULT_KEY = (
    "encrypted, cannot be read. If it was encrypted with the default key of Yealink's tools, anyone can read it "
    "(CVE-2024-24681)"
)
OLD_LAYOUT = (
    "a section that names a file of the phone (path = /config/...) is the layout of firmware older than is known here; "
    "what it sets was not checked"
)
_MAC = re.compile(r"(?<![0-9a-fA-F])([0-9a-fA-F]{2}(?:[:_-]?[0-9a-fA-F]{2}){5})(?![0-9a-fA-F])")
_PHONE_FILE = re.compile(r"(?i)(?:[0-9a-f]{12}(?:-local)?|y\d{12})\.(?:cfg|boot)")
_TEMPLATE_NAME = re.compile(r"(?i)\.(?:tpl|tmpl|j2|ph\.xml|template)$")
_FAMILY = re.compile(r"(static|account|features|phone_setting|security|auto_provision|network|sip|linekey|voice)\.\w")
_MAX_DUPLICATES = 60
"""Duplicates that are told for one file."""

Declared = Mapping[str, Mapping[str, Any]]


def audit(files: Sequence[FoundFile], declared: Declared) -> list[dict[str, Any]]:
    """One entry for each file, and for each configuration in a template of 3CX. ``declared`` are the task's phones by
    MAC address."""
    names = {file.name for file in files if file.served}
    served = _Served(files, declared)
    return [entry for file in files for entry in _entries(file, declared, names, served)]


class _Served:
    """What each phone is served according to the directory, read when an upload is compared with it."""

    def __init__(self, files: Sequence[FoundFile], declared: Declared) -> None:
        self._files = {file.name.lower(): file for file in files if file.served and not file.problem}
        self._declared = declared

    def values(self, mac: str) -> dict[tuple[str, str], list[Line]] | None:
        """None where it is served nothing that can be read."""
        boot = self._text(f"{mac}.boot")
        names = [f"{mac}.cfg"]
        if boot and boot.includes:
            model = str(self._declared.get(mac, {}).get("model", "")).upper().removeprefix("SIP-")
            names = [
                include.target.lower().replace("$mac", mac)
                for include in boot.includes
                if not model or applies(include, model)
            ]
        texts = [text for text in map(self._text, names) if text is not None]
        return possible([line for text in texts for line in text.assignments]) if texts else None

    def _text(self, name: str) -> FoundText | None:
        file = self._files.get(name)
        return read_lines(decoded(file.content).text) if file else None


def _entries(file: FoundFile, declared: Declared, names: set[str], served: _Served) -> Iterator[dict[str, Any]]:
    mac = mac_of(file.name)
    if file.problem:
        yield _entry(file, mac, UNKNOWN, [Finding(FORMAT, file.problem)])
        return
    content = decoded(file.content)
    notes = [Finding(FORMAT, note) for note in content.notes]
    if file.cut:
        notes.append(Finding(FORMAT, f"is larger than {len(file.content)} bytes; the rest was not read"))
    if content.binary:
        yield _unreadable(file, mac, content)
        return
    if is_phone_template(content.text):
        found = [(part.name, read_lines(part.text, part.first)) for part in sections(content.text)]
        if not found:
            notes.append(Finding(FORMAT, "a phone template without a configuration file in it"))
            yield _entry(file, mac, TEMPLATE, notes)
        for name, text in found:
            yield _judged(file, mac, TEMPLATE, text, notes, declared=None, section=name, names=names, served=served)
        return
    text = read_lines(content.text)
    kind = _kind(file.name, text)
    yield _judged(file, mac, kind, text, notes, declared=declared.get(mac), section="", names=names, served=served)


def mac_of(name: str) -> str:
    """The MAC address in a file's name; empty where there is none."""
    found = _MAC.search(name)
    mac = re.sub(r"[^0-9a-f]", "", found[1].lower()) if found else ""
    return "" if re.match(r"(?i)y\d{12}\b", name) else mac


def _kind(name: str, text: FoundText) -> str:
    if text.encrypted:
        return ENCRYPTED
    lower = name.lower()
    settings = [line for line in text.assignments if line.name not in BOOT_SETTINGS]
    if lower.endswith(".boot") or (text.includes and not settings):
        return BOOT
    if re.search(r"-local\.cfg$", lower):
        return LOCAL
    usable = text.header or text.other_header or text.old_layout or any(map(_is_yealinks, text.assignments))
    if (text.template or _TEMPLATE_NAME.search(lower)) and usable:
        return TEMPLATE
    return CONFIGURATION if usable or _PHONE_FILE.fullmatch(name) else UNKNOWN


def _is_yealinks(line: Line) -> bool:
    """Whether a file with this line is about a Yealink phone, or tries to be."""
    return bool(safe_name(line.name)) and (("." in line.name and is_known(line.name)) or bool(_FAMILY.match(line.name)))


def _entry(file: FoundFile, mac: str, kind: str, findings: list[Finding], **more: Any) -> dict[str, Any]:
    entry = {
        "mac": mac,
        "file": file.name,
        "section": "",
        "kind": kind,
        "ours": False,
        "firmware": "",
        "firmware_reason": "",
        "includes": [],
        "settings": {},
    }
    return {**entry, **more, "findings": [finding.as_result() for finding in in_order(findings)]}


def _unreadable(file: FoundFile, mac: str, content: Decoded) -> dict[str, Any]:
    size, name = len(file.content), file.name.lower()
    if name.endswith("_security.enc"):
        text = "holds the key of an encrypted file under a key that is public: it protects nothing (CVE-2024-24681)"
        return _entry(file, mac, ENCRYPTED, [Finding(INSECURE, text)])
    if size % BLOCK == 0 or name.endswith(".enc"):
        return _entry(file, mac, ENCRYPTED, [Finding(INSECURE, DEFAULT_KEY)])
    text = "not a configuration file: neither text nor of a length that encrypted files have"
    return _entry(file, mac, UNKNOWN, [Finding(FORMAT, text)] if _PHONE_FILE.fullmatch(file.name) else [])


def _judged(
    file: FoundFile,
    mac: str,
    kind: str,
    text: FoundText,
    notes: list[Finding],
    *,
    declared: Mapping[str, Any] | None,
    section: str,
    names: set[str],
    served: _Served,
) -> dict[str, Any]:
    if kind == ENCRYPTED:
        return _entry(file, mac, kind, [*notes, Finding(INSECURE, DEFAULT_KEY)])
    if kind == UNKNOWN:
        problem = Finding(FORMAT, "is empty" if text.empty else "not a configuration file of a Yealink phone")
        return _entry(file, mac, kind, [*notes, problem])
    findings = [*notes, *_format_findings(text, kind)]
    if mac and _PHONE_FILE.fullmatch(file.name) and file.name != file.name.lower():
        findings.append(Finding(FORMAT, "its name is not in lower case, as the phone asks for it"))
    ours = is_ours(decoded(file.content).text)
    if kind == BOOT:
        return _boot(file, mac, text, [*findings, *boot_findings(text, names)], ours=ours)
    if text.old_layout and not any(map(_is_yealinks, text.assignments)):
        return _entry(file, mac, kind, findings, section=section, ours=ours)
    firmware, reason, dect = _firmware(declared, section or file.name, text.assignments)
    values = possible(text.assignments)
    findings += judged(text.assignments, firmware, guessed=not declared)
    findings += _duplicates(text.assignments)
    if kind == LOCAL:
        findings += drift(values, served.values(mac) if mac else None, firmware, dect=dect)
        complete = False
    else:
        complete = bool(text.header or text.other_header or (mac and kind == CONFIGURATION))
        findings += baseline_findings(values, firmware, complete=complete, dect=dect)
    findings += other_findings(values, firmware, complete=complete, dect=dect)
    return _entry(
        file,
        mac,
        kind,
        _once(findings),
        section=section,
        ours=ours,
        firmware=f"V{firmware}",
        firmware_reason=reason,
        settings=_settings(values),
    )


def _boot(file: FoundFile, mac: str, text: FoundText, findings: list[Finding], *, ours: bool) -> dict[str, Any]:
    includes = [{"target": safe_target(include), "models": _models(include.models)} for include in text.includes]
    settings = {"overwrite_mode": text.overwrite[1]} if text.overwrite and text.overwrite[1] in ("0", "1") else {}
    return _entry(file, mac, BOOT, findings, includes=includes, settings=settings, ours=ours)


def _models(names: Sequence[str]) -> list[str]:
    return [name for name in names if re.fullmatch(r"[A-Za-z0-9_-]{1,20}", name)]


def _firmware(phone: Mapping[str, Any] | None, file: str, lines: Sequence[Line]) -> tuple[int, str, bool]:
    """As declared; otherwise as the names in the file show."""
    if phone:
        model = find_model(phone["model"])
        if phone.get("firmware"):
            return firmware_of(phone["firmware"]), "declared: the firmware of the phone", model.dect
        return model.newest, "declared: the newest of the model, as no firmware is", model.dect
    return (*guess(file, lines), False)


def _settings(values: Mapping[tuple[str, str], Sequence[Line]]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for (name, _user), lines in values.items():
        key = safe_name(name)
        if key:
            text = redacted_value(name, lines[-1].value)
            settings[key] = f"{settings[key]} {text}" if key in settings else text
    return settings


def _format_findings(text: FoundText, kind: str) -> Iterator[Finding]:
    if text.empty:
        yield Finding(FORMAT, "is empty")
        return
    needs_header = not text.old_layout  # files in that layout have none
    if text.header > 1 and kind != TEMPLATE:
        text_ = f"the header {HEADER} is not in the first line, so a phone does not take this for a configuration file"
        yield Finding(FORMAT, text_, line=text.header)
    elif not text.header and text.other_header:
        yield Finding(FORMAT, f"the header is not exactly {HEADER}", line=text.other_header)
    elif needs_header and not text.header and kind == TEMPLATE:
        yield Finding(FORMAT, f"the header {HEADER} is not in it: what the template makes needs it in its first line")
    elif needs_header and not text.header and kind != LOCAL:
        yield Finding(FORMAT, f"the header {HEADER} is missing, so a phone does not take this for a configuration file")
    if text.lone_cr:
        yield Finding(FORMAT, "lines end in a carriage return alone; phones are known to take LF and CRLF")
    named = _known_words(text)
    for numbers, problem in (
        (text.sections, "a section in [] means nothing to a phone"),
        (text.old_layout, OLD_LAYOUT),
        ([number for number in text.no_assignment if number not in named], "is neither a setting nor a comment"),
        (text.long, "is longer than any value that is known"),
    ):
        if numbers:
            yield Finding(FORMAT, f"{line_list(numbers)}: {problem}", line=numbers[0])
    for number, name in text.missing_sign:
        if number in named:
            yield Finding(FORMAT, "the sign = is missing, so the phone ignores the line", name, line=number)
    if kind != BOOT and text.includes:
        numbers = [include.number for include in text.includes]
        yield Finding(FORMAT, f"{line_list(numbers)}: include:config works in boot files only", line=numbers[0])
    if kind != BOOT and text.overwrite:
        yield Finding(FORMAT, "overwrite_mode works in boot files only", "overwrite_mode", line=text.overwrite[0])
    blank = [line.number for line in text.assignments if not line.value]
    if blank:
        problem = "has no value, which may or may not reset the parameter; write %NULL% for the factory default"
        yield Finding(FORMAT, f"{line_list(blank)}: {problem}", line=blank[0])


def _known_words(text: FoundText) -> set[int]:
    """Lines whose first word is a known parameter: only such a word is shown."""
    return {number for number, name in text.missing_sign if "." in name and safe_name(name) and is_known(name)}


def _duplicates(lines: Sequence[Line]) -> Iterator[Finding]:
    by_name: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if not line.conditional and not line.made_name and safe_name(line.name):
            user = line.value.partition(":")[0] if line.name.endswith("security.user_password") else ""
            by_name.setdefault((line.name, user), []).append(line)
    repeated = [found for found in by_name.values() if len(found) > 1]
    for found in repeated[:_MAX_DUPLICATES]:
        last = found[-1]
        numbers = line_list([line.number for line in found])
        text = f"is set more than once ({numbers}); the last one takes effect"
        yield Finding(FORMAT, text, last.name, redacted_value(last.name, last.value), last.number)
    if len(repeated) > _MAX_DUPLICATES:
        yield Finding(FORMAT, f"{len(repeated) - _MAX_DUPLICATES} more parameters are set more than once")


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Of two insecure findings about one line, the first."""
    seen: set[tuple[str, str, int | None]] = set()
    kept = []
    for finding in findings:
        key = (finding.kind, finding.parameter, finding.line)
        if finding.kind == INSECURE and finding.line is not None:
            if key in seen:
                continue
            seen.add(key)
        kept.append(finding)
    return kept
