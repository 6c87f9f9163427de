# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping secrets out of everything that is shown.

Two means, because neither is enough alone. ``Secret`` wraps a value so that no formatting can show it: it is the only
protection of short values, since masking a PIN such as 1234 by value would mangle other output. ``Masker`` then removes
every longer secret by value from the complete result, as a second net.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.nested import mapped

MASK = "********"
SHORTEST_MASKED_BY_VALUE = 8
"""Characters. Shorter values are common in ordinary text; they are protected by ``Secret`` alone."""


class Secret:
    """A value that is compared and sent, never shown."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = str(value)

    def reveal(self) -> str:
        """The value itself; for the wire and the encrypted file only."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __str__(self) -> str:
        return MASK

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __reduce__(self) -> Any:
        raise TypeError("a Secret is not serialised: reveal it on purpose, or leave it out")


class Masker:
    """Remembers the secrets of one task and removes them from what the task returns."""

    def __init__(self) -> None:
        self._by_beginning: dict[str, list[str]] = {}
        """Secrets by their first eight characters, the longest first: a site has thousands, and output is long."""

    def add(self, *values: str | Secret | None) -> None:
        """Remember secrets. Values under eight characters are ignored here, see the module's text."""
        for value in values:
            text = str(value.reveal() if isinstance(value, Secret) else value or "")
            if len(text) < SHORTEST_MASKED_BY_VALUE:
                continue
            known = self._by_beginning.setdefault(text[:SHORTEST_MASKED_BY_VALUE], [])
            if text not in known:
                known.append(text)
                known.sort(key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text with every remembered secret replaced, the longest at each place, so that no tail of one remains."""
        if not self._by_beginning or len(text) < SHORTEST_MASKED_BY_VALUE:
            return text
        parts: list[str] = []
        copied = position = 0
        last = len(text) - SHORTEST_MASKED_BY_VALUE
        while position <= last:
            candidates = self._by_beginning.get(text[position : position + SHORTEST_MASKED_BY_VALUE], ())
            found = next((secret for secret in candidates if text.startswith(secret, position)), None)
            if found is None:
                position += 1
                continue
            parts += (text[copied:position], MASK)
            position += len(found)
            copied = position
        return "".join(parts) + text[copied:]

    def clean(self, value: Any) -> Any:
        """The same structure without secrets: keys and values, at any depth."""

        def shown(item: Any) -> Any:
            return self.text(item) if isinstance(item, str) else redacted(item)

        return mapped(value, lambda item, _name: shown(item), key=shown)


def redacted(value: Any) -> Any:
    """The same structure with each Secret as a mask, for a value that holds no secret in plain text."""
    return mapped(value, lambda item, _name: MASK if isinstance(item, Secret) else item)
