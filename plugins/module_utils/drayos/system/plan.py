# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a router itself is and should be to the commands in between. Pure.

Whoever may manage it is let in before anybody is shut out, and the access list stands before a service is switched on.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from dataclasses import dataclass, field

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.dialect import Dialect
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.ownership import MANAGEMENT_PREFIX
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.marker import (
    SYSTEM,
    mark_name,
    remembered,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.profiles.objects import (
    IpObject,
    ip_object_commands,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.steps import COMMIT, Plan, Step
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system import (
    access_list,
    brute_force,
    clock,
    mail_alert,
    remote_access,
    services,
    syslog,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.gather import (
    SystemSnapshot,
    text_of,
    usable,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.password import (
    SHOWN,
    TYPEABLE,
    password_command,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system.wanted import WantedSystem
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State

ENFORCED, VERIFIED, ATTESTED, UNSUPPORTED = "enforced", "verified", "attested", "unsupported"
"""Written in this run; read and right; written earlier and not readable; not possible here."""
UNDECLARED = "not declared"


class ObjectsNeeded(Exception):
    """So many IP objects must be found before a plan can be made."""

    def __init__(self, needed: int) -> None:
        super().__init__("IP objects needed")
        self.needed = needed


@dataclass
class SystemPlan(Plan):
    """A plan, and how each declared control stands after it."""

    controls: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Login:
    """How this run is logged in: what the plan must not cut off."""

    port: int
    local_address: str = ""
    """Our own end of the connection; empty where it is not known."""
    password: str = field(default="", repr=False)


def plan_system(
    have: SystemSnapshot,
    want: WantedSystem,
    dialect: Dialect,
    login: Login,
    state: State = State.REPLACED,
    *,
    always: bool = False,
) -> SystemPlan:
    """Bring the router to ``want``. Raises ObjectsNeeded, or HardeningError where it cannot be done safely."""
    plan = SystemPlan(notes=list(have.unread))
    if want.management:
        _access_list(plan, have, want, dialect, login, state)
    if want.brute_force:
        commands = brute_force.brute_force_commands(want.brute_force, have.brute_force)
        undo = brute_force.undo_brute_force(have.brute_force)
        _readable(plan, "brute_force", "lock out anyone who guesses the router's passwords", commands, undo)
    if want.remote_access:
        commands = remote_access.remote_access_commands(want.remote_access, have.remote_access)
        if have.remote_access is not None:
            what = "on for " + ", ".join(want.remote_access.services) if want.remote_access.enabled else "off"
            undo = remote_access.undo_remote_access(have.remote_access)
            _readable(plan, "remote_access", f"management from the internet {what}", commands, undo)
    elif want.management:
        plan.controls["remote_access"] = f"{UNDECLARED}, unchanged"
    if want.clock:
        old = clock.WantedClock(have.clock.server, have.clock.zone) if have.clock else clock.WantedClock()
        wanted_view = clock.Clock(want.clock.server or old.server or "", want.clock.zone or old.zone or 0)
        undo = clock.clock_commands(old, wanted_view)
        if want.clock.unknown_zone:
            plan.controls["time_zone"] = (
                f"{UNSUPPORTED}: no number of the router is known for {want.clock.unknown_zone}"
            )
        _readable(plan, "clock", "set the clock", clock.clock_commands(want.clock, have.clock), undo)
    if want.mail_alert:
        commands = mail_alert.mail_alert_commands(want.mail_alert, have.mail_alert)
        _readable(plan, "mail_alert", f"mail alerts to {want.mail_alert.recipient}", commands, [], kept=MAIL_KEPT)
        if want.mail_alert.password and (commands or always):
            command = mail_alert.password_command(want.mail_alert)
            shown = {command: "sys mailalert -p ********"}
            plan.steps.append(
                Step("the mail server's password", (command,), readable=False, kept=MAIL_KEPT, shown=shown)
            )
            plan.notes.append("the router's command log (sys cmdlog) keeps the mail password until a restart.")
    _write_only(plan, have, want, always=always)
    _ssh_port(plan, want, login)
    _password(plan, want, login)
    if plan.steps:
        plan.save = (COMMIT,)
    return plan


def plan_without(have: SystemSnapshot, dialect: Dialect) -> SystemPlan:
    """Take our entries off the access list. Protections are not undone: nothing says what was there before."""
    plan = SystemPlan(notes=["brute force protection, switches, log and clock stay: former values are unknown."])
    listed = have.listed()
    ours = {slot: item for slot, item in listed.items() if item and item.name.startswith(MANAGEMENT_PREFIX)}
    if ours and len(ours) == len(listed) and not (have.remote_access and not have.remote_access.enabled):
        raise HardeningError(
            "state: deleted would leave the access list empty while the router may be managed from the internet, and "
            "an empty list lets anyone try to log in. Switch remote_access off first, or put an entry of your own on "
            "the list. Nothing was written."
        )
    for slot in ours:
        _remove(plan, have, slot, dialect)
    if plan.steps:
        plan.save = (COMMIT,)
    return plan


# --- resources -------------------------------------------------------------------------------------------------------


MAIL_KEPT = "the mail alerts stay as set now"


def _readable(
    plan: SystemPlan, control: str, what: str, commands: list[str], undo: list[str], *, kept: str = ""
) -> None:
    plan.controls[control] = ENFORCED if commands else VERIFIED
    if commands:
        plan.steps.append(Step(what, tuple(commands), tuple(undo), kept=kept))


def _access_list(
    plan: SystemPlan, have: SystemSnapshot, want: WantedSystem, dialect: Dialect, login: Login, state: State
) -> None:
    if have.entries is None:
        if want.remote_access and want.remote_access.enabled:
            raise HardeningError(
                "config.remote_access: the router's access list cannot be read, so management from the internet may "
                "not be limited to config.management_networks. Nothing was written."
            )
        plan.controls["management_networks"] = f"{UNSUPPORTED}: the access list cannot be read"
        return
    listed = have.listed()
    spans = {(item.start, item.end): item for item in want.management}
    kept = {slot for slot, item in listed.items() if item and not item.inverted and (item.start, item.end) in spans}
    present = {(item.start, item.end) for slot in kept if (item := listed[slot])}
    missing = sorted(
        (item for span, item in spans.items() if span not in present), key=lambda item: not _holds(item, login)
    )
    stale = [
        slot
        for slot, item in listed.items()
        if slot not in kept
        and state is not State.MERGED
        and (state is State.OVERRIDDEN or (item is not None and item.name.startswith(MANAGEMENT_PREFIX)))
    ]
    if len(missing) > len(usable(have)):
        raise ObjectsNeeded(len(missing))
    free = [slot for slot in range(1, access_list.ENTRIES + 1) if slot not in listed]
    if len(missing) > len(free) + len(stale):
        raise HardeningError(
            f"config.management_networks: {len(missing)} entries are needed and {len(free)} of the access list's "
            f"{access_list.ENTRIES} are free. Existing ones occupy "
            f"{', '.join(text_of(listed[slot]) for slot in sorted(listed))}. Nothing was written."
        )
    others = [text_of(listed[slot]) for slot in sorted(listed) if slot not in kept and slot not in stale]
    state_word = ENFORCED if missing or stale else VERIFIED
    plan.controls["management_networks"] = f"{state_word}, with existing entries" if others else state_word
    if others:
        plan.notes.append(
            f"existing entries on the access list may manage the router too: {', '.join(others)}. state: overridden "
            "takes them off."
        )
    if not missing and not stale:
        return
    additions = []
    for item, index in zip(missing, usable(have), strict=False):
        wanted = dataclasses.replace(item, name=f"{MANAGEMENT_PREFIX}{index}")
        found = have.objects[index]
        commands = ip_object_commands(index, wanted, None if found.blank else found)
        if commands:
            plan.steps.append(Step(f"make {text_of(wanted)}", tuple(commands)))
        additions.append((wanted, index))
    plan.prepared = len(plan.steps)
    # Whether the router answers on the internet side cannot be read then: an emptied list might open it to everybody.
    blind = want.remote_access is not None and have.remote_access is None
    for wanted, index in additions:
        if not free:
            slot = stale.pop()
            _remove(plan, have, slot, dialect)
            free.append(slot)
        slot = free.pop(0)
        plan.steps.append(
            Step(
                f"management is allowed from {text_of(wanted)}",
                (access_list.add_command(slot, index, typed=dialect.access_list_typed),),
                () if blind else (access_list.remove_command(slot),),
                kept="the access list keeps the declared networks" if blind else "",
            )
        )
    for slot in stale:
        _remove(plan, have, slot, dialect)
    if dialect.access_list_typed:
        plan.notes.append("this model may need a restart before a changed access list applies; none is made.")


def _holds(item: IpObject, login: Login) -> bool:
    """Whether our own end of the connection is in it: that entry must come first."""
    if not login.local_address:
        return False
    address = ipaddress.ip_address(login.local_address)
    return address.version == 4 and int(ipaddress.IPv4Address(item.start)) <= int(address) <= int(
        ipaddress.IPv4Address(item.end)
    )


def _remove(plan: SystemPlan, have: SystemSnapshot, slot: int, dialect: Dialect) -> None:
    index = (have.entries or {})[slot]
    plan.steps.append(
        Step(
            f"management is no longer allowed from {text_of(have.listed()[slot])}",
            (access_list.remove_command(slot),),
            (access_list.add_command(slot, index, typed=dialect.access_list_typed),) if index else (),
        )
    )


def _write_only(plan: SystemPlan, have: SystemSnapshot, want: WantedSystem, *, always: bool) -> None:
    commands = services.switch_commands(want.switches)
    names = list(want.switches)
    if want.remote_access and have.remote_access is None:
        commands += remote_access.remote_access_commands(want.remote_access, None)
        names.append("remote_access")
    if want.remote_access and have.remote_access is not None:
        unseen = remote_access.unseen_services(want.remote_access, have.remote_access)
        commands += unseen
        names += ["remote_access_services"] if unseen else []
    if want.https_port:
        commands.append(f"mngt httpsport {want.https_port}")
        names.append("https_port")
    if want.syslog:
        commands += syslog.syslog_commands(want.syslog)
        names.append("syslog")
    if want.clock and want.clock.summer_time is not None:
        commands += clock.summer_time_commands(want.clock)
        names.append("daylight_saving")
    if not commands or have.mark is None:
        return
    mark = mark_name(SYSTEM, commands)
    send = always or have.mark.name != mark
    plan.controls.update(dict.fromkeys(names, ENFORCED if send else ATTESTED))
    if not send:
        return
    settings = Step(
        f"set what the router does not show: {', '.join(names)}",
        tuple(commands),
        readable=False,
        kept=f"{', '.join(names)} stay as set now",
    )
    plan.steps += remembered(have.mark, SYSTEM, settings, mark)
    if not have.mark.index:
        plan.notes.append("no IPv6 object is free to keep the digest of these settings, so they are sent on every run.")


def _ssh_port(plan: SystemPlan, want: WantedSystem, login: Login) -> None:
    if want.ssh_port is None:
        return
    plan.controls["ssh_port"] = VERIFIED if want.ssh_port == login.port else ENFORCED
    if want.ssh_port == login.port:
        return
    plan.steps.append(
        Step(
            f"SSH on port {want.ssh_port}",
            (f"mngt sshport {want.ssh_port}",),
            (f"mngt sshport {login.port}",),
            readable=False,
        )
    )
    plan.notes.append(f"the router's SSH port is {want.ssh_port} now: set ansible_port to it.")


def _password(plan: SystemPlan, want: WantedSystem, login: Login) -> None:
    if not want.new_password:
        return
    plan.controls["new_password"] = VERIFIED if want.new_password == login.password else ENFORCED
    if want.new_password == login.password:
        plan.notes.append("the router has the new password: set ansible_password to it and take new_password out.")
        return
    if not TYPEABLE.match(login.password):
        raise HardeningError(
            "ansible_password: the present password has characters that cannot be typed as one word on the router's "
            "command line, so new_password cannot replace it. Change it in the router's web page. Nothing was written."
        )
    change = password_command(login.password, want.new_password)
    back = password_command(want.new_password, login.password)
    plan.steps.append(
        Step("the administrator's new password", (change,), (back,), readable=False, shown={change: SHOWN, back: SHOWN})
    )
    plan.notes.append(
        "the router has the new password: set ansible_password to it and take new_password out. The router's command "
        "log (sys cmdlog) keeps both until a restart."
    )
