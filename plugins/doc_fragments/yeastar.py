# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module of the Yeastar family documents alike."""

from __future__ import annotations


class ModuleDocFragment:
    """How the PBX's API is reached."""

    DOCUMENTATION = r"""
options: {}
notes:
  - The host's C(ansible_host), C(ansible_port) (8088 without it; 443 where Yeastar hosts), C(ansible_user) and
    C(ansible_password) are the PBX's name, its HTTPS port, and the API's credentials. On a P-Series those are client id
    and client secret (Integrations, API), on an S-Series user name and password (Settings, PBX, General, API).
  - A P-Series allows eight access tokens at a time. One is taken for each task and given back at its end, after a
    failure too. Refused credentials are never tried again, because five failures block the controller's address, which
    only the PBX's web page undoes.
  - The P-Series needs firmware 37.7.0.16 or later and is not a P520, the S-Series firmware 30.13.0.30 or later. No PBX
    was
    available to the authors; C(docs/devices/README.md) says what is inferred.
"""

    SERIES = r"""
options:
  series:
    description: V(p) for the P-Series (appliance, software and cloud edition), V(s) for the S-Series.
    type: str
    choices: [p, s]
    default: p
"""
