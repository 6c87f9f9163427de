# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/audit_phones.yml: what phones are really served, asked as phones ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.customer import CustomerSite
from lab.playbook import PlaybookRun


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CustomerSite]:
    """A customer whose phones' files are written and served on loopback."""
    with CustomerSite(tmp_path_factory.mktemp("audit")) as customer:
        assert customer.provisioning is not None
        # One password for all, as this server has none: what is served is the point here.
        address = f"https://localhost:{customer.provisioning.port}/yealink/"
        customer.write_overlay({"provisioning": {"url": address, "username": "phones"}})
        written = customer.playbook("rotate_credentials.yml", "--limit", "provisioning")
        assert written.returncode == 0, written.output
        yield customer


def audit(site: CustomerSite) -> PlaybookRun:
    ca_file = site.folder / "pki" / "ca.pem"
    more = ("--limit", "provisioning", "--tags", "served", "-e", f"phone_audit_ca_file={ca_file}", "-v")
    return site.playbook("audit_phones.yml", *more)


def test_files_that_everybody_can_fetch_are_not_what_was_declared(site: CustomerSite) -> None:
    """The lab's server asks nobody for a password, and the audit says so."""
    run = audit(site)
    assert run.returncode != 0
    said = " ".join(run.output.split())
    assert "10 phones are served what was declared" in said
    assert "is served without a user and a password too" in said


def test_a_changed_file_is_found(site: CustomerSite) -> None:
    path: Path = site.provisioning_directory / "805ec0a1b201.cfg"
    text = path.read_text()
    path.write_text(text.replace("sip.trust_ctrl = 1", "sip.trust_ctrl = 0"))
    run = audit(site)
    path.write_text(text)
    assert run.returncode != 0
    assert "sip.trust_ctrl" in run.output
    password = next(line.split(" = ")[1] for line in text.splitlines() if line.startswith("account.1.password"))
    assert password not in run.output
