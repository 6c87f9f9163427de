# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation shared by the modules for DrayTek routers."""

from __future__ import annotations


class ModuleDocFragment:
    """How a router is reached, and what its modules have in common."""

    DOCUMENTATION = r"""
options:
  known_hosts_file:
    description:
      - File in OpenSSH's known_hosts form with the router's host key. The module does not log in to a router whose key
        is not in it.
      - Made by M(voipsec.hardening.enrol_host_key).
    type: path
    required: true
  timeout:
    description: Seconds to wait for a connection, and for each answer.
    type: int
    default: 20
requirements:
  - netmiko >= 4.6 on the controller
"""

    # Modules that bring a router to a state: some of their states need no router.
    STATES = r"""
options:
  running_config:
    description:
      - A captured terminal session with prompts, commands and answers, for O(state=parsed). What it does not show
        counts as unknown.
    type: str
  dialect:
    description: Model family for O(state=rendered) and O(state=parsed).
    type: str
    default: Vigor2927
    choices: [Vigor2927, Vigor3912, Vigor2862]
  write_only:
    description: Whether settings that the router does not show are sent only when they differ from what was last
      sent, or on every run.
    type: str
    default: on_change
    choices: [on_change, always]
  known_hosts_file:
    description:
      - File in OpenSSH's known_hosts form with the router's host key. The module does not log in to a router whose key
        is not in it.
      - Made by M(voipsec.hardening.enrol_host_key). Required for every O(state) but V(rendered) and V(parsed).
    type: path
  timeout:
    description: Seconds to wait for a connection, and for each answer.
    type: int
    default: 20
requirements:
  - netmiko >= 4.6 on the controller
notes:
  - Works with the Vigor 2927 and 3912 with firmware 4.x. The Vigor 2862 with firmware 3.x works too, with limits from
    general knowledge and a warning that says so. Other models are refused before anything is written.
  - Not tested on hardware. The grammar is from the vendor's manual and from device transcripts.
"""
