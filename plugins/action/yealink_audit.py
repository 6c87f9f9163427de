# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yealink_audit inside the controller's worker."""

from __future__ import annotations

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.core import CORE
from ansible_collections.voipsec.hardening.plugins.plugin_utils.action_base import HardeningAction


class ActionModule(HardeningAction):
    """See the module of the same name."""

    CORE = CORE
