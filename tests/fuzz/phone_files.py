# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spoilt phone files: whatever happens to them on the way, the audit reads them and shows no secret."""

from __future__ import annotations

import json
import random

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit import audit
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_files import FoundFile

from .mutate import spoil
from .run import Result

CANARY = "Canary"
"""Every secret of the files has it in it, so that what is left of one is seen."""
FILES = {
    "001565a0ffff.cfg": """#!version:1.0.0.1
# a comment with CanaryNote1
this line is no setting, and CanaryLoose is in it
account.1.enable = 1
account.1.label = Reception
account.1.user_name = 201
account.1.auth_name = CanaryAuth1
account.1.password = CanarySip=1#x
account.1.pasword = CanaryTypo1
account.1.sip_server.1.address = pbx.example.net
static.security.user_password = admin:CanaryAdmin1
security.user_password = CanaryNoUser
static.auto_provision.server.url = https://prov:CanaryUrl1@prov.example.net/77xfolder7/cfg
static.auto_provision.server.password = CanaryProv1
remote_phonebook.data.1.url = https://book.example.net/book.xml?user=a&key=CanaryQuery
phone_setting.phone_lock.unlock_pin = CanaryPin
features.action_uri_limit_ip = any
sip.trust_ctrl = 0
""",
    "001565a0ffff.boot": """#!version:1.0.0.1
include:config "https://prov:CanaryBoot1@prov.example.net/77xfolder7/all.cfg"
[T46S,T23G]include:config <y000000000066.cfg>
overwrite_mode = 1
""",
    "001565a0ffff-local.cfg": """account.1.password = CanaryLocal1
sip.trust_ctrl = 0
security.user_pw = CanaryLocal2
""",
    "common.tpl": """#!version:1.0.0.1
{% if tls -%}
account.{{ line }}.password = {{ password }}CanaryTpl1
{% else %}
account.{{ line }}.password = CanaryTpl2
{# CanaryTpl3 #}{% endif %}
static.security.user_password = {$user}:CanaryTpl4
""",
    "yealink.ph.xml": """<doc><field>CanaryXml1</field>
<deviceconfig filename="y000000000066.cfg"><![CDATA[
#!version:1.0.0.1
{IF network=LOCALLAN}
account.1.password = CanaryXml2
{ENDIF}
security.user_password = admin:CanaryXml3
]]></deviceconfig></doc>
""",
}


def fuzz_phone_files(count: int, seed: int) -> Result:
    """``count`` spoilt files, now and then with bytes that are no text; the same seed makes the same ones."""
    rng = random.Random(seed)
    result = Result()
    while result.count < count:
        result.count += 1
        name = rng.choice(list(FILES))
        text = spoil(rng, FILES[name])
        content = text.encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-16-be")), errors="replace")
        if rng.random() < 0.1:
            at = rng.randint(0, len(content))
            content = content[:at] + rng.randbytes(rng.randint(1, 3)) + content[at:]
        try:
            entries = audit([FoundFile(name, content)], {})
            shown = json.dumps(entries)
        except Exception as error:
            result.fail(f"{type(error).__name__}", name, text, error)
            continue
        result.outcomes[entries[0]["kind"]] += 1
        if CANARY in shown:
            at = shown.index(CANARY)
            result.fail("a secret is shown", name, text, shown[max(0, at - 120) : at + 40])
    return result
