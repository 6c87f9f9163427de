# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""3CX's one list of blocked and allowed addresses. Pure.

Facts: threecx.md b.1, e, gap 3, gap 17, gap 18. An Allow entry switches 3CX's defences off for its range; of two
entries the smaller network wins; what the PBX added itself is never touched.
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import reading
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import entity

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"
MARK = "voipsec:"
"""Begins the description of every entry that this collection made."""
GUARD = f"{MARK} while credentials change"
"""Begins the description of entries that protect a site's own addresses during a rotation, see guard.py."""
MANUAL = "Manual"
BLOCK, ALLOW = "Block", "Allow"
WIDEST_ALLOW = {4: 29, 6: 64}
"""Prefix lengths. domain.md fact 4: no Allow entry wider than /29 by default."""
LONGEST_ALLOW = 366
"""Days ahead."""
PERMANENT_FROM = 2100
"""A year: an end from then on means none (gap 18)."""
FIELDS = ("Id", "IPAddrMask", "BlockType", "Description", "ExpiresAt", "AddedBy")


@dataclass(frozen=True)
class Entry:
    """One row."""

    network: Network
    block_type: str
    description: str = ""
    expires: datetime.datetime | None = None
    """None for an entry without end."""
    added_by: str = MANUAL
    key: int = 0

    @property
    def ours(self) -> bool:
        """Whether this collection made it."""
        return self.added_by == MANUAL and self.description.startswith(MARK)

    def guards(self, now: datetime.datetime) -> bool:
        """Whether it protects the site during a rotation that may still be going on. It ends by itself."""
        return self.description.startswith(GUARD) and self.ours and self.expires is not None and self.expires > now

    def shown(self) -> str:
        """One line for diffs and messages."""
        end = f" until {self.expires.isoformat()}" if self.expires else ""
        return f"{self.block_type} {self.network}{end} ({self.description or self.added_by})"


@dataclass(frozen=True)
class Protected:
    """An address that must never be blocked: a site's, a provider's, or one that manages."""

    network: Network
    who: str


def parse_network(text: str) -> Network:
    """A network from CIDR, address/mask or a bare address (gap 3). ValueError for anything else."""
    return ipaddress.ip_network("/".join(text.replace("/", " ").split()), strict=False)


@reading()
def parse_rows(rows: Iterable[Json]) -> tuple[list[Entry], list[str]]:
    """The entries, and the texts of rows whose address is not understood."""
    entries, unparsed = [], []
    for row in rows:
        try:
            network = parse_network(str(row.get("IPAddrMask") or ""))
        except ValueError:
            unparsed.append(str(row.get("IPAddrMask")))
            continue
        entries.append(
            Entry(
                network,
                str(row.get("BlockType") or BLOCK),
                str(row.get("Description") or ""),
                parse_time(row.get("ExpiresAt")),
                str(row.get("AddedBy") or MANUAL),
                int(row.get("Id") or 0),
            )
        )
    return entries, unparsed


def parse_time(text: Any) -> datetime.datetime | None:
    """In UTC; None for no end, which a year from 2100 on also means."""
    if not text:
        return None
    moment = datetime.datetime.fromisoformat(_six_digits(str(text)))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    if moment.year >= PERMANENT_FROM:
        return None
    return moment.astimezone(datetime.UTC)


def _six_digits(text: str) -> str:
    """The PBX writes up to twelve digits of a second, Python reads six."""
    head, dot, tail = text.replace("Z", "+00:00").partition(".")
    if not dot:
        return head
    digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
    return f"{head}.{digits[:6].ljust(6, '0')}{tail[len(digits) :]}"


def time_text(moment: datetime.datetime) -> str:
    """As the API document wants it."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def end_of_day(date: datetime.date) -> datetime.datetime:
    """The last second of a day, UTC."""
    return datetime.datetime.combine(date, datetime.time(23, 59, 59), datetime.UTC)


def wanted_entries(
    config: Sequence[Mapping[str, Any]], now: datetime.datetime, protected: Sequence[Protected]
) -> tuple[list[Entry], list[str], list[str]]:
    """Declared entries in typed form, problems, and notes. Entries whose day has passed are no longer wanted."""
    entries: list[Entry] = []
    problems: list[str] = []
    notes: list[str] = []
    for position, given in enumerate(config):
        where = f"ip_list[{position}].address: {given['address']!r}"
        try:
            network = parse_network(given["address"])
        except ValueError:
            problems.append(f"{where} is not an address or network, such as 203.0.113.7 or 203.0.113.0/29.")
            continue
        block_type = ALLOW if given["action"] == "allow" else BLOCK
        expires, wrong = _end(given.get("expires"), position)
        problems += wrong
        if wrong:
            continue
        if expires is not None and expires < now:
            notes.append(f"{network} expired on {given['expires']}, so it is no longer {given['action']}ed.")
            continue
        problems += _problems(where, network, block_type, expires, now, protected)
        description = f"{MARK} {given['reason']} (owner {given['owner']})"
        entries.append(Entry(network, block_type, description, expires))
    seen: dict[Network, int] = {}
    for position, entry in enumerate(entries):
        if entry.network in seen:
            problems.append(f"ip_list: {entry.network} is listed twice.")
        seen[entry.network] = position
    return entries, problems, notes


def _end(text: Any, position: int) -> tuple[datetime.datetime | None, list[str]]:
    if text in (None, ""):
        return None, []
    try:
        return end_of_day(datetime.date.fromisoformat(str(text))), []
    except ValueError:
        return None, [f"ip_list[{position}].expires: {text!r} is not a day such as 2027-01-31."]


def _problems(
    where: str,
    network: Network,
    block_type: str,
    expires: datetime.datetime | None,
    now: datetime.datetime,
    protected: Sequence[Protected],
) -> list[str]:
    if block_type == BLOCK:
        return [
            f"{where} would block {each.network}, which is {each.who}. Refused."
            for each in protected
            if each.network.version == network.version and each.network.overlaps(network)
        ]
    problems = []
    if network.prefixlen < WIDEST_ALLOW[network.version]:
        problems.append(
            f"{where} is too wide to be allowed: 3CX switches its defences off for it. At most "
            f"/{WIDEST_ALLOW[network.version]} is accepted."
        )
    if expires is None:
        problems.append(f"{where} is allowed without end. Set expires to a day such as {now.year + 1}-01-31.")
    elif expires > now + datetime.timedelta(days=LONGEST_ALLOW):
        problems.append(f"{where} is allowed until {expires.date()}; at most {LONGEST_ALLOW} days ahead are accepted.")
    return problems


def blocked(network: Network, entries: Sequence[Entry], now: datetime.datetime) -> Entry | None:
    """The entry that keeps some of this network out, or None. A smaller Allow entry that covers it wins."""
    live = [
        entry
        for entry in entries
        if entry.network.version == network.version
        and entry.network.overlaps(network)
        and (entry.expires is None or entry.expires > now)
    ]
    for entry in live:
        if entry.block_type != BLOCK:
            continue
        saved = any(
            other.block_type == ALLOW
            and other.network.prefixlen > entry.network.prefixlen
            and network.subnet_of(other.network)  # type: ignore[arg-type]
            for other in live
        )
        if not saved:
            return entry
    return None


def plan_ip_list(
    have: Sequence[Entry],
    want: Sequence[Entry],
    state: State,
    protected: Sequence[Protected],
    now: datetime.datetime,
) -> Control:
    """What is added, changed and removed, allow before block, and what must not be done."""
    by_key = {(entry.network, entry.block_type): entry for entry in have if entry.added_by == MANUAL}
    wanted = {(entry.network, entry.block_type): entry for entry in want} if state is not State.DELETED else {}
    create, update, remove = [], [], []
    for key, entry in wanted.items():
        found = by_key.get(key)
        if found is None:
            create.append(entry)
        elif (found.description, found.expires) != (entry.description, entry.expires) and (
            # An Allow entry made by hand, without end, is not what is declared; it becomes ours.
            found.ours or state is State.OVERRIDDEN or found.block_type == ALLOW
        ):
            update.append((found, entry))
    if state is not State.MERGED:
        remove = [
            entry
            for key, entry in by_key.items()
            if key not in wanted
            and (entry.ours or state is State.OVERRIDDEN)
            # An interrupted rotation is finished by the next run; until then its phones must not be blocked.
            and (state is State.DELETED or not entry.guards(now))
        ]
    control = Control("ip_list", [entry.shown() for entry in have if entry.ours], [])
    after = [entry for entry in have if entry not in remove and entry not in [old for old, _new in update]]
    after += create + [new for _old, new in update]
    control.after = [entry.shown() for entry in after if entry.ours]
    for each in protected:
        hit_before, hit_after = blocked(each.network, have, now), blocked(each.network, after, now)
        if hit_after and not hit_before:
            control.problems.append(
                f"{each.network}, which is {each.who}, would be blocked by '{hit_after.shown()}'. Refused."
            )
        elif hit_after:
            control.notes.append(
                f"BLOCKED NOW: {each.network}, which is {each.who}, by '{hit_after.shown()}'. Entries that the PBX "
                "made itself are not removed; find the cause, then remove it in the Admin Console."
            )
    added = [_creation(entry) for entry in create if entry.block_type == ALLOW]
    changed = [_change(old, new) for old, new in update]
    unblocked = [_removal(entry) for entry in remove if entry.block_type == BLOCK]
    removed = [_removal(entry) for entry in remove if entry.block_type == ALLOW]
    control.operations = [*added, *changed, *unblocked, *removed]
    control.operations += [_creation(entry) for entry in create if entry.block_type == BLOCK]
    control.notes += [
        f"made by hand, 3CX's defences are off for it: {entry.shown()}"
        for entry in after
        if entry.block_type == ALLOW and not entry.ours and entry.added_by == MANUAL
    ]
    return control


def _creation(entry: Entry) -> Operation:
    body: Json = {
        "IPAddrMask": address_text(entry.network),
        "BlockType": entry.block_type,
        "Description": entry.description,
    }
    if entry.expires:
        body["ExpiresAt"] = time_text(entry.expires)
    return Operation("POST", "/Blocklist", body, f"adding {entry.network} to the IP list")


def _change(old: Entry, new: Entry) -> Operation:
    body: Json = {"Description": new.description, "ExpiresAt": time_text(new.expires) if new.expires else None}
    return Operation("PATCH", entity("Blocklist", old.key), body, f"changing {old.network} in the IP list")


def _removal(entry: Entry) -> Operation:
    return Operation("DELETE", entity("Blocklist", entry.key), None, f"removing {entry.network} from the IP list")


def address_text(network: Network) -> str:
    """A bare address for one host, else CIDR (gap 3)."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)
