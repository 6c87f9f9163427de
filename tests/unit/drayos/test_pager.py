# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pager is answered once for each page, wherever a slow line cuts the text."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session.pager import pages, without_pager

WIPED = "\r" + " " * 70 + "\r"
FORMS = (
    "--- MORE ---   ['q': Quit, 'Enter': New Lines, 'Space Bar': Next Page] ---",
    "--- MORE ---   ['q': Quit, 'Enter': New Lines, 'Space Bar': Next Page]",
    "--- MORE --- ['q': Quit, 'Enter': New Lines, 'Space Bar': Next Page] ---",
    "--- MORE ---",
)


@pytest.mark.parametrize("form", FORMS)
def test_each_page_counts_once_wherever_the_text_is_cut(form: str) -> None:
    text = f"one\r\ntwo\r\n{form}{WIPED}three\r\n{form}{WIPED}four\r\n"
    counts = [pages(text[:end]) for end in range(len(text) + 1)]
    assert counts == sorted(counts)
    assert counts[-1] == 2
    assert without_pager(text).split() == ["one", "two", "three", "four"]


def test_lines_of_dashes_are_no_pager() -> None:
    ruler = " -----------------------\r\n --- more or less\r\n"
    assert pages(ruler) == 0
    assert without_pager(ruler) == ruler
