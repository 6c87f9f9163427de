# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hardened phone parameters for the template of a PBX that provisions the phones itself."""

from __future__ import annotations

DOCUMENTATION = r"""
name: phone_block
short_description: Hardened Yealink parameters for the phone template of a PBX
version_added: 0.1.0
author:
  - voipsec.hardening contributors (@voipsec)
description:
  - Where a 3CX or a Yeastar provisions the phones, the PBX owns accounts, keys, passwords and the address that phones
    fetch from. This gives the rest of what M(voipsec.hardening.yealink_config) enforces, for a block at the end of the
    PBX's custom template.
  - The block holds the names for the firmware of every declared phone, because one template serves them all and a phone
    ignores names that it does not know. Without declared phones it holds those of V73 to V86.
  - The keypad lock (C(phone_policy.lock)) is left out, with a warning. The PIN that opens it is a secret, and without
    it the factory's PIN would open every phone.
  - The variables are those of M(voipsec.hardening.site_declaration).
options:
  _terms:
    description:
      - V(settings) is a dictionary, for O(voipsec.hardening.threecx_security#module:config.phone_templates.settings).
      - V(text) is the whole block with its marks, to be pasted at the end of a template.
    type: list
    elements: str
    choices: [settings, text]
    required: true
  certificates:
    description:
      - Whether phones shall also check certificates.
      - It cuts off phones that reach the PBX under a name or address that its certificate is not for.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Our block in the phones' template
  voipsec.hardening.threecx_security:
    state: merged
    config:
      phone_templates:
        ids: [acme-yealink.ph.xml]
        settings: "{{ lookup('voipsec.hardening.phone_block', 'settings') }}"
"""

RETURN = r"""
_raw:
  description: One item for each term.
  type: list
  elements: raw
"""

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.marked_block import block
from ansible_collections.voipsec.hardening.plugins.module_utils.site.compilers import compile_for
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_check import phones_without_credentials
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.template_block import (
    block_settings,
    left_out,
)
from ansible_collections.voipsec.hardening.plugins.plugin_utils.declared_variables import declaration

display = Display()


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """One item for each term."""
        self.set_options(var_options=variables, direct=kwargs)
        try:
            site, _warnings = declaration(variables or {}, self._templar.template)
            phones = phones_without_credentials(compile_for("template_phones", site))
            settings = block_settings(phones, certificates=self.get_option("certificates"))
        except HardeningError as error:
            raise AnsibleError(error.message) from error
        for line in left_out(phones):
            display.warning(line)
        forms = {"settings": dict(sorted(settings.items())), "text": block(settings)}
        unknown = [str(term) for term in terms if term not in forms]
        if unknown:
            raise AnsibleError(f"{unknown[0]!r} is not known; valid are settings and text.")
        return [forms[str(term)] for term in terms]
