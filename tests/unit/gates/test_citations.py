# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every device fact that is cited is in docs/devices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = {page.stem: page for page in sorted((ROOT / "docs/devices").glob("*.md")) if page.stem != "README"}
CITING = ("plugins", "roles", "playbooks", "tests", "tools", "docs", "README.md", "CONTRIBUTING.md")
HEADING = re.compile(
    r"^#+ (annex(?: [a-z_ -]+[a-z])?|editions|\d+[a-z]?(?:\.\d+)?|[a-g](?:\.\d+)?)(?=[.: (]|$)", re.MULTILINE
)
POINT = re.compile(r"^- \*\*((?:fact|lesson|contract|g) \d+|0\.\d+)\*\*:", re.MULTILINE)
ROW = re.compile(r"^\| (gap \d+|G\d+|T\d+b?|[A-Z]+-[A-Z0-9-]+) \|", re.MULTILINE)
LINE_BREAK = re.compile(r"\s*\n[ #*]*")
MARK = re.compile(r"\[[DSTMKI](?:/[DSTMKI])?\]")
NAMES = "|".join(PAGES)


def sections(page: Path) -> set[str]:
    """What can be cited of a page: its headings, and the points and rows that have a name."""
    text = page.read_text()
    return {found for pattern in (HEADING, POINT, ROW) for found in pattern.findall(text)}


def files() -> Iterator[Path]:
    for name in CITING:
        path = ROOT / name
        for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if each.is_file() and each.suffix in ("", ".py", ".md", ".yml", ".j2", ".json", ".csv", ".sh"):
                yield each


def citations() -> Iterator[tuple[str, str, str]]:
    """Where, the page, and the text that follows its name, on one line."""
    for path in files():
        if path == Path(__file__).resolve():
            continue
        text = path.read_text(errors="replace")
        for match in re.finditer(rf"(?:reference/|(?<![\w/])(?<!\]\())({NAMES}|3cx)\.md\b(?!\]\()", text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path.relative_to(ROOT)}:{line}", match[1], LINE_BREAK.sub(" ", text[match.end() :][:120])


def problem(page: str, rest: str, known: dict[str, set[str]]) -> str:
    """Empty where the citation has the form ``NAME.md SECTION`` with sections that exist, several joined by "," or
    "and"."""
    if page not in known:
        return "the page is called threecx.md"
    names = "|".join(sorted((re.escape(each) for each in known[page]), key=len, reverse=True))
    return (
        ""
        if re.match(rf" (?:{names})(?![\w-]|\.\d)(?:(?:, | and )(?:{names})(?![\w-]|\.\d))*", rest)
        else "no such section"
    )


def test_every_citation_leads_to_a_section() -> None:
    known = {name: sections(page) for name, page in PAGES.items()}
    found = list(citations())
    wrong = [
        f"{where}: {page}.md{rest[:40]}: {why}" for where, page, rest in found if (why := problem(page, rest, known))
    ]
    assert not wrong, "\n".join(wrong)
    assert len(found) > 300, "hardly any citation was found: the pattern does not fit any more"


@pytest.mark.parametrize(
    ("rest", "fine"),
    [
        (" 2.3, 2b).", True),
        (" annex sys time and 4).", True),
        (" 2.9", False),
        (", annex", False),
        (" 2.33", False),
        ("`", False),
    ],
)
def test_what_a_citation_looks_like(rest: str, fine: bool) -> None:
    known = {"draytek": {"2.3", "2b", "4", "annex sys time"}}
    assert (problem("draytek", rest, known) == "") == fine
    assert problem("3cx", rest, known)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_tell_how_well_a_fact_is_known(name: str) -> None:
    """Each section that states facts has a confidence mark, and no section has two headings."""
    text = PAGES[name].read_text()
    ids = HEADING.findall(text)
    assert sorted(set(ids)) == sorted(ids)
    assert len(MARK.findall(text)) > 20
