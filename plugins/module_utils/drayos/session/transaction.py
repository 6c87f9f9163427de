# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One router, one transaction: apply, read back, prove a fresh login, save; or take everything back.

A change is in force at once but only in memory until ``sys commit`` (draytek.md 1), so nothing is saved before it is
proved.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.session import (
    LoginRefused,
    Session,
    SessionLost,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.steps import Plan, Step

ATTEMPTS = 2
NOT_SHOWN = "the router took the commands but does not show the result"
TIMER = Step(
    "restart in an hour, unless this run gets through",
    ("sys autoreboot on", "sys autoreboot 1"),
    ("sys autoreboot off",),
    readable=False,
)
"""A help, never the only way back: that a restart drops what was not saved is known from field notes only (1)."""
Login = Callable[[], Session]
Difference = Callable[[Session], Sequence[str]]
"""Reads the router again and names what is still not as wanted."""
Probe = Callable[[], Sequence[str]]
"""Looks at the site from outside and names what is not as declared."""
Replan = Callable[[Session], Plan]
"""Reads the router again and plans anew."""


@dataclass
class Applied:
    """What a transaction cost."""

    logins: int
    commands_sent: int


def apply(
    plan: Plan,
    session: Session,
    login: Login,
    still_wrong: Difference,
    replan: Replan | None = None,
    *,
    may_log_out: bool = True,
    reboot_timer: bool = False,
    probe: Probe | None = None,
) -> Applied:
    """Carry the plan out. Raises HardeningError after taking back what was done, or saying why it could not be.

    With ``replan``, what is only prepared is read back before anything takes effect, and the rest is planned from
    that reading; and a result that is not as wanted (somebody else may have edited the router meanwhile) is planned
    once more before giving up.
    """
    done: list[Step] = []
    logins = saving = 0
    proof: Session | None = None
    try:
        if reboot_timer:
            _send([TIMER], session, done)
        if replan is not None:
            plan = _prepare(plan, session, done, replan)
        _send(plan.steps, session, done)
        wrong = still_wrong(session) if done else []
        if wrong and replan is not None:
            plan = _prepare(replan(session), session, done, replan)
            _send(plan.steps, session, done)
            wrong = still_wrong(session)
        if wrong:
            raise HardeningError(f"{NOT_SHOWN}: {'; '.join(wrong)}.")
        proof, logins = _prove(session, login, may_log_out=may_log_out)
        failed = probe() if probe is not None else []
        if failed:
            raise HardeningError(f"proof_targets are not as expected: {'; '.join(failed)}.")
        for command in (*(TIMER.undo if reboot_timer else ()), *plan.save):
            saving += 1
            proof.run(command)
        return Applied(logins, proof.commands_sent if proof is not session else 0)
    except SessionLost as error:
        saved = "The change is active and may not be saved yet." if saving else "Nothing was saved."
        raise HardeningError(
            f"{error.message} {_progress(done)} {saved} The former protection is still active; run again to continue."
        ) from error
    except HardeningError as error:
        raise HardeningError(f"{error.message} {_take_back(done, proof or session)}", **error.details) from error
    except Exception as error:  # whatever went wrong, the router is not left half way
        text = f"an unforeseen failure ({type(error).__name__}: {error})."
        raise HardeningError(f"{text} {_take_back(done, proof or session)}") from error
    finally:
        if proof is not None and proof is not session:
            proof.close()


def _prepare(plan: Plan, session: Session, done: list[Step], replan: Replan) -> Plan:
    """Build what is not active yet until the router shows it; the plan that then remains. One more try is given."""
    for _attempt in range(ATTEMPTS):
        if not plan.prepared:
            return plan
        _send(plan.steps[: plan.prepared], session, done)
        plan = replan(session)
    if plan.prepared:
        raise HardeningError(f"{NOT_SHOWN}: {'; '.join(step.what for step in plan.steps[: plan.prepared])}.")
    return plan


def _send(steps: Sequence[Step], session: Session, done: list[Step]) -> None:
    for step in steps:
        done.append(step)  # before it is sent: a step that failed half way is taken back too
        for command in step.commands:
            session.run(command)


def _prove(session: Session, login: Login, *, may_log_out: bool) -> tuple[Session, int]:
    """A second login while the first still stands. Where the router allows one session only, log out and in again.

    That is safe only because the refusal came from the router itself: its management port was reached through the
    changed firewall. A port that gives no answer is a cut line, and is taken back while the first session lasts.
    """
    try:
        return login(), 1
    except LoginRefused as refused:
        if not refused.answered or (refused.credentials and not may_log_out):
            raise HardeningError(f"a fresh login was tried before saving, and failed: {refused.message}") from refused
    session.close()
    try:
        return login(), 2
    except LoginRefused as refused:
        raise SessionLost(
            f"the router refused a second login, and one after logging out: {refused.message} The change is in "
            "its memory only: a restart of the router restores the saved configuration."
        ) from refused


def _take_back(done: Sequence[Step], session: Session) -> str:
    commands = [command for step in reversed(done) for command in step.undo]
    try:
        for command in commands:
            session.run(command)
    except HardeningError:
        with contextlib.suppress(HardeningError):
            session.close()
        return (
            "Undoing the change failed too: the session ended. The change is in the router's memory only; a "
            "restart restores the saved configuration."
        )
    texts = dict.fromkeys(step.kept for step in done if step.kept)
    kept = "".join(f" But {text}, because what was there before cannot be read." for text in texts)
    return f"Everything was taken back ({len(commands)} commands) and nothing was saved.{kept}"


def _progress(done: Sequence[Step]) -> str:
    if not done:
        return "No change had begun."
    return f"It got as far as step {len(done)}: {done[-1].what}."
