# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for Avast Business for Linux, which cannot be had without a licence: it records what it was told.

Nothing of Avast's is in it. It has the names and paths that domain.md 6 documents, and what the role assumes besides
(roles/antivirus/vars/main.yml); so it shows that the role does what it says, not that Avast is as it says.
"""

from __future__ import annotations

from lab.avast_stand_in.package import build_package
from lab.avast_stand_in.repository import build_repository

__all__ = ["build_package", "build_repository"]
