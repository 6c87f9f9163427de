# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTPS requests of a stranger or a phone, to be made from inside a network namespace.

``python -m lab.https_client`` reads a JSON list of requests from standard input and prints the list of answers.
``together`` of them are made at a time. With ``--until-unanswered`` one after the other, until one has no HTTP answer.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import socket
import ssl
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Request:
    """``name`` is in the TLS greeting (not if empty) and in the Host header, unless ``host`` says another one.

    ``ca_file``: what to trust; nothing is checked without it, as an attacker would.
    """

    address: str
    port: int
    path: str
    name: str
    method: str = "GET"
    host: str | None = None
    user: str | None = None
    password: str = ""
    body: str | None = None
    ca_file: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """``status`` 0: there was no HTTP answer, and ``problem`` says what there was: refused, closed, tls or silent."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    seconds: float = 0.0


def ask(request: Request, timeout: float = 5.0) -> Answer:
    """Never raises for anything the network does."""
    begun = time.monotonic()
    try:
        answer = _ask(request, timeout)
    except TimeoutError:
        answer = Answer(0, problem="silent")
    except ConnectionRefusedError:
        answer = Answer(0, problem="refused")
    except ssl.SSLError as error:
        answer = Answer(0, problem=f"tls: {error.reason}")
    except (OSError, http.client.HTTPException):  # closed without a word
        answer = Answer(0, problem="closed")
    return Answer(answer.status, answer.body, answer.headers, answer.problem, time.monotonic() - begun)


def _ask(request: Request, timeout: float) -> Answer:
    context = ssl.create_default_context(cafile=request.ca_file)
    if request.ca_file is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif not request.name:
        context.check_hostname = False
    connection = http.client.HTTPConnection(request.host or request.name, timeout=timeout)
    with socket.create_connection((request.address, request.port), timeout=timeout) as plain:
        connection.sock = context.wrap_socket(plain, server_hostname=request.name or None)
        headers = {"Connection": "close", "Host": request.host or request.name, **request.headers}
        if request.user is not None:
            headers["Authorization"] = (
                "Basic " + base64.b64encode(f"{request.user}:{request.password}".encode()).decode()
            )
        body = None if request.body is None else request.body.encode()
        connection.request(request.method, request.path, body=body, headers=headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        connection.close()
        return Answer(response.status, text, dict(response.getheaders()))


def main() -> None:
    """Make the requests, in order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timeout", type=float, default=5.0)
    parser.add_argument("--together", type=int, default=1)
    parser.add_argument("--until-unanswered", action="store_true")
    options = parser.parse_args()
    requests = [Request(**entry) for entry in json.load(sys.stdin)]
    if options.until_unanswered:
        answers: list[Answer] = []
        while requests and all(answer.status for answer in answers):
            answers.append(ask(requests.pop(0), options.timeout))
    else:
        with ThreadPoolExecutor(max_workers=options.together) as pool:
            answers = list(pool.map(lambda request: ask(request, options.timeout), requests))
    print(json.dumps([asdict(answer) for answer in answers]))


if __name__ == "__main__":
    main()
