# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which packages "absent" may purge, with an apt that knows who needs whom."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[3] / "roles" / "pbx_host" / "files" / "removable-packages"
APT = """\
#!/usr/bin/python3
import sys
# Each needs one of its alternatives.
NEEDS = {"fail2ban": [["nftables"], ["whois"]], "tool": [["nftables"]], "report": [["fail2ban"]], "mail": [["a", "b"]]}
assert sys.argv[1:3] == ["--simulate", "purge"], sys.argv
if "unknown" in sys.argv:
    sys.exit("E: Unable to locate package unknown")
installed = set("INSTALLED".split())
gone = set(sys.argv[3:])
while more := {n for n in installed - gone if any(not (installed - gone) & set(any_of) for any_of in NEEDS.get(n, []))}:
    gone |= more
print("Reading package lists...")
for name in sorted(gone):
    print(f"Purg {name} [1.0]")
"""


def ask(folder: Path, others: str, *packages: str) -> subprocess.CompletedProcess[str]:
    apt = folder / "apt-get"
    apt.write_text(APT.replace("INSTALLED", " ".join([others, *packages])))
    apt.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    command = ["sh", str(PROGRAM), *packages]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("others", "packages", "expected"),
    [
        ("", [], []),
        # They need each other only.
        ("", ["fail2ban", "nftables"], ["purge fail2ban", "purge nftables"]),
        # Somebody needs one that the others can do without.
        ("tool", ["fail2ban", "nftables"], ["leave nftables tool", "purge fail2ban"]),
        # What somebody needs takes with it what it needs itself.
        (
            "report",
            ["fail2ban", "nftables", "other", "whois"],
            ["leave fail2ban report", "leave nftables report", "leave whois report", "purge other"],
        ),
        # Either of two would do: both stay.
        ("mail", ["a", "b"], ["leave a mail", "leave b mail"]),
    ],
)
def test_what_others_need_is_left_and_named(
    tmp_path: Path, others: str, packages: list[str], expected: list[str]
) -> None:
    assert ask(tmp_path, others, *packages).stdout.splitlines() == expected


def test_nothing_is_said_where_apt_cannot_tell(tmp_path: Path) -> None:
    answer = ask(tmp_path, "", "nftables", "unknown")
    assert answer.returncode != 0
    assert "purge" not in answer.stdout
    assert "Unable to locate package" in answer.stderr
