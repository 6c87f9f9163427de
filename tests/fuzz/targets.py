# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file of these tests that knows the collection: which parser reads which command's reply."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils import drayos
from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos import dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import COMMAND_LENGTH
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.info import interfaces
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat import exposures
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles import objects
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules import filter as data_filter
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import RuleView
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule_forms import parse_rule
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session import redact_output, transcript
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings import dos, sip_alg
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system import (
    access_list,
    brute_force,
    clock,
    mail_alert,
    remote_access,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.gather import as_result, gather_system

__all__ = [
    "COMMAND_LENGTH",
    "EVERY_REPLY",
    "PARSERS",
    "HardeningError",
    "mistaken",
    "parsers_of",
    "read_system",
    "undiscovered",
]

Parser = Callable[[str], Any]
PARSERS: tuple[tuple[str, Parser], ...] = (
    (r"sys version", dialect.parse_version),
    (r"sys (version|cfg status)", interfaces.parse_state),
    (r"sys iface", interfaces.parse_interfaces),
    (r"sys sip_alg \?", sip_alg.parse_sip_alg),
    (r"ipf set -v", data_filter.parse_general),
    (r"ipf set \d+ -v", data_filter.parse_set_head),
    (r"ipf rule \d+ \d+ -v", parse_rule),
    (r"object ip obj \d+ -v", objects.parse_ip_object),
    (r"object ipv6 obj \d+ -v", objects.parse_ipv6_object),
    (r"object service obj \d+ -v", objects.parse_service_object),
    (r"object country set \d+ -v", objects.parse_country_object),
    (r"object (ip|ipv6|service) grp \d+ -v", objects.parse_group),
    (r"srv nat showall", exposures.parse_all),
    (r"srv nat openport \d+ \d+ -v", exposures.parse_open_port),
    (r"srv nat dmz -v", exposures.parse_dmz),
    (r"dos -[PB] show", dos.parse_list),
    (r"sys time show", clock.parse_clock),
    (r"sys mailalert -v", mail_alert.parse_mail_alert),
    (r"mngt accesslist list", access_list.parse_access_list),
    (r"mngt bfp -v", brute_force.parse_brute_force),
    (r"mngt rmtcfg status", remote_access.parse_remote_access),
)
"""Parsers return typed data, or None where the reply is not in a form that they know."""
EVERY_REPLY: tuple[Parser, ...] = (redact_output.without_secrets, transcript.split)
"""Readers of any text at all."""
NOT_OF_REPLIES = {"parse_ports"}
"""Parsers of what a user writes."""


def read_system(run: Callable[[str], str], model: str) -> None:
    """Everything that the router's own settings show, in the form that the user gets."""
    known = {"vigor2927": dialect.VIGOR_2927, "vigor2862": dialect.VIGOR_2862, "vigor3912": dialect.VIGOR_3912}
    as_result(gather_system(run, known[model], None))


def parsers_of(command: str) -> list[Parser]:
    return [parse for pattern, parse in PARSERS if re.fullmatch(pattern, command)]


def undiscovered() -> set[str]:
    """Functions named ``parse_...`` of the DrayOS family that stand in no table here."""
    known = {parse.__name__ for _pattern, parse in PARSERS} | NOT_OF_REPLIES
    found: set[str] = set()
    for folder in map(Path, drayos.__path__):
        for file in sorted(folder.rglob("*.py")):
            module = ".".join(file.relative_to(folder).with_suffix("").parts)
            members: Mapping[str, Any] = vars(importlib.import_module(f"{drayos.__name__}.{module}"))
            found |= {name for name, item in members.items() if name.startswith("parse_") and inspect.isfunction(item)}
    return found - known


def mistaken(before: Any, after: Any) -> str:
    """What the planner would take for unused or out of force, and so write over or leave out, though it is not."""
    if isinstance(before, data_filter.GeneralSetup):
        return "looks switched off" if before.start_set and not after.start_set else ""
    if isinstance(before, RuleView) and before.enabled and not after.enabled:
        return "looks disabled"
    return "looks free" if _free(after) and not _free(before) else ""


def _free(parsed: Any) -> bool:
    if isinstance(parsed, RuleView):
        return parsed.untouched
    if isinstance(parsed, data_filter.SetHead):
        return parsed == data_filter.SetHead("", 0)
    return bool(getattr(parsed, "blank", False))
