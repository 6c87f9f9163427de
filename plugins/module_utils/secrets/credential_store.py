# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The customer's credentials as data: what is in the vault file, and how it changes. Pure.

The plain text is JSON, so it is YAML too, in a fixed order, so that equal content gives equal text.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret

FORMAT = 1


@dataclass(frozen=True)
class ExtensionSecrets:
    """One extension's credentials of one generation."""

    auth_id: Secret
    sip_password: Secret
    voicemail_pin: Secret
    phone_admin_password: Secret
    phone_user_password: Secret
    web_password: Secret = field(default_factory=lambda: Secret(""))
    """Of the PBX's web client. Empty in files that an earlier release of the collection made, until the next run."""


LATER = ("web_password",)
"""Fields that an older file may lack."""
FIELDS = tuple(each.name for each in dataclasses.fields(ExtensionSecrets))


@dataclass(frozen=True)
class CustomerSecrets:
    """What the devices need: the current generation of each extension, and what the whole customer shares."""

    extensions: Mapping[str, ExtensionSecrets]
    provisioning_password: Secret


@dataclass(frozen=True)
class Entry:
    """One extension in the book."""

    generation: int
    current: ExtensionSecrets
    previous: ExtensionSecrets | None = None
    """The last generation that was seen to work, kept until the current one is confirmed."""
    reverted: bool = False
    """The current one is the old one again, because the new one, now ``previous``, did not work. Until this is
    confirmed a device may have either, so both stay."""
    between: tuple[ExtensionSecrets, ...] = ()
    """Generations that were rotated away before they were confirmed: a device may still have one of them."""

    def kept(self) -> tuple[ExtensionSecrets, ...]:
        """The current generation and all others that are kept."""
        return (self.current, *((self.previous,) if self.previous else ()), *self.between)


@dataclass(frozen=True)
class CredentialStore:
    """The whole file."""

    extensions: Mapping[str, Entry] = field(default_factory=dict)
    provisioning_password: Secret | None = None

    def for_devices(self) -> CustomerSecrets:
        """The current generation."""
        current = {number: entry.current for number, entry in self.extensions.items()}
        return CustomerSecrets(current, self.provisioning_password or Secret(""))

    def secrets(self) -> Iterator[Secret]:
        """Every value in the file."""
        for entry in self.extensions.values():
            for each in entry.kept():
                yield from (getattr(each, name) for name in FIELDS)
        if self.provisioning_password:
            yield self.provisioning_password


@dataclass(frozen=True)
class Request:
    """What is asked of the book."""

    extensions: Mapping[str, int]
    """Declared extension numbers and the generation that each must have reached."""
    rotate: Sequence[str] = ()
    confirm: Sequence[str] = ()
    """Whose current generation is known to work. Where one of them is also rotated, that is what stays as previous."""
    revert: Sequence[str] = ()
    """Whose rotation failed: the generation before becomes the current one again."""
    remove_orphaned: bool = False


@dataclass(frozen=True)
class Changes:
    """Extension numbers, never values."""

    created: tuple[str, ...] = ()
    rotated: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    """Got a kind of credential that did not exist when their file was made."""
    reverted: tuple[str, ...] = ()
    provisioning_password: bool = False

    @property
    def any(self) -> bool:
        """Whether the file changes."""
        return bool(
            self.created
            or self.rotated
            or self.confirmed
            or self.removed
            or self.completed
            or self.reverted
            or self.provisioning_password
        )


Make = Callable[[str, Sequence[ExtensionSecrets]], ExtensionSecrets]
"""New credentials for an extension number, none of them equal to those that the file holds for it."""


CHANGE_LISTS = ("created", "rotated", "confirmed", "unchanged", "completed", "reverted")


def plan(
    book: CredentialStore, request: Request, make: Make, make_shared: Callable[[], Secret]
) -> tuple[CredentialStore, Changes]:
    """The book after the request, and what changed. What exists stays unless its rotation was asked for."""
    entries: dict[str, Entry] = {}
    lists: dict[str, list[str]] = {name: [] for name in CHANGE_LISTS}
    for number, generation in sorted(request.extensions.items()):
        old = book.extensions.get(number)
        if old is None:
            entries[number] = Entry(generation, make(number, ()))
            lists["created"].append(number)
            continue
        used = old.kept()
        if number in request.revert and old.previous is not None and not old.reverted:
            entries[number] = Entry(
                max(1, old.generation - 1), old.previous, old.current, reverted=True, between=old.between
            )
            lists["reverted"].append(number)
            continue
        confirmed = old.previous is not None and number in request.confirm
        if confirmed:
            old = dataclasses.replace(old, previous=None, reverted=False, between=())
            lists["confirmed"].append(number)
        # While it is open which of two generations a device has, there must not be a third.
        if not old.reverted and (old.generation < generation or number in request.rotate):
            reached = max(generation, old.generation + 1 if number in request.rotate else 0)
            # A second rotation before the first was confirmed keeps the generation that is known to work.
            known, between = (old.previous, (old.current, *old.between)) if old.previous else (old.current, ())
            entries[number] = Entry(reached, make(number, used), known, between=between)
            lists["rotated"].append(number)
        else:
            entries[number] = _complete(old, number, used, make)
            if entries[number] != old:
                lists["completed"].append(number)
            elif not confirmed:
                lists["unchanged"].append(number)
    others = {number: entry for number, entry in book.extensions.items() if number not in request.extensions}
    if not request.remove_orphaned:
        entries.update(others)
    shared = book.provisioning_password or make_shared()
    changes = Changes(
        **{name: tuple(numbers) for name, numbers in lists.items()},
        removed=tuple(sorted(others)) if request.remove_orphaned else (),
        orphaned=() if request.remove_orphaned else tuple(sorted(others)),
        provisioning_password=book.provisioning_password is None,
    )
    return CredentialStore(entries, shared), changes


def _complete(entry: Entry, number: str, used: Sequence[ExtensionSecrets], make: Make) -> Entry:
    """The entry with every kind of credential that there is today."""
    missing = [name for name in LATER if not getattr(entry.current, name)]
    if not missing:
        return entry
    fresh = make(number, used)
    values = {name: getattr(fresh, name) for name in missing}
    return dataclasses.replace(entry, current=dataclasses.replace(entry.current, **values))


def serialise(book: CredentialStore) -> bytes:
    """The plain text of the file. Holds every secret: it goes into the cipher and nowhere else."""
    extensions: dict[str, Any] = {}
    for number, entry in sorted(book.extensions.items()):
        extensions[number] = {"generation": entry.generation, "current": _revealed(entry.current)}
        if entry.previous is not None:
            extensions[number]["previous"] = _revealed(entry.previous)
        if entry.reverted:
            extensions[number]["reverted"] = True
        if entry.between:
            extensions[number]["between"] = [_revealed(each) for each in entry.between]
    shared = {"provisioning_password": book.provisioning_password.reveal()} if book.provisioning_password else {}
    content = {"format": FORMAT, "site": shared, "extensions": extensions}
    return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()


def parse(text: bytes, path: str) -> CredentialStore:
    """The book of a decrypted file. Raises HardeningError that names the file, and never its content."""
    try:
        content = json.loads(text)
        version = content["format"]
        if version != FORMAT:
            raise HardeningError(
                f"{path} has format {version}; this release of the collection knows format {FORMAT}. Update the "
                "collection."
            )
        entries = {
            str(number): Entry(
                int(entry["generation"]),
                _wrapped(entry["current"]),
                _wrapped_or_none(entry.get("previous")),
                bool(entry.get("reverted")),
                tuple(_wrapped(each) for each in entry.get("between", ())),
            )
            for number, entry in content["extensions"].items()
        }
        shared = content.get("site", {}).get("provisioning_password")
    except (ValueError, KeyError, TypeError, AttributeError):
        # The cause would quote the content.
        raise HardeningError(f"{path} is not a credentials file of this collection, or it is damaged.") from None
    return CredentialStore(entries, Secret(shared) if shared else None)


def _revealed(secrets: ExtensionSecrets) -> dict[str, str]:
    return {name: getattr(secrets, name).reveal() for name in FIELDS if getattr(secrets, name)}


def _wrapped(values: Mapping[str, str]) -> ExtensionSecrets:
    present = [name for name in FIELDS if name not in LATER or name in values]
    if not all(isinstance(values[name], str) and values[name] for name in present):
        raise ValueError("a credential is not text")
    return ExtensionSecrets(**{name: Secret(values[name]) for name in present})


def _wrapped_or_none(values: Mapping[str, str] | None) -> ExtensionSecrets | None:
    return _wrapped(values) if values else None
