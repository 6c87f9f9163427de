#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record new and ended events of a host in a file."""

from __future__ import annotations

DOCUMENTATION = r"""
module: antivirus_events
short_description: Record new and ended events of a host in a file
version_added: 0.1.0
description:
  - Takes the events of M(voipsec.hardening.antivirus_inventory) and M(voipsec.hardening.antivirus_scan), and appends
    those that are new to a file on the controller, one JSON object in each line.
  - Each event is recorded once while it lasts. When it is gone, an event C(ended) is recorded; when it comes back,
    a new event.
  - Warns of new events with the severity C(critical). Sends no mail.
  - Runs on the controller.
extends_documentation_fragment:
  - voipsec.hardening.attributes
attributes:
  check_mode:
    support: full
    description: Reports what would be appended, and appends nothing.
  diff_mode:
    support: full
    description: Shows the new lines.
  idempotent:
    support: full
    description: The same events a second time change nothing.
options:
  events_file:
    description: The file. Created if it does not exist, but not its folder. Several hosts may share one.
    type: path
    required: true
  host:
    description: The host that the events belong to.
    type: str
    required: true
  events:
    description: All present events, each with C(event), C(severity), C(id) and C(line).
    type: list
    elements: dict
    required: true
  looked_for:
    description: The kinds of events that were looked for. Only these can end.
    type: list
    elements: str
    choices: [difference, found, not_scanned]
    required: true
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: What is new in the backups
  voipsec.hardening.antivirus_events:
    events_file: "{{ inventory_dir }}/antivirus-pbx-events.txt"
    host: "{{ inventory_hostname }}"
    events: "{{ backups.events }}"
    looked_for: [found, not_scanned]
"""

RETURN = r"""
told:
  description: The events that were appended, or would be.
  returned: success
  type: list
  elements: dict
  contains:
    event:
      description: V(difference), V(found), V(not_scanned) or V(ended).
      type: str
    severity:
      description: V(critical), V(warning) or V(notice).
      type: str
    id:
      description: Identifies the event, also when it has ended and when it comes back.
      type: str
    line:
      description: One sentence.
      type: str
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.events import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Says that it runs on the controller only; the action plugin of the same name does the work."""
    run_module(CORE)


if __name__ == "__main__":
    main()
