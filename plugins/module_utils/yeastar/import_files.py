# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for the PBX's import pages, and the checklist beside them. Pure: equal content gives equal bytes.

The PBX's security pages have no API (yeastar.md g 1). The checklist says what to set where; its date is the day on
which its content last changed, so that a run that changes nothing leaves the file alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

CHECKLIST = "checklist.md"
DATED = re.compile(r"^Dated (\d{4}-\d{2}-\d{2})\.$", re.MULTILINE)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A file for an import page: the first line names the columns, as in the PBX's own exports [D]."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def files(controls: Iterable[Mapping[str, Any]], site: str, today: str, before: Mapping[str, str]) -> dict[str, str]:
    """Name -> content. ``before`` are the files that are there."""
    controls = list(controls)
    found = {f"{each['control']}.csv": csv_text(each["columns"], each["rows"]) for each in controls if each["columns"]}
    text = checklist(controls, site, today)
    old = before.get(CHECKLIST, "")
    dated = DATED.search(old)
    if dated and checklist(controls, site, dated[1]) == old:
        text = old
    found[CHECKLIST] = text
    return found


def checklist(controls: Sequence[Mapping[str, Any]], site: str, date: str) -> str:
    """For the person who sets by hand what no API can set."""
    lines = [
        f"# To be set by hand on the PBX of {site}",
        "",
        f"Dated {date}.",
        "",
        "The PBX's API cannot set or read any of this. Set it on the PBX's web page, in this order. Then say in the",
        "inventory that it is done, who did it and when, with the settings' eight characters:",
        "",
        "    attestations:",
        "      - control: static_defence",
        '        confirmed_by: "the name of the person who checked"',
        f"        confirmed_on: {date}",
        '        settings: "the eight characters"',
        "",
        "A confirmation ends after 180 days (or on its `expires`), and as soon as the settings here change.",
    ]
    for place, each in enumerate(controls, start=1):
        lines += ["", f"## {place}. {each['title']} (`{each['control']}`, settings `{each['digest']}`)", ""]
        lines.append(f"Where: {each['page']}.")
        if each["columns"]:
            lines.append(f"Import the file `{each['control']}.csv`, which holds:")
        lines += ["", *(f"- [ ] {setting}" for setting in each["settings"])]
        lines += ["", f"State: {each['state']}: {each['reason']}.", f"Meanwhile: {each['behind']}."]
    return "\n".join(lines) + "\n"
