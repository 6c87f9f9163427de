# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How values of a file that somebody else wrote are shown: no secret in them, wherever it stands. Pure functions.

In such a file a secret can stand in the wrong place: under a misspelt name, behind a line end that is missing, in an
address. So what is not known to be harmless is not shown.
"""

from __future__ import annotations

import functools
import re

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import MASK
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_forms import has_wrong_form
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import without_comment
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import RESET, name_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import (
    RENAMED,
    is_secret,
    placeholders,
    table,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.redact import masked_value, without_credentials

MAX_SHOWN = 120
"""Characters of a value that are shown."""
MAX_EXAMINED = 1000
"""Characters of it that are looked at."""
HARMLESS = ("", RESET, "%EMPTY%", "0", "1", "true", "false", "yes", "no", "on", "off", "enabled", "disabled")
"""Values that are shown under any name that does not speak of a secret."""
_SPEAKS_OF_SECRET = re.compile(r"(?i)pass|pwd|pw$|pin|psk|secret|key|token|cred|auth")
_SECRET_INSIDE = re.compile(r"(?i)\S*(?:pass|pwd|secret|\bpin|token|[._]key|aes_key|psk)\S*[\s:=]+\S.*", re.DOTALL)
_ASSIGNED_INSIDE = re.compile(r"[\w.\-]*\s*=.*", re.DOTALL)
_QUERY = re.compile(r"(?<=\?).+", re.DOTALL)
_USER_AND_PASSWORD = re.compile(
    r"(?:(?<=sip:)|(?<=sips:)|(?<![^\s,;<\"'])(?!sips?:|tel:))[^\s:/@,;]+:(?!//)[^\s@]+(?=@)"
)
_PLAIN_WORD = re.compile(r"[a-z]+(?:_[a-z0-9]+)+|[a-z]{2,20}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffd].*", re.DOTALL)
"""Where a line end was spoilt, the next line stands behind it."""
_WHOLE_ADDRESS = re.compile(
    r"[A-Za-z]{2,8}://(?:\*{8}|[^\s/?=@*:]*(?::\d+)?)(?:@[^\s/?=@]+)?(?:/[^\s?=@]*)?(?:\?\*{8})?"
)
_BEHIND_COLON = re.compile(r"(?<!\S)(?!sips?:)[^\s:]*:\S*[A-Za-z]\S*")
"""Not only times and addresses with ports have a colon, but also a user and a password."""
_SIMPLE = re.compile(r"[0-9.,:*+-]{0,16}|[a-z_]{0,12}")
"""What a value that its parameter does not take may look like and still be shown."""


@functools.lru_cache(maxsize=16384)
def is_known(name: str) -> bool:
    """Whether any firmware has the parameter, under any of its spellings."""
    pattern, _indexes = placeholders(name)
    bare = pattern.removeprefix("static.")
    return pattern in table() or f"static.{pattern}" in table() or bare in table() or pattern in RENAMED


@functools.lru_cache(maxsize=16384)
def hides_value(name: str) -> bool:
    """Whether whatever this name bears is hidden. Of an unknown name, whether it speaks of a secret."""
    if is_known(name):
        return is_secret(name) or is_secret(name.removeprefix("static."))
    return bool(_SPEAKS_OF_SECRET.search(name))


def redacted_value(name: str, value: str) -> str:
    """One value."""
    if hides_value(name):
        return masked_value(name, value) if is_secret(name) or value in ("", RESET) else MASK
    text, comment = without_comment(value)
    if not is_known(name):
        return text if text in HARMLESS else MASK
    if text not in HARMLESS and not _SIMPLE.fullmatch(text) and has_wrong_form(name, text):
        return MASK
    text = redacted_text(text)
    if len(text) > MAX_SHOWN:
        text = f"{text[:MAX_SHOWN]}... ({len(value)} characters)"
    return f"{text} ..." if comment else text


def safe_name(name: str) -> str:
    """A name that can be shown as one; of anything else nothing is.

    A word without a dot is hardly a parameter, and may be the first half of a password with = in it whose line was
    broken.
    """
    if len(name) > MAX_SHOWN or name_problem(name):
        return ""
    return name if "." in name or is_known(name) or _PLAIN_WORD.fullmatch(name) else ""


def redacted_text(value: str) -> str:
    """A text that stands where no secret should, without what looks like one."""
    text = _CONTROL.sub(MASK, value)
    if "://" in text:
        text = _QUERY.sub(MASK, without_credentials(text))
        return text if len(text) < MAX_EXAMINED and _WHOLE_ADDRESS.fullmatch(text) else MASK
    text = _BEHIND_COLON.sub(MASK, _USER_AND_PASSWORD.sub(MASK, text[:MAX_EXAMINED]))
    return _ASSIGNED_INSIDE.sub(MASK, _SECRET_INSIDE.sub(MASK, text))
