# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated Yealink phones that fetch their configuration over HTTPS, say what they made of it, and speak SIP."""

from __future__ import annotations

from lab.phones.events import EventLog
from lab.phones.faults import Faults
from lab.phones.phone import Phone, from_entry, normal_mac
from lab.phones.report import MASK, FetchReport
from lab.phones.signalling import SipAccount
from lab.phones.sip_side import SipPhone

__all__ = ["MASK", "EventLog", "Faults", "FetchReport", "Phone", "SipAccount", "SipPhone", "from_entry", "normal_mac"]
