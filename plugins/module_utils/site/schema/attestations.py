# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``attestations``: what was set by hand because no API can set it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.site.parse_values import date, digest, person_name
from ansible_collections.voipsec.hardening.plugins.module_utils.site.schema.variable import text


@dataclass(frozen=True)
class Attestation:
    """Somebody confirms that a control was set by hand."""

    control: str = text(
        "the name of a control from the checklist",
        "Name of the control in the checklist.",
        required=True,
        example="static_defence",
        checked="known; once",
    )
    confirmed_by: str = text(
        "a person's name", "Who checked it.", required=True, example="Anna Berg", parse=person_name
    )
    confirmed_on: datetime.date = text(
        "a date", "The day of the check.", required=True, example="2026-11-20", parse=date, checked="not in the future"
    )
    settings: str = text(
        "eight hex digits",
        "The eight characters beside the control in the checklist. They change with the settings, and then the "
        "confirmation is stale.",
        required=True,
        digits=True,
        example="0f3a91c2",
        parse=digest,
    )
    expires: datetime.date = text(
        "a date",
        "Last day on which the confirmation counts.",
        without="180 days later",
        example="2027-05-20",
        parse=date,
        checked="at most a year later",
    )
    ended: bool = False
