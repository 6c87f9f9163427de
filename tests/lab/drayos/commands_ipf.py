# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ipf``: the firewall. draytek.md 2.1, 2.2, 2.3, 2.4."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import views
from .commands_object import is_mask
from .grammar import MAX_COMMENT, Action, Option, RefusedError, Token, number, numbers, split_options, words_of
from .state import AddressMatch, General, Rule, ServiceMatch, is_ipv4

if TYPE_CHECKING:
    from .device import Device

# Options kept as typed: they do not filter (draytek.md 2.2, 2.3 "leave as found").
GENERAL_OTHER = "EMUWDQYywAC"
RULE_OTHER = "mYyLqAlauwncCb"


def _view_only(words: list[str]) -> bool:
    return {word for word in words if re.fullmatch("-[A-Za-z]", word)} == {"-v"}


def ipf_view(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    clears = any(word.startswith("-") and set(word) & set("zZ") for word in words)

    def run() -> list[str]:
        letters = "".join(option.letter for option in split_options(tokens))
        if not letters or not set(letters) <= set("VdhrtzZ"):
            raise RefusedError("option of ipf view")
        lines = views.ipf_version(device.state) if set(letters) & set("Vt") else []
        return lines + (views.running_rules(device.state) if set(letters) & set("dhrt") else [])

    return Action("write" if clears else "read", run)


def ipf_default(device: Device, tokens: list[Token]) -> Action:
    """The trap seen live: with ``?`` behind it too (draytek.md 1b)."""

    def run() -> list[str]:
        for filter_set in device.state.sets.values():
            filter_set.rules.clear()
        return ["All filter rules was set to default values."]

    return Action("write", run)


def ipf_set(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words[-1:] == ["?"] or not words:
        return Action("read", lambda: ["% ipf set <Options> | <SET_NO> <Options> | <SET_NO> rule <RULE_NO> <Options>"])
    if words[0].isdigit():
        if words[1:2] == ["rule"]:
            return ipf_rule(device, [tokens[0], *tokens[2:]])
        return _one_set(device, tokens)
    if _view_only(words):
        return Action("read", lambda: _only_v(tokens) or views.general(device.state))
    return Action("write", lambda: _general(device, split_options(tokens)))


def _only_v(tokens: list[Token]) -> list[str]:
    for option in split_options(tokens):
        option.none()
    return []


def _general(device: Device, options: list[Option]) -> list[str]:
    setup = device.state.general
    for option in options:
        _general_option(device, setup, option)
    return ["Setting saved."]


def _general_option(device: Device, setup: General, option: Option) -> None:
    if option.letter == "d":
        setup.start_set = option.number(0, device.profile.filter_sets)
    elif option.letter == "p":
        setup.default_action, setup.default_log = numbers(option.bare(), (0, 1), (0, 1))
    elif option.letter == "R":
        words = option.quoted()
        if len(words) != 2 or words[0] not in ("v4", "v6"):
            raise RefusedError("v4 or v6, 0 or 1")
        # 0 enables accepting, 1 disables it. Assumption: the view's [v] means blocked.
        if words[0] == "v4":
            setup.block_routing_v4 = number(words[1], 0, 1)
        else:
            setup.block_routing_v6 = number(words[1], 0, 1)
    elif option.letter == "L":
        setup.strict = option.number(0, 1)
    elif option.letter == "f":
        setup.large_fragments = option.number(0, 1)
    elif option.letter == "t":
        setup.transparent = option.number(0, 1)
    elif option.letter in GENERAL_OTHER:
        _keep(setup.other, option)
    elif option.letter != "v":
        raise RefusedError(f"-{option.letter} is unknown")


def _keep(other: dict[str, str], option: Option) -> None:
    words = option.either()
    if not 1 <= len(words) <= 2:
        raise RefusedError(f"-{option.letter} takes one or two numbers")
    other[option.letter] = " ".join(str(value) for value in numbers(words, *[(0, 65535)] * len(words)))


def _one_set(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)

    def prepared() -> tuple[int, list[Option]]:
        options = split_options(tokens[1:])
        if not options:
            raise RefusedError("no option")
        return number(words[0], 1, device.profile.filter_sets), options

    if _view_only(words[1:]):

        def view() -> list[str]:
            set_no, options = prepared()
            options[0].none()
            found = device.state.sets.get(set_no)
            return views.filter_set(set_no, found.comment if found else "", found.next_set if found else 0)

        return Action("read", view)

    def write() -> list[str]:
        set_no, options = prepared()
        entry = device.state.edit_set(set_no)
        for option in options:
            if option.letter == "m":
                entry.comment = _comment(option)
            elif option.letter == "n":
                # Assumption: 0 is no next set (the manual prints 1-12 only).
                entry.next_set = option.number(0, device.profile.filter_sets)
            elif option.letter != "v":
                raise RefusedError(f"-{option.letter} is unknown")
        return ["Setting saved."]

    return Action("write", write)


def _comment(option: Option) -> str:
    return option.one()[:MAX_COMMENT].rstrip()


def ipf_rule(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words[-1:] == ["?"] or not words:
        return Action("read", lambda: ["% ipf rule s r [-<command> <parameter> | ...]"])

    def prepared() -> tuple[int, int, list[Option]]:
        if len(words) < 3:
            raise RefusedError("set, rule and an option")
        set_no = number(words[0], 1, device.profile.filter_sets)
        rule_no = number(words[1], 1, device.profile.rules_per_set)
        return set_no, rule_no, split_options(tokens[2:])

    if _view_only(words[2:]):

        def view() -> list[str]:
            set_no, rule_no, options = prepared()
            options[0].none()
            entry = device.state.rule(set_no, rule_no)
            return views.rule(device.state, device.profile, set_no, rule_no, entry, device.faults.reference_style)

        return Action("read", view)

    def write() -> list[str]:
        set_no, rule_no, options = prepared()
        for option in options:
            if option.letter == "U":
                _move(device, set_no, rule_no, option.one())
            elif option.letter != "v":
                _rule_option(device, device.state.edit_rule(set_no, rule_no), option)
        return ["Setting saved."]  # Assumption: the reply of a rule write is not printed

    return Action("write", write)


def _move(device: Device, set_no: int, rule_no: int, way: str) -> None:
    other = rule_no + {"up": -1, "down": 1}.get(way, 0)
    if other == rule_no or not 1 <= other <= device.profile.rules_per_set:
        raise RefusedError("up or down, within the set")
    rules = device.state.edit_set(set_no).rules
    rules[rule_no], rules[other] = rules.get(other, Rule()), rules.get(rule_no, Rule())


def _rule_option(device: Device, rule: Rule, option: Option) -> None:
    letter = option.letter
    if letter == "e":
        rule.enabled = option.number(0, 1)
    elif letter == "D":
        rule.direction = option.number(0, 2)
    elif letter in "IO":
        _interfaces(device, rule.incoming_off if letter == "I" else rule.outgoing_off, option.quoted())
    elif letter == "s":
        _address(device, rule.source, option.quoted(), own=False)
    elif letter == "d":
        _address(device, rule.destination, option.quoted(), own=True)
    elif letter == "S":
        _service(device, rule.service, option.either())
    elif letter == "f":
        rule.fragments = option.number(0, 3)
    elif letter == "F":
        rule.action, rule.log = numbers(option.quoted(), (0, 3), (0, 1))
    elif letter == "N":
        rule.branch = option.number(0, device.profile.filter_sets)
    elif letter == "M":
        rule.comment = _comment(option)
    elif letter == "t":
        _schedule(rule, option.quoted())
    elif letter in RULE_OTHER:
        _keep(rule.other, option)
    else:
        raise RefusedError(f"-{letter} is unknown")


def _interfaces(device: Device, off: list[str], words: list[str]) -> None:
    """Interfaces are remembered by what is switched off, so that a change of direction starts from all."""
    if len(words) < 2 or words[0] not in ("e", "d"):
        raise RefusedError("e or d, and interfaces")
    known = {**{name: name for name in views.lan_side(device.profile) + views.wan_side(device.profile)}, "RT": "Routed"}
    wanted = [part for part in "".join(words[1:]).split(",") if part]
    if not wanted or any(part != "all" and part not in known for part in wanted):
        raise RefusedError("an interface is unknown")
    chosen = set(known.values()) if "all" in wanted else {known[part] for part in wanted}
    off[:] = sorted(set(off) - chosen if words[0] == "e" else set(off) | chosen)


def _address(device: Device, match: AddressMatch, words: list[str], own: bool) -> None:
    """Field and index, in the reading of draytek.md 6: ``o 1 2`` is field 1, object 2. Index 0 removes."""
    profile = device.profile
    if words[:1] == ["u"]:
        if not own:
            raise RefusedError("u is documented for the destination only")
        rest = words[1:]
        if not rest or len(rest) != {"0": 3, "1": 2, "2": 1, "3": 3}.get(rest[0], -1):
            raise RefusedError("type and addresses")
        if not all(is_ipv4(word) for word in rest[1:]) or (rest[0] == "0" and not is_mask(rest[2])):
            raise RefusedError("not an IPv4 address")
        # Assumption: an address of the rule's own takes the place of references, and the other way round.
        match.__dict__.update(AddressMatch(own=rest).__dict__)
        return
    kinds: dict[str, tuple[dict[str, int], int, int]] = {
        "o": (match.objects, 2, profile.ip_objects),
        "o6": (match.objects6, 3, profile.ipv6_objects),
        "g": (match.groups, 2, profile.ip_groups),
        "g6": (match.groups6, 1, profile.ipv6_groups),
        "c": (match.countries, 1, profile.country_objects),
    }
    if len(words) != 3 or words[0] not in kinds:
        raise RefusedError("kind, field and index")
    table, fields, limit = kinds[words[0]]
    slot, index = numbers(words[1:], (1, fields), (0, limit))
    match.own = []
    if index:
        table[str(slot)] = index
    else:
        table.pop(str(slot), None)


def _service(device: Device, match: ServiceMatch, words: list[str]) -> None:
    if words[:1] == ["u"]:
        # The manual's numbering implies this order; ambiguous (draytek.md 2.3).
        own = numbers(words[1:], (0, 255), (0, 3), (0, 3), *[(0, 65535)] * 4)
        match.object, match.group, match.own = 0, 0, own
        return
    limits = {"o": device.profile.service_objects, "g": device.profile.service_groups}
    if len(words) != 2 or words[0] not in limits:
        raise RefusedError("kind and index")
    index = number(words[1], 0, limits[words[0]])
    match.own = []
    # Assumption: object and group are two places of the rule; setting one leaves the other.
    if words[0] == "o":
        match.object = index
    else:
        match.group = index


def _schedule(rule: Rule, words: list[str]) -> None:
    if words[:1] == ["i"]:
        slot, profile = numbers(words[1:], (1, 4), (0, 15))
        rule.schedule[str(slot)] = profile
        if not profile:
            del rule.schedule[str(slot)]
    elif words[:1] == ["c"]:
        (rule.clear_sessions,) = numbers(words[1:], (0, 1))
    else:
        raise RefusedError("i or c")


def ipf_flowtrack(device: Device, tokens: list[Token]) -> Action:
    words = words_of(tokens)
    if words == ["set", "-r"]:

        def refresh() -> list[str]:
            device.flow_refreshes += 1
            return ["Refresh the flowstate ok"]

        # It changes no configuration, but it touches running calls: never in a dry run.
        return Action("write", refresh)
    if words == ["set", "-e"]:

        def toggle() -> list[str]:
            device.flow_enabled = 1 - device.flow_enabled
            return [f"Current flow_enable={device.flow_enabled}"]

        return Action("write", toggle)
    if words in (["view", "-f"], ["view", "-b"]):
        return Action("read", list)
    return Action("read", lambda: ["% ipf flowtrack set [-re] | view [-f|-b]"])
