# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a file that somebody else wrote, in whatever encoding, or why it is none. Pure functions."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SETTING = re.compile(rb"(?m)^[ \t]*(?:#!(?:version|encrypt)|[A-Za-z_]\w*(?:\.\w+)+[ \t]*=)")
"""Something that a random block of bytes does not hold."""
_CONTROL = bytes(range(32)).translate(None, b"\t\n\v\f\r\x1a") + b"\x7f"
_MAX_CONTROL_SHARE = 0.02
"""Share of control characters above which bytes are no text; random bytes have a tenth."""
BLOCK = 16
"""Bytes: what AES makes is a multiple of it (yealink.md 1.6)."""


@dataclass(frozen=True)
class Decoded:
    """``text`` is empty where the bytes are none."""

    text: str
    notes: tuple[str, ...] = ()
    """What a phone, which expects UTF-8 (yealink.md 1.1), may stumble over."""
    binary: bool = False


def decoded(content: bytes) -> Decoded:
    """The text, whatever it takes."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content[len(mark) :], encoding)
    wide = _wide(content)
    if wide:
        return Decoded(content.decode(wide, errors="replace"), (f"is {wide.upper()}; phones expect UTF-8",))
    notes = []
    text = _utf8(content.replace(b"\0", b""))
    if text is None or _share(content) > _MAX_CONTROL_SHARE:
        if not _SETTING.search(content):
            return Decoded("", binary=True)
        if text is None:
            text = content.replace(b"\0", b"").decode("latin-1")
            notes.append("is not UTF-8, which phones expect; it was read as Latin-1")
    if b"\0" in content:
        notes.append("holds NUL bytes; a phone may end its reading at the first. They were left out here")
    return Decoded(text, tuple(notes))


def _marked(rest: bytes, encoding: str) -> Decoded:
    if encoding == "utf-8":
        inner = decoded(rest)
        note = "begins with a byte order mark, so the header is not the first thing in it"
        return Decoded(inner.text, (note, *inner.notes), inner.binary)
    name = encoding.upper()
    return Decoded(rest.decode(encoding, errors="replace").replace("\0", ""), (f"is {name}; phones expect UTF-8",))


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    start = content[:4096]
    if len(start) < 8:
        return None
    odd, even = start[1::2].count(0), start[0::2].count(0)
    half = len(start) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _share(content: bytes) -> float:
    """Of control characters."""
    return 1 - len(content.translate(None, _CONTROL)) / len(content) if content else 0.0
