# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration means for the credentials file: the options of the module credentials."""

from __future__ import annotations

from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration


def compile_credentials(declaration: Declaration) -> dict[str, Any]:
    """Extensions with the generation that each must have reached, and the policy."""
    policy = declaration.credentials
    return {
        "extensions": [
            {
                "number": extension.number,
                "name": extension.name,
                # Raising the customer's generation rotates everybody, those with a generation of their own too.
                "generation": max(extension.generation or 1, policy.generation),
            }
            for extension in declaration.extensions
        ],
        "password_length": policy.password_length,
        "pin_length": policy.pin_length,
        "generation": policy.generation,
    }
