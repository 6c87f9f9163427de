# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to the rules: general setup, NAT, SIP ALG and DoS defence, from found to wanted. Pure."""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.commands import limit_command, switch_command
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.nat.exposures import OPEN_PORT, Exposure
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.marker import (
    FIREWALL,
    mark_name,
    remembered,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.placement import Placement
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.filter import GENERAL_OPTIONS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.firewall_plan import FirewallPlan
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.gather import Snapshot
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.rule import ACTION_NUMBERS
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.rules.wanted import Wanted
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings import dos
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.settings.sip_alg import sip_alg_command
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.steps import Step
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State


def general_steps(have: Snapshot, want: Wanted, plan: FirewallPlan) -> list[Step]:
    steps = []
    for name, value in want.general.items():
        found = getattr(have.general, name)
        if found == value:
            continue
        if found is None:
            plan.unsupported.append(f"general.{name}: the router does not show this setting, so it stays unchanged.")
            continue
        if name == "default_action":
            number = ACTION_NUMBERS
            commands = (f"ipf set -p {number[value]} 1", f"ipf set -p {number[found]} 1")
        else:
            option = GENERAL_OPTIONS[name]
            commands = (f"ipf set {option.format(int(value))}", f"ipf set {option.format(int(found))}")
        shown = value if isinstance(value, str) else ("on" if value else "off")
        steps.append(Step(f"general setup: {name.replace('_', ' ')} {shown}", (commands[0],), (commands[1],)))
    return steps


def nat_steps(
    have: Snapshot, want: Wanted, plan: FirewallPlan, placement: Placement, dialect: Dialect, state: State
) -> list[Step]:
    if want.nat is None or have.exposures is None:
        return []
    steps: list[Step] = []
    fixed: list[Exposure] = []
    unlimited: list[Exposure] = []
    group = placement.index["address_groups"][want.nat.sources] if want.nat.sources else 0
    for exposure in have.exposures:
        if not group or not want.nat.is_voice(exposure) or exposure.group == group:
            continue
        if exposure.kind != OPEN_PORT:
            fixed.append(exposure)
        elif not dialect.open_port_source:
            unlimited.append(exposure)
        else:
            back = (limit_command(exposure, exposure.group),) if exposure.group else ()
            step = Step(f"{exposure.label}: only for {want.nat.sources}", (limit_command(exposure, group),), back)
            (steps if back else plan.late).append(step)
    if fixed:
        plan.unsupported.append(
            f"{'; '.join(way.label for way in fixed)}: the sources of a redirection cannot be changed, so only the "
            "filter rules close it. Make it an open port."
        )
    if unlimited:
        plan.unsupported.append(
            f"{'; '.join(way.label for way in unlimited)}: no command to limit the sources of an open port is "
            f"documented for the {dialect.name}, so only the filter rules close them."
        )
    unknown = want.nat.unknown(have.exposures)
    if state is State.OVERRIDDEN:
        steps += [
            Step(
                f"{exposure.label}: not declared, switched off",
                (switch_command(exposure, on=False),),
                (switch_command(exposure, on=True),),
            )
            for exposure in unknown
        ]
    else:
        plan.unknown = unknown
    return steps


def dos_steps(have: Snapshot, want: Wanted, plan: FirewallPlan, state: State, *, always: bool) -> list[Step]:
    if want.dos is None or have.dos_mark is None:
        return []
    steps = []
    for name, found in have.dos_lists.items():
        wanted = getattr(want.dos, name)
        missing = [address for address in wanted if address not in found]
        surplus = [address for address in found if address not in wanted] if state is State.OVERRIDDEN else []
        room = dos.MAX_ADDRESSES - len(found) + len(surplus)
        if len(missing) > room:
            plan.unsupported.append(
                f"dos.{name}: {', '.join(missing[room:])}: the router's list holds {dos.MAX_ADDRESSES} addresses "
                "and is full."
            )
            missing = missing[:room]
        changes = [(address, False) for address in surplus] + [(address, True) for address in missing]
        steps += [
            Step(
                f"DoS {name} list: {'add' if add else 'remove'} {address}",
                (dos.list_command(name, address, add=add),),
                (dos.list_command(name, address, add=not add),),
            )
            for address, add in changes
        ]
    commands = dos.dos_commands(want.dos)
    name = mark_name(FIREWALL, commands)
    if have.dos_mark.name == name and not always:
        return steps
    settings = Step("DoS defence as declared", tuple(commands), readable=False, kept="the DoS defence stays as set now")
    steps += remembered(have.dos_mark, FIREWALL, settings, name)
    if not have.dos_mark.index:
        plan.notes.append("no IPv6 object is free for the digest of the DoS settings: they are sent on every run.")
    return steps


def sip_alg_steps(have: Snapshot, want: Wanted) -> list[Step]:
    """Nothing where it cannot be read: then it is not known what would be the way back."""
    if want.sip_alg is None or have.sip_alg is None or have.sip_alg == want.sip_alg:
        return []
    word = "on" if want.sip_alg else "off"
    return [Step(f"switch SIP ALG {word}", (sip_alg_command(on=want.sip_alg),), (sip_alg_command(on=have.sip_alg),))]
