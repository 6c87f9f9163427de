# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert mails, the mail server and the log server, in the words of each release. Pure.

Up to 20.0.6 every event is a boolean and the mail server is with the events; from 20.0.7 the events are a list of
codes and the mail server is a settings object of its own (threecx.md e).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.control import ControlState
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.answers import Kinds
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.plan import Control, Json, Operation
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.states import State
from ansible_collections.voipsec.hardening.plugins.module_utils.threecx.fields import FIELDS, Release, since

EVENTS = {
    "address_blocked": "IPBlocked",
    "call_denied": "CallDenied",
    "emergency_call": "EmergencyNumberDialed",
    "licence_limit": "LicenseLimit",
    "network_error": "NetworkError",
    "registration_changed": "ExtensionRegChanged",
    "request_refused": "RequestAntiHacked",
    "storage_limit": "StorageLimit",
    "stun_error": "STUNError",
    "trunk_error": "TrunkError",
    "trunk_failover": "TrunkFailover",
    "trunk_status": "TrunkStatusChanged",
    "number_blocked": "NumberBlocked",
    "number_unblocked": "NumberUnblocked",
}
"""Our word -> NotifyCodes of 20.0.7 and later; the older boolean has Notify in front, where there is one."""
NOTIFICATION_KINDS: dict[str, Kinds] = {
    name: {"EmailAddresses": str, "NotifyCodes": list}.get(name, bool)
    for name in FIELDS["NotificationSettings"]
    if not name.startswith("Mail")
}
MAIL_KINDS: dict[str, Kinds] = {
    "MailServerType": str,
    "MailServer": str,
    "MailAddress": str,
    "MailUser": str,
    "MailSslEnabled": bool,
}
"""Without the password, which cannot be read."""
SYSLOG_KINDS: dict[str, Kinds] = {
    "IntegrationType": str,
    "CustomRelayConfig": dict,
    "CategoryConfig": dict,
    "IsEnabled": bool,
}
"""What is read of each settings object: property -> type."""
CUSTOM_SERVER = "Custom"
USUAL_PORTS = (25, 465, 587)


def plan_notifications(have: Json, want: Mapping[str, Any], release: Release, state: State) -> Control:
    """Recipients and events. ``merged`` adds to what is there, the other states set exactly what is declared."""
    control = Control("notifications", {}, {})
    body: Json = {}
    recipients = want.get("recipients")
    if recipients is not None:
        text = str(have.get("EmailAddresses") or "")
        found = [part.strip() for part in re.split(r"[;,\s]+", text) if part.strip()]
        target = list(dict.fromkeys([*found, *recipients] if state is State.MERGED else recipients))
        control.before["recipients"], control.after["recipients"] = found, target
        if {each.lower() for each in found} != {each.lower() for each in target}:
            if have.get("CanEditEmailAddresses") is False:
                control.notes.append("recipients: 3CX hosts this PBX and does not allow changing them here.")
                control.after["recipients"] = found
            else:
                # Gap 16: the separator is not documented; the one in use is kept.
                separator = "," if "," in text and ";" not in text else ";"
                body["EmailAddresses"] = separator.join(target)
    if want.get("events") is not None:
        body |= _events(control, have, want["events"], release, state)
    if body:
        control.operations.append(Operation("PATCH", "/NotificationSettings", body, "setting the alert mails"))
    return control


def _events(control: Control, have: Json, events: Sequence[str], release: Release, state: State) -> Json:
    wanted = [EVENTS[event] for event in events]
    body: Json = {}
    if release.has("NotificationSettings", "NotifyCodes"):
        found = [str(code) for code in have.get("NotifyCodes") or ()]
        target = set(wanted) | (set(found) if state is State.MERGED else set())
        control.before["events"], control.after["events"] = sorted(found), sorted(target)
        if set(found) != target:
            body["NotifyCodes"] = sorted(target)
        return body
    booleans = {code: f"Notify{code}" for code in EVENTS.values() if f"Notify{code}" in FIELDS["NotificationSettings"]}
    missing = [code for code in wanted if code not in booleans]
    if missing:
        control.notes.append(
            f"not on release {release}: mails for {', '.join(missing)} (since "
            f"{since('NotificationSettings', 'NotifyCodes')})"
        )
    on = sorted(code for code, name in booleans.items() if have.get(name))
    target = {code for code in wanted if code in booleans} | (set(on) if state is State.MERGED else set())
    control.before["events"], control.after["events"] = on, sorted(target)
    for code, name in booleans.items():
        if bool(have.get(name)) != (code in target):
            body[name] = code in target
    return body


def mail_place(release: Release) -> tuple[str, str]:
    """(path, schema) of the mail server's settings on this release."""
    schema = "MailSettings" if release.has("MailSettings", "MailServer") else "NotificationSettings"
    return f"/{schema}", schema


def plan_mail(have: Json, want: Mapping[str, Any], release: Release, *, always: bool) -> Control:
    """The mail server. Its password cannot be read: it is sent when anything else differs, or always where asked."""
    control = Control("mail_server", {}, {})
    port = want.get("port")
    if port is not None and port not in USUAL_PORTS:
        control.state, control.reason = (
            ControlState.UNSUPPORTED,
            f"3CX does not document how to set port {port}",
        )
        return control
    target: Json = {
        "MailServerType": CUSTOM_SERVER,
        "MailServer": want["server"],
        "MailAddress": want.get("sender"),
        "MailUser": want.get("user"),
        "MailSslEnabled": want.get("tls"),
    }
    body = {}
    for name, value in target.items():
        if value is None:
            continue
        control.before[name], control.after[name] = have.get(name), value
        if have.get(name) != value:
            body[name] = value
    password: Secret | None = want.get("password")
    if password and (body or always):
        body["MailPassword"] = {"Value": password}
    if body:
        control.operations.append(Operation("PATCH", mail_place(release)[0], body, "setting the mail server"))
    elif password:
        control.notes.append("the mail password cannot be read; not checked")
    return control


def plan_syslog(have: Json | None, want: Mapping[str, Any], release: Release) -> Control:
    """Where the log is sent. ``have`` is None where the release lacks it."""
    control = Control("syslog")
    if not release.has("SyslogSettings", "IntegrationType") or have is None:
        control.state = ControlState.UNSUPPORTED
        control.reason = f"not on release {release} (since {since('SyslogSettings', 'IntegrationType')})"
        return control
    relay = have.get("CustomRelayConfig") or {}
    categories = have.get("CategoryConfig") or {}
    found = {
        "type": have.get("IntegrationType"),
        "server": relay.get("Host"),
        "port": relay.get("Port"),
        "protocol": relay.get("Protocol"),
        "audit_log": bool(categories.get("IsAuditLogsEnabled")),
    }
    target = {
        "type": "Custom",
        "server": want["server"],
        "port": want["port"],
        "protocol": str(want["protocol"]).capitalize(),
        "audit_log": True,
    }
    switch = release.has("SyslogSettings", "IsEnabled")  # 20.0.9 has a switch of its own
    if switch:
        found["on"], target["on"] = bool(have.get("IsEnabled")), True
    control.before, control.after = found, target
    if found != target:
        body: Json = {
            "IntegrationType": "Custom",
            # What else is in these two is sent back as it was: a PATCH may replace them whole.
            "CustomRelayConfig": {
                **_without_files(relay),
                "Host": target["server"],
                "Port": target["port"],
                "Protocol": target["protocol"],
            },
            "CategoryConfig": {**categories, "IsAuditLogsEnabled": True},
            **({"IsEnabled": True} if switch else {}),
        }
        control.operations.append(Operation("PATCH", "/SyslogSettings", body, "setting the log server"))
    return control


def _without_files(relay: Mapping[str, Any]) -> Json:
    """Without certificates: they come back concealed, and to send them back would lose them."""
    return {name: value for name, value in relay.items() if name not in ("ClientCertificate", "ClientPrivateKey")}
