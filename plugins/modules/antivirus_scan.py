#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scan backups and recordings of a PBX on another host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: antivirus_scan
short_description: Scan backups and recordings of a PBX on another host
version_added: 0.1.0
description:
  - Scans folders of the task's host with C(clamscan), archives included, at the lowest priority.
  - Reports what could not be scanned, because an encrypted or oversized archive is not a clean one.
  - Fails where a folder is missing or empty, because an unmounted share would look clean.
extends_documentation_fragment:
  - voipsec.hardening.attributes
attributes:
  check_mode:
    support: full
    description: Scans in check mode too, because it only reads.
  diff_mode:
    support: none
    description: Nothing is changed, so there is no difference to show.
  idempotent:
    support: full
    description: Changes nothing.
options:
  paths:
    description: Folders and files, as absolute paths.
    type: list
    elements: path
    required: true
  excluded:
    description: Folders and files to leave out.
    type: list
    elements: path
    default: []
  timeout:
    description: Seconds after which the scan counts as failed.
    type: int
    default: 14400
  database:
    description: File or folder of signatures, instead of ClamAV's own.
    type: path
notes:
  - Needs C(clamscan) on the task's host, and about 1.2 GiB of memory for ClamAV's signatures.
  - ClamAV scans the first 2000 MB of a file and of the contents of an archive. Anything larger is in RV(not_scanned).
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: The PBX's nightly backups, on the host that keeps them
  voipsec.hardening.antivirus_scan:
    paths: [/srv/backups/acme]
  become: true
  delegate_to: collector
  register: backups
  failed_when: backups.finds | default([]) | length > 0 or backups is failed
"""

RETURN = r"""
finds:
  description: What was found.
  returned: always
  type: list
  elements: dict
  contains:
    file:
      description: Path.
      type: str
    signature:
      description: ClamAV's name for it.
      type: str
not_scanned:
  description: What ClamAV could not scan, as in RV(finds).
  returned: always
  type: list
  elements: dict
scanned:
  description: How many files were scanned.
  returned: always
  type: int
errors:
  description: How many files could not be read. If there are any and nothing was found, the module fails.
  returned: always
  type: int
signatures:
  description: How many signatures ClamAV had.
  returned: always
  type: int
events:
  description: The same with C(event), C(severity), C(id) and C(line), for M(voipsec.hardening.antivirus_events).
  returned: always
  type: list
  elements: dict
lines:
  description: For a summary.
  returned: always
  type: list
  elements: str
  sample: ["clean: 214 files below /srv/backups/acme"]
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.off_host_scan import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Run on the task's host; the action plugin of the same name hands it there."""
    run_module(CORE)


if __name__ == "__main__":
    main()
