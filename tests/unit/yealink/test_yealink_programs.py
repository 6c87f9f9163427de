# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State parsed: settings in programs, in templates of further languages, and in the layout of old firmware."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit import audit
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.embedded_files import quoted_files
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
    assert "layout of older firmware" in finding["problem"]
    assert (entry["kind"], entry["settings"], entry["generation"]) == ("configuration", {}, "")


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
    assert (finding["line"], finding["problem"]) == (4, "the file is not there")
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


def test_a_file_in_a_string_of_a_program() -> None:
    entry = of_corpus("generator.php")
    assert entry["section"] == "line 3"
    assert lines_of(entry, "unknown_name") == {"account.1.sip_server.1.adress": 6}
    assert lines_of(entry, "insecure")["features.action_uri_limit_ip"] == 7
    assert lines_of(entry, "format") == {}
    assert entry["settings"]["account.1.password"] == "********"


STRINGS = {
    "x.py": 'text = """#!version:1.0.0.1\naccount.1.lable = """ + label + """\nsip.trust_ctrl = 0\n"""\nother = 1\n',
    "x.lua": 'x = [[#!version:1.0.0.1\n account.1.lable = ]]..row.x.."\\n"..\n[[sip.trust_ctrl = 0\n]]\n',
    "x.js": "const x = `#!version:1.0.0.1\naccount.1.lable = ${y}\nsip.trust_ctrl = 0\n`;\nlet z = 1;\n",
    "x.cs": 'var x = @"#!version:1.0.0.1\n##""quoted"" = 1\naccount.1.lable = a\nsip.trust_ctrl = 0\n";\nint z = 1;\n',
    "x.sql": "INSERT INTO t VALUES ('#!version:1.0.0.1\\r\\n\naccount.1.lable = ''a''\nsip.trust_ctrl = 0\\r\\n\n');\n",
    "x.nix": "a = ''\n#!version:1.0.0.1\n  account.1.lable = a\n  sip.trust_ctrl = 0\n'';\n",
}


@pytest.mark.parametrize(("name", "text"), STRINGS.items())
def test_strings_of_other_languages(name: str, text: str) -> None:
    (entry,) = entries(text, name)
    lines = text.splitlines()
    (line,) = lines_of(entry, "unknown_name").values()
    assert "lable" in lines[line - 1]
    assert "sip.trust_ctrl" in lines[lines_of(entry, "insecure")["sip.trust_ctrl"] - 1]
    assert entry["settings"]["sip.trust_ctrl"] == "0"
    assert lines_of(entry, "format") == {}


def test_a_comment_that_quotes_the_header_is_no_string() -> None:
    assert quoted_files(f'{HEADER}##The header "#!version:1.0.0.1" stays\naccount.1.enable = 1\n') == []


def test_a_here_document_of_a_shell() -> None:
    entry = of_corpus("provision.sh")
    assert entry["section"] == "EOF"
    assert lines_of(entry, "unknown_name") == {"account.1.enabel": 5}
    assert lines_of(entry, "format") == {}
    assert "static.security.user_password" not in lines_of(entry, "insecure"), "$PW is no short password"


def test_a_here_document_without_the_header() -> None:
    (entry,) = entries("<?php\n$a = <<<'CFG'\n[SIP]\naccount.1.enabel=1\nCFG;\n", "templates.php")
    assert (entry["kind"], entry["section"]) == ("template", "CFG")
    assert lines_of(entry, "unknown_name") == {"account.1.enabel": 4}


def test_of_lines_that_a_program_writes_the_names_are_judged() -> None:
    entry = of_corpus("renderer.ts")
    assert entry["kind"] == "template"
    assert lines_of(entry, "unknown_name") == {
        "linekey.1.lable": 4,
        "sip.trust_control": 5,
        "phone_setting.langage": 6,
    }
    assert entry["settings"] == {}
    assert any("only the names were judged" in item["problem"] for item in entry["findings"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.json", '{"account.1.enable": "1", "linekey.1.lable": "CanaryJson", "account.1.label": "x"}'),
        ("x.yml", "phone:\n  account.1.enable: 1\n  linekey.1.lable: CanaryYaml\n  account.1.label: x\n"),
        ("x.php", "<?php $p['account.1.enable'] = 1; $p['linekey.1.lable'] = 'CanaryKey'; $p['account.1.label'] = 2;"),
    ],
)
def test_names_in_other_formats_are_judged(name: str, text: str) -> None:
    (entry,) = entries(text, name)
    assert list(lines_of(entry, "unknown_name")) == ["linekey.1.lable"]
    assert "Canary" not in json.dumps(entry)


def test_a_text_about_something_else_stays_unknown() -> None:
    (entry,) = entries('{"account.title": "a", "features.list": "b", "network.error": "c"}', "words.json")
    assert (entry["kind"], len(entry["findings"])) == ("unknown", 1)


def test_sections_of_mustache_are_conditions() -> None:
    text = (
        f"{HEADER}{{{{#tls}}}}\nsip.trust_ctrl = 0\n{{{{/tls}}}}\n{{{{^tls}}}}\nsip.trust_ctrl = 1\n{{{{/tls}}}}\n"
        "account.1.label = a\naccount.1.label = b\n"
    )
    (entry,) = entries(text, "001565a0ffff.cfg")
    assert lines_of(entry, "insecure")["sip.trust_ctrl"] == 3
    assert list(lines_of(entry, "format")) == ["account.1.label"], "behind the sections nothing is conditional"


def test_code_of_blade_is_no_setting() -> None:
    text = f"{HEADER}@php\n  $slot = 1;\n@endphp\naccount.1.lable = a\n@php $slot++; @endphp\n"
    (entry,) = entries(text, "t4x.blade.php")
    assert lines_of(entry, "unknown_name") == {"account.1.lable": 5}
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
    assert entry["generation"] == "V73"
    assert lines_of(entry, "unverified") == {}
    declared = {"001565a0ffff": {"model": "T46G", "firmware": "28.73.0.50"}}
    (told,) = audit([FoundFile("001565a0ffff.cfg", text.encode())], declared)
    assert "handset.1.name" in lines_of(told, "unverified")


def test_an_unknown_name_with_the_prefix_tells_the_generation_too() -> None:
    (entry,) = entries(f"{HEADER}static.network.time_server = x\naccount.1.transport = 2\n", "001565a0ffff.cfg")
    assert entry["generation"] == "V86"
    assert list(lines_of(entry, "wrong_generation")) == ["account.1.transport"]


def test_numbers_may_have_blanks_behind_their_commas() -> None:
    (entry,) = entries(f"{HEADER}phone_setting.emergency.number = 112, 911\n", "001565a0ffff.cfg")
    assert lines_of(entry, "bad_value") == {}
    assert entry["settings"]["phone_setting.emergency.number"] == "112, 911"


@pytest.mark.parametrize(
    "content",
    [
        "'#!version:1.0.0.1 " * 50_000,
        "[[#!version " * 80_000,
        "x = '#!version\naccount.1.a =" + "'.x.'" * 180_000,
        "x = '#!version\naccount.1.a =" + "\\n" * 450_000 + "x'",
        "<<A\n" * 220_000,
        "'account.1.label' => 'account.1.enable' => " * 22_000,
        "'account.1.label" + " " * 900_000,
        "@php " * 180_000,
        "{{#a}}" * 160_000,
    ],
    ids=lambda content: content[:14].strip(),
)
def test_a_program_made_to_be_slow_is_not(content: str) -> None:
    began = time.monotonic()
    entries(content, "x.php")
    assert time.monotonic() - began < 20
