# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What NAT lets in (draytek.md 2c): open ports, redirections and DMZ, read in one command and in detail where it
matters.

From the factory NAT stops what is not asked for (2.5); each of these entries opens a way. The filter decides after
them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.text import Run, parsed, readable

SHOW_ALL = "srv nat showall"
DMZ_VIEW = "srv nat dmz -v"
OPEN_PORT, REDIRECTION, DMZ = "open port", "redirection", "DMZ"
KINDS = {"O": OPEN_PORT, "R": REDIRECTION}
ITEMS = 10
"""Sub-items of an open port profile."""
MARK = re.compile(r"_vs(?P<group>\d{1,3})$")
"""Ends the comment of an open port whose sources we limited, with the group's index: the router does not show them."""
Ports = tuple[int, int]


@dataclass(frozen=True)
class Exposure:
    """One way in from the internet."""

    kind: str
    number: int
    """Profile of an open port, index of a redirection, WAN of a DMZ."""
    item: int
    """Sub-item of an open port, host of a DMZ; 0 for a redirection."""
    protocol: str
    """"tcp", "udp" or "all"."""
    ports: Ports
    """On the internet side."""
    address: str
    inside: Ports
    comment: str = ""

    @property
    def group(self) -> int:
        """The address group that its sources were limited to, as its comment says; 0 for none."""
        match = MARK.search(self.comment)
        return int(match["group"]) if match else 0

    @property
    def label(self) -> str:
        """How a user finds it in the router's web page."""
        first, last = self.ports
        span = f"{first}" if first == last else f"{first}-{last}"
        place = f"{self.kind} {self.number}" + (f".{self.item}" if self.item else "")
        name = f" ({MARK.sub('', self.comment)})" if MARK.sub("", self.comment) else ""
        return f"{place}{name}: {self.protocol} {span} to {self.address}"

    def touches(self, ranges: Sequence[Ports]) -> bool:
        """Whether one of these ports comes in here. A redirection's ports may be printed with their bytes swapped
        (2c), so either reading counts."""
        spans = [self.ports, self.inside]
        if self.kind == REDIRECTION:
            spans += [(_swapped(first), _swapped(last)) for first, last in spans]
        return any(first <= high and low <= last for first, last in spans for low, high in ranges)


def _swapped(port: int) -> int:
    return (port & 0xFF) << 8 | port >> 8


ROW = re.compile(
    r"^\s*(?P<kind>[A-Z])(?P<number>\d{1,3})\s+(?P<protocol>\S+)\s+(?P<outside>\S.*?):(?P<ports>\d{1,5}(?:~\d{1,5})?)"
    r"\s+(?P<address>\d+\.\d+\.\d+\.\d+):(?P<inside>\d{1,5}(?:~\d{1,5})?)\s+(?P<active>[YN])\s*$"
)
HEADING = re.compile(r"Index\s+Proto", re.IGNORECASE)
OPEN_PORT_ROW = re.compile(
    r"^\s*(?P<item>\d{1,2})\.\s+(?P<protocol>\S+)\s+(?P<first>\d{1,5})\s+(?P<last>\d{1,5})\s*$", re.MULTILINE
)
PERCENT_FIELD = re.compile(r"^\s*%%\s*(?P<label>[^:]+?)\s*:\s*(?P<value>.*?)\s*$", re.MULTILINE)
DMZ_ROW = re.compile(
    r"^\s*(?P<host>\d{1,2})\s+(?P<status>Enable|Disable)\w*\s+\S+\s+(?P<address>\d+\.\d+\.\d+\.\d+)\s*$",
    re.MULTILINE | re.IGNORECASE,
)
DMZ_HEADING = re.compile(r"WAN\s*(?P<wan>\d{1,2})\s+DMZ", re.IGNORECASE)


def parse_all(output: str) -> list[Exposure] | None:
    """``srv nat showall``: the active rows; None where it is not one. Rows of a kind that the manual does not show are
    left to their own commands."""
    if not HEADING.search(output):
        return None
    found: list[Exposure] = []
    items: dict[int, int] = {}
    for match in (ROW.match(line) for line in output.splitlines()):
        if match is None or match["kind"] not in KINDS:
            continue
        number, inside = int(match["number"]), _printed_span(match["inside"])
        kind = KINDS[match["kind"]]
        if kind == OPEN_PORT:
            items[number] = items.get(number, 0) + 1
        if match["active"] != "Y" or inside == (0, 0):
            continue
        found.append(
            Exposure(
                kind,
                number,
                items.get(number, 0) if kind == OPEN_PORT else 0,
                match["protocol"].lower().replace("---", "all"),
                _printed_span(match["ports"]),
                match["address"],
                inside,
            )
        )
    return found


def parse_open_port(output: str) -> Exposure | None:
    """``srv nat openport N M -v``: as an exposure, also of one that is disabled; None where it is not one."""
    fields = {match["label"].lower(): match["value"] for match in PERCENT_FIELD.finditer(output)}
    row = OPEN_PORT_ROW.search(output)
    if "status" not in fields or row is None:
        return None
    span = (int(row["first"]), int(row["last"]))
    protocol = row["protocol"].lower().replace("---", "all").replace("tcp/udp", "all")
    address = fields.get("private ip address", "")
    return Exposure(OPEN_PORT, 0, int(row["item"]), protocol, span, address, span, fields.get("comment", ""))


def parse_dmz(output: str) -> list[Exposure] | None:
    """``srv nat dmz -v``: the hosts that get everything; None where it is not one."""
    if "dmz" not in output.lower():
        return None
    found, wan = [], 1
    for line in output.splitlines():
        heading, row = DMZ_HEADING.search(line), DMZ_ROW.match(line)
        if heading:
            wan = int(heading["wan"])
        elif row and row["status"].lower() == "enable":
            every = (1, 65535)
            found.append(Exposure(DMZ, wan, int(row["host"]), "all", every, row["address"], every))
    return found


def _printed_span(text: str) -> Ports:
    first, _tilde, last = text.partition("~")
    return int(first), int(last or first)


def read_exposures(run: Run, unread: list[str]) -> tuple[Exposure, ...] | None:
    """Every active way in: the list in one command, then each open port, whose protocol and comment the list lacks.

    What the router does not answer in a known form goes to ``unread``; None where that is the list itself.
    """
    listed = readable(run, SHOW_ALL, parse_all, unread)
    if listed is None:
        return None
    found = [(_detail(run, exposure) or exposure) if exposure.kind == OPEN_PORT else exposure for exposure in listed]
    return (*found, *(readable(run, DMZ_VIEW, parse_dmz, unread) or ()))


def _detail(run: Run, listed: Exposure) -> Exposure | None:
    """The open port behind a row: the list does not number sub-items, so the row's place is tried first, then all."""
    for item in dict.fromkeys((listed.item, *range(1, ITEMS + 1))):
        found = parsed(run, f"srv nat openport {listed.number} {item} -v", parse_open_port)
        if (found.ports, found.address) == (listed.ports, listed.address):
            return Exposure(
                OPEN_PORT, listed.number, item, found.protocol, found.ports, found.address, found.inside, found.comment
            )
    return None
