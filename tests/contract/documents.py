# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official API documents, which stay outside this project, and which operation of theirs a request is."""

from __future__ import annotations

import functools
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("VOIPSEC_XAPI_DOCUMENTS") or ROOT.parent / "shared" / "reference" / "3cx-xapi")
RELEASES = [f"20.0.{update}" for update in range(4, 11)]
WHY_NOT = f"3CX's own API documents are not there ({FOLDER}); set VOIPSEC_XAPI_DOCUMENTS to their folder"


def available() -> bool:
    """Whether all seven are there."""
    return all((FOLDER / f"{release}.json").is_file() for release in RELEASES)


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    template: str
    method: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """Its operationId."""
        return str(self.content.get("operationId", ""))


class Document:
    """The API of one release."""

    def __init__(self, release: str) -> None:
        self.release = release
        self.content: dict[str, Any] = json.loads((FOLDER / f"{release}.json").read_text())
        self.content["security"] = []  # tokens are checked by the simulated PBX
        self.validator = OpenAPI.from_dict(self.content)
        templates = sorted(self.content["paths"], key=lambda path: -len(re.sub(r"\{\w+\}", "", path)))
        self._paths = [(re.compile(pattern(template)), template) for template in templates]

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation that a request is; None where this release has none."""
        for regex, template in self._paths:
            content = self.content["paths"][template].get(method.lower())
            if content is not None and regex.fullmatch(path):
                return Operation(template, method, content)
        return None

    def resolve(self, schema: Any) -> dict[str, Any]:
        """A schema behind its reference."""
        while "$ref" in schema:
            found: Any = self.content
            for part in schema["$ref"].lstrip("#/").split("/"):
                found = found[part]
            schema = found
        resolved: dict[str, Any] = schema
        return resolved

    def properties(self, schema: Any) -> dict[str, Any] | None:
        """All properties of an object's schema, inherited ones included; None where it is no object with names."""
        schema = self.resolve(schema)
        found: dict[str, Any] = dict(schema.get("properties", {}))
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, ()):
                found |= self.properties(part) or {}
        return found or None

    def request_schema(self, operation: Operation) -> Any:
        """Of the JSON body, or None."""
        body = self.resolve(operation.content.get("requestBody", {}))
        return body.get("content", {}).get("application/json", {}).get("schema")

    def reply_schema(self, operation: Operation, status: int) -> Any:
        """Of the JSON body of an answer, or None."""
        replies = operation.content["responses"]
        reply = self.resolve(replies.get(str(status), replies.get("default", {})))
        return reply.get("content", {}).get("application/json", {}).get("schema")


def pattern(template: str) -> str:
    """A path's template as a regular expression: an argument may hold anything but a bracket, or be quoted."""
    parts = re.split(r"\{\w+\}", template)
    return r"(?:'(?:[^']|'')*'|[^()',/]*)".join(re.escape(part) for part in parts)


@functools.cache
def document(release: str) -> Document:
    """Read once."""
    return Document(release)
