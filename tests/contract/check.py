# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One recorded exchange against the document of its release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from contract.documents import Document, Operation
from contract.strict import query_problems, unknown_names

TOKEN = "/connect/token"
TOKEN_FIELDS = {"client_id", "client_secret", "grant_type"}
"""threecx.md c.1: the token endpoint is not in the documents."""
HOST = "https://pbx.example"
BASE = "/xapi/v1"

Line = dict[str, Any]


def problems(document: Document, line: Line) -> Iterator[str]:
    """What is wrong with an exchange, in words."""
    if line["path"] == TOKEN:
        if line["method"] != "POST" or set(line["body"] or ()) != TOKEN_FIELDS:
            yield f"the token is asked for with {line['method']} and {sorted(line['body'] or ())}"
        return
    operation = document.operation(line["method"], line["path"])
    if operation is None:
        # The simulated PBX answers so too: a wrong request is never ours.
        yield "this release has no such operation"
        return
    request = _request(line)
    try:
        document.validator.validate_request(request)
    except OpenAPIError as error:
        yield f"request: {_reason(error)}"
    yield from (
        f"request: {name} is no property"
        for name in unknown_names(document, document.request_schema(operation), line["body"])
    )
    yield from (
        f"query: {text}" for text in query_problems(document, document.reply_schema(operation, 200), line["query"])
    )
    if not line.get("fault"):
        yield from _reply_problems(document, operation, line, request)


def _reply_problems(document: Document, operation: Operation, line: Line, request: MockRequest) -> Iterator[str]:
    declared = operation.content["responses"]
    status, reply = line["status"], line["reply"]
    if str(status) not in declared and status < 400:
        yield f"reply: {status} is not declared"
        return
    schema = document.reply_schema(operation, status)
    if reply is None:
        if schema is not None and status < 400:
            yield f"reply: {status} without a body"
        return
    if schema is None:
        yield f"reply: {status} with a body, which is not declared"
        return
    response = MockResponse(json.dumps(reply).encode(), status_code=status, content_type="application/json")
    try:
        document.validator.validate_response(request, response)
    except OpenAPIError as error:
        yield f"reply: {_reason(error)}"
    yield from (f"reply: {name} is no property" for name in unknown_names(document, schema, reply, reply=True))


def _request(line: Line) -> MockRequest:
    body = line["body"]
    return MockRequest(
        HOST,
        line["method"].lower(),
        BASE + line["path"],
        args=dict(line["query"]),
        data=None if body is None else json.dumps(body).encode(),
        content_type=line["headers"].get("Content-Type") or "application/json",
    )


def _reason(error: BaseException) -> str:
    """The innermost cause."""
    cause = error.__cause__
    details = getattr(cause, "schema_errors", None)
    if details:
        return "; ".join(f"{'.'.join(str(part) for part in each.path)}: {each.message}" for each in details)[:400]
    return f"{error}{f': {cause}' if cause else ''}"[:400]


def shape(body: Any) -> str:
    """A body's names without its values."""
    if isinstance(body, dict):
        return "{" + ", ".join(f"{name}{_below(value)}" for name, value in sorted(body.items())) + "}"
    return "" if body is None else type(body).__name__


def _below(value: Any) -> str:
    if isinstance(value, dict):
        return " " + shape(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return f" [{shape(value[0])}]"
    return ""
