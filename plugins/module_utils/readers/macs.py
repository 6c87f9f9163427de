# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MAC addresses, in the ways in which labels, files and PBXs write them."""

from __future__ import annotations

import re

from ansible_collections.voipsec.hardening.plugins.module_utils.readers.invalid import Invalid

_FORMS = re.compile(
    r"[0-9a-f]{12}|[0-9a-f]{2}(?P<by_two>[:.\-])[0-9a-f]{2}((?P=by_two)[0-9a-f]{2}){4}"
    r"|[0-9a-f]{4}(?P<by_four>[:.\-])[0-9a-f]{4}(?P=by_four)[0-9a-f]{4}"
)


def normal_mac(text: str) -> str | None:
    """12 lower-case hex digits; None where it is no MAC address."""
    plain = text.strip().lower()
    return re.sub("[^0-9a-f]", "", plain) if _FORMS.fullmatch(plain) else None


def mac(text: str) -> str:
    """12 lower-case hex digits, of one device; raises Invalid."""
    digits = normal_mac(text)
    if not digits:
        raise Invalid('is not a MAC address; use 12 hexadecimal digits in quotes, for example "805ec0aabbcc"')
    if int(digits[:2], 16) & 1 or int(digits, 16) == 0:
        raise Invalid("is not the MAC address of one device; copy it from the label, for example 805ec0aabbcc")
    return digits
