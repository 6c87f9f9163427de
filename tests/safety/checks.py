# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold after every command. A case is one start, one declaration and the packets that matter for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lab.drayos.state import State

from . import states
from .adapter import HardeningError, Plan, Router, Step, plan_for, plan_without
from .oracle import WAN_TO_LAN, Flow, Oracle, as_mask, bits

Mutation = Callable[[Plan], Plan]


@dataclass(frozen=True)
class Violation:
    """``kind`` is one of the letters of :class:`Case`."""

    kind: str
    where: str
    example: str

    def __str__(self) -> str:
        return f"({self.kind}) {self.where}: {self.example}"


@dataclass
class Tally:
    """How much was looked at."""

    cases: int = 0
    refused: int = 0
    looks: int = 0
    """States looked at: one for each command of each run from each start."""
    seen: set[int] = field(default_factory=set, repr=False)
    """Digests of the different ones, for a declaration each."""
    runs: int = 0
    undone: int = 0
    restarts: int = 0
    idle: int = 0
    """Cases with nothing to do."""
    given_up: int = 0
    """Runs that ended at the read-back, because a router adds to groups and had no empty one left."""


@dataclass(frozen=True)
class View:
    """What gets through: flows through the filter, knocks through NAT and the filter."""

    passed: int
    reached: int

    def __or__(self, other: View) -> View:
        return View(self.passed | other.passed, self.reached | other.reached)

    def __and__(self, other: View) -> View:
        return View(self.passed & other.passed, self.reached & other.reached)


@dataclass
class Case:
    """One start and one declaration.

    a: nobody reaches a protected port who did not before, unless declared. b: nobody loses it who had it and is
    declared. c: management and the way out stay. d: at the end exactly the declared reach. e: a run that died is
    finished by the next one. f: a run that is taken back leaves the reach as it was. g: other ports are not touched.
    h: the router understands every command.
    """

    start: states.Start
    declared: states.Declared
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.wanted = self.declared.wanted()
        self.oracle = Oracle(
            [*states.inbound(self.declared, self.start), *states.MANAGEMENT], states.knocks(self.declared, self.start)
        )
        self._masks: _CaseMasks | None = None
        self._views: dict[str, View] = {}
        self.begin = self.look(self.start.state)

    def look(self, state: State) -> View:
        """Evaluate one state."""
        self.tally.looks += 1
        key = repr(state)
        view = self._views.get(key)
        if view is None:
            self.tally.seen.add(hash((key, self.declared)))
            view = self._views[key] = self._evaluate(state)
        return view

    def _evaluate(self, state: State) -> View:
        reached = self.oracle.reached(state)  # first: it may add flows to the table
        passed = self.oracle.passed(state)
        if state.general.block_routing_v6:
            passed &= ~self.masks.routed_v6
        return View(passed, reached)

    @property
    def masks(self) -> _CaseMasks:
        if self._masks is None or self._masks.flows != len(self.oracle.flows):
            self._masks = _CaseMasks.of(self)
        return self._masks

    # --- the rules ----------------------------------------------------------------------------------------------------

    def unsafe(self, state: State, least: View, most: View, where: str) -> list[Violation]:
        """Rules a, b, c and g. ``least`` got through before and must still, ``most`` is whoever got through before."""
        now, masks = self.look(state), self.masks
        gained = View(now.passed & ~most.passed, now.reached & ~most.reached)
        lost = View(least.passed & ~now.passed, least.reached & ~now.reached)
        return [
            *self._tell("a", where, gained.passed & masks.closed.passed, gained.reached & masks.closed.reached),
            *self._tell("b", where, lost.passed & masks.allowed.passed, lost.reached & masks.allowed.reached),
            *self._tell("c", where, lost.passed & masks.management, 0),
            *self._tell(
                "g",
                where,
                (lost.passed | gained.passed) & masks.bystander.passed,
                (lost.reached | gained.reached) & masks.bystander.reached,
            ),
        ]

    def unfinished(self, state: State, where: str) -> list[Violation]:
        """Rule d: through the filter exactly the declared flows, and through the doors that are there."""
        now, masks = self.look(state), self.masks
        opened = self.oracle.opened(state)
        return self._tell(
            "d",
            where,
            (now.passed & masks.protected.passed) ^ (masks.allowed.passed & masks.protected.passed),
            (now.reached & masks.protected.reached) ^ (masks.allowed.reached & opened),
        )

    def _tell(self, kind: str, where: str, flows: int, knocks: int) -> list[Violation]:
        if flows:
            at = next(bits(flows))
            return [Violation(kind, where, f"{flows.bit_count()} flows, such as {self.oracle.flows[at]}")]
        if knocks:
            at = next(bits(knocks))
            return [Violation(kind, where, f"{knocks.bit_count()} packets to NAT, such as {self.oracle.knocks[at]}")]
        return []


@dataclass(frozen=True)
class _CaseMasks:
    flows: int
    protected: View
    allowed: View
    closed: View
    bystander: View
    management: int
    routed_v6: int

    @classmethod
    def of(cls, case: Case) -> _CaseMasks:
        declared, oracle = case.declared, case.oracle
        meant = [(knock.source, states.inside(knock, case.start.state)) for knock in oracle.knocks]
        says = {
            port: declared.protects(port) for port in {f.dport for f in oracle.flows} | {port for _s, port in meant}
        }
        untouched = {port for port, protected in says.items() if not case.start.earlier and not protected}
        lets: dict[tuple[str, int], bool] = {}

        def allows(source: str, port: int) -> bool:
            key = (source, port)
            if key not in lets:
                lets[key] = says[port] and declared.allows(source, port)
            return lets[key]

        def view(of_flow: Callable[[Flow], bool], of_port: Callable[[str, int], bool]) -> View:
            return View(
                oracle.where(of_flow),
                as_mask(of_port(source, port) for source, port in meant),
            )

        def inward(flow: Flow) -> bool:
            return flow.direction == WAN_TO_LAN

        protected = view(lambda f: inward(f) and says[f.dport], lambda _source, port: says[port])
        allowed = view(lambda f: inward(f) and allows(f.source, f.dport), allows)
        return cls(
            flows=len(oracle.flows),
            protected=protected,
            allowed=allowed,
            closed=View(protected.passed & ~allowed.passed, protected.reached & ~allowed.reached),
            bystander=view(lambda f: inward(f) and f.dport in untouched, lambda _source, port: port in untouched),
            management=oracle.where(lambda f: not inward(f)),
            routed_v6=oracle.where(lambda f: inward(f) and f.v6),
        )


# --- runs -------------------------------------------------------------------------------------------------------------


class GivenUp(Exception):
    """The read-back before anything comes in force shows that the router did not do as told: the run ends there."""


def _read_back(case: Case, router: Router) -> None:
    if plan_for(router.run, case.start.profile, case.wanted).prepared:
        if router.habits.get("group_add") != "add":
            raise AssertionError(f"a router that does as told is not understood: {case.start}")
        case.tally.given_up += 1
        raise GivenUp


def run_checked(case: Case, router: Router, plan: Plan, label: str) -> list[Violation]:
    """Send a plan's commands one by one and look after each, at memory and at what a restart would bring back."""
    case.tally.runs += 1
    before, flash_before = case.look(router.state), case.look(router.flash)
    found: list[Violation] = []
    flash = router.flash
    steps = [command for step in plan.steps for command in step.commands]
    prepared = sum(len(step.commands) for step in plan.steps[: plan.prepared])
    for number, command in enumerate(plan.commands, start=1):
        if plan.prepared and number == prepared + 1:
            _read_back(case, router)
        router.run(command)
        where = f"{label}, after command {number} ({command})"
        found += case.unsafe(router.state, before, before, where)
        if router.flash is not flash:
            flash = router.flash
            case.tally.restarts += 1
            found += case.unsafe(flash, before & flash_before, before | flash_before, f"{where}, restarted")
        if number == len(steps) and not found:
            found += case.unfinished(router.state, f"{label}, before saving")
        if found:
            return found
    return found + case.unfinished(router.state, f"{label}, at the end") + _not_understood(router, label)


def _not_understood(router: Router, label: str) -> list[Violation]:
    """Rule h."""
    return [Violation("h", label, f"refused by the router: {command}") for command in router.refused[:1]]


def converges(case: Case, router: Router, label: str) -> list[Violation]:
    """Rule e: plan anew from here; it must work, be safe, and end as declared with nothing left to do."""
    try:
        plan = plan_for(router.run, case.start.profile, case.wanted)
    except HardeningError as error:
        return [Violation("e", label, f"the next run stops: {error.message}")]
    found = run_checked(case, router, plan, label)
    if found:
        return found
    return _idle(case, router, label)


def _idle(case: Case, router: Router, label: str) -> list[Violation]:
    """The rest of rule e: after a run there is nothing left to do."""
    try:
        again = plan_for(router.run, case.start.profile, case.wanted)
    except HardeningError as error:
        return [Violation("e", label, f"the run after it stops: {error.message}")]
    if again.commands:
        return [Violation("e", label, f"the run after it is not idle: {again.commands[:3]}")]
    return []


def undone(case: Case, plan: Plan, failed: int, sent: int) -> list[Violation]:
    """Rule f: ``sent`` commands of the step at position ``failed`` were sent, then everything is taken back."""
    case.tally.undone += 1
    router = case.start.router()
    for step in plan.steps[:failed]:
        router.run_all(step.commands)
    router.run_all(plan.steps[failed].commands[:sent])
    label = f"step {failed + 1} of {len(plan.steps)} ({plan.steps[failed].what}) failed at command {sent}"
    for command in (command for step in reversed(plan.steps[: failed + 1]) for command in step.undo):
        router.run(command)
        found = case.unsafe(router.state, case.begin, case.begin, f"{label}, taking back ({command})")
        if found:
            return found
    now = case.look(router.state)
    reached = now.reached ^ case.begin.reached
    if any(step.kept for step in plan.steps[: failed + 1]):
        # Said so to the user: a door that was open to anybody stays limited to the peers. Nothing else may differ.
        reached &= ~(case.begin.reached & case.masks.closed.reached)
    return _not_understood(router, label) or case._tell("f", label, now.passed ^ case.begin.passed, reached)


def check(
    start: states.Start,
    declared: states.Declared,
    choices: Sequence[int],
    tally: Tally,
    mutate: Mutation = lambda plan: plan,
) -> list[Violation]:
    """All rules for one case; ``choices`` pick the commands at which runs are killed, restarted and taken back."""
    tally.cases += 1
    case = Case(start, declared, tally)
    router = start.router()
    try:
        plan = mutate(plan_for(router.run, start.profile, case.wanted))
    except HardeningError:
        tally.refused += 1
        return [Violation("e", "refused", "a router was written")] if router.written() else []
    if not plan.commands:
        tally.idle += 1
        return case.unfinished(start.state, "nothing to do")
    try:
        found = run_checked(case, router, plan, "first run") or _idle(case, router, "second run")
    except GivenUp:
        return []
    if found:
        return found
    for choice in choices:
        killed = start.router()
        cut = choice % len(plan.commands)
        killed.run_all(plan.commands[:cut])
        tally_label = f"killed after command {cut} ({plan.commands[cut - 1] if cut else 'none'})"
        restart = choice % 3 == 0
        try:
            found = converges(case, killed.twin(restarted=restart), tally_label + (", restarted" if restart else ""))
        except GivenUp:
            found = []
        if found:
            return found
        if plan.steps:
            failed = choice % len(plan.steps)
            sent = choice % len(plan.steps[failed].commands) + 1
            found = undone(case, plan, failed, sent)
            if found:
                return found
    return []


def check_taken_out(start: states.Start, declared: states.Declared, tally: Tally) -> list[Violation]:
    """Applied and then taken out again: at no command more than before both, at the end the same as before both.

    A door that was limited to addresses before cannot be read (draytek.md 2c), so behind one only the filter counts.
    """
    tally.cases += 1
    case = Case(start, declared, tally)
    router = start.router()
    try:
        router.run_all(plan_for(router.run, start.profile, case.wanted).commands)
    except HardeningError:
        tally.refused += 1
        return []
    limited = any(entry.source_index for items in start.state.open_ports.values() for entry in items.values())
    for number, command in enumerate(plan_without(router.run, start.profile).commands, start=1):
        router.run(command)
        now = case.look(router.state)
        where = f"taking out, after command {number} ({command})"
        gained = View(now.passed & ~case.begin.passed, now.reached & ~case.begin.reached)
        found = case._tell(
            "a",
            where,
            gained.passed & case.masks.closed.passed,
            0 if limited else gained.reached & case.masks.closed.reached,
        ) + case._tell("c", where, case.begin.passed & ~now.passed & case.masks.management, 0)
        if found:
            return found
    now = case.look(router.state)
    found = case._tell(
        "f", "taken out", now.passed ^ case.begin.passed, 0 if limited else now.reached ^ case.begin.reached
    )
    again = plan_without(router.run, start.profile).commands
    if again:
        found.append(Violation("e", "taken out", f"not idle: {again[:3]}"))
    return found or _not_understood(router, "taken out")


# --- wrong plans, which must be caught --------------------------------------------------------------------------------


def _sorted_steps(key: Callable[[Step], int]) -> Mutation:
    return lambda plan: Plan(tuple(sorted(plan.steps, key=key)), plan.save)


def _switches_start(step: Step) -> bool:
    return any(command.startswith("ipf set -d ") for command in step.commands)


def _rule_action(step: Step, number: int) -> bool:
    return any(command.startswith("ipf rule") and f'-F "{number} ' in command for command in step.commands)


def _first(commands: Sequence[str], plan: Plan) -> Plan:
    return Plan((Step("too early", tuple(commands), ()), *plan.steps), plan.save)


MUTATIONS: dict[str, Mutation] = {
    "the steps in reverse": lambda plan: Plan(tuple(reversed(plan.steps)), plan.save),
    "the start set first": _sorted_steps(lambda step: 0 if _switches_start(step) else 1),
    "the allow rules last": _sorted_steps(lambda step: 1 if _rule_action(step, 0) else 0),
    "what is out of use is tidied up first": lambda plan: _first(plan.save, plan),
    "no block rule": lambda plan: Plan(tuple(s for s in plan.steps if not _rule_action(s, 1)), plan.save),
    "nothing is taken back": lambda plan: Plan(
        tuple(Step(s.what, s.commands, (), s.kept) for s in plan.steps), plan.save
    ),
    "never saved": lambda plan: Plan(plan.steps, ()),
}
