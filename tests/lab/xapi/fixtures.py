# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PBX as an administrator left it. All values are invented; the properties are those of the release.

Secrets are in clear. A concealed one (threecx.md b.1) is kept as {"Value": ...} or {"Name": ..., "Contents": ...}.
"""

from __future__ import annotations

from typing import Any

from lab.xapi.countries import all_codes, countries
from lab.xapi.schema import Schema
from lab.xapi.templates import BUILT_IN, CONTENT, CUSTOM

FQDN = "pbx.harbour.example"
NOT_ALLOWED = "NOTALLOWED_COUNTRYCODES"
POLARITIES = ("allowed", "blocked", "undecidable")
MACS = {"201": "805ec0aabbcc", "202": "805ec0aabbcd"}
PHONE_TEMPLATES = {"201": CUSTOM, "202": BUILT_IN}

# Collections and singletons of the state that are not named like their entity.
ENTITY_OF = {
    "AuditLog": "AuditLog",
    "Blocklist": "BlocklistAddr",
    "CallHistoryView": "CallHistoryView",
    "CallLog": "CallLogData",
    "Countries": "Country",
    "Registrars": "PhoneRegistrar",
    "SecurityTokens": "RefreshToken",
    "Services": "ServiceInfo",
}


def entity_of(name: str, schema: Schema) -> str:
    """The entity of a collection or singleton of the state."""
    if name in ENTITY_OF:
        return ENTITY_OF[name]
    return name if name in schema.entities else name.removesuffix("s")


def seed(schema: Schema, country_polarity: str, client_id: str, role: str) -> dict[str, Any]:
    """Collections as lists of rows, singletons as one row, with the properties that the release has."""
    state = {**_singletons(schema), **_collections(schema, client_id, role)}
    held, not_allowed = _country_codes(country_polarity)
    state["CountryCodes"] = {"CountryCodes": held}
    state["Parameters"][0]["Value"] = ",".join(not_allowed)
    for name, value in state.items():
        entity = entity_of(name, schema)
        if isinstance(value, list):
            state[name] = [known(schema, entity, row) for row in value]
        else:
            state[name] = known(schema, entity, value)
    return state


def known(schema: Schema, entity: str, row: dict[str, Any]) -> dict[str, Any]:
    """Without the properties that the release does not have, at every depth."""
    properties = schema.entities[entity]
    kept: dict[str, Any] = {}
    for name, value in row.items():
        if name not in properties:
            continue
        inner = properties[name].item
        if inner in schema.entities and isinstance(value, dict):
            kept[name] = known(schema, inner, value)
        elif inner in schema.entities and isinstance(value, list):
            kept[name] = [known(schema, inner, item) for item in value]
        elif inner in schema.enums and isinstance(value, list):
            kept[name] = [member for member in value if member in schema.enums[inner]]
        else:
            kept[name] = value
    return kept


def _country_codes(polarity: str) -> tuple[list[str], list[str]]:
    """What /CountryCodes holds and what the parameter says (threecx.md gap 1), wide open.

    Were nothing blocked where the list is that of the blocked codes, both would be empty and nobody could tell.
    """
    if polarity == "allowed":
        return all_codes(), []
    if polarity == "blocked":
        return ["53"], ["53"]
    return all_codes(), ["53", "7"]


def user(key: int, number: str, first: str, last: str, **values: Any) -> dict[str, Any]:
    """An extension with everything weak."""
    return {
        "Id": key,
        "Number": number,
        "FirstName": first,
        "LastName": last,
        "DisplayName": f"{first} {last}".strip(),
        "EmailAddress": f"{number}@harbour.example",
        "Enabled": True,
        "AuthID": number,
        "AuthPassword": "1234",
        "SIPID": "",
        "VMPIN": number,
        "DeskphonePassword": "admin",
        "AccessPassword": f"web-{number}",
        "AllowLanOnly": False,
        "BlockTunnel": False,
        "Internal": False,
        "Require2FA": False,
        "Enable2FA": False,
        "PinProtected": False,
        "PinProtectTimeout": 0,
        "VMEnabled": True,
        "VMDisablePinAuth": False,
        "SRTPMode": "SRTPDisabled",
        "IsRegistered": False,
        "HideInPhonebook": False,
        "EnableHotdesking": False,
        "OfficeHoursProps": [],
        "PrimaryGroupId": 20,
        "Groups": [membership(key, 20, "users")],
        "Phones": [],
        "ForwardingProfiles": [],
        "ForwardingExceptions": [],
        "Greetings": [],
        "Tags": ["WeakID", "WeakPass"],
    } | values


def membership(key: int, group: int, role: str) -> dict[str, Any]:
    """An element of User.Groups."""
    return {"Id": key, "GroupId": group, "Type": "Extension", "CanDelete": False, "Rights": rights(role)}


def rights(role: str) -> dict[str, Any]:
    """What a role may do; only the role's name matters here."""
    return {"RoleName": role, "ShowMyPresence": True, "ShowMyCalls": role != "users", "CanSeeGroupMembers": True}


def phone(key: int, number: str) -> dict[str, Any]:
    """A handset of an extension, with its provisioning address."""
    link = f"https://{FQDN}/provisioning/9f3ac1d07be2/cfg{MACS[number]}.cfg"
    return {
        "Id": key,
        "MacAddress": MACS[number],
        "Name": "Yealink T46U",
        "Interface": "192.168.10.10",
        "TemplateName": PHONE_TEMPLATES[number],
        "ProvisioningLinkLocal": link,
        "ProvisioningLinkExt": link,
        "Settings": {"Secret": f"provisioning-secret-{number}", "Codecs": ["PCMA", "PCMU"]},
    }


def _collections(schema: Schema, client_id: str, role: str) -> dict[str, Any]:
    users = [user(100, "100", "Olive", "Owner", Groups=[membership(100, 20, "system_owners")])]
    names = ("Alice Ahlberg", "Bruno Berg", "Carla Conti", "Dirk Dahl", "Emma Eriksen")
    for key, name in enumerate(names, start=201):
        first, _space, last = name.partition(" ")
        users.append(user(key, str(key), first, last))
    for row in users:
        if row["Number"] in MACS:
            row["Phones"] = [phone(row["Id"], row["Number"])]
    return {
        "Users": users,
        "Groups": [
            {"Id": 20, "Number": "GRP0000", "Name": "DEFAULT", "IsDefault": True, "Rights": _group_rights()},
            {"Id": 21, "Number": "GRP0001", "Name": "Office", "IsDefault": False, "Rights": _group_rights()},
        ],
        "OutboundRules": [
            _rule(1, "Emergency", "999,112,18000", emergency=True),
            _rule(2, "All calls", ""),
        ],
        "Trunks": [_trunk(schema, 10, "10000", "kestrel"), _trunk(schema, 11, "10001", "tideline")],
        "Blocklist": [
            _address(1, "203.0.113.250", "Block", "wrong password", "AutoBlacklist", "2099-01-01T00:00:00Z"),
            _address(2, "198.51.100.99", "Allow", "made by hand", "Manual", None),
        ],
        "BlackListNumbers": [{"Id": "1", "CallerId": "0900111222", "Description": "made by hand"}],
        "Countries": countries(),
        "Parameters": [
            {"Id": 1, "Name": NOT_ALLOWED, "Value": "", "Description": ""},
            {"Id": 2, "Name": "WEB_ROOT_LOCAL", "Value": "5004", "Description": ""},
            {"Id": 3, "Name": "WEB_ROOT_EXT_SEC", "Value": "5001", "Description": ""},
        ],
        "PhoneTemplates": [_template(BUILT_IN, custom=False), _template(CUSTOM, custom=True)],
        "EventLogs": [
            _event(1, 10009, "Info", "Update done"),
            _event(2, 30031, "Warning", "Weak %2 detected for %1"),
        ],
        "AuditLog": [
            {
                "Id": 1,
                "Timestamp": "2026-09-01T08:00:00Z",
                "Ip": "192.168.10.20",
                "UserName": "100",
                "ObjectName": "201",
            }
        ],
        "CallHistoryView": [_call(1, "2026-09-01T08:15:00Z"), _call(2, "2026-09-02T23:40:00Z")],
        "CallLog": [_log_row(schema, 1, "2026-09-01T08:15:00Z"), _log_row(schema, 2, "2026-09-02T23:40:00Z")],
        "ActiveCalls": [],
        "ServicePrincipals": [
            {
                "Id": 300,
                "Number": client_id,
                "XAPIEnabled": True,
                "CallControlEnabled": False,
                "MyPhoneEnabled": False,
                "IsSystem": False,
                "Groups": [membership(300, 20, role)],
            }
        ],
        "SecurityTokens": [_token(1)],
        "Services": [_service("3CXPhoneSystem01", "3CX PhoneSystem 01"), _service("3CXTunnel", "3CX Tunnel")],
        "DeviceInfos": [_device(1, MACS["201"], "201"), _device(2, MACS["202"], "202")],
        "SipDevices": [
            {"Id": 1, "PhoneWebPassword": "admin", "ProvLink": phone(201, "201")["ProvisioningLinkLocal"]},
            {"Id": 2, "PhoneWebPassword": "admin", "ProvLink": phone(202, "202")["ProvisioningLinkLocal"]},
        ],
        "Sbcs": [{"Name": "SBC1", "DisplayName": "SBC1", "Password": "sbc-password", "Security": "TCP"}],
        "Registrars": [],
    }


def _group_rights() -> list[dict[str, Any]]:
    return [rights(role) for role in ("users", "managers", "receptionists", "group_owners")]


def _rule(key: int, name: str, prefix: str, *, emergency: bool = False) -> dict[str, Any]:
    return {
        "Id": key,
        "Name": name,
        "Prefix": prefix,
        "Priority": key,
        "NumberLengthRanges": "",
        "DNRanges": [],
        "GroupIds": [],
        "EmergencyRule": emergency,
        "Routes": [{"TrunkId": 10, "StripDigits": 0, "Prepend": "", "Append": "", "CallerID": ""}],
    }


def _trunk(schema: Schema, key: int, number: str, name: str) -> dict[str, Any]:
    secret = f"trunk-password-{name}"
    return {
        "Id": key,
        "Number": number,
        "IsOnline": True,
        "SimultaneousCalls": 10,
        "Direction": "Both",
        "TransportRestriction": "Any",
        "AuthID": f"account-{name}",
        # A plain string in 20.0.4, concealed since.
        "AuthPassword": {"Value": secret} if schema.update > 4 else secret,
        "DidNumbers": ["*"],
        "Gateway": {
            "Name": name,
            "Host": f"sip.{name}.example",
            "Port": 5060,
            "Type": "Provider",
            "SRTPMode": "SRTPDisabled",
            "Codecs": ["PCMA", "PCMU"],
        },
        "Groups": [],
    }


def _address(key: int, mask: str, kind: str, text: str, by: str, until: str | None) -> dict[str, Any]:
    return {"Id": key, "IPAddrMask": mask, "BlockType": kind, "Description": text, "AddedBy": by, "ExpiresAt": until}


def _template(key: str, *, custom: bool) -> dict[str, Any]:
    return {
        "Id": key,
        "IsCustom": custom,
        "Content": CONTENT,
        "TemplateType": "Supported" if custom else "Preferred",
        "AllowSSLProvisioning": True,
        "RpsEnabled": True,
        "AllowedNetConfigs": ["LOCALLAN", "REMOTESTUN", "SBC"],
    }


def _event(key: int, number: int, kind: str, text: str) -> dict[str, Any]:
    return {
        "Id": key,
        "EventId": number,
        "Type": kind,
        "Source": "3CX System Service",
        "Message": text,
        "Params": ["201", "password"] if number == 30031 else [],
        "TimeGenerated": f"2026-09-0{key}T06:00:00Z",
    }


def _call(key: int, start: str) -> dict[str, Any]:
    return {
        "SegmentId": key,
        "SegmentStartTime": start,
        "SegmentEndTime": start,
        "CallTime": "PT1M5S",
        "SrcDn": "201",
        "SrcInternal": True,
        "SrcExternal": False,
        "DstCallerNumber": "0031201234567",
        "DstInternal": False,
        "DstExternal": True,
        "CallAnswered": True,
        **dict.fromkeys(
            ("DstDnType", "DstId", "DstParticipantId", "SegmentActionId", "SegmentType", "SrcDnType", "SrcId"), 0
        ),
        "SrcParticipantId": 0,
    }


def _log_row(schema: Schema, key: int, start: str) -> dict[str, Any]:
    cost: float | int = 0
    row = {
        "CallId": key,
        "StartTime": start,
        "SourceDn": "201",
        "DestinationCallerId": "0031201234567",
        "Answered": True,
        "TalkingDuration": "PT1M5S",
        "RingingDuration": "PT5S",
        "CallCost": cost,
    }
    return row | ({"CdrId": f"00000000-0000-0000-0000-00000000000{key}"} if schema.update >= 7 else {})


def _token(key: int) -> dict[str, Any]:
    return {
        "Id": key,
        "Token": "refresh-token-of-a-browser",
        "Username": "100",
        "Created": "2026-08-01T08:00:00Z",
        "Expires": "2027-08-01T08:00:00Z",
        "CreatedByIp": "192.168.10.20",
        "CreatedByUserAgent": "Mozilla/5.0",
        "SlidingExpiration": True,
        "Used": "2026-09-01T08:00:00Z",
        "UsedByIp": "192.168.10.20",
        "UsedByUserAgent": "Mozilla/5.0",
    }


def _service(name: str, title: str) -> dict[str, Any]:
    return {"Name": name, "DisplayName": title, "Status": "Running", "RestartEnabled": True, "StartStopEnabled": True}


def _device(key: int, mac: str, number: str) -> dict[str, Any]:
    return {
        "Id": key,
        "MAC": mac,
        "Vendor": "Yealink",
        "Model": "T46U",
        "FirmwareVersion": "108.86.0.20",
        "Assigned": True,
        "AssignedUser": number,
        "TemplateName": PHONE_TEMPLATES[number],
        "InterfaceLink": f"https://192.168.10.5{key}",
    }


def _mail() -> dict[str, Any]:
    return {
        "CanEditMailServerType": True,
        "MailServerType": "Tcx",
        "MailServer": "",
        "MailAddress": "noreply@3cx.example",
        "MailUser": "",
        "MailSslEnabled": False,
        "MailPassword": {"Value": "mail-password"},
    }


def _singletons(schema: Schema) -> dict[str, Any]:
    alerts = [name for name in schema.entities["NotificationSettings"] if name.startswith("Notify")]
    return {
        "Defs": {"Id": 0},
        "SystemStatus": {
            "Id": 1,
            "FQDN": FQDN,
            "Version": f"{schema.release}.1",
            "LicenseKey": "LICE-NSEK-EYOF-HARB",
            "LicenseActive": True,
            "Activated": True,
            "ProductCode": "3CXPSENT",
            "MaxSimCalls": 16,
            "OS": "Linux",
            "IsAuditLogEnabled": True,
            "BackupScheduled": False,
            "AutoUpdateEnabled": False,
            "HasNotRunningServices": False,
        },
        "SystemHealthStatus": {"Firewall": True, "Phones": True, "Trunks": True, "CustomTemplatesCount": 1},
        "SystemParameters": {
            "FQDN": FQDN,
            "Version": f"{schema.release}.1",
            "SipPort": 5060,
            "SipsPort": 5061,
            "TunnnelPort": 5090,
            "HttpsPort": 5001,
            "Is3CXFQDN": False,
            "IsHosted": False,
            "License": {"ProductCode": "3CXPSENT", "IsMaintainceExpired": False, "IsEnterprise": True},
        },
        "License": {"ProductCode": "3CXPSENT", "IsMaintainceExpired": False, "IsEnterprise": True},
        "LicenseStatus": {
            "LicenseKey": "LICE-NSEK-EYOF-HARB",
            "LicenseActive": True,
            "Activated": True,
            "ProductCode": "3CXPSENT",
            "MaxSimCalls": 16,
            "ActiveModules": [],
        },
        # No public source gives the defaults of V20; these are the invented seed of threecx.md e.
        "AntiHackingSettings": {
            "HackAuthRequests": 25,
            "HackChallengeRequests": 1000,
            "HackBlacklistDuration": 1800,
            "HackBarrierGreen": 200,
            "HackBarrierAmber": 2500,
            "HackBarrierRed": 5000,
            "MaxRequestPerPeriod": 1000,
            "ThrottlePeriodLength": 60,
            "SecurityDefenseProgram": False,
        },
        "E164Settings": {
            "Enabled": True,
            "CountryName": "United Kingdom",
            "CountryCode": "44",
            "InternationalCode": "00",
            "NationalCode": "0",
        },
        "SecureSipSettings": {
            "Certificate": {"Name": "domain_cert.pem", "Contents": "the old certificate"},
            "PrivateKey": {"Name": "domain_key.pem", "Contents": "the old key"},
        },
        "NetworkSettings": {
            "Id": "0",
            "DirectSIPAllowExternal": True,
            "AllowSourceAsOutbound": False,
            "PbxPublicFQDN": FQDN,
            "SipPort": 5060,
            "TunnelPort": 5090,
            "StunDisabled": False,
        },
        "ConsoleRestrictions": {"Id": "0", "AccessRestricted": False, "IpWhitelist": []},
        "MailSettings": _mail(),
        "NotificationSettings": {
            **_mail(),
            **dict.fromkeys(alerts, False),
            "FakeId": "0",
            "CanEditEmailAddresses": True,
            "EmailAddresses": "old-admin@harbour.example",
            "AutoRestartFailedServices": False,
            "NotifyUpdatesAvailable": True,
            "NotifyStorageLimit": True,
            "NotifyCodes": ["StorageLimit"],
            "Setpoints": [{"Type": "DiskUsage", "Enabled": True, "Value": 90}],
        },
        "GeneralSettingsForPbx": {
            "AllowFwdToExternal": True,
            "EnableVMenuOutboundCalls": True,
            "DisableOutboundCallsOutOfficeHours": False,
            "AllRolesCanApproveApps": True,
            "OAuthDcrEnabled": True,
            "OAuthCimdEnabled": True,
            "OAuthOpenIdConnectEnabled": True,
            "PlayBusy": True,
        },
        "GeneralSettingsForApps": {"AllowChangePassword": True, "EnableChat": True},
        "VoicemailSettings": {"Id": 0, "Quota": 0, "MinDuration": 2, "AutoDeleteEnabled": False},
        "PhonesSettings": {
            "UseProvisioningSecret": False,
            "UseRpcForLocalPhones": False,
            "PhoneAllowMultiFirmwares": True,
            "AutoUpdatePhonesOnAdd": False,
            "YealinkUpdateInterval": 0,
        },
        # The enum has "None" from 20.0.10 on.
        "SyslogSettings": {"IntegrationType": "None"} if schema.update > 9 else {"IsEnabled": False},
        "LoggingSettings": {"KeepLogs": True, "KeepLogsDays": 7, "LoggingLevel": 2},
    }
