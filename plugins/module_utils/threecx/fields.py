# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data model of 3CX's configuration API, as far as this collection uses it: which release has which field.

Facts from 3CX's own API documents of 20.0.4 to 20.0.10 (threecx.md b); the contract tests compare this table with them.
``BASE`` is the oldest release that has a public document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

Version = tuple[int, int, int]
BASE: Version = (20, 0, 4)
NEWEST: Version = (20, 0, 10)
"""The newest release whose document this table was made from."""
VERSION_HEADER = "x-3cx-version"
"""On every answer of the API (threecx.md a.1)."""


def _base(*names: str) -> dict[str, Version]:
    return dict.fromkeys(names, BASE)


MAIL = ("MailAddress", "MailPassword", "MailServer", "MailServerType", "MailSslEnabled", "MailUser")
"""With the alert mails up to 20.0.6, a settings object of its own since (threecx.md e)."""
MOVED_AWAY = (
    *MAIL,
    *("NotifyCallDenied", "NotifyEmergencyNumberDialed", "NotifyIPBlocked", "NotifyLicenseLimit", "NotifyNetworkError"),
    *("NotifyRequestAntiHacked", "NotifySTUNError", "NotifyStorageLimit", "NotifyTrunkError", "NotifyTrunkFailover"),
    "NotifyTrunkStatusChanged",
)
FIELDS: dict[str, dict[str, Version]] = {
    "User": {
        **_base(
            "AccessPassword",
            "AllowLanOnly",
            "AuthID",
            "AuthPassword",
            "DeskphonePassword",
            "EmailAddress",
            "Enabled",
            "FirstName",
            "Groups",
            "Id",
            "IsRegistered",
            "LastName",
            "Number",
            "PinProtected",
            "PinProtectTimeout",
            "Require2FA",
            "SRTPMode",
            "Tags",
            "VMDisablePinAuth",
            "VMEnabled",
            "VMPIN",
        ),
        "BlockTunnel": (20, 0, 9),
    },
    "UserGroup": _base("GroupId", "Name", "Number", "Rights"),
    "Rights": _base("RoleName"),
    "AntiHackingSettings": _base(
        "HackAuthRequests",
        "HackBarrierAmber",
        "HackBarrierGreen",
        "HackBarrierRed",
        "HackBlacklistDuration",
        "HackChallengeRequests",
        "MaxRequestPerPeriod",
        "SecurityDefenseProgram",
        "ThrottlePeriodLength",
    ),
    "BlocklistAddr": _base("AddedBy", "BlockType", "Description", "ExpiresAt", "IPAddrMask", "Id"),
    "CountryCodes": _base("CountryCodes"),
    "Country": _base("CountryCode", "CountryCodes", "Name"),
    "E164Settings": _base("CountryCode", "InternationalCode"),
    "Parameter": _base("Name", "Value"),
    "OutboundRule": _base(
        "DNRanges",
        "EmergencyRule",
        "GroupIds",
        "GroupNames",
        "Id",
        "Name",
        "NumberLengthRanges",
        "Prefix",
        "Priority",
        "Routes",
    ),
    "OutboundRoute": _base("TrunkId", "TrunkName"),
    "DNRange": _base("From", "To"),
    "Group": _base("Id", "Name", "Number"),
    "ConsoleRestrictions": _base("AccessRestricted", "IpWhitelist", "MyIpAddress"),
    "SecureSipSettings": _base("Certificate", "PrivateKey"),
    "ConcealedDataFile": _base("Concealed", "Contents", "Name"),
    "ConcealedPassword": _base("Concealed", "Value"),
    "NetworkSettings": _base("DirectSIPAllowExternal"),
    "GeneralSettingsForPbx": {
        **_base("AllowFwdToExternal", "EnableVMenuOutboundCalls"),
        "OAuthCimdEnabled": (20, 0, 10),
        "OAuthDcrEnabled": (20, 0, 10),
    },
    "PhonesSettings": _base("UseProvisioningSecret"),
    "NotificationSettings": {
        **_base("CanEditEmailAddresses", "EmailAddresses", *MOVED_AWAY),
        "NotifyCodes": (20, 0, 7),
    },
    "MailSettings": dict.fromkeys(MAIL, (20, 0, 7)),
    "SyslogSettings": dict.fromkeys(
        ("CategoryConfig", "CustomRelayConfig", "IntegrationType", "IsEnabled"), (20, 0, 9)
    ),
    "SyslogCustomRelayConfig": dict.fromkeys(("Host", "Port", "Protocol"), (20, 0, 9)),
    "SyslogCategoryConfig": dict.fromkeys(("IsAuditLogsEnabled",), (20, 0, 9)),
    "PhoneTemplate": _base("Content", "Id", "IsCustom"),
    "PhoneRegistrar": _base("IpAddress", "MAC"),
    "SystemStatus": _base(
        "BackupScheduled", "ExtensionsRegistered", "ExtensionsTotal", "FQDN", "IsAuditLogEnabled", "Version"
    ),
    "LicenseStatus": _base("ExpirationDate", "LicenseActive", "MaxSimCalls", "ProductCode"),
    "EventLog": _base("EventId", "Message", "Params", "TimeGenerated"),
    "ServicePrincipal": _base("CallControlEnabled", "LastUsed", "Number", "XAPIEnabled"),
    "CallLogData": _base(
        "Answered",
        "CallCost",
        "CallId",
        "DestinationCallerId",
        "DestinationDisplayName",
        "DestinationDn",
        "Reason",
        "RingingDuration",
        "SourceCallerId",
        "SourceDisplayName",
        "SourceDn",
        "StartTime",
        "TalkingDuration",
    ),
    "CallHistoryView": _base(
        "CallAnswered",
        "CallTime",
        "DstCallerNumber",
        "DstDisplayName",
        "DstDn",
        "DstExternal",
        "SegmentEndTime",
        "SegmentId",
        "SegmentStartTime",
        "SrcCallerNumber",
        "SrcDisplayName",
        "SrcDn",
        "SrcExternal",
    ),
}
"""Schema without its prefix ``Pbx.`` -> property -> the first release that has it (BASE: that one or an earlier)."""

UNTIL: dict[str, dict[str, Version]] = {
    "SyslogSettings": {"IsEnabled": (20, 0, 9)},
    "NotificationSettings": dict.fromkeys(MOVED_AWAY, (20, 0, 6)),
}
"""The last release that has a property, for those that went (threecx.md a.2: reshaped in 20.0.7)."""


@dataclass(frozen=True, order=True)
class Release:
    """The release that a PBX runs."""

    version: Version
    text: str = ""
    """As the PBX says it, for example 20.0.8.1109."""

    def has(self, schema: str, name: str) -> bool:
        """Whether this release knows the property. KeyError for one that this collection does not use."""
        return FIELDS[schema][name] <= self.version <= UNTIL.get(schema, {}).get(name, self.version)

    def select(self, schema: str, names: tuple[str, ...]) -> list[str]:
        """Those of the names that this release has."""
        return [name for name in names if self.has(schema, name)]

    def __str__(self) -> str:
        return self.text or ".".join(str(part) for part in self.version)


def since(schema: str, name: str) -> str:
    """The first release with a property, in words."""
    return ".".join(str(part) for part in FIELDS[schema][name])


def parse_release(text: str) -> Release:
    """From the header or SystemStatus.Version. Raises HardeningError for what this collection does not know."""
    match = re.match(r"\A\s*(\d+)\.(\d+)\.(\d+)", text or "")
    if not match:
        raise HardeningError(f"the PBX says that its version is {text!r}, which is not of the form 20.0.10.")
    version = (int(match[1]), int(match[2]), int(match[3]))
    if version < BASE:
        raise HardeningError(
            f"the PBX runs 3CX {text.strip()}; supported are 20.0.4 (V20 Update 4) and later. Nothing was changed. "
            "Update the PBX first."
        )
    return Release(version, text.strip())
