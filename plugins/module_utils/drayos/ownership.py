# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names and comments by which the collection recognises its own part of a router."""

from __future__ import annotations

import re

PREFIX = "vs_"
"""Names of profiles and comments of rules that the collection manages begin so."""
NAME_FREE = "vs_free"
"""A profile or a rule of ours that is out of use."""
NAME_OLD = "vs_old_"
"""A profile of ours that is still in use while its successor is made."""
MARK_PREFIX = "vs_m_"
"""Profiles whose name is a digest of settings that the router does not show (profiles/marker.py)."""
MANAGEMENT_PREFIX = "vs_mgmt_"
"""Addresses on the router's access list, managed by draytek_system."""
NOT_OF_THE_FIREWALL = (MARK_PREFIX, MANAGEMENT_PREFIX)
RESERVED = (NAME_FREE, NAME_OLD, *NOT_OF_THE_FIREWALL)
"""Names that nobody else may give."""

COMMENT_DONE = "voipsec"
"""On the first of our filter sets."""
COMMENT_DIRTY = "voipsec_dirty"
"""On it while changes are in memory that `sys commit` has not saved: a run that died there is continued."""
COMMENT_PART = "voipsec_set"
"""On our further sets."""
COMMENT_OFF = "voipsec_off"
"""On a set of ours that is out of use."""
OUR_COMMENTS = (COMMENT_DONE, COMMENT_DIRTY, COMMENT_PART, COMMENT_OFF)
TOKEN = re.compile(r"^[A-Za-z0-9_]+\Z")


def name_problem(name: str, length: int) -> list[str]:
    """What is wrong with a name or comment that somebody declares; empty where nothing is."""
    if not TOKEN.match(name) or len(name) > length or not name.startswith(PREFIX):
        return [
            f"{name!r} must begin with {PREFIX!r}, have at most {length} characters, and only letters, digits and _."
        ]
    if name.startswith(RESERVED):
        return [f"{name!r} begins like a name that the collection gives itself; choose another."]
    return []
