# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated Yeastar P-Series PBX: its OpenAPI in four firmwares. See README.md."""

from __future__ import annotations

from lab.yeastar.faults import Exchange, PSeriesFaults
from lab.yeastar.profiles import FIRMWARES
from lab.yeastar.simulator import SimulatedPSeries

__all__ = ["FIRMWARES", "Exchange", "PSeriesFaults", "SimulatedPSeries"]
