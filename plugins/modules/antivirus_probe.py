#!/usr/bin/python
# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prove that malware on a host would be found and reported."""

from __future__ import annotations

DOCUMENTATION = r"""
module: antivirus_probe
short_description: Prove that malware on a host would be found and reported
version_added: 0.1.0
description:
  - Puts the harmless test file of the anti-malware industry (EICAR) into a watched folder of a host that the role
    P(voipsec.hardening.antivirus#role) has set up, and waits until it is found, quarantined or logged as declared, and
    reported as an event, and by mail if required.
  - A running service is no proof. Fails with the link of the chain that is broken. The engine does not run, its
    signatures are too old, the file was not found, was found but not reported, or no mail was sent.
  - Everything is cleaned up, also after a failure. The test file, and its copy in the quarantine. The event stays, with
    C(test_file) true.
extends_documentation_fragment:
  - voipsec.hardening.attributes
attributes:
  check_mode:
    support: full
    description: Only reads. Checks the engine, the age of signatures and the last scan, and puts no test file anywhere.
  diff_mode:
    support: none
    description: Nothing stays changed, so there is no difference to show.
  idempotent:
    support: full
    description: Nothing stays changed.
options:
  directory:
    description:
      - Folder for the test file. It must be below a scanned or watched folder, and not be excluded.
      - By default the first folder of C(antivirus_scan_paths), or of C(antivirus_on_access_paths) with
        O(trigger=on_access), that is there.
    type: path
  trigger:
    description:
      - V(scan) scans this one file in the way the nightly scan does, under its limits.
      - V(on_access) lets O(opened_by) open the file, and waits for the watcher.
      - V(nightly) starts the whole nightly scan. Give it time with O(within).
    type: str
    default: scan
    choices: [scan, on_access, nightly]
  opened_by:
    description: User that opens the file. Not root, which is not watched.
    type: str
    default: nobody
  within:
    description: Seconds within which everything must have happened.
    type: int
    default: 120
  max_signature_age:
    description:
      - Days. Older signatures fail at once.
      - Counted from the vendor's build. With local signatures only, from when they were
        written.
    type: float
    default: 2.0
  max_scan_age:
    description: Days. Without a finished nightly scan in this time the task fails. Not checked by default.
    type: float
  require_mail:
    description:
      - Whether a mail about the find must have been handed to the mail server.
      - Mails are at least C(antivirus_mail.interval) seconds apart, so O(within) must be longer if there was one just
        before.
    type: bool
    default: false
notes:
  - Needs root, so O(ignore:become=true).
  - The administrators get a mail with the subject "Test".
author:
  - voipsec.hardening contributors (@voipsec)
"""

EXAMPLES = r"""
- name: Malware on the PBX host would be found and mailed
  voipsec.hardening.antivirus_probe:
    within: 600
    require_mail: true
    max_scan_age: 2
  become: true

- name: The watcher sees uploads
  voipsec.hardening.antivirus_probe:
    trigger: on_access
    directory: /srv/uploads
    opened_by: www-data
  become: true
"""

RETURN = r"""
proved:
  description: Whether the test file was found. V(false) in check mode.
  returned: success
  type: bool
product:
  description: Product of the role, V(clamav) or V(avast).
  returned: where the role was
  type: str
mode:
  description: V(daemon) or V(on_demand).
  returned: where the role was
  type: str
version:
  description: The engine's name and version.
  returned: where the role was
  type: str
  sample: ClamAV 1.4.6/27817/Fri Nov 27 08:24:36 2026
running:
  description: Whether the engine runs.
  returned: where the role was
  type: bool
signatures:
  description: V(official), V(local), or null without any.
  returned: where the role was
  type: str
signature_age:
  description: Their age in days.
  returned: where the role was
  type: float
last_scan:
  description: The event of the last nightly scan, with C(time), C(status), C(found), C(not_scanned), C(errors) and
    C(seconds). Empty without one.
  returned: where the role was
  type: dict
action:
  description: What is done with finds, V(log) or V(move).
  returned: where the role was
  type: str
found_as:
  description: Name of the signature that found the test file.
  returned: when it was found
  type: str
seconds:
  description: How long it took until the event was recorded.
  returned: when it was found
  type: float
outcome:
  description: V(quarantined) or V(logged).
  returned: when it was found
  type: str
event:
  description: The event.
  returned: when it was found
  type: dict
mailed:
  description: Whether a mail about it was handed to the mail server. Only waited for with O(require_mail=true).
  returned: when it was found
  type: bool
lines:
  description: For a summary.
  returned: where the role was
  type: list
  elements: str
"""

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.probe import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.run_module import run_module


def main() -> None:
    """Run on the task's host; the action plugin of the same name hands it there."""
    run_module(CORE)


if __name__ == "__main__":
    main()
