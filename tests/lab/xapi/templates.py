# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phone templates, cut down to what matters (yealink.md 5.1): device configurations in CDATA, with PBX variables."""

from __future__ import annotations

BUILT_IN = "yealinkT4x.ph.xml"
CUSTOM = "yealink-custom.ph.xml"

# The values are those of the published template; sip.trust_ctrl is blank there.
CONTENT = """<?xml version="1.0" encoding="utf-8"?>
<doc>
  <header>
    <name>Yealink T4x</name>
    <models>
      <model ua="SIP-T46S">Yealink T46S</model>
      <model ua="SIP-T46U">Yealink T46U</model>
    </models>
    <rebootParams><event-name>check-sync;reboot=true</event-name></rebootParams>
    <resyncParams><event-name>check-sync;reboot=true</event-name></resyncParams>
    <rps>1</rps>
    <AllowSSLProvisioning>1</AllowSSLProvisioning>
  </header>
  <data>
    <deviceconfig filename="y000000000108.cfg"><![CDATA[
#!version:1.0.0.1
static.security.user_password = admin:%%DESKPHONE_PASSWORD%%
account.1.auth_name = %%extension_auth_id%%
account.1.password = %%extension_auth_pw%%
{IF network=LOCALLAN}
account.1.sip_server.1.address = %%pbx_ip%%
{ENDIF}
features.direct_ip_call_enable = 0
account.1.sip_trust_ctrl = 1
sip.trust_ctrl =
features.action_uri_limit_ip = any
features.show_action_uri_option = 0
static.security.trust_certificates = 1
static.security.cn_validation = 0
static.auto_provision.server.url = %%PROVLINKLOCAL%%
]]></deviceconfig>
    <deviceconfig filename="phonebook.xml"><![CDATA[
<YealinkIPPhoneDirectory></YealinkIPPhoneDirectory>
]]></deviceconfig>
  </data>
</doc>
"""
