# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the site's declaration means for one kind of device."""

from __future__ import annotations

DOCUMENTATION = r"""
name: desired
short_description: What the site's declaration means for one kind of device
version_added: 0.1.0
author:
  - voipsec.hardening contributors (@voipsec)
description:
  - Reads the declaration's variables from the play, checks the whole declaration, and returns what it means for one
    kind of device as plain data for that module's option.
  - Fails with all problems of the declaration at once. Nothing is read from or sent to any device.
  - The variables are those of M(voipsec.hardening.site_declaration).
options:
  _terms:
    description:
      - V(router) is the option O(voipsec.hardening.draytek_firewall#module:config).
      - V(router_system) is the option O(voipsec.hardening.draytek_system#module:config). It holds the mail server's
        password, where one is declared.
      - V(phones) is the option O(voipsec.hardening.yealink_config#module:phones).
      - V(template_phones) is the same, also where the PBX writes the phones' files; V(phones) is then empty.
      - V(provisioning) is what the role C(yealink_provisioning) needs to know of the server that serves the phones'
        files; empty where none is declared.
      - V(credentials) is what M(voipsec.hardening.credentials) needs to know of the extensions.
      - V(antivirus) is the anti-malware on the PBX host, empty where none is declared.
      - V(antivirus_mail) is the variable C(antivirus_mail) of the role C(antivirus), from the declared alerts. It holds
        the mail server's password, where one is declared.
      - V(pbx_host) is what the role C(pbx_host) needs to know of providers and remote sites.
      - V(threecx_security) is the option O(voipsec.hardening.threecx_security#module:config). It holds the mail
        server's password, where one is declared.
      - V(threecx_extensions) and V(threecx_guard) are the options of the same names without C(threecx_) of
        M(voipsec.hardening.threecx_extensions).
      - V(phone_registrations) is the option O(voipsec.hardening.threecx_reprovision#module:phones).
      - V(declaration) is the declaration itself with all defaults, without secrets.
    type: list
    elements: str
    choices: [router, router_system, phones, template_phones, provisioning, credentials, antivirus, antivirus_mail,
      pbx_host, threecx_security, threecx_extensions, threecx_guard, yeastar, yeastar_security, yeastar_extensions,
      phone_registrations, manual_controls, declaration]
    required: true
"""

EXAMPLES = r"""
- name: SIP is for the declared providers and sites only
  voipsec.hardening.draytek_firewall:
    config: "{{ lookup('voipsec.hardening.desired', 'router') }}"
    known_hosts_file: "{{ inventory_dir }}/known_hosts.txt"
"""

RETURN = r"""
_raw:
  description: One item of plain data for each term.
  type: list
  elements: raw
"""

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.reconcile import plain
from ansible_collections.voipsec.hardening.plugins.module_utils.site.compilers import compile_for
from ansible_collections.voipsec.hardening.plugins.plugin_utils.declared_variables import declaration

display = Display()


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """One item for each term."""
        self.set_options(var_options=variables, direct=kwargs)
        try:
            site, warnings = declaration(variables or {}, self._templar.template)
            for line in warnings:
                display.warning(line)
            return [plain_data(compile_for(str(term), site)) for term in terms]
        except HardeningError as error:
            raise AnsibleError(error.message) from error


def plain_data(value: Any) -> Any:
    """Compiled data keeps its empty values, which mean something to a module; secrets are masked."""
    if isinstance(value, dict):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(item) for item in value]
    return plain(value)
