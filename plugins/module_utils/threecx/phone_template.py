# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our marked block in a custom phone template, at the end of every configuration file that the template makes. Pure.

The last line for a parameter wins, so the block is at the end (yealink.md 5.1, 5.3). Built-in templates are never
touched: an update of 3CX overwrites them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.marked_block import BLOCK, block
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.odata import entity

SECTION = re.compile(r"(<deviceconfig\b[^>]*>)(.*?)(</deviceconfig>)", re.DOTALL)
CDATA = re.compile(r"(<!\[CDATA\[)(.*?)(\]\]>)", re.DOTALL)
CONFIGURATION = "#!version:"
"""The first line of every Yealink configuration file; other parts of a template (a phone book) lack it."""
FIELDS = ("Id", "IsCustom", "Content")
NAME = re.compile(r"\A[A-Za-z0-9_.]+\Z")


def with_block(content: str, text: str) -> tuple[str, int]:
    """The template with our block in place of an earlier one, and in how many files it is.

    An empty text takes the block out.
    """
    count = 0

    def file(match: re.Match[str]) -> str:
        nonlocal count
        if CONFIGURATION not in match[2]:
            return match[0]
        count += 1
        rest = BLOCK.sub("\n", match[2]).rstrip()
        return f"{match[1]}{rest}\n{text}{match[3]}"

    def section(match: re.Match[str]) -> str:
        return match[1] + CDATA.sub(file, match[2]) + match[3]

    return SECTION.sub(section, content), count


def blocks(content: str) -> list[str]:
    """Our blocks as found."""
    return [match[0].strip() for match in BLOCK.finditer(content)]


def plan_template(name: str, have: Json | None, settings: Mapping[str, str], *, remove: bool = False) -> Control:
    """One template. ``have`` is None where the PBX has none of this id."""
    control = Control(f"phone_template {name}")
    if have is None:
        control.problems.append(
            f"phone_templates: the PBX has no template {name!r}. Copy the phones' template to a custom one in the "
            f"Admin "
            "Console, assign it to them, and give its id."
        )
        return control
    if not have.get("IsCustom"):
        control.problems.append(
            f"phone_templates: {name!r} is a template of 3CX's own, which its updates overwrite. Copy it to a custom "
            f"one, "
            "assign that to the phones, and give its id."
        )
        return control
    for key, value in settings.items():
        if not NAME.match(str(key)) or "\n" in str(value) or "]]>" in str(value):
            control.problems.append(f"phone_templates: {name}: {key!r} is not a parameter of one line.")
    content = str(have.get("Content") or "")
    text = "" if remove else block({str(key): str(value) for key, value in settings.items()})
    new, count = with_block(content, text)
    control.before = blocks(content)
    control.after = [] if remove else [text.strip()] * count
    if not count and not remove:
        control.problems.append(
            f"phone_templates: {name!r} holds no Yealink configuration file that is understood (a deviceconfig with a "
            f"CDATA "
            f"part that begins with {CONFIGURATION}), so the block has no place."
        )
    # Compared as a whole: a line that somebody added behind our block would win over it.
    if control.problems or new == content or (remove and not control.before):
        return control
    if control.before and not remove:
        control.notes.append(f"{name}: our block was edited or is from an earlier declaration; set again.")
    body = {"Content": new}
    control.operations.append(
        Operation(
            "PATCH",
            entity("PhoneTemplates", name),
            body,
            f"setting our block in the phone template {name}",
            # The rest of a template is not ours and may hold an administrator's passwords.
            {"Content": "the template as it is, with our block" if text else "the template without our block"},
        )
    )
    return control
