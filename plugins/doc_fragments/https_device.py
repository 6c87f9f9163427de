# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module documents alike that speaks HTTPS to a device."""

from __future__ import annotations


class ModuleDocFragment:
    """How the device's certificate is judged."""

    DOCUMENTATION = r"""
options:
  tls_ca_file:
    description: Certificates to trust, in PEM form, on the host that the module runs on. The system's without it.
    type: path
  tls_fingerprint:
    description:
      - SHA-256 of the PBX's certificate, 64 hex digits with or without colons. Exactly this certificate is trusted.
      - For a PBX with a self-signed certificate. Compare it on the PBX itself first.
    type: str
  tls_server_name:
    description: Name that the certificate must bear. The inventory's C(ansible_host) without it.
    type: str
  timeout:
    description: Seconds to wait for an answer.
    type: int
    default: 30
requirements:
  - urllib3 >= 2 where the module runs, by default the controller
"""
