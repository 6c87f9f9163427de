# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup plugin desired."""

from __future__ import annotations

DOCUMENTATION = r"""
name: desired
short_description: Compile the site's declaration for one kind of device
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
      - V(phone_registrations) is the option O(voipsec.hardening.threecx_reprovision#module:phones).
      - V(phone_service) is C(by_pbx) (whether the PBX writes the phones' files), and the C(address) and C(domain) that
        phones register at.
      - V(provisioning) is the variables of the role P(voipsec.hardening.yealink_provisioning#role), by their names
        without C(yealink_provisioning_).
      - V(credentials) is the options of M(voipsec.hardening.credentials) that the declaration decides.
      - V(antivirus) is the variables of the role P(voipsec.hardening.antivirus#role), by their names without
        C(antivirus_), and C(declared).
      - V(antivirus_mail) is the variable C(antivirus_mail) of that role, from the declared alerts. It holds the mail
        server's password, where one is declared.
      - V(pbx_host) is the variables of the role P(voipsec.hardening.pbx_host#role), by their names without
        C(pbx_host_).
      - V(threecx_security) is the option O(voipsec.hardening.threecx_security#module:config). It holds the mail
        server's password, where one is declared.
      - V(threecx_extensions) and V(threecx_guard) are the options of the same names without C(threecx_) of
        M(voipsec.hardening.threecx_extensions).
      - V(yeastar) is C(series) and C(edition) of the declared Yeastar.
      - V(yeastar_security) is the option O(voipsec.hardening.yeastar_security#module:config).
      - V(yeastar_extensions) is the option O(voipsec.hardening.yeastar_extensions#module:extensions).
      - V(manual_controls) is the option O(voipsec.hardening.yeastar_security#module:manual_controls).
      - V(declaration) is the declaration itself with all defaults, without secrets.
    type: list
    elements: str
    choices: [router, router_system, phones, template_phones, phone_registrations, phone_service, provisioning,
      credentials, antivirus, antivirus_mail, pbx_host, threecx_security, threecx_extensions, threecx_guard, yeastar,
      yeastar_security, yeastar_extensions, manual_controls, declaration]
    required: true
  optional:
    description:
      - Whether the play may have no declaration at all, which is when none of its variables is set. The result is then
        what has a default.
      - Valid with V(provisioning), V(antivirus), V(antivirus_mail) and V(pbx_host), whose roles can be used alone.
    type: bool
    default: false
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
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import plain
from ansible_collections.voipsec.hardening.plugins.module_utils.site.compilers import compile_for
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.plugin_utils.declared_variables import declaration, is_declared

display = Display()


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """One item for each term."""
        self.set_options(var_options=variables, direct=kwargs)
        try:
            site = self._declaration(variables or {})
            # Empty values of mappings stay: they mean something to a module. Secrets are masked.
            return [plain(compile_for(str(term), site)) for term in terms]
        except HardeningError as error:
            raise AnsibleError(error.message) from error

    def _declaration(self, variables: dict[str, Any]) -> Declaration | None:
        if self.get_option("optional") and not is_declared(variables):
            return None
        site, warnings = declaration(variables, self._templar.template)
        for line in warnings:
            display.warning(line)
        return site
