# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The play's own vault secrets as a cipher for the credentials file."""

from __future__ import annotations

from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib, match_encrypt_secret

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

NOT_LOADED = (
    "no vault secret is loaded, so the credentials file can be neither read nor written. Start ansible-playbook with "
    "--vault-password-file, --vault-id or --ask-vault-pass."
)


class VaultCipher:
    """ansible-vault with the secrets that the play was started with."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._opened_with: tuple[str, Any] | None = None
        """Vault id and secret of the file that was last decrypted: it is written with them again, whatever other
        secrets the play has."""

    def _vault(self) -> VaultLib:
        secrets = getattr(getattr(self._loader, "_vault", None), "secrets", None)
        if not secrets:
            raise HardeningError(NOT_LOADED)
        return VaultLib(secrets=secrets)

    def encrypt(self, plaintext: bytes) -> bytes:
        """Ansible-vault text, made with the secret that opened the file; for a new file with the setting
        vault_encrypt_identity, else the first of the play's secrets."""
        vault = self._vault()
        try:
            identity, secret = self._opened_with or match_encrypt_secret(
                vault.secrets, encrypt_vault_id=constants.config.get_config_value("DEFAULT_VAULT_ENCRYPT_IDENTITY")
            )
        except AnsibleError as error:
            raise HardeningError(
                "the setting vault_encrypt_identity names a vault id that this run has no secret of. Add it with "
                "--vault-id."
            ) from error
        return bytes(vault.encrypt(plaintext, secret=secret, vault_id=identity))

    def decrypt(self, vaulttext: bytes) -> bytes:
        """The plain text; raises HardeningError where no secret of the play fits."""
        vault = self._vault()
        try:
            plain, identity, secret = vault.decrypt_and_get_vault_id(vaulttext)
        except AnsibleError as error:
            raise HardeningError(
                "the credentials file cannot be decrypted with the vault secrets of this run. Use the vault password "
                "that it was written with."
            ) from error
        self._opened_with = (identity, secret)
        return bytes(plain)
