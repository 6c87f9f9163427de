# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of parameters in what is no configuration file: a program that writes one line by line, JSON, YAML. Pure.

Of such a text the names can be judged, but not the values, which are expressions of some language.
"""

from __future__ import annotations

import functools
import re

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_names import MISSPELT
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import Line
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.line_numbers import LineNumbers
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.markup import VARIABLE
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.redact_foreign import (
    is_known,
    shown_name,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.parameters import table

NEEDED = 2
"""So many different names that only a phone's settings have make the text one about them."""
MOST = 2000
"""Names that are looked at."""
_ESCAPED_END = re.compile(r"\\[rn]")
_BEGIN = "\v"
"""In the place of each character of an escaped line end, so that all positions stay."""
_VARIABLE = r"\{\{[^{}\n]{1,40}\}\}|\$?\{[^{}\n]{1,40}\}|\$\w{1,40}"
_NAME = re.compile(
    rf"(?P<before>^[ \t]{{0,80}}|[\"'`{_BEGIN}][ \t]{{0,20}})"
    rf"(?P<name>[a-z][a-z0-9_]{{1,40}}(?:\.(?:\w{{1,60}}|{_VARIABLE})){{1,8}})"
    r"[ \t]{0,20}[\"'`]?\]?[ \t]{0,20}(?:=(?!=)|:(?!:)|,)",
    re.MULTILINE | re.ASCII,
)
_VARIABLES = re.compile(_VARIABLE, re.ASCII)
_OF_A_PHONE = re.compile(r"static\.|.*\.\d+(?:\.|$)")


def program_names(text: str) -> list[Line]:
    """The names, with the numbers of their lines; none where the text is not about a phone's settings."""
    plain = _ESCAPED_END.sub(_BEGIN * 2, text)
    found: list[Line] = []
    numbers = LineNumbers(plain)
    for match in _NAME.finditer(plain):
        made = _VARIABLES.sub(VARIABLE, match["name"])
        name = made.replace(VARIABLE, "1")
        if name.partition(".")[0] not in _families() or not shown_name(name):
            continue
        # Without a quote before it, the property of some object of a program looks the same.
        if not match["before"].strip(" \t") and not _OF_A_PHONE.match(name):
            continue
        found.append(Line(numbers.at(match.start("name")), name, "", made_name=made if VARIABLE in made else ""))
        if len(found) == MOST:
            break
    sure = {line.name for line in found if is_known(line.name) and _OF_A_PHONE.match(line.name)}
    return found if len(sure) >= NEEDED else []


@functools.cache
def _families() -> frozenset[str]:
    return frozenset(name.partition(".")[0] for name in table()) - set(MISSPELT)
