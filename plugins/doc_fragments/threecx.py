# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module of the 3CX family documents alike."""

from __future__ import annotations


class ModuleDocFragment:
    """How the PBX's API is reached."""

    DOCUMENTATION = r"""
options: {}
notes:
  - The host's C(ansible_host), C(ansible_port) (5001 without it), C(ansible_user) and C(ansible_password) are the PBX's
    name, its HTTPS port, the id of an API client and its key.
  - The API client is made in the Admin Console under Integrations, API, with '3CX Configuration API Access' and the
    role System Owner. The PBX needs the licence 8SC+ ENT/AI or ENT+.
  - Only one token of an API client is valid at a time, so give this collection a client of its own. A refused key is
    never tried again, because failed logins lead to a block.
  - Works with 3CX V20 from Update 4 (20.0.4) on. Requests are checked against 3CX's own API documents of 20.0.4 to
    20.0.10. No PBX was available to the authors.
"""
