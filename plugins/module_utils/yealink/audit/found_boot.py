# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Boot files that somebody else wrote (yealink.md 1.3). Pure functions."""

from __future__ import annotations

from collections.abc import Container, Iterator
from urllib.parse import urlsplit

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_finding import (
    BAD_VALUE,
    FORMAT,
    INSECURE,
    Finding,
    line_list,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import FoundText, Include
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.markup import marked
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.redact_foreign import (
    redacted_text,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import find_model

MAX_SHOWN = 200
"""Characters of an include that are shown."""
BOOT_SETTINGS = ("specific_model.excluded_mode", "static.specific_model.excluded_mode")
"""Templates of boot files have it beside the includes that it is about (yealink.md 1.3)."""


def applies(include: Include, model: str) -> bool:
    """Whether a phone of this model fetches it. Without the brackets every model does."""
    return not include.models or model.upper() in (_model_name(name) for name in include.models)


def is_whole(include: Include) -> bool:
    """Whether the phone understands the line: <> or quotes as the vendor writes them or none, and a name in .cfg."""
    return include.target.endswith(".cfg") and " " not in include.target


def safe_target(include: Include) -> str:
    """The target without credentials."""
    return redacted_text(include.target)[:MAX_SHOWN]


def boot_findings(found: FoundText, names: Container[str]) -> Iterator[Finding]:
    """``names`` are those of the files beside it."""
    for include in found.includes:
        yield from _include_findings(include, names)
    if found.overwrite and found.overwrite[1] not in ("0", "1"):
        yield Finding(BAD_VALUE, "overwrite_mode must be 0 or 1", "overwrite_mode", line=found.overwrite[0])
    numbers = [line.number for line in found.assignments if line.name not in BOOT_SETTINGS]
    if numbers:
        text = f"{line_list(numbers)}: settings do nothing in a boot file; move them to a file that it includes"
        yield Finding(FORMAT, text, line=numbers[0])
    if not found.includes:
        yield Finding(FORMAT, "includes no configuration file")


def _include_findings(include: Include, names: Container[str]) -> Iterator[Finding]:
    target, shown, line = include.target, safe_target(include), include.number
    for model in include.models:
        try:
            find_model(_model_name(model))
        except HardeningError:
            yield Finding(BAD_VALUE, "names a model in [] that is not known", "include:config", shown, line)
    made = include.made or marked(target).text != target
    if not made and not is_whole(include):
        text = "does not end in .cfg, so the phone does not fetch it"
        yield Finding(BAD_VALUE, text, "include:config", shown, line)
        return
    scheme = _scheme(target)
    if scheme in ("http", "tftp", "ftp"):
        yield Finding(INSECURE, "passwords are sent in clear text", "include:config", shown, line)
    elif not scheme and not made and not {"/", "$"} & set(target) and target not in names:
        yield Finding(FORMAT, "the file does not exist", "include:config", shown, line)


def _model_name(text: str) -> str:
    return text.strip().upper().removeprefix("SIP-")


def _scheme(target: str) -> str:
    try:
        return urlsplit(target).scheme.lower() if "://" in target else ""
    except ValueError:
        return ""
