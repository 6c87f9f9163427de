# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of the directory change: ours only, unless they are taken over by name."""

from __future__ import annotations

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import (
    render,
    render_boot,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.directory import Attributes, ServedFile
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.file_changes import FileChange, file_changes

OURS = ServedFile(render(()), Attributes(0o640))
CHANGED = ServedFile(render_boot("a.cfg", reset_undeclared=True), Attributes(0o640))
LESS_OPEN = ServedFile(OURS.text, Attributes(0o600))
THEIRS = ServedFile("#!version:1.0.0.1\n", Attributes(0o640))
HAVE = {"same": OURS, "text": OURS, "mode": OURS, "gone": OURS, "theirs": THEIRS}
WANT = {"new": OURS, "same": OURS, "text": CHANGED, "mode": LESS_OPEN}


@pytest.mark.parametrize("remove_undeclared", [False, True])
def test_the_changes_in_order(*, remove_undeclared: bool) -> None:
    removed = [FileChange("gone", OURS, None)] if remove_undeclared else []
    assert file_changes(HAVE, WANT, remove_undeclared=remove_undeclared) == [
        FileChange("new", None, OURS),
        FileChange("text", OURS, CHANGED),
        FileChange("mode", OURS, LESS_OPEN),
        *removed,
    ]
