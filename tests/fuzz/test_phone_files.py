# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The share of spoilt phone files that every run of the tests can afford; always the same ones."""

from __future__ import annotations

import json

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit import audit
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_files import FoundFile

from .phone_files import CANARY, FILES, fuzz_phone_files

COUNT = 8_000


def test_every_file_is_read_as_what_it_is_before_it_is_spoilt() -> None:
    for name, text in FILES.items():
        entries = audit([FoundFile(name, text.encode())], {})
        assert entries[0]["kind"] in ("configuration", "boot", "local", "template")
        assert CANARY in text
        assert CANARY not in json.dumps(entries)


def test_spoilt_phone_files_are_read_and_no_secret_is_shown(figures: list[str]) -> None:
    result = fuzz_phone_files(COUNT, seed=1)
    figures.append(f"{result.count} spoilt phone files: {dict(result.outcomes)}, {result.failures.total()} failures")
    assert [f"{count} x {result.examples[kind]}" for kind, count in result.failures.most_common()] == []
    assert result.outcomes["configuration"] > COUNT / 20
    assert result.outcomes["boot"] > COUNT / 20
    assert result.outcomes["template"] > COUNT / 20
