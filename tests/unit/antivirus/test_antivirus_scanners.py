# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What scanners print and keep: age of signatures, reports of scans, where the test file may be put."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.engines import (
    Engine,
    built_at,
    engine_of,
    signatures_from,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.off_host_scan import command, parse_report
from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.probe import HALVES, below, clean_old

REPORT = """\
/srv/backups/acme/it's: odd.zip: Win.Test.EICAR_HDB-1 FOUND
/srv/backups/acme/monday.zip: Heuristics.Encrypted.Zip FOUND
/srv/backups/acme/huge.zip: Heuristics.Limits.Exceeded.MaxFileSize FOUND
/srv/backups/acme/broken: Access denied. ERROR

----------- SCAN SUMMARY -----------
Known viruses: 8700000
Engine version: 1.4.6
Scanned directories: 2
Scanned files: 12
Infected files: 3
Total errors: 1
"""


def test_the_age_of_clamav_signatures_is_that_of_their_building() -> None:
    header = b"ClamAV-VDB:16 Sep 2021 08-32 -0400:337:6647427:90:X:X:amishhammer:1631795562:" + b" " * 400
    assert built_at(header) == 1631795520
    assert built_at(b"44d88612fea8a8f36de82e1278abb02f:68:Lab.Eicar\n") is None


def test_local_signatures_count_only_where_there_are_no_official_ones(tmp_path: Path) -> None:
    engine = Engine("X", None, ("x",), (f"{tmp_path}/daily.c?d",), (f"{tmp_path}/voipsec-*",))
    assert signatures_from(engine) is None
    (tmp_path / "voipsec-site.hdb").write_text("x")
    old = time.time() - 5 * 86400
    os.utime(tmp_path / "voipsec-site.hdb", (old, old))
    assert signatures_from(engine) == ("local", pytest.approx(old))
    (tmp_path / "daily.cld").write_bytes(b"ClamAV-VDB:16 Sep 2021 08-32 -0400:1:2:3:4:5:6:7:")
    assert signatures_from(engine) == ("official", 1631795520)


def test_each_product_has_its_engine() -> None:
    assert engine_of("clamav", "on_demand").unit is None
    assert engine_of("clamav", "daemon").unit == "clamav-daemon.service"
    assert engine_of("avast", "daemon").name == "Avast"


def test_what_could_not_be_looked_into_is_neither_clean_nor_a_find() -> None:
    report = parse_report(REPORT)
    assert report.finds == [{"file": "/srv/backups/acme/it's: odd.zip", "signature": "Win.Test.EICAR_HDB-1"}]
    assert [entry["signature"] for entry in report.not_scanned] == [
        "Heuristics.Encrypted.Zip",
        "Heuristics.Limits.Exceeded.MaxFileSize",
    ]
    assert report.counts == {"Known viruses": 8700000, "Scanned files": 12, "Total errors": 1}


def test_a_path_to_scan_is_never_an_option() -> None:
    line = command({"paths": ["/srv/-x"], "excluded": ["/srv/a.b/"], "database": None})
    assert line[-2:] == ["--", "/srv/-x"]
    assert "--exclude-dir=^/srv/a\\.b(/|$)" in line


@pytest.mark.parametrize(
    ("path", "inside"), [("/srv", True), ("/srv/x/", True), ("/srvx", False), ("/srv/../etc", False), ("/", False)]
)
def test_a_folder_is_watched_when_it_is_below_one(path: str, inside: bool) -> None:
    assert below(path, ["/srv/", "/home"]) is inside


def test_only_test_files_of_killed_probes_are_removed(tmp_path: Path) -> None:
    (tmp_path / "voipsec-probe-0123.txt").write_text("".join(HALVES))
    (tmp_path / "voipsec-probe-notes.txt").write_text("somebody's own")
    (tmp_path / "elsewhere").write_text("".join(HALVES))
    (tmp_path / "voipsec-probe-link.txt").symlink_to(tmp_path / "elsewhere")
    clean_old(str(tmp_path))
    expected = {"voipsec-probe-notes.txt", "elsewhere", "voipsec-probe-link.txt"}
    expected |= set() if os.geteuid() == 0 else {"voipsec-probe-0123.txt"}
    assert {path.name for path in tmp_path.iterdir()} == expected
