# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``provisioning``: where phones download their configuration."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import https_directory, user_name
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import choice, text


@dataclass(frozen=True)
class Provisioning:
    """Where phones download their configuration."""

    url: str | None = text(
        "an address",
        "Address of the directory that phones download from. Required with `by: files`. With `by: pbx` it is where the "
        "PBX serves the phones' files, for the audit.",
        example="https://provision.acme.example/yealink/",
        parse=https_directory,
        checked="https; without user, password and query",
    )
    """https://..., a directory. None only where the PBX provisions the phones."""
    username: str | None = text(
        "a user name",
        "User name for HTTP basic authentication, if all phones share one password. The password is generated.",
        example="phones",
        parse=user_name,
    )
    access: str | None = choice(
        "phone_password",
        "phone_path",
        "shared",
        "none",
        meaning="How a phone authenticates. `phone_password` gives each phone a password of its own; its user name is "
        "its MAC address. `phone_path` gives each phone a folder that nobody can guess. `shared` is one password for "
        "all phones. The role `yealink_provisioning` serves `phone_password` and `phone_path`.",
        without="`shared` with `provisioning.username`, else `none`",
        checked="`shared` needs `provisioning.username`",
    )
    by: str = choice(
        "files",
        "pbx",
        default="files",
        meaning="Who writes the phones' configuration: `files` for this collection, `pbx` for the PBX. With `pbx` the "
        "same settings reach the phones through the PBX's template; see the lookup plugin `phone_block`.",
    )

    @property
    def method(self) -> str:
        """How phones authenticate."""
        return self.access or ("shared" if self.username else "none")
