# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each phone proves itself with at the provisioning server. Pure.

All is derived from the one secret in the customer's vault (the book's provisioning_password) and the phone's MAC
address, so nothing more has to be kept, and what one phone has says nothing about another's or about the secret.
Whoever asks for these gives them to the task's Masker: hiding the secret does not hide what follows from it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret

METHODS = ("phone_password", "phone_path", "shared", "none")
"""A password for each phone (its user name is its MAC address); a path for each phone; one name and password for all
phones of the site; nothing."""
PASSWORD_LENGTH = 24
"""Of 62 characters, 142 bits. yealink.md 2.4 gives no limit; users' passwords may have 32 characters."""
PATH_LENGTH = 32
"""Hexadecimal digits, 128 bits."""


def phone_password(site_secret: str, mac: str) -> str:
    """Letters and digits only: what else a phone takes there is not known. ``mac``: 12 lower-case hex digits."""
    text, counter = "", 0
    while len(text) < PASSWORD_LENGTH:
        digest = _of_phone(site_secret, f"password:{counter}", mac)
        text += base64.b64encode(digest).decode("ascii").replace("+", "").replace("/", "").rstrip("=")
        counter += 1
    return text[:PASSWORD_LENGTH]


def phone_path(site_secret: str, mac: str) -> str:
    """The folder's name in the phone's address."""
    return _of_phone(site_secret, "path", mac).hex()[:PATH_LENGTH]


def folder_of_phone(url: str) -> Secret | None:
    """The last folder of an address, if it is one that ``phone_path`` made: it is as good as a password."""
    last = url.rstrip("/").rpartition("/")[2]
    return Secret(last) if re.fullmatch(rf"[0-9a-f]{{{PATH_LENGTH}}}", last) else None


def phone_salt(site_secret: str, mac: str) -> str:
    """Salt for the password's hash on the server: the same on every run, so that an unchanged file stays the same."""
    return _of_phone(site_secret, "salt", mac).hex()[:16]


def shared_salt(site_secret: str, username: str) -> str:
    """The same for the one user that all phones share."""
    return _derived(site_secret, f"salt/user:{username}").hex()[:16]


def _of_phone(site_secret: str, purpose: str, mac: str) -> bytes:
    if not re.fullmatch(r"[0-9a-f]{12}", mac):
        raise ValueError(
            f"{mac!r} is not 12 lower-case hex digits, and would get a password that nobody else works out"
        )
    return _derived(site_secret, f"{purpose}/{mac}")


def _derived(site_secret: str, purpose: str) -> bytes:
    if not site_secret:
        raise ValueError("without a secret every phone's password could be guessed")
    message = f"voipsec.hardening/provisioning/{purpose}".encode()
    return hmac.new(site_secret.encode("utf-8"), message, hashlib.sha256).digest()
