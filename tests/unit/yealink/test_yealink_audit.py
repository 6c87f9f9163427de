# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the audit finds in existing files, and what of them is never shown.

Every secret in tests/unit/yealink/corpus begins with Canary.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit import found_files
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit import audit
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_files import (
    FoundFile,
    read_found,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import table

CORPUS = Path(__file__).parent / "corpus"
HEADER = "#!version:1.0.0.1\n"
CANARY = "Canary"
MODERN = "static.network.lldp.enable = 1\n"
"""A line that makes a file one of V81 or later."""


def found(text: str | bytes, name: str = "001565a0ffff.cfg", declared: Any = None) -> dict[str, Any]:
    """The entry of one file."""
    content = text.encode() if isinstance(text, str) else text
    (entry,) = audit([FoundFile(name, content)], declared or {})
    return entry


def told(entry: dict[str, Any], kind: str) -> dict[str, str]:
    """Problems of one kind by parameter."""
    return {item["parameter"]: item["problem"] for item in entry["findings"] if item["kind"] == kind}


@pytest.fixture(scope="module")
def corpus() -> dict[tuple[str, str], dict[str, Any]]:
    """All entries by file and section."""
    return {(entry["file"], entry["section"]): entry for entry in audit(read_found(str(CORPUS), []), {})}


def test_every_odd_file_is_read_and_no_secret_of_them_shown(corpus: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert {file for file, _section in corpus} == set(os.listdir(CORPUS))
    shown = json.dumps(list(corpus.values()))
    assert CANARY not in shown
    assert sum(CANARY.encode() in path.read_bytes() for path in CORPUS.iterdir()) >= 20, "there are secrets to be found"


KINDS = {
    "001565a00001.cfg": "configuration",
    "001565A0000D.cfg": "configuration",
    "001565a00004.cfg": "configuration",
    "001565a00009.cfg": "configuration",
    "001565a00001-local.cfg": "local",
    "001565a00014.boot": "boot",
    "y000000000000.boot": "boot",
    "001565a00012.cfg": "encrypted",
    "001565a00012_Security.enc": "encrypted",
    "001565a00013.cfg": "encrypted",
    "common.tpl": "template",
    "smarty.cfg": "template",
    "yeastar.cfg": "template",
    "manager.template": "template",
    "001565a0000f.cfg": "configuration",
    "picture.jpg": "unknown",
    "notes.txt": "unknown",
    "SEP001122334455.cnf.xml": "unknown",
}


@pytest.mark.parametrize(("file", "kind"), KINDS.items())
def test_what_each_file_is(corpus: dict[tuple[str, str], dict[str, Any]], file: str, kind: str) -> None:
    assert corpus[file, ""]["kind"] == kind


FORMATS = [
    ("001565a00002.cfg", "byte order mark"),
    ("001565a00003.cfg", "not UTF-8"),
    ("001565a00004.cfg", "UTF-16"),
    ("001565a00005.cfg", "NUL"),
    ("001565a00007.cfg", "carriage return alone"),
    ("001565a00008.cfg", "line 2: is longer"),
    ("001565a00009.cfg", "is missing, so a phone does not take this"),
    ("001565a0000a.cfg", "not in the first line"),
    ("001565a0000b.cfg", "lines 2 and 5: a section in []"),
    ("001565a0000b.cfg", "line 6: is neither a setting nor a comment"),
    ("001565a0000b.cfg", "the sign = is missing"),
    ("001565a0000b.cfg", "lines 4, 9 and 10: the text before = is not a parameter name"),
    ("001565a0000c.cfg", "looks like a comment, but is part of it"),
    ("001565a0000c.cfg", "the quotes are part of the value"),
    ("001565a0000c.cfg", "line 4: has no value"),
    ("001565a0000c.cfg", "is set more than once (lines 7 and 8)"),
    ("001565A0000D.cfg", "not in lower case"),
    ("001565a0000f.cfg", "is empty"),
    ("001565a00014.boot", "settings do nothing in a boot file"),
    ("001565a00014.boot", "the file does not exist"),
]


@pytest.mark.parametrize(("file", "problem"), FORMATS)
def test_what_is_odd_is_told(corpus: dict[tuple[str, str], dict[str, Any]], file: str, problem: str) -> None:
    assert [item for item in corpus[file, ""]["findings"] if item["kind"] == "format" and problem in item["problem"]]


@pytest.mark.parametrize("file", ["001565a00002.cfg", "001565a00004.cfg", "001565a00006.cfg", "001565a00007.cfg"])
def test_an_odd_encoding_does_not_hide_what_the_file_says(
    corpus: dict[tuple[str, str], dict[str, Any]], file: str
) -> None:
    settings = corpus[file, ""]["settings"]
    assert settings.get("sip.trust_ctrl") == "1" or settings["account.1.label"] == "Büro"


BAD_NAMES = [
    ("static.auto_provision.url", "static.auto_provision.server.url"),
    ("static.auto_provision.enable", ""),
    ("static.provisioning.protocol", ""),
    ("static.auto_provision.reboot_after_update", ""),
    ("features.direct_ip_call.enable", "features.direct_ip_call_enable"),
    ("features.auto_line_keys.enable", "features.auto_linekeys.enable"),
    ("features.save_call_history.enable", "features.save_call_history"),
    ("auto_provision.power_on.enable", ""),
    ("static.phone.reboot", ""),
    ("phone_setting.language", ""),
    ("static.network.time_server", ""),
]


@pytest.mark.parametrize(("name", "nearest"), BAD_NAMES)
def test_names_that_public_tools_made_up_are_found(name: str, nearest: str) -> None:
    """yealink.md 7.3."""
    problem = told(found(f"{HEADER}{MODERN}{name} = 1\n"), "unknown_name")[name]
    assert "is not a known parameter" in problem
    assert nearest in problem


def test_other_mistakes_of_public_tools_are_found() -> None:
    """yealink.md 7.3: no user, no sign, a name of older firmware, sections."""
    entry = found(
        f"{HEADER}{MODERN}[PROVISIONING]\naccount.1.transport = 2\nstatic.network.qos.audiotos 46\n"
        f"static.security.user_password = {CANARY}11\n"
    )
    assert "became account.X.sip_server.Y.transport_type" in told(entry, "wrong_firmware")["account.1.transport"]
    assert "sign = is missing" in told(entry, "format")["static.network.qos.audiotos"]
    assert "must be user:password" in told(entry, "bad_value")["static.security.user_password"]
    assert "factory password stays" in told(entry, "insecure")["static.security.user_password"]
    assert CANARY not in json.dumps(entry)


def test_every_parameter_that_is_known_is_known_with_its_default() -> None:
    """In the first firmware that has it and in the last."""
    wrong = []
    for firmware in (73, 80, 81, 83, 84, 86):
        rows = [row for row in table().values() if row.since <= firmware < (row.gone or 99)]
        if firmware < 81:
            rows = [row for row in rows if not row.name.startswith("static.")]
        numbered = [f"{re.sub(r'(?<=[.])[XYZ](?=[.]|$)', '1', row.name)}={row.default or '%NULL%'}" for row in rows]
        phone = {"001565a0ffff": {"model": "T46G", "firmware": f"28.{firmware}.0.1"}}
        entry = found(HEADER + "\n".join(numbered) + "\n", declared=phone)
        wrong += [item["problem"] for item in entry["findings"] if item["kind"] == "unknown_name"]
    assert wrong == []


INSECURE = {
    "account.1.password": "the number or name it belongs to",
    "account.1.auto_answer": "answers automatically",
    "static.security.user_password": "a factory password",
    "features.action_uri_limit_ip": "any host may command the phone",
    "static.auto_provision.server.url": "clear text",
    "static.security.trust_certificates": "not the hardened value 1",
    "static.security.cn_validation": "not the hardened value 1",
    "static.auto_provision.pnp_enable": "not the hardened value 0",
    "static.auto_provision.custom.protect": "survive unnoticed",
    "static.managementserver.enable": "not the hardened value 0",
    "static.network.snmp.enable": "managed remotely",
    "phone_setting.phone_lock.unlock_pin": "the factory PIN",
    "remote_phonebook.data.1.url": "clear text",
    "telnet.telnet_enable": "a remote shell",
    "sip.trust_ctrl": "factory default is not the hardened value",
}


@pytest.mark.parametrize(("name", "problem"), INSECURE.items())
def test_what_leaves_the_phone_open_is_found(
    corpus: dict[tuple[str, str], dict[str, Any]], name: str, problem: str
) -> None:
    assert problem in told(corpus["001565a00001.cfg", ""], "insecure")[name]


def test_a_secret_in_the_wrong_place_is_found_and_not_shown(corpus: dict[tuple[str, str], dict[str, Any]]) -> None:
    entry = corpus["001565a0000e.cfg", ""]
    assert "account.1.password" in told(entry, "unknown_name")["account.1.pssword"]
    assert entry["settings"]["account.1.pssword"] == "********"
    assert entry["settings"]["remote_phonebook.data.1.url"] == "https://book.example.net/********/x.xml?********"


def test_names_of_two_firmwares_in_one_file(corpus: dict[tuple[str, str], dict[str, Any]]) -> None:
    entry = corpus["001565a00010.cfg", ""]
    assert entry["firmware"] == "V86"
    assert entry["firmware_reason"].startswith("guessed from names: static.")
    assert sorted(told(entry, "wrong_firmware")) == [
        "account.1.sip_trust_ctrl",
        "auto_provision.server.url",
        "security.trust_certificates",
    ]
    assert told(entry, "bad_value")["static.network.vlan.internet_port_vid"].endswith("from 1 to 4094")


def test_the_declared_firmware_decides() -> None:
    text = f"{HEADER}security.trust_certificates = 1\naccount.1.transport = 2\n"
    old = found(text, declared={"001565a0ffff": {"model": "T46G", "firmware": "28.73.0.50"}})
    new = found(text, declared={"001565a0ffff": {"model": "T46G", "firmware": "28.83.0.50"}})
    assert told(old, "wrong_firmware") == {}
    assert len(told(new, "wrong_firmware")) == 2
    assert (old["firmware"], old["firmware_reason"]) == ("V73", "declared: the firmware of the phone")


def test_a_common_file_of_a_current_model_is_one_of_current_firmware() -> None:
    entry = found(f"{HEADER}auto_provision.server.url = https://prov.example.net/\n", "y000000000123.cfg")
    assert "takes static.auto_provision.server.url" in told(entry, "wrong_firmware")["auto_provision.server.url"]


def test_3cx_template(corpus: dict[tuple[str, str], dict[str, Any]]) -> None:
    entry = corpus["yealink-old.ph.xml", "y000000000029.cfg"]
    insecure = told(entry, "insecure")
    assert entry["kind"] == "template"
    assert "is blank" in insecure["sip.trust_ctrl"]
    assert insecure["features.action_uri_limit_ip"] == "any host may command the phone"
    assert "network.snmp.enable" in insecure
    assert "features.direct_ip_call_enable" not in insecure
    lines = (CORPUS / "yealink-old.ph.xml").read_text().splitlines()
    (line,) = (item["line"] for item in entry["findings"] if item["parameter"] == "network.snmp.enable")
    assert lines[line - 1] == "network.snmp.enable = 1"


def test_what_a_template_makes_is_not_judged_and_what_it_says_is(
    corpus: dict[tuple[str, str], dict[str, Any]],
) -> None:
    smarty, jinja = corpus["smarty.cfg", ""], corpus["common.tpl", ""]
    assert told(smarty, "bad_value") == {}
    assert list(told(smarty, "unknown_name")) == ["features.auto_line_keys.enable"]
    assert list(told(jinja, "unknown_name")) == ["account.1.pasword"]
    assert list(told(corpus["yeastar.cfg", ""], "unknown_name")) == ["static.phone.reboot"]


def test_what_a_template_falls_back_to_is_judged() -> None:
    entry = found(
        f'{HEADER}static.security.trust_certificates = {{$trust|default:"0"}}\n'
        "static.security.user_password = {{ name|d('admin') }}:{{ password|d('admin') }}\n"
        "static.security.cn_validation = {$cn|default:1}\n"
        "features.action_uri_limit_ip = {{ hosts|default('any') }}\n"
    )
    insecure = told(entry, "insecure")
    assert insecure["features.action_uri_limit_ip"].endswith("unless the template's variable is set")
    assert insecure["static.security.user_password"].startswith("a factory password, unless")
    assert "not the hardened value 1, unless" in insecure["static.security.trust_certificates"]
    assert "static.security.cn_validation" not in insecure


def test_both_branches_of_a_condition_count() -> None:
    entry = found(f"{HEADER}{{if $x}}\nsip.trust_ctrl = 0\n{{else}}\nsip.trust_ctrl = 1\n{{/if}}\n")
    assert [item["line"] for item in entry["findings"] if item["parameter"] == "sip.trust_ctrl"] == [3]


def test_encrypted_files_are_named_so(corpus: dict[tuple[str, str], dict[str, Any]]) -> None:
    for file in ("001565a00012.cfg", "001565a00013.cfg", "001565a00012_Security.enc"):
        (finding,) = corpus[file, ""]["findings"]
        assert "CVE-2024-24681" in finding["problem"]
    assert "encrypted, cannot be read" in corpus["001565a00012.cfg", ""]["findings"][0]["problem"]


def test_boot_file(corpus: dict[tuple[str, str], dict[str, Any]]) -> None:
    entry = corpus["001565a00014.boot", ""]
    problems = [(item["line"], item["kind"]) for item in entry["findings"]]
    assert entry["includes"][1] == {"target": "y000000000066.cfg", "models": ["T46S", "T23G"]}
    assert (4, "bad_value") in problems, "a model that does not exist"
    assert (6, "insecure") in problems, "over HTTP"
    assert (7, "bad_value") in problems, "not .cfg"
    assert (8, "bad_value") in problems, "overwrite_mode"
    assert corpus["y000000000000.boot", ""]["findings"] == []
    assert corpus["y000000000000.boot", ""]["settings"] == {"overwrite_mode": "0"}


def test_what_was_changed_at_the_phone(corpus: dict[tuple[str, str], dict[str, Any]]) -> None:
    entry = corpus["001565a00001-local.cfg", ""]
    drift = {item["parameter"]: item for item in entry["findings"] if item["kind"] == "drift"}
    assert entry["mac"] == "001565a00001"
    assert (drift["account.1.label"]["declared"], drift["account.1.label"]["value"]) == ("Reception", "Front desk")
    assert (drift["account.1.password"]["declared"], drift["account.1.password"]["value"]) == ("********", "********")
    assert {item["survives"] for item in drift.values()} == {"yes"}, "the served file has custom.protect = 1"
    assert "features.action_uri_limit_ip" not in drift, "it is the same in the served file"
    insecure = told(entry, "insecure")
    assert "changed at the phone" in insecure["sip.trust_ctrl"]
    assert "changed at the phone" in insecure["features.direct_ip_call_enable"]
    assert "never save" in told(entry, "format")["static.security.trust_certificates"]


def test_uploads_elsewhere_are_compared_with_what_is_served(tmp_path: Path, task: Any, phone: Any) -> None:
    task.run(phone())
    upload = tmp_path / "805ec0aabbcc-local.cfg"
    upload.write_text(f"sip.trust_ctrl = 0\naccount.1.password = {CANARY}1234\naccount.1.label = Hall\n")
    entries = {entry["file"]: entry for entry in task.audit(phone(), files=[str(upload)])}
    drift = {item["parameter"]: item for item in entries[upload.name]["findings"] if item["kind"] == "drift"}
    assert drift["sip.trust_ctrl"]["declared"] == "1"
    assert drift["sip.trust_ctrl"]["survives"] == "no", "we write custom.protect = 0"
    assert drift["account.1.password"]["declared"] == "********"
    assert drift["account.1.label"]["declared"] == "201"
    assert "sip.trust_ctrl" in told(entries[upload.name], "insecure")
    assert CANARY not in json.dumps(entries)


def test_without_a_served_file_the_hardened_values_are_compared(tmp_path: Path, task: Any) -> None:
    upload = tmp_path / "805ec0aabbcc-local.cfg"
    upload.write_text("sip.trust_ctrl = 0\naccount.1.label = Hall\n")
    (entry,) = task.audit(directory=None, files=[str(upload)])
    drift = {item["parameter"]: item["survives"] for item in entry["findings"] if item["kind"] == "drift"}
    assert drift == {"sip.trust_ctrl": "unknown"}


def test_what_is_no_ordinary_file_is_told_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_files, "MAX_BYTES", 65536)
    (tmp_path / "secret").write_text(f"{HEADER}account.1.password = {CANARY}1\n")
    directory = tmp_path / "tftp"
    directory.mkdir()
    (directory / "folder.cfg").mkdir()
    (directory / "link.cfg").symlink_to(tmp_path / "secret")
    (directory / "gone.cfg").symlink_to(tmp_path / "nowhere")
    os.mkfifo(directory / "pipe.cfg")
    (directory / b"not-utf8-\xff.cfg".decode("utf-8", "surrogateescape")).write_text(HEADER)
    with (directory / "huge.cfg").open("wb") as handle:
        handle.write(HEADER.encode() + b"# filled\n" * 8000)
    paths = ["/nowhere/001565a0ffff.cfg", str(directory), "nul\0byte"]
    entries = {entry["file"]: entry for entry in audit(read_found(str(directory), paths), {})}
    problems = {name: entry["findings"][0]["problem"] for name, entry in entries.items()}
    assert "a directory" in problems["folder.cfg"]
    assert "a directory" in problems["tftp"]
    assert "symbolic link" in problems["link.cfg"]
    assert "symbolic link" in problems["gone.cfg"]
    assert "not an ordinary file" in problems["pipe.cfg"]
    assert "No such file" in problems["001565a0ffff.cfg"]
    assert "rest was not read" in problems["huge.cfg"]
    assert json.dumps(list(entries.values())).encode("utf-8")


def test_a_directory_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HardeningError, match="cannot be read: No such file"):
        read_found(str(tmp_path / "nowhere"), [])


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["001565a0ffff.cfg", "x.boot", "x.ph.xml", "x.php", "001565a0ffff-local.cfg"]),
)
def test_any_bytes_are_read(content: bytes, name: str) -> None:
    for head in (b"", HEADER.encode(), b"<deviceconfig filename='a'><![CDATA["):
        json.dumps(audit([FoundFile(name, head + content)], {}))


def test_ten_times_the_files_take_about_ten_times_as_long() -> None:
    text = (CORPUS / "001565a00001.cfg").read_text()
    filler = "".join(f"linekey.{number}.label = Key {number}\n" for number in range(1, 61))
    files = [
        FoundFile(f"001565{number:06x}.cfg", f"{text}{filler}x.y{number % 7} = 1\n".encode()) for number in range(220)
    ]
    audit(files[:20], {})  # what is read once is read now
    few, many = (processor_time(part) for part in (files[:20], files[20:]))
    assert many < 25 * few


def processor_time(files: list[FoundFile]) -> float:
    """Seconds of the processor's time, which other work on the machine does not lengthen."""
    began = time.process_time()
    assert len(audit(files, {})) == len(files)
    return time.process_time() - began


@pytest.mark.parametrize(
    "content",
    [
        b"{%" * 400_000,
        b"{{" * 400_000,
        b"{if " * 200_000,
        b"{{if}}" * 160_000,
        b"%%a" * 300_000,
        b"://" * 300_000 + b" a@b",
        b"<![CDATA[ = ]]>" * 60_000,
        b"a.b = " + b"x" * 900_000,
        b"account.1.label = " + b"a:" * 400_000 + b"@",
        b"".join(b"unknown%d.name = 1\n" % number for number in range(30_000)),
        b"." * 900_000 + b" = 1",
    ],
    ids=lambda content: content[:12].decode(),
)
def test_a_file_made_to_be_slow_is_not(content: bytes) -> None:
    began = time.process_time()
    audit(
        [FoundFile("001565a0ffff.cfg", HEADER.encode() + content), FoundFile("x.ph.xml", b"<deviceconfig>" + content)],
        {},
    )
    assert time.process_time() - began < 30
