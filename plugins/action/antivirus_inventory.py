# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""antivirus_inventory: the accepted inventory from the controller's file, then the look where the task's host is."""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.host_inventory import CORE
from ansible_collections.voipsec.hardening.plugins.plugin_utils.action_base import HardeningAction


class ActionModule(HardeningAction):
    """See the module of the same name."""

    CORE = CORE
