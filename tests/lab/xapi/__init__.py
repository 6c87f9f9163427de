# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated 3CX V20: its configuration API (XAPI) in the releases 20.0.4 to 20.0.10. See README.md."""

from __future__ import annotations

from lab.xapi.faults import Exchange, Faults
from lab.xapi.pbx import SimulatedPbx
from lab.xapi.schema import RELEASES

__all__ = ["RELEASES", "Exchange", "Faults", "SimulatedPbx"]
