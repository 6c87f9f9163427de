# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated Yeastar S-Series: its API v2.0.0 (v1.1.0 of older firmware in part). See README.md."""

from __future__ import annotations

from lab.yeastar.s_series.faults import SExchange, SSeriesFaults
from lab.yeastar.s_series.pbx import SimulatedSSeries

__all__ = ["SExchange", "SSeriesFaults", "SimulatedSSeries"]
