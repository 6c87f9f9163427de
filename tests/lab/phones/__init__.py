# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated Yealink phones that fetch their configuration over HTTPS and say what they made of it."""

from __future__ import annotations

from lab.phones.phone import Phone, from_entry, normal_mac
from lab.phones.report import MASK, FetchReport
from lab.phones.signalling import SipAccount

__all__ = ["MASK", "FetchReport", "Phone", "SipAccount", "from_entry", "normal_mac"]
