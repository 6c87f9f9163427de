# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a PBX's answers: one of another form than documented is one clear line, and never hides a mistake of ours."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator, Mapping
from typing import Any, Union

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

Kinds = Union[type, tuple[type, ...]]
"""As isinstance takes them."""


class UnexpectedAnswer(HardeningError):
    """An answer has another form than documented. The message says where, without the value, which may be a secret."""


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Around code that takes an answer apart, or as its decorator; around nothing else.

    Raises UnexpectedAnswer in place of the errors that such code fails with.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{frame.name}, {frame.filename.rsplit('/', 1)[-1]} line {frame.lineno}"
        raise UnexpectedAnswer(f"{type(error).__name__} in {place}") from None


def checked(answer: Mapping[str, Any], kinds: Mapping[str, Kinds]) -> dict[str, Any]:
    """The named properties of an answer, each of its kind or left out (a PBX leaves out what is null).

    Raises UnexpectedAnswer for a property of another kind.
    """
    found = {name: answer[name] for name in kinds if answer.get(name) is not None}
    for name, value in found.items():
        if not isinstance(value, kinds[name]):
            raise UnexpectedAnswer(f"{name} is of the type {type(value).__name__}")
    return found


@contextlib.contextmanager
def naming_the_pbx(name: str, document: str) -> Iterator[None]:
    """Around everything that is done with one PBX: its name, and the API's ``document``, in the message."""
    try:
        yield
    except UnexpectedAnswer as error:
        raise HardeningError(
            f"{name}: an answer is not what {document} says ({error.message}). Nothing more was sent. Report this to "
            "the authors of this collection, with the release that this PBX runs."
        ) from None
