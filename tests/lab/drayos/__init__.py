# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated DrayTek Vigor (DrayOS 3/4 command line) over real SSH, written from the reference only."""

from __future__ import annotations

from .faults import Faults
from .fixtures import add_open_ports, factory_state, lived_in_state
from .posture import DEFAULT_MANAGEMENT, DEFAULT_PROBES, ManagementProbe, Posture, Probe
from .profiles import PROFILES, Profile
from .semantics import LAN_TO_LAN, LAN_TO_WAN, WAN_TO_LAN, Packet, Verdict, from_internet, verdict
from .simulator import SimulatedVigor
from .state import State, from_dict, to_dict

__all__ = [
    "DEFAULT_MANAGEMENT",
    "DEFAULT_PROBES",
    "LAN_TO_LAN",
    "LAN_TO_WAN",
    "PROFILES",
    "WAN_TO_LAN",
    "Faults",
    "ManagementProbe",
    "Packet",
    "Posture",
    "Probe",
    "Profile",
    "SimulatedVigor",
    "State",
    "Verdict",
    "add_open_ports",
    "factory_state",
    "from_dict",
    "from_internet",
    "lived_in_state",
    "to_dict",
    "verdict",
]
