# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of yeastar_reprovision: phones fetch their new settings, and are seen to register with them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.connect import CONNECTION_OPTIONS, always_needed
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.watch import (
    WATCH_OPTIONS,
    Watch,
    look_until_over,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.errors import (
    ACCESS_DENIED,
    UNKNOWN_ENDPOINT,
    Refused,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.gathered_extensions import (
    p_registered,
    s_registered,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.p_client import PSeries, p_series
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.phones import normal_mac
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.s_client import s_series

ARGUMENT_SPEC: dict[str, Any] = {
    "series": {"type": "str", "choices": ["p", "s"], "default": "p"},
    **WATCH_OPTIONS,
    **CONNECTION_OPTIONS,
    **DEVICE_OPTION,
}
NO_TELLING = "this PBX's API cannot notify phones: they fetch their settings when they next check, or restart"
Tell = Callable[[Sequence[Mapping[str, Any]]], tuple[list[str], set[str]]]


def run(params: Params, context: RunContext) -> Outcome:
    """Tell the phones, then watch them register."""
    phones = params["phones"]
    numbers = {phone["number"] for phone in phones}
    told = [phone for phone in phones if phone.get("mac")]
    needed = frozenset(set(params["expected"]) & numbers)
    waiting_for = frozenset(phone["number"] for phone in told) | needed
    if context.check_mode:
        planned = {"told": [phone["mac"] for phone in told], "registered": [], "unregistered": [], "notes": []}
        return Outcome(bool(told), planned)
    with _session(params, context) as (registered, tell, counts):
        watch = Watch(waiting_for, needed, float(params["binding_lifetime"]))
        # Before the phones are told: most are seen without registration now, so that a quick one counts at once.
        watch.saw(registered() & numbers, 0.0)
        notes, untold = tell(phones)
        look_until_over(watch, registered, wait=params["wait"], poll=params["poll"])
        watch.require(params["wait"], notes)
        requests = counts()
    reached = [phone["mac"] for phone in told if phone["number"] not in untold]
    result = {
        "told": reached,
        "registered": sorted(watch.back),
        "unregistered": sorted(numbers - watch.back),
        "notes": notes,
        "requests": requests,
    }
    return Outcome(bool(reached), result)


@contextlib.contextmanager
def _session(
    params: Params, context: RunContext
) -> Iterator[tuple[Callable[[], set[str]], Tell, Callable[[], dict[str, int]]]]:
    if params["series"] == "s":
        with s_series(params, context) as s:
            yield lambda: s_registered(s), _nobody, lambda: s.counts
        return
    with p_series(params, context) as p:
        yield (
            lambda: p_registered(p),
            lambda phones: _tell(p, phones),
            lambda: p.counts,
        )


def _nobody(phones: Sequence[Mapping[str, Any]]) -> tuple[list[str], set[str]]:
    return ([NO_TELLING] if phones else []), {str(phone["number"]) for phone in phones}


def _tell(pbx: PSeries, phones: Sequence[Mapping[str, Any]]) -> tuple[list[str], set[str]]:
    """Ask the PBX to make the phones fetch their settings, those that it provisions itself; who was not told, and why.

    A phone is known by its MAC address, or by the extension that it has.
    """
    try:
        rows = pbx.rows("phone/search")
    except Refused as error:
        if error.code not in (UNKNOWN_ENDPOINT, ACCESS_DENIED):
            raise
        return _nobody(phones)
    with reading():
        by_mac = {normal_mac(str(row.get("mac") or "")): int(row["id"]) for row in rows}
        by_number = {str(row.get("assigned_ext_num")): int(row["id"]) for row in rows}
    keys: dict[int, None] = {}
    untold = set()
    for phone in phones:
        key = by_mac.get(normal_mac(phone["mac"])) if phone.get("mac") else by_number.get(phone["number"])
        if key is not None:
            keys[key] = None
        elif phone.get("mac"):
            untold.add(phone["number"])
    if keys:
        pbx.post("phone/batchreprovision", {"batch_id_list": list(keys)}, f"reprovisioning {len(keys)} phones")
    if not untold:
        return [], untold
    return [
        f"the PBX does not provision the phones of {', '.join(sorted(untold))}: they fetch their settings when they "
        "next check; restart them to speed this up"
    ], untold


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=always_needed)
