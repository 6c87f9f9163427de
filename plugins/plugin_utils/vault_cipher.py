# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The play's own vault secrets as a cipher for the credentials file."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

NOT_LOADED = (
    "no vault secret is loaded, so the credentials file can be neither read nor written. Start ansible-playbook with "
    "--vault-password-file, --vault-id or --ask-vault-pass."
)


class VaultCipher:
    """ansible-vault with the secrets that the play was started with."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def _vault(self) -> VaultLib:
        secrets = getattr(getattr(self._loader, "_vault", None), "secrets", None)
        if not secrets:
            raise HardeningError(NOT_LOADED)
        return VaultLib(secrets=secrets)

    def encrypt(self, plaintext: bytes) -> bytes:
        """Ansible-vault text, made with the first of the play's secrets (or the declared encrypting identity)."""
        return bytes(self._vault().encrypt(plaintext))

    def decrypt(self, vaulttext: bytes) -> bytes:
        """The plain text; raises HardeningError where no secret of the play fits."""
        vault = self._vault()
        try:
            return bytes(vault.decrypt(vaulttext))
        except AnsibleError as error:
            raise HardeningError(
                "the credentials file cannot be decrypted with the vault secrets of this run. Use the vault password "
                "that it was written with."
            ) from error
