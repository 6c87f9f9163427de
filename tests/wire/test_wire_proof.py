# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Can an attacker on the internet still find the PBX? Asked with packets, not with the router's own words."""

from __future__ import annotations

from wire_support import Story


def test_story(story: Story) -> None:
    print("\n".join(story.table()))
    print(story.before.svmap, story.after.svmap, story.restarted.svmap)
    print("\n".join(story.restarted.log))
    assert 0
