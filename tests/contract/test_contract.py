# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of our code, and every answer of the simulated PBX, fits 3CX's own document of that release."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import FIELDS, UNTIL
from contract.check import TOKEN, Line, problems, shape
from contract.documents import RELEASES, WHY_NOT, available, document

pytestmark = pytest.mark.skipif(not available(), reason=WHY_NOT)
SHOWN = 30
LINE: Line = {
    "release": "20.0.10",
    "method": "GET",
    "path": "/Users",
    "query": {},
    "body": None,
    "status": 204,
    "reply": None,
    "headers": {"Content-Type": "application/json"},
    "fault": "not checked here",
}


def test_every_recorded_exchange_fits_the_official_document(recordings: list[Path], table: list[str]) -> None:
    seen: dict[str, dict[str, Any]] = {}
    wrong: dict[str, str] = {}
    rows: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    lines = requests = 0
    for file in recordings:
        for text in file.read_text().splitlines():
            line = json.loads(text)
            if line["status"] == 0 and line["body"] is None and line["method"] != "GET":
                continue
            lines += 1
            key = json.dumps(
                [line[name] for name in ("release", "method", "path", "query", "body", "status", "reply", "fault")],
                sort_keys=True,
            )
            if key in seen:
                continue
            seen[key] = line
            requests += 1
            for problem in problems(document(line["release"]), line):
                wrong.setdefault(f"{line['release']} {line['method']} {line['path']} {problem}", text[:500])
            if line["path"] == TOKEN:
                rows[("POST", TOKEN, shape(line["body"]), "(not in the documents)")].add(line["release"])
                continue
            operation = document(line["release"]).operation(line["method"], line["path"])
            if operation is not None:
                rows[(line["method"], operation.template, shape(line["body"]), operation.name)].add(line["release"])
    short = {release: release.rsplit(".", 1)[1] for release in RELEASES}
    for (method, template, body, name), releases in sorted(rows.items()):
        updates = ",".join(short[release] for release in RELEASES if release in releases)
        table.append(f"{method:6} {template} {body} {name} [20.0.{updates}]")
    table.append(f"{len(rows)} distinct requests, {requests} distinct exchanges of {lines}, {len(wrong)} wrong")
    assert not wrong, "\n".join(list(wrong)[:SHOWN])
    assert {release for releases in rows.values() for release in releases} == set(RELEASES)
    # The recordings are of the whole suite: reads, and every kind of change.
    assert {method for method, _template, _body, _name in rows} == {"GET", "POST", "PATCH", "DELETE"}


def test_our_table_of_fields_is_the_documents(recordings: list[Path]) -> None:
    del recordings
    texts = {release: tuple(int(part) for part in release.split(".")) for release in RELEASES}
    wrong = []
    for schema, names in FIELDS.items():
        for name, since in names.items():
            having = [
                release
                for release in RELEASES
                if f"Pbx.{schema}" in document(release).content["components"]["schemas"]
                if name in (document(release).properties({"$ref": f"#/components/schemas/Pbx.{schema}"}) or {})
            ]
            last = UNTIL.get(schema, {}).get(name, texts[RELEASES[-1]])
            ours = [release for release, version in texts.items() if since <= version <= last]
            if having != ours:
                wrong.append(f"{schema}.{name}: the documents have it in {having}, our table in {ours}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"method": "POST", "path": "/Blocklist", "body": {"IpAddress": "192.0.2.1"}}, "IpAddress is no property"),
        ({"method": "POST", "path": "/Users/Pbx.BulkUpdate", "body": {"Ids": [1], "user": {}}}, "Ids is no property"),
        (
            {"release": "20.0.8", "method": "PATCH", "path": "/Users(2)", "body": {"BlockTunnel": True}},
            "BlockTunnel is no property",
        ),
        (
            {"release": "20.0.6", "method": "PATCH", "path": "/NotificationSettings", "body": {"NotifyCodes": []}},
            "NotifyCodes is no property",
        ),
        ({"query": {"$select": "Id,Nope"}}, "Nope is no property"),
        ({"query": {"$filter": "Nope eq 'x' or Number eq '1'"}}, "Nope is no property"),
        ({"query": {"$expand": "Groups($expand=Nope)"}}, "Nope is no property that can be expanded"),
        ({"query": {"$top": "500"}}, "more than the PBX takes"),
        ({"method": "PUT", "path": "/Users(2)", "body": {}}, "no such operation"),
        ({"release": "20.0.8", "path": "/SyslogSettings"}, "no such operation"),
        ({"method": "PATCH", "path": "/Users(2)", "body": {"AllowLanOnly": "yes"}}, "is not of type 'boolean'"),
        ({"method": "PATCH", "path": "/Users(2)", "body": {"SRTPMode": "On"}}, "SRTPMode"),
        ({"path": "/connect/token", "method": "POST", "body": {"client_id": "9"}}, "the token is asked for"),
        (
            {"fault": None, "status": 200, "reply": {"value": [{"Id": 1, "Nope": 2}]}},
            "reply: value[0].Nope is no property",
        ),
        ({"fault": None, "status": 200, "reply": {"value": [{"Id": "x"}]}}, "is not of type 'integer'"),
    ],
)
def test_what_is_wrong_is_found(changes: dict[str, Any], expected: str) -> None:
    line = {**LINE, **changes}
    found = list(problems(document(line["release"]), line))
    assert any(expected in text.replace(".value", "value") for text in found), found
