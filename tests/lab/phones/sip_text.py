# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP messages as a phone reads and writes them (RFC 3261). Pure functions on bytes; knows nothing of phones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_COMPACT = {
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
    "f": "from",
    "k": "supported",
    "t": "to",
    "v": "via",
    "o": "event",
    "u": "allow-events",
}
_REQUEST = re.compile(r"[A-Z]{1,16} \S+ SIP/2\.0")
_STATUS = re.compile(r"SIP/2\.0 ([1-6][0-9][0-9])(?: .*)?")
_MUST_HAVE = ("via", "from", "to", "call-id", "cseq")
_LARGEST = 65535
_REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    501: "Not Implemented",
    603: "Decline",
}


class NotSip(ValueError):
    """These bytes are no SIP message."""


@dataclass(frozen=True)
class Message:
    """A request or a response. Header names are in small letters and in full."""

    first: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        return [value for key, value in self.headers if key == name]

    def get(self, name: str) -> str:
        """The first value, or nothing."""
        return next(iter(self.all(name)), "")

    @property
    def status(self) -> int:
        """The status of a response; 0 for a request."""
        found = _STATUS.fullmatch(self.first)
        return int(found[1]) if found else 0

    @property
    def method(self) -> str:
        """The method of a request, or the one a response belongs to."""
        return self.get("cseq").split()[-1] if self.status else self.first.split()[0]

    @property
    def uri(self) -> str:
        """Of a request."""
        return self.first.split()[1]

    @property
    def user(self) -> str:
        """The user part of a request's address: who is called."""
        found = re.match(r"sips?:([^@;?:]*)(?::[^@]*)?@", self.uri)
        return found[1] if found else ""

    @property
    def sequence(self) -> int:
        """The number in CSeq."""
        return int(self.get("cseq").split()[0])

    @property
    def branch(self) -> str:
        """What the topmost Via calls this transaction."""
        return parameter(self.get("via"), "branch")

    @property
    def to_tag(self) -> str:
        """The tag of To; a request that has one belongs to a dialog."""
        return parameter(self.get("to"), "tag")


def parameter(value: str, name: str) -> str:
    """A parameter of a header value, such as the tag of From."""
    # What stands in <...> belongs to the address; of several values in one header the first counts.
    outside = re.sub(r'"[^"]*"|<[^>]*>', "", value).split(",")[0]
    found = re.search(rf";\s*{name}\s*=\s*([^;\s]+)", outside, re.IGNORECASE)
    return found[1] if found else ""


def parse(data: bytes) -> Message:
    """One whole message; what follows its declared length is dropped."""
    head, blank, body = data.partition(b"\r\n\r\n")
    if not blank:
        raise NotSip("no end of headers")
    first, *lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "replace")).split("\r\n")
    if not (_REQUEST.fullmatch(first) or _STATUS.fullmatch(first)):
        raise NotSip("the first line is neither a request's nor a response's")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise NotSip("a line is no header")
        name = name.strip().lower()
        headers.append((_COMPACT.get(name, name), value.strip()))
    message = Message(first, tuple(headers), body)
    if any(not message.get(name) for name in _MUST_HAVE) or not re.fullmatch(r"[0-9]{1,10} +\S+", message.get("cseq")):
        raise NotSip("a header that every message has is missing")
    length = message.get("content-length")
    return Message(first, tuple(headers), body[: int(length)] if re.fullmatch(r"[0-9]{1,5}", length) else body)


def split_stream(buffer: bytes) -> tuple[list[bytes], bytes]:
    """The whole messages in what a connection has brought so far, and the rest. NotSip if it can become none."""
    found = []
    buffer = buffer.lstrip(b"\r\n")  # empty lines keep a connection alive (RFC 5626)
    while b"\r\n\r\n" in buffer:
        head, _blank, rest = buffer.partition(b"\r\n\r\n")
        declared = re.search(rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*(\d{1,5})[ \t]*\r?$", head)
        length = int(declared[1]) if declared else 0
        if len(rest) < length:
            break
        found.append(head + b"\r\n\r\n" + rest[:length])
        buffer = rest[length:].lstrip(b"\r\n")
    if len(buffer) > _LARGEST:
        raise NotSip("too long")
    return found, buffer


def write(first: str, headers: Sequence[tuple[str, str]], body: bytes = b"") -> bytes:
    """A message, with its length."""
    lines = [first, *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def respond(
    request: Message,
    status: int,
    source: tuple[str, int],
    *,
    tag: str = "",
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
) -> bytes:
    """The answer to a request that came from `source`. `tag` is put to To unless it has one."""
    top, *others = request.all("via")
    top = re.sub(r";\s*rport(?=$|[;,\s])", f";rport={source[1]}", top, flags=re.IGNORECASE)  # RFC 3581
    first, comma, rest = top.partition(",")
    copied = [("Via", f"{first};received={source[0]}{comma}{rest}"), *(("Via", via) for via in others)]
    if 100 < status < 300:
        copied += [("Record-Route", value) for value in request.all("record-route")]
    to = request.get("to")
    copied += [
        ("From", request.get("from")),
        ("To", f"{to};tag={tag}" if tag and not request.to_tag else to),
        ("Call-ID", request.get("call-id")),
        ("CSeq", request.get("cseq")),
    ]
    return write(f"SIP/2.0 {status} {_REASONS[status]}", [*copied, *headers], body)
