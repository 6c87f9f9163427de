# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate for SIP over TLS. Pure.

What the PBX holds cannot be read back (ConcealedDataFile, threecx.md b.1). The file's name carries the certificate's
fingerprint, for a PBX that shows at least that; on others a certificate is sent where there is none, or when asked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import Kinds
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret

PATH = "/SecureSipSettings"
KINDS: dict[str, Kinds] = {"Certificate": dict}
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----.*?-----END (?:RSA |EC )?PRIVATE KEY-----", re.DOTALL
)
RESTART = (
    "3CX uses a new certificate after its services are restarted, which ends all calls; this collection does not do it"
)


def fingerprint(pem: str) -> str | None:
    """SHA-256 of the first certificate of a PEM text, as hex; None where there is none."""
    match = CERTIFICATE.search(pem)
    if not match:
        return None
    try:
        return hashlib.sha256(base64.b64decode("".join(match[1].split()), validate=True)).hexdigest()
    except binascii.Error:
        return None


def plan_secure_sip(have: Json, certificate: str, private_key: Secret, *, always: bool) -> Control:
    """Both files, sent together when the certificate is another one, as far as that can be told."""
    control = Control("secure_sip")
    found = fingerprint(certificate)
    if found is None:
        control.problems.append("secure_sip.certificate: the file holds no PEM certificate.")
    if not PRIVATE_KEY.search(private_key.reveal()):
        control.problems.append("secure_sip.private_key: the file holds no unencrypted PEM private key.")
    if found is None or control.problems:
        return control
    name = f"voipsec-{found[:16]}.pem"
    given = have.get("Certificate") or {}
    there = str(given.get("Name") or "")
    hidden = bool(given) and not there
    shown = "there, and not shown" if hidden else there
    control.before, control.after = {"certificate": shown}, {"certificate": name, "sha256": found}
    if always or (there != name and not hidden):
        body = {
            "Certificate": {"Name": name, "Contents": certificate},
            "PrivateKey": {"Name": f"voipsec-{found[:16]}.key", "Contents": private_key},
        }
        control.operations.append(Operation("PATCH", PATH, body, "setting the certificate for Secure SIP"))
        control.notes.append(RESTART)
    else:
        control.state = ControlState.ATTESTED
        control.reason = (
            "the PBX has a certificate but does not show it; to renew it, run once with update_password: always"
            if hidden
            else "known by its name; the PBX does not show the certificate"
        )
    return control
