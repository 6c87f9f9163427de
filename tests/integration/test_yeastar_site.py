# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole customer with a Yeastar, as an installer runs it: first run, second run, the checklist, and what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.customer import CustomerSite
from lab.playbook import ROOT, PlaybookRun, run_playbook

PIN = "4711470815"


def said(run: PlaybookRun) -> str:
    return " ".join(run.output.split())


def by_hand(site: CustomerSite) -> Path:
    """Where the files for the web page are."""
    return site.folder / "inventory-by-hand"


def writes(site: CustomerSite) -> list[str]:
    return [f"{each.method} {each.endpoint}" for each in site.phone_system.writes]


@pytest.fixture(scope="module", params=["yeastar_software", "yeastar_s"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CustomerSite]:
    """Checked, then hardened."""
    with CustomerSite(tmp_path_factory.mktemp("customer"), product=request.param) as customer:
        assert customer.enrol().returncode == 0
        customer.write_overlay({"yeastar_pin_lists": [{"name": "office", "pins": [PIN]}]})
        checked = customer.playbook("site.yml", "--check", "--diff")
        assert checked.returncode == 0, checked.output
        assert writes(customer) == []
        assert not by_hand(customer).exists()
        first = customer.playbook("site.yml", "-vvv", "--diff")
        assert first.returncode == 0, first.output
        (customer.folder / "first.txt").write_text(first.output)
        yield customer


@dataclass(frozen=True)
class Second:
    """The second run, and what it left."""

    run: PlaybookRun
    files_before: dict[Path, bytes]
    files: dict[Path, bytes]
    writes: list[str]
    tokens: list[Any]


@pytest.fixture(scope="module")
def again(site: CustomerSite) -> Second:
    """After all phones have downloaded their files."""
    site.sync_phones()  # whoever has not fetched is named in a warning
    site.phone_system.reset_counters()
    files = {path: path.read_bytes() for path in by_hand(site).iterdir()}
    run = site.playbook("site.yml")
    after = {path: path.read_bytes() for path in by_hand(site).iterdir()}
    return Second(run, files, after, writes(site), list(site.phone_system.live_tokens))


def test_second_run_changes_nothing_and_writes_nothing(again: Second) -> None:
    second = again.run
    assert second.returncode == 0, second.output
    assert all(counts["changed"] == 0 for counts in second.recap.values()), second.output
    assert again.writes == []
    assert again.files == again.files_before
    assert again.tokens == []
    assert "WARNING" not in second.output, second.output


def test_no_secret_is_in_the_output(site: CustomerSite) -> None:
    output = (site.folder / "first.txt").read_text()
    numbers = [entry["number"] for entry in site.declared["extensions"]]
    held = [site.switchboard.stored(number) for number in numbers]
    secrets = {value for each in held for value in (each.auth_id, each.sip_password, each.pin)}
    secrets |= {site.switchboard.key, PIN}
    assert len(secrets) == 3 * len(numbers) + 2
    assert not [value for value in secrets if re.search(rf"(?<![\w.]){re.escape(value)}(?!\w)", output)]
    tokens = {each.token for each in site.phone_system.exchanges if each.token}
    assert not [token for token in tokens if token in output]
    assert "access_token" not in output


def test_the_summary_says_what_is_left_to_be_done_by_hand(site: CustomerSite, again: Second) -> None:
    text = said(again.run)
    assert "TO BE SET BY HAND, see the checklist:" in text
    checklist = (by_hand(site) / "checklist.md").read_text()
    assert "# To be set by hand on the PBX of harbour" in checklist
    assert "declared but not applied" not in text


def test_phones_register_with_what_the_vault_and_the_pbx_have(site: CustomerSite) -> None:
    site.sync_phones()
    assert all(site.register(phone) for phone in site.phones)


def test_a_confirmed_control_is_attested_until_its_settings_change(site: CustomerSite) -> None:
    checklist = (by_hand(site) / "checklist.md").read_text()
    (control, digest), (other, others) = re.findall(r"\(`(\w+)`, settings `(\w+)`\)", checklist)[:2]
    confirmed = {"confirmed_by": "Anna Berg", "confirmed_on": "2026-11-20"}
    entries = [
        {"control": control, "settings": digest, **confirmed},
        {"control": other, "settings": "00000000", **confirmed},
    ]
    text = said(site.playbook("site.yml", "-e", json.dumps({"attestations": entries})))
    words = other.replace("_", " ")
    assert f"set by hand, confirmed in the inventory: {control.replace('_', ' ')}." in text
    assert f"CONFIRMED ONCE, NO LONGER VALID: {words}." in text
    assert f"{words}: confirmed by Anna Berg on 2026-11-20 for other settings (00000000); they are {others} now" in text
    # The same control, once its settings are others.
    changed = json.dumps({"attestations": [{**entries[0], "settings": "00000000"}]})
    assert f"CONFIRMED ONCE, NO LONGER VALID: {control.replace('_', ' ')}." in said(
        site.playbook("site.yml", "-e", changed)
    )


def test_a_new_extension_may_dial_emergency_numbers_after_one_run(tmp_path: Path) -> None:
    with CustomerSite(tmp_path, product="yeastar_software") as site:
        device = site.phone_system
        with device.lock:
            gone = device.extension("212")
            device.state["extensions"].remove(gone)
            members = device.state["outbound_routes"][0]["ext_list"]
            members[:] = [each for each in members if each["id"] != gone["id"]]
            device.emergency_handled = False
        options = ["-e", '{"yeastar_emergency_trunks": ["Provider"]}', "--limit", "phone_system,provisioning"]
        assert site.playbook("site.yml", *options).returncode == 0
        assert device.dial("212", "999") == "trunk:Provider"
        assert site.playbook("site.yml", *options).changed == 0


def test_the_product_must_be_declared(tmp_path: Path) -> None:
    with CustomerSite(tmp_path, product="yeastar_software") as site:
        path = site.inventory / "group_vars" / "all" / "network.yml"
        variables = yaml.safe_load(path.read_text())
        variables["pbx"]["product"] = "threecx"
        path.write_text(yaml.safe_dump(variables))
        assert site.enrol().returncode == 0
        site.router.reset_counters()
        run = site.playbook("site.yml")
        assert run.returncode != 0
        assert "pbx.product: threecx is declared, but the inventory's group yeastar has a host" in said(run)
        assert site.phone_system.exchanges == []
        assert site.router.counters.logins == 0
        assert not site.credentials_file.exists()


@pytest.mark.parametrize("strict", [False, True])
def test_verify_tells_what_was_set_by_hand_and_what_is_seen_of_it(tmp_path: Path, strict: bool) -> None:
    inventory = {
        "all": {
            "vars": {
                "ansible_connection": "local",
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                "site": {
                    "name": "acme",
                    "country": "GB",
                    "time_zone": "Europe/London",
                    "management": ["198.51.100.7/32"],
                },
                "pbx": {"address": "192.168.10.10", "server_name": "localhost", "product": "yeastar_appliance"},
                "trunk_providers": [{"name": "gamma", "signalling": ["203.0.113.0/26"]}],
                "verify_public_address": ["127.0.0.1"],
                "verify_management_ports": [5038, 8022],
                "verify_timeout": 3.2,
                "verify_require_proof": False,
                "verify_require_attested": strict,
            },
            "children": {"vantage_points": {"hosts": {"outside": {"verify_vantage": "stranger"}}}},
        }
    }
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump(inventory))
    run = run_playbook(tmp_path, ["-i", str(tmp_path / "hosts.yml"), str(ROOT / "playbooks" / "verify.yml")])
    text = said(run)
    assert "static_defence: manual (not confirmed)." in text
    assert "services: manual (not confirmed); from outside ports 5038, 8022 were not proved." in text
    assert "web_login: manual (not confirmed); from outside ports 8088 were not proved." in text
    assert (run.returncode != 0) == strict
    assert ("Not confirmed: static_defence: manual" in text) == strict
