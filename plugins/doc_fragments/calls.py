# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module documents alike that reads which calls a PBX handled."""

from __future__ import annotations


class ModuleDocFragment:
    """Which calls."""

    DOCUMENTATION = r"""
options:
  since:
    description: Begin, as a time with zone such as V(2026-11-23T08:00:00Z), or as hours or days back such as V(24h)
      or V(7d).
    type: str
    default: 24h
  until:
    description: End, in the same form. Now without it.
    type: str
  extension:
    description: Only calls from or to this number.
    type: str
  direction:
    description: Only such calls. Where a PBX's record does not say it, it is judged by the length of the numbers.
    type: str
    choices: [any, outbound, inbound, internal]
    default: any
  destination_prefix:
    description: Only calls to numbers that begin so, with or without C(+) or C(00).
    type: str
  limit:
    description: At most so many rows are read.
    type: int
    default: 1000
"""
