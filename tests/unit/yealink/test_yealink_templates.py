# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit of templates, of boot files, and of files in the layout of old firmware."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit import audit
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_files import FoundFile

CORPUS = Path(__file__).parent / "corpus"
HEADER = "#!version:1.0.0.1\n"


def entries(text: str, name: str) -> list[dict[str, Any]]:
    """Of one file."""
    return audit([FoundFile(name, text.encode())], {})


def of_corpus(name: str) -> dict[str, Any]:
    """The only entry of a file."""
    (entry,) = entries((CORPUS / name).read_text(), name)
    return entry


def lines_of(entry: dict[str, Any], kind: str) -> dict[str, int]:
    """Line by parameter."""
    return {item["parameter"]: item["line"] for item in entry["findings"] if item["kind"] == kind}


def test_the_layout_of_old_firmware_is_told_once_and_not_judged() -> None:
    entry = of_corpus("001565a00015.cfg")
    (finding,) = entry["findings"]
    assert "lines 3, 4, 5, 6, 7, 10 and 11" in finding["problem"]
    assert "layout of firmware older" in finding["problem"]
    assert (entry["kind"], entry["settings"], entry["firmware"]) == ("configuration", {}, "")


def test_files_in_that_layout_need_no_header() -> None:
    (entry,) = entries("[ LLDP ]\npath = /config/Network/Network.cfg\nEnableLLDP = 1\n", "lldp.cfg")
    assert entry["kind"] == "configuration"
    assert [item["line"] for item in entry["findings"]] == [2]


def test_names_with_dots_beside_that_layout_are_judged() -> None:
    text = f"{HEADER}[ PNP ]\npath = /config/Setting/autop.cfg\nPnp = 0\naccount.1.lable = x\n[ other ]\nfoo_bar = 1\n"
    (entry,) = entries(text, "001565a0ffff.cfg")
    assert lines_of(entry, "unknown_name") == {"account.1.lable": 5, "foo_bar": 7}
    assert any("line 6: a section in []" in item["problem"] for item in entry["findings"])


def test_a_boot_file_that_a_template_makes() -> None:
    entry = of_corpus("001565a00016.boot")
    (finding,) = entry["findings"]
    assert (finding["line"], finding["problem"]) == (4, "the file does not exist")
    assert [include["target"] for include in entry["includes"]][:2] == ["$MAC.cfg", "{$mac}.cfg"]
    assert entry["settings"] == {}


def test_a_boot_file_with_another_name_is_one() -> None:
    text = (
        f'{HEADER}include:config "{{{{ mac }}}}.cfg"\noverwrite_mode = {{{{ mode }}}}\nspecific_model.excluded_mode=0\n'
    )
    for name in ("mac.boot.j2", "start.txt"):
        (entry,) = entries(text, name)
        assert (entry["kind"], entry["findings"]) == ("boot", [])


def test_an_upload_is_compared_with_what_the_wildcard_of_a_boot_file_means() -> None:
    files = {
        "001565a0ffff.boot": f'{HEADER}include:config "$MAC.cfg"\n',
        "001565a0ffff.cfg": f"{HEADER}account.1.label = Hall\n",
        "001565a0ffff-local.cfg": "account.1.label = Desk\n",
    }
    found = audit([FoundFile(name, text.encode()) for name, text in files.items()], {})
    (drift,) = (item for entry in found for item in entry["findings"] if item["kind"] == "drift")
    assert (drift["declared"], drift["value"]) == ("Hall", "Desk")


@pytest.mark.parametrize(
    ("condition", "otherwise", "end"),
    [
        ("{IF network=LOCALLAN}", "{ELSE}", "{ENDIF}"),
        ("{{if .Tls}}", "{{else}}", "{{end}}"),
        ("{{range .Lines}}", "{{ else }}", "{{- end -}}"),
        ("{if $tls}", "{else}", "{/if}"),
        ("{line_loop}", "", "{/line_loop}"),
    ],
)
def test_what_is_in_a_condition_or_a_loop_may_apply(condition: str, otherwise: str, end: str) -> None:
    text = (
        f"{HEADER}sip.trust_ctrl = 1\n{condition}\nsip.trust_ctrl = 0\n{otherwise}\nsip.trust_ctrl = 1\n{end}\n"
        "account.1.label = a\naccount.1.label = b\n"
    )
    (entry,) = entries(text, "001565a0ffff.cfg")
    assert lines_of(entry, "insecure")["sip.trust_ctrl"] == 4
    assert list(lines_of(entry, "format")) == ["account.1.label"], "behind the end nothing is conditional"


@pytest.mark.parametrize("variable", ["%%pbx_ip%%", "{{.Host}}", "{{ .Host }}", "{$host}", "${host}"])
def test_a_variable_is_no_value(variable: str) -> None:
    text = (
        f"{HEADER}sip.trust_ctrl = {variable}\naccount.{variable}.lable = {variable}\nsip.listen_port = {variable}1\n"
    )
    (entry,) = entries(text, "001565a0ffff.cfg")
    assert lines_of(entry, "unknown_name") == {"account.1.lable": 3}
    assert lines_of(entry, "bad_value") == {}
    assert "sip.trust_ctrl" not in lines_of(entry, "insecure")


def test_a_comment_of_a_template_is_no_setting() -> None:
    (entry,) = entries(f"{HEADER}{{{{/* sip.trust_ctrl = 0 */}}}}\nsip.trust_ctrl = 1\n", "001565a0ffff.cfg")
    assert "sip.trust_ctrl" not in lines_of(entry, "insecure")
    assert lines_of(entry, "format") == {}


def test_letters_in_place_of_an_index_are_an_unknown_name() -> None:
    (entry,) = entries(f"{HEADER}account.X.dnd.on_code = 1\nhandset.1.name = A\n", "001565a0ffff.cfg")
    assert lines_of(entry, "unknown_name") == {"account.X.dnd.on_code": 2}


def test_the_prefix_on_a_name_that_has_none_is_an_unknown_name() -> None:
    (entry,) = entries(f"{HEADER}static.dm.enable = 0\n", "001565a0ffff.cfg")
    (problem,) = (item["problem"] for item in entry["findings"] if item["kind"] == "unknown_name")
    assert problem.endswith("is not a known parameter; the nearest known one is dm.enable")


def test_what_two_guesses_say_is_no_finding() -> None:
    text = f"{HEADER}account.1.sip_listen_port = 5060\nmulticast.codec = PCMU\nhandset.1.name = A\n"
    (entry,) = entries(text, "001565a0ffff.cfg")
    assert entry["firmware"] == "V73"
    assert lines_of(entry, "unverified") == {}
    declared = {"001565a0ffff": {"model": "T46G", "firmware": "28.73.0.50"}}
    (told,) = audit([FoundFile("001565a0ffff.cfg", text.encode())], declared)
    assert "handset.1.name" in lines_of(told, "unverified")


def test_an_unknown_name_with_the_prefix_tells_the_firmware_too() -> None:
    (entry,) = entries(f"{HEADER}static.network.time_server = x\naccount.1.transport = 2\n", "001565a0ffff.cfg")
    assert entry["firmware"] == "V86"
    assert list(lines_of(entry, "wrong_firmware")) == ["account.1.transport"]


def test_numbers_may_have_blanks_behind_their_commas() -> None:
    (entry,) = entries(f"{HEADER}phone_setting.emergency.number = 112, 911\n", "001565a0ffff.cfg")
    assert lines_of(entry, "bad_value") == {}
    assert entry["settings"]["phone_setting.emergency.number"] == "112, 911"
