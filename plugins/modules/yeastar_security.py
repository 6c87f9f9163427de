#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limit what can be dialled over a Yeastar, and prepare what its API cannot set."""

from __future__ import annotations

DOCUMENTATION = r"""
module: yeastar_security
short_description: Limit what can be dialled over a Yeastar, and prepare what its API cannot set
version_added: 0.1.0
description:
  - Sets what a P-Series' API can set, in one task for each PBX. Blocked beginnings of numbers for every country that is
    not allowed, other barred and allowed numbers, PIN lists, who may use which outbound route and with which PIN, and
    that phones must prove who they are before their first configuration.
  - The PBX's security pages have no API (static and auto defence, countries, call frequency, event contacts and more).
    For these it writes the files that the PBX's import pages take, and a dated checklist. Whether somebody has set them
    is part of the inventory, as C(attestations). They are listed as V(attested), V(stale) or V(manual), never as
    enforced.
  - An emergency number is never made harder to dial. Blocked numbers and routes are judged as they would be after the
    change, and nothing is written if one of these numbers could be dialled before and not after. The numbers are also
    put
    on the list of allowed numbers, which goes before the blocked ones.
  - An S-Series' API has none of this, so there only the checklist is written.
extends_documentation_fragment:
  - voipsec.hardening.attributes
  - voipsec.hardening.attributes.device
  - voipsec.hardening.https_device
  - voipsec.hardening.yeastar
  - voipsec.hardening.yeastar.series
options:
  config:
    description: The configuration. What is left out stays unchanged, except for our own lists with O(state=replaced).
    type: dict
    suboptions:
      countries:
        description: Countries that may be dialled; all other beginnings of international numbers are blocked.
        type: dict
        suboptions:
          allowed:
            description: Calling codes, such as V(44).
            type: list
            elements: str
            required: true
          international_prefixes:
            description: What is dialled before a calling code, such as V(00) and V(+). Prefixes that outbound routes
              take
              away or put before the number are found by themselves.
            type: list
            elements: str
            default: []
      barred_numbers:
        description: Prefixes that nobody may dial.
        type: list
        elements: str
      blocked_numbers:
        description: More lists of blocked numbers, by name.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the list.
            type: str
            required: true
          direction:
            description: Calls that it is about.
            type: str
            choices: [inbound, outbound, both]
            default: outbound
          numbers:
            description: Numbers or patterns as dialled. C(.) stands for one or more of anything, C(X) for a digit.
            type: list
            elements: str
            required: true
      allowed_numbers:
        description: Lists of numbers that may be dialled although they are blocked, by name.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the list.
            type: str
            required: true
          direction:
            description: Calls that it is about.
            type: str
            choices: [inbound, outbound, both]
            default: outbound
          numbers:
            description: Numbers or patterns as dialled. C(.) stands for one or more of anything, C(X) for a digit.
            type: list
            elements: str
            required: true
      emergency_numbers:
        description: Numbers that everybody must be able to dial.
        type: list
        elements: str
        default: ["999", "112", "18000"]
      emergency_trunks:
        description: Trunks of a route for O(config.emergency_numbers) that all extensions may use. Without it no such
          route is made. A new route comes last; its position can only be changed on the PBX's web page.
        type: list
        elements: str
        default: []
      outbound_routes:
        description: Limits of outbound routes that exist, by name.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the route.
            type: str
            required: true
          extensions:
            description: Extensions that may use it, by number. Together with O(config.outbound_routes[].groups) and
              O(config.outbound_routes[].organizations) this is everybody who may.
            type: list
            elements: str
          groups:
            description: Extension groups that may use it, by name. Some firmware does not list its groups; then only
              those that a route has already can be named.
            type: list
            elements: str
          organizations:
            description: Organisations that may use it, by name.
            type: list
            elements: str
          pin_protect:
            description: Whether a PIN is asked for. It stays as it is without this.
            type: str
            choices: [none, single, list]
          pin:
            description: The PIN for V(single).
            type: str
          pin_list:
            description: Name of the PIN list for V(list).
            type: str
      pin_lists:
        description: PIN lists by name. Lists that are not named stay.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the list.
            type: str
            required: true
          pins:
            description: PINs of four digits or more. Keep them in a vault.
            type: list
            elements: str
            required: true
          record_calls:
            description: Whether the call records show the PIN that was used.
            type: bool
            default: true
      phones:
        description: Phones that the PBX shall provision. Those that it does not know are added so that they must prove
          who they are before their first configuration. For existing phones this is only reported.
        type: list
        elements: dict
        suboptions:
          mac:
            description: MAC address.
            type: str
            required: true
          number:
            description: Extension.
            type: str
            required: true
          vendor:
            description: Maker, in the PBX's words.
            type: str
            default: Yealink
          model:
            description: Model, in the PBX's words, such as V(SIP-T53W).
            type: str
            required: true
          template_name:
            description: Template, such as V(YSDP_YealinkT5).
            type: str
            required: true
          provisioning_method:
            description: How it is provisioned.
            type: str
            choices: [pnp, dhcp, rps, rps_fqdn]
            default: rps
  edition:
    description: The declared edition of a P-Series. The module fails on a PBX of another edition and changes nothing.
    type: str
    choices: [appliance, software, cloud]
  manual_controls:
    description: Controls that no API can set. Made from the site's declaration by P(voipsec.hardening.desired#lookup)
      with
      V(manual_controls).
    type: list
    elements: dict
    default: []
    suboptions:
      control:
        description: Name.
        type: str
        required: true
      title:
        description: What it is for.
        type: str
        required: true
      page:
        description: Where on the PBX's web page it is set.
        type: str
        required: true
      settings:
        description: What has to be set.
        type: list
        elements: str
        required: true
      behind:
        description: What protects the site meanwhile.
        type: str
        default: ""
      columns:
        description: Columns of the file to import.
        type: list
        elements: str
        default: []
      rows:
        description: Rows of the file to import.
        type: list
        elements: list
        default: []
      digest:
        description: Eight characters that stand for exactly these settings.
        type: str
        required: true
      state:
        description: Whether it has been confirmed.
        type: str
        choices: [manual, attested, stale]
        default: manual
      reason:
        description: Why it is in this state.
        type: str
        default: not confirmed
      outside:
        description: Ports that must not answer undeclared addresses; for the role verify.
        type: list
        elements: int
        default: []
  directory:
    description: Where the files and the checklist are written. Without it none are.
    type: path
  site:
    description: Name of the site, for the checklist.
    type: str
    default: this site
  state:
    description:
      - V(merged) adds and changes. V(replaced) also removes lists of numbers that this collection made and that are no
        longer declared. V(deleted) removes those only, and writes no files.
      - V(gathered) only reads.
    type: str
    choices: [merged, replaced, deleted, gathered]
    default: replaced
seealso:
  - module: voipsec.hardening.yeastar_extensions
  - module: voipsec.hardening.yeastar_info
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Only the declared countries can be dialled, and the rest is prepared for the web page
  voipsec.hardening.yeastar_security:
    config: "{{ lookup('voipsec.hardening.desired', 'yeastar_security') }}"
    manual_controls: "{{ lookup('voipsec.hardening.desired', 'manual_controls') }}"
    directory: "{{ inventory_dir }}-by-hand"
    site: "{{ site.name }}"

- name: Only the office may call out, and with a PIN at that
  voipsec.hardening.yeastar_security:
    state: merged
    config:
      emergency_trunks: [Provider]
      pin_lists:
        - {name: office, pins: "{{ vaulted_pins }}"}
      outbound_routes:
        - {name: International, groups: [Office], pin_protect: list, pin_list: office}
"""

RETURN = r"""
controls:
  description: Each control and its state. V(enforced) was set by this run and read back, V(verified) was found right,
    V(attested) was set by hand and confirmed, V(stale) is a confirmation that has ended, V(manual) is
    not confirmed by anybody.
  returned: when O(state) is not V(gathered)
  type: dict
  sample: {block_numbers: enforced, outbound_routes: verified, static_defence: attested, country_codes: manual}
reasons:
  description: Why a control is not simply enforced or verified.
  returned: when O(state) is not V(gathered)
  type: dict
operations:
  description: The requests that were sent, or in check mode would be, in order. Secrets are masked.
  returned: when O(state) is not V(gathered)
  type: list
  elements: dict
files:
  description: Names of files in O(directory) that were written, or in check mode would be.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
gathered:
  description: What the PBX has, without any PIN.
  returned: when O(state=gathered)
  type: dict
notes:
  description: Remarks. Those that begin with EMERGENCY CALLS or STILL OPEN are shown as warnings too.
  returned: when O(state) is not V(gathered)
  type: list
  elements: str
pbx:
  description: What the PBX says of itself.
  returned: always
  type: dict
  sample: {series: P-Series, model: P550, firmware: 37.23.0.123, edition: appliance}
requests:
  description: How many requests were sent, those for tokens included, and how many of them were meant to change
    something.
  returned: when O(state) is not V(gathered)
  type: dict
  sample: {sent: 12, writing: 0}
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module
from ansible_collections.voipsec.hardening.plugins.module_utils.yeastar.security import CORE


def main() -> None:
    """Run where the task is delegated to; the action plugin of the same name runs on the controller."""
    run_module(CORE)


if __name__ == "__main__":
    main()
