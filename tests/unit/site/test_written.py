# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers without quotes: what YAML makes of them, and what the check of the declaration says."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from test_declaration_mistakes import accepted, errors_of

from ansible_collections.voipsec.hardening.plugins.module_utils.site.written import WrittenInt
from ansible_collections.voipsec.hardening.plugins.plugin_utils.declared_variables import native


def read_from_file(folder: Path, text: str) -> Any:
    """A value as ansible-core reads it from a file of variables, and as plain data afterwards."""
    file = folder / "people.yml"
    file.write_text(f"value: {text}\n")
    return native(DataLoader().load_from_file(str(file)))["value"]


@pytest.mark.parametrize(
    ("path", "text", "number"),
    [
        ("extensions.2.number", "0203", 131),
        ("extensions.2.number", "0x203", 515),
        ("extensions.2.number", "2_03", 203),
        ("barred_numbers.0", "070", 56),
        ("remote_sites.1.extensions", "[0203]", 131),
        ("extensions.0.phone.mac", "80:51:10:11:22:33", 62_871_160_953),
        ("lockout.within", "0600", 384),
        ("antivirus.scan_at", "13:00", 780),
    ],
)
def test_a_number_that_yaml_reads_as_another_is_refused_as_written(
    tmp_path: Path, path: str, text: str, number: int
) -> None:
    (line,) = errors_of((path, read_from_file(tmp_path, text)))
    bare = text.strip("[]")
    assert line.endswith(f': {bare} is read as {number} by YAML (people.yml, line 1); write it in quotes: "{bare}"')


@pytest.mark.parametrize("text", ["203", "[203]"])
def test_digits_that_yaml_keeps_are_taken_where_the_file_shows_them(tmp_path: Path, text: str) -> None:
    value = read_from_file(tmp_path, text)
    if isinstance(value, list):
        assert accepted(("remote_sites.1.extensions", value)).remote_sites[1].extensions == ("203",)
    else:
        assert accepted(("extensions.2.number", value)).extensions[2].number == "203"


@pytest.mark.parametrize("path", ["extensions.2.number", "barred_numbers.0", "extensions.0.phone.mac"])
def test_digits_of_unknown_origin_are_refused(path: str) -> None:
    (line,) = errors_of((path, 203))
    assert "203 is a number without quotes, so leading zeros would be lost; write it in quotes" in line


@pytest.mark.parametrize(
    ("path", "text"), [("concurrent_calls", "014"), ("pbx.tls_port", "0x13c5"), ("extensions.2.generation", "1:30")]
)
def test_whole_numbers_are_what_is_written(tmp_path: Path, path: str, text: str) -> None:
    (line,) = errors_of((path, read_from_file(tmp_path, text)))
    assert f": {text} is read as " in line
    assert line.endswith("write it without leading zeros, colons or letters")


def test_a_number_with_a_separator_is_that_number(tmp_path: Path) -> None:
    changes = ("flood.udp_packets_per_second", read_from_file(tmp_path, "2_000"))
    flood = accepted(changes).flood
    assert flood is not None
    assert flood.udp_packets_per_second == 2000


def test_a_version_that_looks_like_a_fraction_is_refused() -> None:
    (line,) = errors_of(("extensions.1.phone.firmware", 96.86))
    assert "96.86 is a number without quotes" in line


def test_a_password_is_not_shown() -> None:
    (line,) = errors_of(("alerts.smtp.password", WrittenInt(342391, "01234567", "site.yml, line 4")))
    assert "01234567" not in line
    assert "342391" not in line


def test_a_text_that_is_not_the_number_is_never_shown(tmp_path: Path) -> None:
    """The file has changed since it was read, or is encrypted."""
    file = tmp_path / "people.yml"
    file.write_text("value: 0203\n")
    loaded = DataLoader().load_from_file(str(file))
    file.write_text("value: hunter2\n")
    assert not isinstance(native(loaded)["value"], WrittenInt)


def test_a_number_keeps_its_text_when_it_is_copied() -> None:
    """Ansible's validator of argument specs copies what it is given."""
    number = WrittenInt(129, "0201", "people.yml, line 2")
    copied = copy.deepcopy(number)
    assert (copied, copied.text, copied.place) == (129, "0201", "people.yml, line 2")


def test_what_is_compiled_is_plain(tmp_path: Path) -> None:
    """ansible-core stores no numbers of other types, and a site's own are read from its files."""
    ports = read_from_file(tmp_path, "[5060, 5061]")
    assert isinstance(ports[0], WrittenInt)
    declaration = accepted(("pbx.sip_ports", ports), ("concurrent_calls", WrittenInt(12, "12", "site.yml, line 1")))
    assert {type(number) for number in (*declaration.pbx.sip_ports, declaration.concurrent_calls)} == {int}
