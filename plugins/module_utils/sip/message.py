# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP requests of ours and their answers as bytes (RFC 3261). Pure: no sockets, no clock, no randomness.

What comes from the network is hostile until proved otherwise: every text that leaves this file is cut to MAX_TEXT
characters and has no control characters, and whatever cannot be read raises NotSipError and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_MESSAGE = 65535
"""Bytes that are read; a UDP datagram has no more."""
MAX_TEXT = 200
"""Characters of a header's text that are kept."""
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
STATUS_LINE = re.compile(r"SIP/2\.0 +(?P<status>[1-6][0-9]{2})(?: +(?P<phrase>.*))?", re.IGNORECASE)
REQUEST_LINE = re.compile(r"[A-Z]{3,20} +\S+ +SIP/2\.0", re.IGNORECASE)
BRANCH = re.compile(r";\s*branch\s*=\s*(?P<branch>[^;,\s]+)", re.IGNORECASE)
CONTENT_LENGTH = re.compile(r"[0-9]{1,6}")
COMPACT = {"v": "via", "i": "call-id", "f": "from", "t": "to", "l": "content-length"}
"""The short forms of the headers that are read here (RFC 3261, 7.3.3)."""
CHALLENGES = ("www-authenticate", "proxy-authenticate")


class NotSipError(ValueError):
    """Bytes that are no SIP message. The text says why."""


@dataclass(frozen=True)
class Request:
    """What makes one request different from all others, and where it goes."""

    transport: str
    """UDP, TCP or TLS, as the Via header has it."""
    target: str
    """host:port, an IPv6 address in brackets."""
    local: str
    """host:port that the answer should come to, an IPv6 address in brackets."""
    call_id: str
    branch: str
    """Begins with z9hG4bK (RFC 3261, 8.1.1.7)."""
    tag: str
    user_agent: str
    method: str = "OPTIONS"


@dataclass(frozen=True)
class Response:
    """The part of an answer that is read. Texts are empty where the header is missing."""

    status: int
    phrase: str
    call_id: str
    branch: str
    """Of the topmost Via."""
    method: str
    """From CSeq, in capitals."""
    server: str
    """Server, or else User-Agent."""
    challenges: tuple[tuple[str, str], ...] = ()
    """Each WWW-Authenticate and Proxy-Authenticate header: its name in small letters and its value, as it came."""


def build_options(request: Request) -> bytes:
    """An OPTIONS request that asks nobody in particular. ``rport`` has the answer come back through NAT (RFC 3581)."""
    uri = f"sip:{request.target}"
    if request.transport != "UDP":
        uri += f";transport={request.transport.lower()}"
    lines = [
        f"OPTIONS {uri} SIP/2.0",
        f"Via: SIP/2.0/{request.transport} {request.local};rport;branch={request.branch}",
        "Max-Forwards: 70",
        f"From: <sip:site-audit@{request.local}>;tag={request.tag}",
        f"To: <{uri}>",
        f"Call-ID: {request.call_id}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:site-audit@{request.local}>",
        "Accept: application/sdp",
        f"User-Agent: {request.user_agent}",
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def parse_response(data: bytes) -> Response | None:
    """An answer, or None for a SIP request. Raises NotSipError for everything else."""
    lines = _lines(data)
    start = STATUS_LINE.fullmatch(lines[0])
    if start is None:
        if REQUEST_LINE.fullmatch(lines[0]):
            return None
        raise NotSipError("the first line is neither a SIP status nor a SIP request")
    headers = _headers(lines[1:])
    branch = BRANCH.search(headers.get("via", ""))
    cseq = headers.get("cseq", "").split()
    return Response(
        status=int(start["status"]),
        phrase=harmless(start["phrase"] or ""),
        call_id=headers.get("call-id", ""),
        branch=branch["branch"] if branch else "",
        method=cseq[-1].upper() if cseq else "",
        server=harmless(headers.get("server") or headers.get("user-agent") or ""),
        challenges=tuple((name, value) for name, value in _all_headers(lines[1:]) if name in CHALLENGES),
    )


def answers(response: Response, request: Request) -> bool:
    """Whether the response is to this request and to no other (RFC 3261, 17.1.3, and the Call-ID besides)."""
    return (
        response.call_id == request.call_id
        and response.branch == request.branch
        and response.method in (request.method, "")
    )


def first_message(stream: bytes) -> tuple[bytes, bytes] | None:
    """One message from a TCP stream and what follows it, or None while it is not complete.

    Raises NotSipError where the stream cannot become a SIP message: it is too long, or does not begin like one.
    """
    stream = stream.lstrip(b"\r\n")  # keep-alives (RFC 5626, 3.5.1)
    head = END_OF_HEADERS.search(stream)
    if head is None:
        if len(stream) > MAX_MESSAGE:
            raise NotSipError(f"more than {MAX_MESSAGE} bytes without an end of the headers")
        line, separator, _rest = stream.partition(b"\n")
        if separator:
            _check_first_line(_text(line).rstrip("\r"))
        return None
    lines = _lines(stream[: head.end()])
    _check_first_line(lines[0])
    length = _headers(lines[1:]).get("content-length", "0")
    if not CONTENT_LENGTH.fullmatch(length) or int(length) > MAX_MESSAGE:
        raise NotSipError(f"Content-Length is {harmless(length)!r}")
    end = head.end() + int(length)
    if len(stream) < end:
        return None
    return stream[:end], stream[end:]


def harmless(text: str) -> str:
    """Text from the network for a terminal and a report: no control characters, one line, MAX_TEXT characters."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:MAX_TEXT]


def _check_first_line(line: str) -> None:
    if not STATUS_LINE.fullmatch(line) and not REQUEST_LINE.fullmatch(line):
        raise NotSipError("the first line is neither a SIP status nor a SIP request")


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _lines(data: bytes) -> list[str]:
    """Lines of the headers, those that go on in the next line (RFC 3261, 7.3.1) made one. Never empty."""
    head = END_OF_HEADERS.split(data[:MAX_MESSAGE].lstrip(b"\r\n"), maxsplit=1)[0]
    lines: list[str] = []
    for line in re.split(r"\r?\n", _text(head)):
        if line[:1] in (" ", "\t") and len(lines) > 1:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def _headers(lines: list[str]) -> dict[str, str]:
    """Values by long lower-case name; of headers that occur several times the first, which is the topmost Via."""
    headers: dict[str, str] = {}
    for name, value in _all_headers(lines):
        headers.setdefault(name, value)
    return headers


def _all_headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Long lower-case names and values in the order of the message."""
    for line in lines:
        name, separator, value = line.partition(":")
        if separator:
            name = name.strip().lower()
            yield COMPACT.get(name, name), value.strip()
