# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A customer whose phones are provisioned by the PBX: they get the same settings, through its template."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lab.customer import CustomerSite
from lab.phones import Phone
from lab.phones.apply import apply_files

HARDENED = {
    "sip.trust_ctrl": "1",
    "features.direct_ip_call_enable": "0",
    "features.action_uri.enable": "0",
    "sip.notify_reboot_enable": "0",
    "static.wui.http_enable": "0",
    "dialplan.emergency.1.value": "999",
    "dialplan.block_out.number.1": "00[1-2,5-9].",
}


def pbx_provisions(site: CustomerSite) -> None:
    """In the declaration."""
    path = site.inventory / "group_vars" / "all" / "people.yml"
    if not path.exists():
        (path,) = [
            each for each in path.parent.glob("*.yml") if "provisioning" in (yaml.safe_load(each.read_text()) or {})
        ]
    declared = yaml.safe_load(path.read_text())
    declared["provisioning"] = {"by": "pbx"}
    path.write_text(yaml.safe_dump(declared))


def lines(text: str) -> dict[str, str]:
    """Assignments; the last of a name wins, as on the phone."""
    return dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line and not line.startswith("#"))


def test_a_3cx_has_the_block_in_its_custom_template(tmp_path: Path) -> None:
    with CustomerSite(tmp_path) as site:
        pbx_provisions(site)
        template = next(row for row in site.phone_system.state["PhoneTemplates"] if row["IsCustom"])
        site.write_overlay({"threecx_phone_templates": [template["Id"]]})
        assert site.enrol().returncode == 0
        checked = site.playbook("site.yml", "--check")
        assert checked.returncode == 0, checked.output
        assert "voip-hardening" not in template["Content"]
        first = site.playbook("site.yml")
        assert first.returncode == 0, first.output
        assert not list(site.provisioning_directory.iterdir()), "the phones' files are the PBX's"
        found = lines(template["Content"].partition("# BEGIN voip-hardening")[2].partition("# END")[0])
        assert {name: found.get(name) for name in HARDENED} == HARDENED
        assert not [name for name in found if "password" in name or "server.url" in name]
        second = site.playbook("site.yml")
        assert second.returncode == 0, second.output
        assert second.changed == 0, second.output


@pytest.fixture(scope="module")
def block(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is to be pasted into a Yeastar that has phones of two firmware generations."""
    with CustomerSite(tmp_path_factory.mktemp("customer"), product="yeastar_appliance") as site:
        pbx_provisions(site)
        for path in (site.inventory / "group_vars" / "all").glob("*.yml"):
            declared = yaml.safe_load(path.read_text()) or {}
            for entry in declared.get("extensions", [])[:2]:
                entry["phone"] |= {"model": "T46G", "firmware": "28.73.0.50"}
            path.write_text(yaml.safe_dump(declared))
        assert site.enrol().returncode == 0
        assert site.playbook("site.yml", "--check").returncode == 0
        first = site.playbook("site.yml")
        assert first.returncode == 0, first.output
        text = (site.folder / "inventory-by-hand" / "yealink-template-block.cfg").read_text()
        assert site.playbook("site.yml").changed == 0
        return text


def test_a_yeastar_has_it_in_a_file_to_be_pasted(block: str) -> None:
    assert block.startswith("# BEGIN voip-hardening (")
    assert block.endswith("# END voip-hardening\n")
    assert {name: lines(block).get(name) for name in HARDENED} == HARDENED


@pytest.mark.parametrize(("model", "firmware"), [("T46U", "108.86.0.118"), ("T46G", "28.73.0.50")])
def test_the_block_at_the_end_of_a_template_is_obeyed_by_every_generation(
    block: str, model: str, firmware: str
) -> None:
    """The block as the lookup gives it, behind lines that say the opposite, as the PBX's template does."""
    template = (
        "#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.user_name = 201\n"
        "account.1.sip_server.1.address = 192.0.2.1\n"
        f"features.direct_ip_call_enable = 1\nfeatures.action_uri_limit_ip = any\n{block}"
    )
    phone = Phone("805ec0a1b201", model, firmware)
    assert phone.answers_invite("198.51.100.250", "201") == "ring"
    assert phone.on_notify("198.51.100.250", "check-sync") == "reboot"
    outcome = apply_files(phone.names, phone.state.settings, phone.state.passwords, [("a.cfg", template.encode())])
    phone.state.settings = outcome.settings
    assert not outcome.refused
    assert phone.answers_invite("198.51.100.250", "201") != "ring"
    assert phone.answers_invite("192.0.2.1", "201") == "ring"
    assert phone.on_notify("198.51.100.250", "check-sync;reboot=true") != "reboot"
    assert not phone.action_uri("198.51.100.250")
