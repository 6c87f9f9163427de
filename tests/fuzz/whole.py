# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole reading and planning in which some answers are spoilt: it stops, or plans; it never crashes or writes."""

from __future__ import annotations

import random
import re
from functools import cache

from safety.adapter import Plan, Router, clone, plan_for
from safety.states import Declared

from lab.drayos.fixtures import factory_state

from .mutate import spoil
from .replies import HABITS, MODELS, used_state
from .run import Result
from .targets import COMMAND_LENGTH, HardeningError, read_system

DECLARED = (
    Declared(
        (("gamma", ("203.0.113.0/26",), ("203.0.113.128/26",), (5060,)),),
        (("home1", "192.0.2.10/32", "tls"),),
        (5060, 5061),
        5061,
        (9000, 10999),
    ),
    Declared((("bt", ("198.18.4.0/22",), ("198.18.4.0/22",), (5060, 5061)),), (), (5060, 5061), 5061, None),
)
PRINTABLE = re.compile(r"[\x20-\x7e]+")


@cache
def routers() -> tuple[Router, ...]:
    """New, used by others, with our rules, and with our rules half made."""
    found = []
    for number, model in enumerate(MODELS):
        for habits in HABITS:
            for state in (factory_state(model), used_state(model)):
                for share in (0, 50, 100):
                    router = Router(model, clone(state), habits=habits)
                    if share:
                        commands = plan_for(router.run, model, DECLARED[number % 2].wanted()).commands
                        router.run_all(commands[: len(commands) * share // 100])
                    found.append(router)
    return tuple(found)


def fuzz_whole(count: int, seed: int) -> Result:
    """``count`` plans, each from a reading with one or some spoilt answers."""
    rng = random.Random(seed)
    result = Result()
    for _ in range(count):
        result.count += 1
        _one(rng, result)
    return result


def _one(rng: random.Random, result: Result) -> None:
    router = rng.choice(routers()).twin()
    often = rng.choice((0.01, 0.05, 0.3))
    at = rng.randint(1, 40) if rng.random() < 0.5 else 0
    asked = 0
    spoilt: list[str] = []

    def run(command: str) -> str:
        nonlocal asked
        asked += 1
        reply = router.run(command)
        if asked == at or (not at and rng.random() < often):
            reply = spoil(rng, reply)
            spoilt.append(f"{command}: {reply}")
        return reply

    declared = rng.choice(DECLARED)
    plan = Plan((), ())
    try:
        if rng.random() < 0.2:
            read_system(run, router.profile)
            result.outcomes["system read"] += 1
        else:
            plan = plan_for(run, router.profile, declared.wanted())
            result.outcomes["planned"] += 1
    except HardeningError as error:
        result.outcomes["refused"] += 1
        if not PRINTABLE.fullmatch(error.message.replace("\n", " ")):
            result.outcomes["refused, with other than plain characters in the message"] += 1
    except Exception as error:
        result.fail(f"plan: {type(error).__name__}", router.profile, "\n".join(spoilt), error)
    wrong = _wrong(plan) or _refused(router.twin(), plan)
    if wrong:
        result.fail("plan: a command that no router takes", wrong, "\n".join(spoilt))
    if router.written():
        result.fail("plan: something was written", router.profile, "\n".join(spoilt))


def _refused(router: Router, plan: Plan) -> str:
    """The first command, there or back, that the router does not understand."""
    router.run_all(plan.commands)
    for step in reversed(plan.steps):
        router.run_all(step.undo)
    return next(iter(router.refused), "")


def _wrong(plan: Plan) -> str:
    """The first command that cannot be sent as one line."""
    commands = plan.commands + [command for step in plan.steps for command in step.undo]
    for command in commands:
        if not PRINTABLE.fullmatch(command) or len(command) > COMMAND_LENGTH or command.count('"') % 2:
            return command
    return ""
