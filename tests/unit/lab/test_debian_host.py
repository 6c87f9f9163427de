# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's Debian takes from the machine it is built on."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.debian_host.host import cap_meminfo
from lab.debian_host.machine_apt import debootstrap_mirror, parse_mirrors, parse_settings

INDEX_TARGETS = """\
http://mirror.example/debian/ bookworm main
http://mirror.example/debian/ bookworm contrib
http://mirror.example/debian-security/ bookworm-security main
http://other.example/apt stable main
"""
APT_CONFIG = """\
Acquire "";
Acquire::http::Proxy "http://proxy.example:3128";
Acquire::Check-Valid-Until "false";
Acquire::IndexTargets::deb::Packages::MetaKey "x";
Dir::Cache::pkgcache "";
"""


def test_the_tree_is_built_from_the_mirrors_of_the_machine() -> None:
    assert parse_mirrors(INDEX_TARGETS, "http://other.example/debian") == {
        "bookworm": "http://mirror.example/debian",
        "bookworm-security": "http://mirror.example/debian-security",
    }


def test_a_machine_of_another_release_builds_from_where_debootstrap_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "debootstrap"
    program.write_text('#!/bin/sh\nDEF_MIRROR="http://debootstrap.example/debian/"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    mirror = debootstrap_mirror()
    assert mirror == "http://debootstrap.example/debian"
    assert parse_mirrors("http://archive.example/ubuntu noble main\n", mirror) == {
        "bookworm": mirror,
        "bookworm-updates": mirror,
        "bookworm-security": f"{mirror}-security",
    }


def test_another_release_of_debian_comes_from_the_same_mirror() -> None:
    assert parse_mirrors(INDEX_TARGETS, "http://other.example/debian", "trixie") == {
        "trixie": "http://mirror.example/debian",
        "trixie-security": "http://mirror.example/debian-security",
    }


def test_proxy_and_checks_of_apt_are_carried_over() -> None:
    lines, proxies = parse_settings(APT_CONFIG)
    assert lines == ('Acquire::http::Proxy "http://proxy.example:3128";', 'Acquire::Check-Valid-Until "false";')
    assert proxies == {"http_proxy": "http://proxy.example:3128"}


def test_shown_memory_is_capped_and_small_amounts_stay() -> None:
    shown = cap_meminfo("MemTotal:       24684084 kB\nMemFree:  1024 kB\nVmallocTotal:   34359738367 kB\n", 2048)
    assert [line.split()[1] for line in shown.splitlines()] == ["2097152", "1024", "34359738367"]
