# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was found and what is declared to the whole plan. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx import ip_list, notifications
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.console import plan_console
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.countries import plan_countries
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.outbound import parse_rules, plan_outbound
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.phone_template import plan_template
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.secure_sip import plan_secure_sip
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.security_gather import Found, controls_of
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.singletons import (
    ANTI_HACKING,
    SIMPLE,
    plan_singleton,
    rates_in_order,
)

Config = Mapping[str, Any]


def plan_security(
    found: Found,
    config: Config,
    state: State,
    now: datetime.datetime,
    *,
    material: tuple[str, Secret] | None = None,
    always: bool = False,
) -> list[Control]:
    """Every control, in the order of its application: what lets in comes before what shuts out.

    ``material`` is the Secure SIP certificate and its key as PEM texts; ``always`` sends unreadable passwords again.
    """
    removing = state is State.DELETED
    about = controls_of(config, removing=removing)
    controls: list[Control] = []
    if "ip_list" in about:
        controls.append(_ip_list(found, config, state, now))
    if not removing:
        for kind in SIMPLE:
            if kind.name in about:
                have = found.singletons[kind.name]
                control = plan_singleton(kind, have, config[kind.name], found.release)
                if kind is ANTI_HACKING:
                    control.problems += rates_in_order(config[kind.name], have)
                controls.append(control)
        controls += _alerting(found, config, state, about, always=always)
        if "secure_sip" in about and material:
            controls.append(plan_secure_sip(found.singletons["secure_sip"], *material, always=always))
        if "countries" in about and found.countries:
            controls.append(plan_countries(found.countries, config["countries"]))
    if "outbound" in about:
        controls.append(
            plan_outbound(
                parse_rules(found.rules),
                found.groups,
                config.get("barred_numbers"),
                config.get("outbound_rules") or (),
                config.get("emergency_numbers") or (),
                state,
            )
        )
    templates = config.get("phone_templates") or {}
    for name in templates.get("ids") or ():
        controls.append(plan_template(name, found.templates.get(name), templates["settings"], remove=removing))
    if "console" in about and not removing:
        controls.append(plan_console(found.singletons["console"], config["console"]["networks"]))
    return controls


def _ip_list(found: Found, config: Config, state: State, now: datetime.datetime) -> Control:
    protected, problems = [], []
    for position, given in enumerate(config.get("protected") or ()):
        try:
            protected.append(ip_list.Protected(ip_list.parse_network(given["network"]), given["who"]))
        except ValueError:
            problems.append(f"protected[{position}].network: {given['network']!r} is not an address or network.")
    have, unparsed = ip_list.parse_rows(found.ip_rows)
    declared = () if state is State.DELETED else config.get("ip_list") or ()
    want, wrong, notes = ip_list.wanted_entries(declared, now, protected)
    control = ip_list.plan_ip_list(have, want, state, protected, now)
    control.problems = problems + wrong + control.problems
    control.notes += notes + [f"could not be parsed in the PBX's IP list, unchanged: {text!r}" for text in unparsed]
    return control


def _alerting(found: Found, config: Config, state: State, about: list[str], *, always: bool) -> list[Control]:
    controls = []
    if "notifications" in about:
        have = found.singletons["notifications"]
        controls.append(notifications.plan_notifications(have, config["notifications"], found.release, state))
    if "mail_server" in about:
        want = dict(config["mail_server"])
        want["password"] = Secret(want["password"]) if want.get("password") else None
        have = found.singletons["mail_server"]
        controls.append(notifications.plan_mail(have, want, found.release, always=always))
    if "syslog" in about:
        controls.append(notifications.plan_syslog(found.singletons.get("syslog"), config["syslog"], found.release))
    return controls
