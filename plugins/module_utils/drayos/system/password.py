# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administrator's password (draytek.md annex sys passwd): exchanged by one command that holds both."""

from __future__ import annotations

import re

PASSWORD = re.compile(r"^[A-Za-z0-9._~+=@%^-]{12,83}\Z")
"""One word of at most 83 characters. Which ones the router takes is not documented, so only plain ones are sent."""
TYPEABLE = re.compile(r"^[A-Za-z0-9._~+=@%^-]{1,83}\Z")
"""A password that is one plain word, however short: the one that there is."""
SHOWN = "sys passwd ******** ********"


def password_problem(password: str) -> str:
    """What is wrong with a new password, without showing it; empty where it is fine."""
    if PASSWORD.match(password):
        return ""
    return "config.new_password: must have 12 to 83 characters, only letters, digits and . _ ~ + = @ % ^ -"


def password_command(old: str, new: str) -> str:
    """The router's command log keeps it until a restart."""
    return f"sys passwd {old} {new}"
