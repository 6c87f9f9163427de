# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``object`` (short ``obj``): address, service and country profiles. draytek.md 2b."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import views
from .grammar import Action, Option, RefusedError, Token, name, number, numbers, split_options, words_of
from .state import CountryObject, Group, IpObject, Ipv6Object, ServiceObject, is_ipv4

if TYPE_CHECKING:
    from .device import Device

Handler = Callable[["Device", list[Token]], Action]


def _profile_command(
    limit: Callable[[Device], int],
    table: Callable[[Device], dict[int, Any]],
    blank: Callable[[], Any],
    apply: Callable[[Device, int, Any, Option], None],
    show: Callable[[Device, int, Any], list[str]],
    answer: Callable[[Device, int, Any, set[str]], list[str]],
) -> Handler:
    """INDEX and options; ``setdefault`` blanks every profile of the table, also with ``?`` behind it."""

    def handler(device: Device, tokens: list[Token]) -> Action:
        words = words_of(tokens)
        if words[:1] == ["setdefault"]:

            def reset() -> list[str]:
                table(device).clear()
                return ["setdefault!"]  # Assumption: as ``qos setdefault`` answers (draytek.md 1b)

            return Action("write", reset)
        if not words or words[0] == "?" or words[1:2] == ["?"]:
            return Action("read", lambda: ["% <INDEX> -v | -n <name> | -a ..."])

        def prepared() -> tuple[int, list[Option]]:
            index = number(words[0], 1, limit(device))
            options = split_options(tokens[1:])
            if not options:
                raise RefusedError("no option")
            return index, options

        letters = {word for word in words[1:] if re.fullmatch("-[A-Za-z0-9]", word)}
        if letters == {"-v"}:

            def view() -> list[str]:
                index, options = prepared()
                options[0].none()
                return show(device, index, table(device).get(index) or blank())

            return Action("read", view)

        def write() -> list[str]:
            index, options = prepared()
            entry = table(device).get(index) or blank()
            for option in options:
                if option.letter != "v":
                    apply(device, index, entry, option)
                table(device)[index] = entry
            return answer(device, index, entry, {option.letter for option in options})

        return Action("write", write)

    return handler


def _ip_object(device: Device, index: int, entry: IpObject, option: Option) -> None:
    if option.letter == "n":
        entry.name = name(option)
    elif option.letter == "i":
        entry.interface = option.number(0, 3)
        if entry.interface == 2:
            entry.interface = 0
            raise RefusedError("0, 1 or 3")
    elif option.letter == "s":
        entry.invert = option.number(0, 1)
    elif option.letter == "a":
        _ip_address(entry, option.bare())
    else:
        raise RefusedError(f"-{option.letter} is unknown")


def _ip_address(entry: IpObject, words: list[str]) -> None:
    if not words:
        raise RefusedError("no address type")
    kind, rest = number(words[0], 0, 4), words[1:]
    if kind == 4:
        # Assumption: a MAC address takes the place of the start address.
        if len(rest) != 1 or not re.fullmatch(r"([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}", rest[0]):
            raise RefusedError("not a MAC address")
        entry.address_type, entry.mac = kind, rest[0].replace("-", ":")
        return
    if not all(is_ipv4(word) for word in rest):
        raise RefusedError("not an IPv4 address")
    wanted = {0: (2, 2), 1: (1, 2), 2: (0, 2), 3: (2, 2)}[kind]
    if not wanted[0] <= len(rest) <= wanted[1]:
        raise RefusedError("wrong number of addresses")
    start, end = [*rest, "0.0.0.0", "0.0.0.0"][:2]
    if kind == 0 and not is_mask(end):
        raise RefusedError("not a mask")
    if kind == 3 and ipaddress.IPv4Address(start) > ipaddress.IPv4Address(end):
        raise RefusedError("the range ends before it starts")
    entry.address_type, entry.start, entry.end = kind, start, end


def is_mask(text: str) -> bool:
    bits = f"{int(ipaddress.IPv4Address(text)):032b}"
    return "01" not in bits


def _change_members(device: Device, group: Group, wanted: list[int]) -> None:
    """Replaces or adds? Not documented (draytek.md 2b): ``faults.group_add``. 0 is an empty row."""
    kept = list(group.members) if device.faults.group_add == "add" else []
    for member in wanted:
        if member and member not in kept:
            kept.append(member)
    group.members = kept


def _ip_group(device: Device, index: int, entry: Group, option: Option) -> None:
    if option.letter == "n":
        entry.name = name(option)
    elif option.letter == "i":
        entry.interface = option.number(0, 2)
    elif option.letter == "a":
        # The IP group's example is quoted.
        members = option.quoted()
        _change_members(device, entry, numbers(members, *[(0, device.profile.ip_objects)] * len(members)))
    else:
        raise RefusedError(f"-{option.letter} is unknown")


def _plain_group(limit: Callable[[Device], int]) -> Callable[[Device, int, Group, Option], None]:
    def apply(device: Device, index: int, entry: Group, option: Option) -> None:
        if option.letter == "n":
            entry.name = name(option)
        elif option.letter == "a":
            # Service and IPv6 groups are printed without quotes.
            members = option.bare()
            if not members:
                raise RefusedError("no member")
            _change_members(device, entry, numbers(members, *[(0, limit(device))] * len(members)))
        else:
            raise RefusedError(f"-{option.letter} is unknown")

    return apply


def _ipv6_object(device: Device, index: int, entry: Ipv6Object, option: Option) -> None:
    if option.letter == "n":
        entry.name = name(option)
    elif option.letter == "s":
        entry.invert = option.number(0, 1)
    elif option.letter == "e":
        entry.match_type = option.number(0, 1)
    elif option.letter == "a":
        words = option.bare()
        if not words:
            raise RefusedError("no address type")
        kind, rest = number(words[0], 0, 3), words[1:]
        prefix = 0
        if rest and ":" not in rest[-1]:
            prefix = number(rest.pop(), 0, 128)
        try:
            addresses = [str(ipaddress.IPv6Address(word)) for word in rest]
        except ValueError as error:
            raise RefusedError("not an IPv6 address") from error
        start, end = [*addresses, "::", "::"][:2]
        entry.address_type, entry.start, entry.end, entry.prefix = kind, start, end, prefix
    else:
        raise RefusedError(f"-{option.letter} is unknown")


def _service_object(device: Device, index: int, entry: ServiceObject, option: Option) -> None:
    if option.letter == "n":
        entry.name = name(option)
    elif option.letter == "p":
        entry.protocol = option.number(0, 255)
    elif option.letter in "sd":
        check, start, end = numbers(option.bare(), (0, 3), (1, 65535), (1, 65535))
        if start > end:
            raise RefusedError("the range ends before it starts")
        if option.letter == "s":
            entry.source_check, entry.source_start, entry.source_end = check, start, end
        else:
            entry.destination_check, entry.destination_start, entry.destination_end = check, start, end
    else:
        raise RefusedError(f"-{option.letter} is unknown")


object_ip_obj = _profile_command(
    lambda device: device.profile.ip_objects,
    lambda device: device.state.ip_objects,
    IpObject,
    _ip_object,
    lambda device, index, entry: views.ip_object(index, entry),
    lambda device, index, entry, letters: ["OK."],
)
object_ip_grp = _profile_command(
    lambda device: device.profile.ip_groups,
    lambda device: device.state.ip_groups,
    Group,
    _ip_group,
    lambda device, index, entry: views.ip_group(index, entry, device.faults.group_listing),
    lambda device, index, entry, letters: [*views.ip_group(index, entry, device.faults.group_listing), "Set ok!"],
)
object_ipv6_obj = _profile_command(
    lambda device: device.profile.ipv6_objects,
    lambda device: device.state.ipv6_objects,
    Ipv6Object,
    _ipv6_object,
    lambda device, index, entry: views.ipv6_object(index, entry),
    lambda device, index, entry, letters: ["Setting saved."],
)
object_ipv6_grp = _profile_command(
    lambda device: device.profile.ipv6_groups,
    lambda device: device.state.ipv6_groups,
    Group,
    _plain_group(lambda device: device.profile.ipv6_objects),
    lambda device, index, entry: views.ipv6_group(index, entry, device.faults.group_listing),
    lambda device, index, entry, letters: ["Setting saved."],
)
object_service_obj = _profile_command(
    lambda device: device.profile.service_objects,
    lambda device: device.state.service_objects,
    ServiceObject,
    _service_object,
    lambda device, index, entry: views.service_object(index, entry),
    lambda device, index, entry, letters: [],
)
object_service_grp = _profile_command(
    lambda device: device.profile.service_groups,
    lambda device: device.state.service_groups,
    Group,
    _plain_group(lambda device: device.profile.service_objects),
    lambda device, index, entry: views.service_group(index, entry, device.faults.group_listing),
    # The transcript prints the profile after -a. Assumption: also after -n.
    lambda device, index, entry, letters: views.service_group(index, entry, device.faults.group_listing),
)


def _country_object(device: Device, index: int, entry: CountryObject, option: Option) -> None:
    if option.letter == "n":
        entry.name = name(option)
    elif option.letter == "a":
        entry.countries.append(option.number(1, 255))
    else:
        raise RefusedError(f"-{option.letter} is unknown")


object_country_set = _profile_command(
    lambda device: device.profile.country_objects,
    lambda device: device.state.country_objects,
    CountryObject,
    _country_object,
    lambda device, index, entry: views.country_object(index, entry),
    lambda device, index, entry, letters: [*views.country_object(index, entry), "Set ok!"],
)
