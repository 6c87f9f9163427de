# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does on the PBX's web pages: import files (yeastar.md d, and the administrator's guide)."""

from __future__ import annotations

import csv
import io
import ipaddress
from collections.abc import Callable, Mapping

from lab.yeastar.site import Row

STATIC = (
    "Name", "Description", "Action", "Object Type", "Source IP Address", "Subnet Mask", "Domain", "MAC Address",
    "Service/Port Range", "Service", "Start Port", "End Port", "Protocol",
)  # fmt: skip
AUTO = (
    "Name", "Service/Port Range", "Service", "Start Port", "End Port", "Protocol", "Number of Packets",
    "Time Interval(s)",
)  # fmt: skip
FREQUENCY = ("Name", "Restrictions")
SERVICES = (
    "https", "http", "ssh", "sip_udp", "sip_tcp", "sip_tls", "outbound_sip", "rtp", "linkus", "ami",
    "database_grant", "ldap", "ftp", "tftp", "tunnel",
)  # fmt: skip
LONGEST_NAME = 127


def read(kind: str, text: str, edition: str) -> list[Row]:
    """The rows of a file for one page. Raises ValueError for what the page would refuse."""
    columns, check = PAGES[kind]
    found = list(csv.DictReader(io.StringIO(text)))
    header = next(csv.reader(io.StringIO(text)), [])
    if tuple(header) != columns:
        raise ValueError(f"the columns are {header}")
    names = set()
    for row in found:
        if None in row or None in row.values():
            raise ValueError(f"a row has another number of columns: {row}")
        if not 1 <= len(row["Name"]) <= LONGEST_NAME or row["Name"] in names:
            raise ValueError(f"the name {row['Name']!r}")
        names.add(row["Name"])
        check(row, edition)
    return [dict(row) for row in found]


def _static(row: Mapping[str, str], edition: str) -> None:
    _choice(row, "Action", ("accept", "drop", "reject"))
    _choice(row, "Object Type", ("ip", "domain", "mac"))
    _choice(row, "Protocol", ("both", "udp", "tcp"))
    if row["Object Type"] == "ip":
        ipaddress.IPv4Network(f"{row['Source IP Address']}/{row['Subnet Mask']}")
    if row["Action"] == "accept" and edition == "Appliance":
        if row["Service/Port Range"] or row["Service"] or row["Start Port"] or row["End Port"]:
            raise ValueError("an appliance takes no service or port with accept")
    else:
        _ports(row)


def _auto(row: Mapping[str, str], _edition: str) -> None:
    _ports(row)
    _choice(row, "Protocol", ("both", "udp", "tcp"))
    if not 1 <= int(row["Number of Packets"]) <= 255 or len(row["Time Interval(s)"]) > 5:
        raise ValueError(f"packets and time of {row['Name']!r}")
    int(row["Time Interval(s)"])


def _frequency(row: Mapping[str, str], _edition: str) -> None:
    for part in row["Restrictions"].split("&"):
        calls, time, unit = part.split("/")
        if (
            unit not in ("second", "minute")
            or not (calls.isdigit() and time.isdigit())
            or max(len(calls), len(time)) > 5
        ):
            raise ValueError(f"the restriction {part!r}")


def _ports(row: Mapping[str, str]) -> None:
    _choice(row, "Service/Port Range", ("service", "port_range"))
    if row["Service/Port Range"] == "service":
        _choice(row, "Service", SERVICES)
    elif not 1 <= int(row["Start Port"]) <= int(row["End Port"]) <= 65535:
        raise ValueError(f"the ports of {row['Name']!r}")


def _choice(row: Mapping[str, str], column: str, choices: tuple[str, ...]) -> None:
    if row[column] not in choices:
        raise ValueError(f"{column} {row[column]!r}")


Check = Callable[[Mapping[str, str], str], None]
PAGES: dict[str, tuple[tuple[str, ...], Check]] = {
    "static_defence": (STATIC, _static),
    "auto_defence": (AUTO, _auto),
    "outbound_frequency": (FREQUENCY, _frequency),
}


def accepted(rows: list[Row]) -> list[str]:
    """Networks that Static Defense always accepts."""
    return [
        f"{row['Source IP Address']}/{row['Subnet Mask']}"
        for row in rows
        if row["Action"] == "accept" and row["Object Type"] == "ip"
    ]
