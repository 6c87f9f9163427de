# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the phones' parameter table, a Python module, from tools/yealink-parameters.csv.

Files beside a module do not travel to another host, so the table is Python. Run it without arguments after a change of
the CSV. These write nothing: --check exits with 1 if the module is out of date, --counts prints the number of rows of
each confidence.
"""

from __future__ import annotations

import csv
import re
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "yealink-parameters.csv"
TARGET = HERE.parent / "plugins" / "module_utils" / "yealink" / "parameter_table.py"

CONFIDENCE = {
    "documented": "d",
    "template-comment": "c",
    "template": "t",
    "seen": "s",
    "inferred": "i",
    "name-only": "n",
}
LINE = 120
"""Characters of a line in the table."""
ENFORCED = ("d", "c")
"""Only these rows are good enough to refuse a value (yealink.md 0)."""

DOUBTFUL_VALUES = {
    "account.X.cid_source": "the comment's list is cut short and its items run together",
    "account.X.sip_server_type": "the comment leaves out items",
    "distinctive_ring_tones.alert_info.X.text": "a text; the range is that of the index",
    "local_time.time_zone": "zones are written +8, +5:30, ...; the range is not complete",
    "network.pc_port.speed_duplex": "the comment's items run together",
    "static.auto_provision.custom.upload_method": "value 1 is inferred",
    "static.network.802_1x.mode": "later firmware adds values",
    "static.network.internet_port.speed_duplex": "the comment's items run together",
    "static.network.pc_port.speed_duplex": "the comment's items run together",
}
"""Rows whose list of values is plainly incomplete or that of something else: the name counts, the values do not."""

RANGE_OF_INDEX = (
    "account.X.bw_disp_code.Y",
    "account.X.phone_setting.call_appearance.transfer_via_new_linekey",
    "account.X.reason_code.Y",
    "account.X.reason_code_name.Y",
    "account.X.supervisor_info_code.Y",
    "account.X.supervisor_info_code_name.Y",
    "dialnow.item.X",
    "dialplan.dialnow.line_id.X",
    "dialplan.dialnow.rule.X",
    "dialplan.replace.prefix.X",
    "handset.X.contact_list.url",
    "handset.X.ipui",
    "multicast.listen_address.X.ip_address",
    "multicast.listen_address.X.label",
    "remote_phonebook.data.X.url",
    "softkey.X.softkey_id",
)
"""Rows whose comment gives the numbers that the index may have, which the list took for the value's."""

FORMATS = {
    "features.action_uri_limit_ip": "addresses",
    "features.remote_phonebook.flash_time": "zero or range:3600..2592000",  # yealink.md 2.2
    "phone_setting.emergency.number": "numbers",
    "phone_setting.phone_lock.unlock_pin": "digits",
    "security.user_password": "user:password",
    "static.auto_provision.aes_key.com": "key:16|32",
    "static.auto_provision.aes_key.mac": "key:16|32",
    "static.auto_provision.aes_key_16.com": "key:16",
    "static.auto_provision.aes_key_16.mac": "key:16",
    "static.auto_provision.flexible.begin_time": "time",
    "static.auto_provision.server.url": "url:tftp|ftp|http|https",
    "static.auto_provision.weekly.begin_time": "time",
    "static.auto_provision.weekly.dayofweek": "weekdays",
    "static.auto_provision.weekly.end_time": "time",
    "static.security.user_password": "user:password",
}
"""Texts that have a form which can be checked (yealink.md 1.6, 2.2, 2.4)."""

GONE_SINCE = {
    "account.X.outbound_host": 81,
    "account.X.outbound_port": 81,
    "account.X.sip_listen_port": 81,
    "account.X.sip_trust_ctrl": 81,
    "account.X.transport": 80,
    "auto_provision.mode": 81,
    "network.web_server_type": 81,
    "phone_setting.lock": 80,
    "static.auto_provision.mode": 81,
    "static.network.snmp.enable": 83,
    "static.network.snmp.port": 83,
    "static.network.snmp.trust_ip": 83,
    "syslog.mode": 81,
}
"""The first firmware that no longer knows a name: renames of yealink.md 1.5; SNMP is absent from V83 on (2.2)."""

SINCE = {
    "account.X.sip_trust_ctrl": 70,
    "sip.listen_port": 80,
    "sip.trust_ctrl": 80,
    "static.network.snmp.enable": 81,
}
"""The earlier reading, where the list names two of them or means the un-prefixed name. V80 is sent both names."""

NOT_PARAMETERS = ("overwrite_mode", "static.static.security.xml_browser.trust_certificates")
"""An attribute of boot files (yealink.md 1.3), and a slip of the pen in one template."""


def first_firmware(text: str) -> int:
    """'V7x' -> 70, 'V84/V85' -> 84, '' -> 0."""
    found = re.match(r"V(\d[\dx])", text)
    return int(found[1].replace("x", "0")) if found else 0


def checkable_values(name: str, values: str, default: str, confidence: str) -> str:
    """The form a value must have, or '' where none is certain enough."""
    if name in FORMATS:
        return FORMATS[name]
    if (
        name in DOUBTFUL_VALUES
        or name in RANGE_OF_INDEX
        or confidence not in (*ENFORCED, "t", "i")
        or "inferred" in values
    ):
        return ""
    kind, _colon, body = values.partition(":")
    if kind == "range":
        limits = re.match(r"(-?\d+)\.\.(-?\d+)", body)
        if limits is None:
            return ""
        low, high = int(limits[1]), int(limits[2])
        contradicts = re.fullmatch(r"-?\d+", default) and not low <= int(default) <= high
        return "" if contradicts else f"range:{low}..{high}"
    if kind == "enum":
        body = re.sub(r"\s*\([^()|]*\)?", "", body)
        items = dict.fromkeys(match[0] for item in body.split("|") if (match := re.match(r"-?\w+", item.strip())))
        return f"enum:{'|'.join(items)}" if items else ""
    return ""


def rows() -> Iterable[tuple[str, str, str, int, int, str, str]]:
    """Name, values, default, first firmware, first firmware without it, reboot (y, n or ''), confidence."""
    with SOURCE.open(encoding="utf-8", newline="") as handle:
        source = {row["name"]: row for row in csv.DictReader(handle) if row["name"] not in NOT_PARAMETERS}
    marked = {name for name, row in source.items() if row["reboot"] == "yes"}
    for name in sorted(source):
        row = source[name]
        confidence = CONFIDENCE[row["source"][1:].partition("]")[0]]
        default = row["default"].partition("(")[0].strip()
        values = checkable_values(name, row["values"], default, confidence)
        since = SINCE.get(name, first_firmware(row["min_firmware"]))
        if f"static.{name}" in source and since in (81, 83, 84):
            # The un-prefixed spelling is the older one (yealink.md 1.5): a late template that still has it does not
            # tell when it began. From V86 on some un-prefixed families are new names.
            since = 0
        twins = {name, f"static.{name}", name.removeprefix("static.")}
        reboot = "n" if row["reboot"] == "no" else "y" if twins & marked else ""
        if name in marked:
            reboot = "y"
        yield name, values, default, since, GONE_SINCE.get(name, 0), reboot, confidence


HEAD = '''# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phones' parameters. Made by tools/build_yealink_parameters.py from tools/yealink-parameters.csv: edit those.

A row is: name (X, Y, Z stand for indexes); form of its values, '' where not known; factory default; first firmware, 0
where not known; first firmware that no longer has it, 0 for none; reboot (y, n, '' for unknown); confidence (d
documented, c comment in a template, t template, s seen, i inferred, n name only).
"""

from __future__ import annotations

ROWS: tuple[tuple[str, str, str, int, int, str, str], ...] = (
'''
NAMES_HEAD = """)

NAME_ONLY: dict[tuple[int, str], str] = {
    # First firmware and reboot: the parameters of which nothing else is known. Each line begins with what its names
    # have in common.
"""


def text(value: str) -> str:
    """A Python literal as ruff format writes it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def build() -> str:
    """The whole module."""
    lines = []
    names: dict[tuple[int, str], list[str]] = {}
    for name, values, default, since, gone, reboot, confidence in rows():
        if confidence == "n" and not (values or default or gone):
            names.setdefault((since, reboot), []).append(name)
            continue
        fields = [text(name), text(values), text(default), str(since), str(gone), text(reboot), text(confidence)]
        line = f"    ({', '.join(fields)}),"
        if len(line) > LINE:
            raise SystemExit(f"{name}: the row is longer than a line; shorten its values or default in the CSV")
        lines.append(line)
    blocks = [block(since, reboot, found) for (since, reboot), found in sorted(names.items())]
    return HEAD + "\n".join(lines) + "\n" + NAMES_HEAD + "".join(blocks) + "}\n"


def block(since: int, reboot: str, names: list[str]) -> str:
    """The names of one first firmware, by family."""
    families: dict[str, list[str]] = {}
    for name in names:
        family = re.match(r"(?:static\.)?\w+\.(?:X\.)?", name)
        if family is None:
            raise SystemExit(f"{name} has no dot")
        families.setdefault(family[0], []).append(name[family.end() :])
    lines = []
    for family, rest in families.items():
        lines += textwrap.wrap(" ".join(rest), LINE, initial_indent=f"{family} ", subsequent_indent=f"{family} ")
    return f'    ({since}, {text(reboot)}): """\n' + "\n".join(lines) + '\n""",\n'


def counts() -> dict[str, int]:
    """Rows by confidence, the best first."""
    letters = [row[6] for row in rows()]
    return {word: letters.count(letter) for word, letter in CONFIDENCE.items()}


def main(arguments: list[str]) -> int:
    """Write the module, or with --check compare it, or with --counts count."""
    if "--counts" in arguments:
        found = counts()
        sys.stdout.write("".join(f"{word}: {count}\n" for word, count in found.items()))
        sys.stdout.write(f"all: {sum(found.values())}\n")
        return 0
    module = build()
    if "--check" in arguments:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == module
        sys.stdout.write("up to date\n" if same else f"{TARGET.name} differs from the CSV: run {Path(__file__).name}\n")
        return 0 if same else 1
    TARGET.write_text(module, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
