# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credentials file on disk: encrypted with the play's own vault secrets, readable by its owner only, replaced as
a whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Cipher, HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.files import remove_leftovers, replace_file
from ansible_collections.voipsec.hardening.plugins.module_utils.lock import hold
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    CredentialStore,
    CustomerSecrets,
    parse,
    serialise,
)

MODE = 0o600
VAULT_HEADER = b"$ANSIBLE_VAULT;"
LOCK_WAIT = 30.0
"""Seconds to wait for another run that is writing the same customer's file."""


def load_for_devices(path: str, cipher: Cipher | None) -> CustomerSecrets:
    """The current credentials, for the modules that write them to devices. Raises HardeningError."""
    book = load(path, cipher)
    if book is None:
        raise HardeningError(
            f"{path} does not exist. The role voipsec.hardening.credentials creates it: run it first, as "
            "playbooks/site.yml does."
        )
    return book.for_devices()


def load(path: str, cipher: Cipher | None) -> CredentialStore | None:
    """The book, or None where there is no file yet. Raises HardeningError."""
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HardeningError(f"{path} cannot be read: {error.strerror}.") from error
    if not content.startswith(VAULT_HEADER):
        raise HardeningError(
            f"{path} is not encrypted with ansible-vault. It was not used. If it holds credentials, change them; then "
            "remove the file."
        )
    if cipher is None:
        raise HardeningError(f"{path} can be read on the controller only, where the play's vault secrets are.")
    try:
        plain = cipher.decrypt(content)
    except HardeningError as error:
        raise HardeningError(f"{path}: {error.message}") from error
    return parse(plain, path)


def too_wide_mode(path: str) -> int | None:
    """The file's mode where others than its owner may use it; None where it is private or not there."""
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        return None
    return mode if mode & 0o077 else None


def make_private(path: str) -> None:
    """Leave the file to its owner alone. Raises HardeningError."""
    try:
        os.chmod(path, MODE)
    except OSError as error:
        raise HardeningError(
            f"{path} can be read by other users, and its mode cannot be set to 0600: {error.strerror}."
        ) from error


def save(path: str, book: CredentialStore, cipher: Cipher) -> None:
    """Replace the file. Either the old or the new one is whole, whatever happens. Raises HardeningError."""
    plain = serialise(book)
    encrypted = cipher.encrypt(plain)
    if cipher.decrypt(encrypted) != plain:
        raise HardeningError(f"{path} was not written: what was encrypted could not be decrypted again.")
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), mode=0o700, exist_ok=True)
        replace_file(path, encrypted, MODE)
    except OSError as error:
        reason = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror
        raise HardeningError(
            f"{path} was not written: {reason}. The file that was there before is untouched."
        ) from error


@contextlib.contextmanager
def locked(path: str) -> Iterator[None]:
    """Keep other runs from writing the same customer's file meanwhile, and clear away what killed ones left.

    Raises HardeningError, after LOCK_WAIT seconds where another run goes on.
    """
    folder, name = os.path.split(os.path.realpath(path))
    # Hidden, because Ansible takes the files of an inventory's folder for inventory.
    lock_path = os.path.join(folder, f".{name}.lock")
    try:
        os.makedirs(os.path.dirname(lock_path), mode=0o700, exist_ok=True)
        descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT, MODE)
    except OSError as error:
        raise HardeningError(f"{lock_path} cannot be created: {error.strerror}.") from error
    try:
        busy = f"another run has held {lock_path} for {LOCK_WAIT:.0f} s. Wait until it has ended, then run again."
        try:
            hold(descriptor, busy, LOCK_WAIT)
        except OSError as error:
            raise HardeningError(f"{lock_path} cannot be locked: {error.strerror}.") from error
        try:
            remove_leftovers(path)
        except OSError as error:
            raise HardeningError(
                f"{error.filename}: left by an interrupted run beside the credentials, and cannot be removed: "
                f"{error.strerror}."
            ) from error
        yield
    finally:
        os.close(descriptor)
