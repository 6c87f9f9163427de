# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sip_probe: which SIP ports of a site answer this vantage point."""

from __future__ import annotations

import re
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import (
    ANSWERED,
    SILENT,
    TRANSPORTS,
    Evidence,
    Settings,
    Target,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.targets import (
    allowed_addresses,
    check_count,
    read_targets,
    system_resolver,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.transport import ask
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.verdict import (
    FAILED,
    REJECTED,
    UNPROVED,
    Controls,
    Verdict,
    handed_over,
    judge,
    line,
    overall,
    own_controls,
)

VERSION = "0.1.0"
"""Of the collection (galaxy.yml); a module on another host cannot read it there."""
MAX_RETRANSMISSIONS = 8
"""So that no target gets more than ten datagrams."""
MAX_TIMEOUT = 32.0
"""Seconds: 64 * T1, when a SIP client gives up by itself (RFC 3261, 17.1.2.2)."""
CONTACT = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,98}")

DOOR: dict[str, Any] = {
    "host": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "transport": {"type": "str", "choices": list(TRANSPORTS), "default": "udp"},
    "server_name": {"type": "str"},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "targets": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {**DOOR, "expect": {"type": "str", "choices": [ANSWERED, SILENT]}},
    },
    "control": {"type": "list", "elements": "dict", "default": [], "options": DOOR},
    "control_results": {"type": "list", "elements": "dict", "default": []},
    "allowed_targets": {"type": "list", "elements": "str", "required": True},
    "timeout": {"type": "float", "default": 8.0},
    "retransmissions": {"type": "int", "default": 4},
    "contact": {"type": "str"},
    "verify": {"type": "bool", "default": True},
    "ca_file": {"type": "path"},
    "require_proof": {"type": "bool", "default": False},
    "vantage": {"type": "str"},
    "started_at": {"type": "float"},
}


def on_controller(params: Params, _context: RunContext) -> Params:
    """The time by the controller's clock, so that the ages of controls do not depend on the vantage points' clocks."""
    return {**params, "started_at": params.get("started_at") or time.time()}


def run(params: Params, _context: RunContext) -> Outcome:
    """Probe everything at the same time. Nothing is changed anywhere, so check mode is no different."""
    if not sys.platform.startswith("linux"):
        raise HardeningError(f"sip_probe reads ICMP errors as Linux reports them; this host is {sys.platform}.")
    settings = _settings(params)
    allowed = allowed_addresses(params["allowed_targets"])
    targets = [
        *read_targets("control", params["control"], allowed, system_resolver),
        *read_targets("targets", params["targets"], allowed, system_resolver),
    ]
    check_count(targets)
    started_at = float(params.get("started_at") or time.time())
    witnesses, notes = handed_over(params["control_results"], started_at)
    tls = _tls(params)

    evidence = _probe(targets, lambda target: ask(target, settings, tls))
    own = own_controls(zip(targets, evidence, strict=True))
    controls = Controls(own.witnesses + witnesses, own.missing)
    verdicts = [judge(target, found, controls, notes) for target, found in zip(targets, evidence, strict=True)]
    result = _result(params, started_at, list(zip(targets, evidence, verdicts, strict=True)))
    if params["require_proof"] and result["verdict"] in (FAILED, UNPROVED):
        unproved = [*result["failed_targets"], *result["unproved_targets"]]
        raise HardeningError("Not proved, but require_proof is true. " + " ".join(unproved), **result)
    return Outcome(changed=False, result=result)


def _probe(targets: Sequence[Target], probe: Callable[[Target], Evidence]) -> list[Evidence]:
    if not targets:
        return []
    with ThreadPoolExecutor(max_workers=len(targets)) as pool:
        return list(pool.map(probe, targets))


def _settings(params: Params) -> Settings:
    timeout, retransmissions = float(params["timeout"]), int(params["retransmissions"])
    if not 0.1 <= timeout <= MAX_TIMEOUT:
        raise HardeningError(f"timeout: {timeout:g} is not 0.1 to {MAX_TIMEOUT:g} seconds.")
    if not 0 <= retransmissions <= MAX_RETRANSMISSIONS:
        raise HardeningError(f"retransmissions: {retransmissions} is not 0 to {MAX_RETRANSMISSIONS}.")
    user_agent = f"voipsec-site-audit/{VERSION}"
    if params["contact"]:
        if not CONTACT.fullmatch(params["contact"]):
            raise HardeningError(
                f"contact: {params['contact']!r} is not a mail address or web page of at most 99 ASCII characters on "
                "one line."
            )
        user_agent += f" (+{params['contact']})"
    return Settings(timeout, retransmissions, user_agent)


def _tls(params: Params) -> ssl.SSLContext:
    ca_file = params["ca_file"]
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:
        raise HardeningError(
            f"ca_file: {ca_file} cannot be used: {error}. It must be a file of certificates in PEM form on this host."
        ) from error
    if not params["verify"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _result(params: Params, started_at: float, probed: list[tuple[Target, Evidence, Verdict]]) -> dict[str, Any]:
    lines = [(verdict.word, line(target, evidence, verdict)) for target, evidence, verdict in probed]
    return {
        "vantage": params["vantage"] or "",
        "started_at": started_at,
        "targets": [_entry(*item) for item in probed],
        "verdict": overall(verdict for _target, _evidence, verdict in probed),
        "summary": [text for _word, text in lines],
        "failed_targets": [text for word, text in lines if word == FAILED],
        "unproved_targets": [text for word, text in lines if word == UNPROVED],
        "rejected_targets": [text for word, text in lines if word == REJECTED],
    }


def _entry(target: Target, evidence: Evidence, verdict: Verdict) -> dict[str, Any]:
    return {
        "door": target.door,
        "host": target.host,
        "address": str(target.address),
        "port": target.port,
        "transport": target.transport,
        "control": target.control,
        "expect": target.expect,
        "state": evidence.state,
        "detail": evidence.detail,
        "sent": evidence.sent,
        "elapsed": evidence.elapsed,
        "local": evidence.local,
        "strays": evidence.strays,
        "status": evidence.status,
        "phrase": evidence.phrase,
        "server": evidence.server,
        "certificate": evidence.certificate,
        "verdict": verdict.word,
        "reason": verdict.reason,
    }


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=on_controller, on_target=True)
