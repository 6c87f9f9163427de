# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the settings of the role pbx_host, before its host is reached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx_host.firewall import read

ROLE_DEFAULTS = {"ssh_port": 22, "web_ports": [443], "offender_seconds": 600}
"""As in roles/pbx_host/defaults: the firewall can be checked without the role's variables."""
MAX_FAILED_ATTEMPTS = 10
"""Cyber Essentials: no more than ten guesses in five minutes."""
DURATION = r"[1-9][0-9]{0,8}[smhd]?"
PATH = r'(/[^\x00-\x20%"\\]*)?'
HOST = r"[A-Za-z0-9.:-]+"
# What goes into a configuration file, and so may not end a line or a quotation there.
FORMS = {
    "web_log": (PATH, "an absolute path without blanks, or empty"),
    "sip_log": (PATH, "an absolute path without blanks, or empty"),
    "sip_filter": (r"[a-z0-9-]+", "the name of a fail2ban filter, such as asterisk"),
    "journal_max": (r"[1-9][0-9]*[KMGT]?", "a size such as 1G"),
}
LIST_FORMS = {
    "web_login_paths": (r"/[A-Za-z0-9/._-]*", "paths such as /login"),
    "time_servers": (HOST, "host names or addresses"),
}


def problems_of(settings: Mapping[str, Any]) -> list[str]:
    """One sentence for each problem, with the variable to change. Empty where the role can go on.

    ``settings``: the role's variables by their names without ``pbx_host_``, from the declaration
    (``compile_pbx_host``), the inventory, or both. What is left out has the role's default, and is not checked.
    """
    return [*_lockout_problems(settings), *_form_problems(settings), *_firewall_problems(settings)]


def _lockout_problems(settings: Mapping[str, Any]) -> Iterator[str]:
    lockout, recidive = settings.get("lockout") or {}, settings.get("recidive") or {}
    attempts = str(lockout.get("failed_attempts", 1))
    if not re.fullmatch(r"[0-9]{1,2}", attempts) or not 1 <= int(attempts) <= MAX_FAILED_ATTEMPTS:
        yield (
            f"lockout.failed_attempts (pbx_host_lockout.failed_attempts) is '{attempts}'; it must be from 1 to "
            f"{MAX_FAILED_ATTEMPTS}."
        )
    for name, values in (("lockout", lockout), ("recidive", recidive)):
        for part in ("within", "block_for"):
            if part in values and not re.fullmatch(DURATION, str(values[part])):
                ours = f"pbx_host_{name}.{part}"
                variable = f"lockout.{part} ({ours})" if name == "lockout" else ours
                yield f"{variable} is '{values[part]}'; it must be a duration such as 10m, 24h or 7d, or seconds."


def _form_problems(settings: Mapping[str, Any]) -> Iterator[str]:
    for name, (form, valid) in FORMS.items():
        if name in settings and not re.fullmatch(form, str(settings[name])):
            yield f"pbx_host_{name} is '{settings[name]}'; it must be {valid}."
    for name, (form, valid) in LIST_FORMS.items():
        wrong = [str(value) for value in settings.get(name) or () if not re.fullmatch(form, str(value))]
        if wrong:
            yield f"pbx_host_{name} must list {valid}; not valid: {', '.join(wrong)}."
    collector = settings.get("syslog")
    if collector and not re.fullmatch(HOST, str(collector.get("host") or "")):
        yield f"pbx_host_syslog.host is '{collector.get('host') or ''}'; it must be a host name or an address."


def _firewall_problems(settings: Mapping[str, Any]) -> Iterator[str]:
    try:
        read({**ROLE_DEFAULTS, "concurrent_calls": 0, **settings})
    except HardeningError as problem:
        yield problem.message
