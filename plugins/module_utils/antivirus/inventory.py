# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on a host, in a form that two looks at it can be compared. Pure: reading is done in collect."""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

CATEGORIES = {
    "packages": "file of a package",
    "processes": "process",
    "listeners": "listener",
    "cron": "cron file",
    "timers": "systemd unit file",
    "sudoers": "sudoers file",
    "authorized_keys": "key that may log in",
}
"""The categories, and what one item of each is called."""

Inventory = Mapping[str, Mapping[str, str]]
"""For each category: what there is, with the value that must not change ("" where it has none)."""


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was accepted."""

    category: str
    change: str
    """added, gone or changed"""
    name: str
    value: str = ""

    @property
    def line(self) -> str:
        """In words."""
        return f"{CATEGORIES[self.category]} {self.change}: {self.name}"

    @property
    def id(self) -> str:
        """The same for the same difference, at every look."""
        text = "\0".join([self.category, self.change, self.name, self.value])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def compare(accepted: Inventory, found: Inventory, ignored: Sequence[str] = ()) -> list[Difference]:
    """What differs, in the order of the categories. ``ignored`` are expressions over "category name"."""
    patterns = [compiled(expression) for expression in ignored]
    differences = []
    for category in CATEGORIES:
        before, now = accepted.get(category, {}), found.get(category, {})
        for name in sorted(before.keys() | now.keys()):
            if any(pattern.search(f"{category} {name}") for pattern in patterns):
                continue
            if name not in before:
                differences.append(Difference(category, "added", name, now[name]))
            elif name not in now:
                differences.append(Difference(category, "gone", name))
            elif before[name] != now[name]:
                differences.append(Difference(category, "changed", name, now[name]))
    return differences


def compiled(expression: str) -> re.Pattern[str]:
    """Raises HardeningError."""
    try:
        return re.compile(expression)
    except re.error as error:
        raise HardeningError(f"ignored: {expression!r} is not a regular expression: {error}.") from None


def read_accepted(value: object) -> Inventory:
    """The accepted inventory, as read from a file. Raises HardeningError."""
    problem = "accepted: not an inventory that this module returned; accept the host again."
    if not isinstance(value, Mapping) or not set(value) <= set(CATEGORIES):
        raise HardeningError(problem)
    for entries in value.values():
        if not isinstance(entries, Mapping) or not all(isinstance(item, str) for item in entries.values()):
            raise HardeningError(problem)
    return value


def parse_verify(text: str) -> dict[str, str]:
    """``dpkg --verify``: nine characters, the letter c for a configuration file, and the path; or ``missing``."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"(missing|[?.\w]{9}) +(?:[a-z] +)?(/.*?)(?: \([^()]*\))?$", line)
        if match:
            found[match[2]] = match[1]
    return found


SOCKETS = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}
"""The state of a socket that waits for strangers, proc(5)."""


@dataclass(frozen=True)
class Listener:
    """A socket that waits, and the number by which its process is found."""

    protocol: str
    address: str
    port: int
    inode: str


def parse_sockets(protocol: str, text: str, first_ephemeral: int) -> list[Listener]:
    """/proc/net/tcp and its likes. UDP sockets of ports that the kernel picks belong to clients, and are left out."""
    found = []
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 10 or fields[3] != SOCKETS[protocol]:
            continue
        address, _colon, port = fields[1].partition(":")
        number = int(port, 16)
        if protocol.startswith("udp") and number >= first_ephemeral:
            continue
        found.append(Listener(protocol.rstrip("6"), address_of(address), number, fields[9]))
    return found


def address_of(text: str) -> str:
    """An address as the kernel shows it: words of four bytes, each in the order of a little machine."""
    raw = bytes.fromhex(text)
    words = [raw[start : start + 4][::-1] for start in range(0, len(raw), 4)]
    return str(ipaddress.ip_address(b"".join(words)))


def listeners(sockets: Iterable[Listener], owners: Mapping[str, str]) -> dict[str, str]:
    """As "tcp 0.0.0.0:22", with the program that waits there."""
    found: dict[str, str] = {}
    for item in sockets:
        address = f"[{item.address}]" if ":" in item.address else item.address
        found[f"{item.protocol} {address}:{item.port}"] = owners.get(item.inode, "")
    return found


KEY = re.compile(r"(?:^|\s)((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-\S+)\s+([A-Za-z0-9+/=]+)(?:\s+(.*))?$")


def parse_keys(user: str, text: str) -> dict[str, str]:
    """The keys of an authorized_keys file by fingerprint; the value is the rest of the line."""
    found = {}
    for line in map(str.strip, text.splitlines()):
        match = None if line.startswith("#") else KEY.search(line)
        if not match:
            continue
        try:
            digest = hashlib.sha256(base64.b64decode(match[2], validate=True)).digest()
        except (ValueError, binascii.Error):
            continue
        fingerprint = base64.b64encode(digest).decode().rstrip("=")
        options = line[: match.start(1)].strip()
        found[f"{user} {match[1]} SHA256:{fingerprint}"] = f"{options} {match[3] or ''}".strip()
    return found


def sha256(content: bytes) -> str:
    """How a file is known without being shown."""
    return hashlib.sha256(content).hexdigest()
