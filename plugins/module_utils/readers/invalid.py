# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way in which a reader refuses a text."""

from __future__ import annotations


class Invalid(ValueError):
    """Why a value cannot be used, and what would be valid. The value stands before the text: ``is not a port; ...``."""

    def __init__(self, text: str, *, hide: bool = False, unverified: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.hide = hide
        """The value may hold a secret."""
        self.unverified = unverified
        """The value may be right: this machine lacks what the check needs."""
