# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""draytek_info inside the controller's worker."""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.info.core import CORE
from ansible_collections.voipsec.hardening.plugins.plugin_utils.action_base import HardeningAction


class ActionModule(HardeningAction):
    """See the module of the same name."""

    CORE = CORE
