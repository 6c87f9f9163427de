# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Web requests from inside a namespace, to devices whose certificates nobody checks.

``python -m lab.net.web`` reads ``[{"url": "http://192.0.2.1/", "form": null}]`` and prints status and body of each.
"""

from __future__ import annotations

import json
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from .namespaces import Namespaces, python_module

_PATIENCE = 3.0


@dataclass(frozen=True)
class Request:
    """A GET; with a form a POST."""

    url: str
    form: str | None = None


@dataclass(frozen=True)
class Reply:
    """Status 0: nobody listens there, or nobody answers."""

    status: int
    body: str = ""


def fetch(request: Request) -> Reply:
    """An attacker does not ask who signed the certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    body = None if request.form is None else request.form.encode()
    try:
        with urllib.request.urlopen(request.url, body, timeout=_PATIENCE, context=context) as answer:
            return Reply(answer.status, answer.read().decode())
    except urllib.error.HTTPError as problem:
        return Reply(problem.code)
    except OSError:
        return Reply(0)


def fetch_from(spaces: Namespaces, name: str, requests: Sequence[Request]) -> list[Reply]:
    """All at once, from one namespace. They go in by standard input: forms hold passwords."""
    wanted = json.dumps([asdict(request) for request in requests])
    return [Reply(**each) for each in json.loads(spaces.run(name, *python_module("lab.net.web"), stdin=wanted))]


def main() -> None:
    """Fetch all of them at once."""
    requests = [Request(**each) for each in json.loads(sys.stdin.read())]
    with ThreadPoolExecutor(max_workers=max(1, len(requests))) as pool:
        print(json.dumps([asdict(reply) for reply in pool.map(fetch, requests)]))


if __name__ == "__main__":
    main()
