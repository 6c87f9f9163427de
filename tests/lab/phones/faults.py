# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a running phone misbehaves, so that tests see what others make of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Faults:
    """May be changed while the phone runs."""

    answer_after: float = 0.0
    """Seconds until a request is looked at at all."""
    no_answer: bool = False
    """Requests are neither answered nor obeyed."""
    loses: int = 0
    """That many messages that come next are lost on their way, so that the sender has to repeat them."""
    never_fetches: bool = False
    """A check-sync is answered with 200, and then nothing happens."""
    fetch_fails: bool = False
    """It tries to fetch, and its network fails."""
    challenge_notify: bool = False
    """NOTIFY is answered with 401 first. The digest of the first account's credentials is then asked for; whose
    credentials a real phone takes for sip.request_validation.digest.list is not known (yealink.md 2.1, G11)."""
