# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the events is told: once for as long as it lasts, again when it comes back; and what is no find."""

from __future__ import annotations

import json
import runpy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.events import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker

Event = dict[str, Any]
FIND: Event = {"event": "found", "severity": "critical", "id": "f1", "line": "found Lab.Eicar: /b/x", "file": "/b/x"}
CRON: Event = {"event": "difference", "severity": "warning", "id": "d1", "line": "cron file gone: /etc/cron.d/x"}
EVERYTHING = ("difference", "found", "not_scanned")


class Site:
    """A file of events, and what was said while it was written."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "antivirus-pbx-events.txt"
        self.warnings: list[str] = []

    def look(
        self, *seen: Event, looked_for: Sequence[str] = EVERYTHING, host: str = "pbx", check: bool = False
    ) -> list[tuple[str, str]]:
        """One run: what it tells."""
        params = {"events_file": str(self.path), "host": host, "events": list(seen), "looked_for": list(looked_for)}
        outcome = CORE.run(params, RunContext(check, Masker(), self.warnings.append))
        assert outcome.changed == bool(outcome.result["told"])
        return [(event["event"], event["id"]) for event in outcome.result["told"]]

    def lines(self) -> list[Event]:
        """The file."""
        return [json.loads(line) for line in self.path.read_text().splitlines()]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Without events yet."""
    return Site(tmp_path)


def test_what_comes_back_is_told_again_and_what_goes_on_is_not(site: Site) -> None:
    assert site.look(FIND, CRON) == [("found", "f1"), ("difference", "d1")]
    assert site.look(FIND, CRON) == []
    assert site.look(CRON) == [("ended", "f1")]
    assert site.look(CRON) == []
    assert site.look(FIND, CRON) == [("found", "f1")]
    assert site.look(FIND, CRON) == []
    assert [event["line"] for event in site.lines()] == [
        FIND["line"],
        CRON["line"],
        f"no longer: {FIND['line']}",
        FIND["line"],
    ]
    assert {(event["host"], event["product"]) for event in site.lines()} == {("pbx", "off_host")}
    assert site.path.stat().st_mode & 0o777 == 0o600


def test_new_malware_is_a_warning_that_names_the_file(site: Site) -> None:
    site.look(CRON)
    assert site.warnings == []
    site.look(CRON, FIND)
    assert site.warnings == [f"Malware was found for pbx: 1 new in {site.path}. No mail is sent."]
    site.look(CRON, FIND)
    assert len(site.warnings) == 1


def test_what_nobody_looked_for_has_not_ended(site: Site) -> None:
    site.look(FIND, CRON)
    assert site.look(CRON, looked_for=["difference"]) == []
    assert site.look(looked_for=["difference"]) == [("ended", "d1")]
    assert site.look(FIND, looked_for=[]) == []


def test_hosts_may_share_a_file(site: Site) -> None:
    site.look(CRON)
    assert site.look(CRON, host="other") == [("difference", "d1")]
    assert site.look(host="other") == [("ended", "d1")]
    assert site.look(CRON) == []


def test_a_check_run_writes_nothing_and_predicts_the_change(site: Site) -> None:
    assert site.look(FIND, check=True) == [("found", "f1")]
    assert not site.path.exists()


def test_a_file_that_is_none_of_events_is_refused_and_kept(site: Site) -> None:
    site.path.write_text(json.dumps({**CRON, "host": "pbx"}) + "\n\n{'event': 'found'}\n")
    before = site.path.read_text()
    with pytest.raises(HardeningError, match="antivirus-pbx-events.txt, line 3, is not an event"):
        site.look(FIND)
    assert site.path.read_text() == before


def test_a_last_line_without_its_end_is_not_joined(site: Site) -> None:
    site.path.write_text(json.dumps({**CRON, "host": "pbx"}))
    site.look(CRON, FIND)
    assert [event["id"] for event in site.lines()] == ["d1", "f1"]


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """The program that the role installs."""
    return runpy.run_path(str(Path(__file__).parents[3] / "roles/antivirus/files/report.py"))


@pytest.mark.parametrize(
    ("signature", "kind", "there"),
    [("Heuristics.Limits.Exceeded.MaxFileSize", "not_scanned", True), ("Lab.Eicar.UNOFFICIAL", "found", False)],
)
def test_only_finds_are_moved(report: dict[str, Any], tmp_path: Path, signature: str, kind: str, there: bool) -> None:
    folder, quarantine = tmp_path / "srv", tmp_path / "quarantine"
    folder.mkdir()
    quarantine.mkdir()
    file = folder / "backup.img"
    file.write_text("content")
    entry = tmp_path / "event.x"
    entry.write_bytes(f"find\0{signature}\0{file}\0".encode())
    settings = {"product": "clamav", "action": "move", "move_from": [str(folder)], "quarantine": str(quarantine)}
    event = report["read"](entry, settings)
    assert event["event"] == kind
    assert file.exists() == there
    assert (event["severity"] in report["MAILED"]) == (kind == "found")
