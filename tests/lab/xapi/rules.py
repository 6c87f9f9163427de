# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the PBX refuses to keep. Where threecx.md c.4 only names a code, its pairing with a resource is [I]."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from lab.xapi.defence import moment, network
from lab.xapi.fixtures import rights
from lab.xapi.replies import ApiError
from lab.xapi.store import Row, Store

ROLES = (
    "users",
    "managers",
    "receptionists",
    "group_admins",
    "group_owners",
    "system_admins",
    "system_owners",
)
"""threecx.md c.1 [D]."""

# Computed by the PBX: a value that comes back in a PATCH is ignored [I].
COMPUTED = {
    "Users": {"IsRegistered", "Tags"},
    "Groups": {"HasMembers"},
    "OutboundRules": {"GroupNames"},
    "ConsoleRestrictions": {"MyIpAddress"},
    "Trunks": {"IsOnline"},
}
# Another value than the present one is refused; threecx.md a.1 says so of Number [D], the rest is [I].
FIXED = {
    "Users": ("Id", "Number"),
    "Groups": ("Id", "Number"),
    "Trunks": ("Id", "Number"),
    "ServicePrincipals": ("Id", "Number"),
    "Blocklist": ("Id", "AddedBy"),
    "BlackListNumbers": ("Id",),
    "OutboundRules": ("Id",),
    "Parameters": ("Id", "Name"),
    "PhoneTemplates": ("Id", "IsCustom"),
    "Sbcs": ("Name",),
}


class Rules:
    """Checks of a row that is about to be kept; `old` is None when it is new."""

    def __init__(self, store: Store, clock: Callable[[], dt.datetime], reject_masks: Callable[[], bool]) -> None:
        self.store = store
        self.clock = clock
        self.reject_masks = reject_masks
        self._checks: dict[str, Callable[[Row, Row | None], None]] = {
            "Users": self._user,
            "Blocklist": self._address,
            "BlackListNumbers": self._number,
            "OutboundRules": self._rule,
            "PhoneTemplates": self._template,
            "AntiHackingSettings": self._positive,
            "NetworkSettings": self._ports,
            "ConsoleRestrictions": self._console,
            "CountryCodes": self._countries,
            "SecureSipSettings": self._certificate,
        }

    def check(self, name: str, row: Row, old: Row | None) -> None:
        """Raise ApiError when the PBX would not keep the row."""
        for key in FIXED.get(name, ()):
            if old is not None and row.get(key) != old.get(key):
                raise ApiError.warning("WARNINGS.XAPI.FORBIDDEN_CHANGE", key)
        if name in self._checks:
            self._checks[name](row, old)

    def _user(self, row: Row, old: Row | None) -> None:
        pin = row.get("VMPIN")
        # threecx.md gap 12: 4 to 10 digits.
        if (old is None or pin != old.get("VMPIN")) and pin is not None and not re.fullmatch(r"[0-9]{4,10}", pin):
            raise ApiError.warning("WARNINGS.XAPI.INVALID_PIN_NUMBER", "VMPIN")
        for key in ("AuthID", "AuthPassword"):
            value = row.get(key)
            if not value:
                raise ApiError.warning("WARNINGS.XAPI.CAN_NOT_BE_EMPTY_STRING", key)
            if len(value) > 50:
                raise ApiError.warning("WARNINGS.LENGTH_NOT_MORE_50_CHARS", key)
        row["Groups"] = [self.membership(item, row) for item in row.get("Groups") or []]

    def membership(self, item: Row, member: Row) -> Row:
        """An element of User.Groups, as far as the caller gave it."""
        group = self.store.find("Groups", "Id", item.get("GroupId"))
        if group is None:
            raise ApiError.not_found("GroupId", 400)
        role = (item.get("Rights") or {}).get("RoleName") or "users"
        if role not in ROLES:
            raise ApiError.warning("WARNINGS.INVALID", "RoleName")
        return {
            "Type": "Extension",
            "CanDelete": False,
            **item,
            "Id": member["Id"],
            "GroupId": group["Id"],
            "Rights": rights(role) | (item.get("Rights") or {}),
        }

    def owners(self) -> None:
        """The last system owner stays one."""
        for user in self.store.state["Users"]:
            if any((item.get("Rights") or {}).get("RoleName") == "system_owners" for item in user.get("Groups") or []):
                return
        raise ApiError.warning("WARNINGS.XAPI.USER_ROLE_DOWNGRADE", "Groups")

    def _mask(self, text: Any, target: str) -> None:
        if self.reject_masks():
            raise ApiError.warning("WARNINGS.INVALID_IP_MASK", target)
        try:
            network(text)
        except (ValueError, TypeError):
            raise ApiError.warning("WARNINGS.INVALID_IP_MASK", target) from None

    def _address(self, row: Row, old: Row | None) -> None:
        self._mask(row.get("IPAddrMask"), "IPAddrMask")
        until = row.get("ExpiresAt")
        if until and (old is None or until != old.get("ExpiresAt")) and moment(until) <= self.clock():
            raise ApiError.warning("WARNINGS.ALREADY_EXPIRED", "ExpiresAt")
        row.setdefault("BlockType", "Block")
        same = (network(row["IPAddrMask"]), row["BlockType"], row.get("AddedBy"))
        for other in self.store.state["Blocklist"]:
            if other is not old and same == (
                network(other["IPAddrMask"]),
                other.get("BlockType"),
                other.get("AddedBy"),
            ):
                raise ApiError.warning("WARNINGS.XAPI.DUPLICATE", "IPAddrMask")

    def _number(self, row: Row, old: Row | None) -> None:
        caller = row.get("CallerId")
        if not caller:
            raise ApiError.warning("WARNINGS.XAPI.REQUIRED", "CallerId")
        if any(other is not old and other["CallerId"] == caller for other in self.store.state["BlackListNumbers"]):
            raise ApiError.warning("WARNINGS.XAPI.ALREADY_IN_USE", "CallerId")

    def _rule(self, row: Row, _old: Row | None) -> None:
        if not row.get("Name"):
            raise ApiError.warning("WARNINGS.XAPI.REQUIRED", "Name")
        for route in row.get("Routes") or []:
            # threecx.md c.4 [S]: a route with an unknown trunk.
            if route.get("TrunkId") is not None and self.store.find("Trunks", "Id", route["TrunkId"]) is None:
                raise ApiError.not_found("TrunkId", 400)
            route.pop("TrunkName", None)
        for key in row.get("GroupIds") or []:
            if self.store.find("Groups", "Id", key) is None:
                raise ApiError.not_found("GroupIds", 400)

    def _template(self, row: Row, old: Row | None) -> None:
        if old is not None and not old.get("IsCustom"):
            raise ApiError.warning("WARNINGS.XAPI.FORBIDDEN_CHANGE", "Content")
        if old is None and self.store.find("PhoneTemplates", "Id", row["Id"]):
            raise ApiError.warning("WARNINGS.XAPI.DUPLICATE", "Id")
        try:
            ET.fromstring(row.get("Content") or "")  # noqa: S314 - our own tests' text
        except ET.ParseError:
            raise ApiError.warning("WARNINGS.XAPI.FILE_FORMAT_IS_INCORRECT", "Content") from None

    def _positive(self, row: Row, _old: Row | None) -> None:
        for key, value in row.items():
            if not isinstance(value, bool) and value is not None and value < 0:
                raise ApiError.warning("WARNINGS.XAPI.OUT_OF_THE_RANGE", key)

    def _ports(self, row: Row, _old: Row | None) -> None:
        for key in ("SipPort", "TunnelPort"):
            if row.get(key) is not None and not 1 <= row[key] <= 65535:
                raise ApiError.warning("WARNINGS.XAPI.OUT_OF_THE_RANGE", key)

    def _console(self, row: Row, _old: Row | None) -> None:
        for item in row.get("IpWhitelist") or []:
            self._mask(item, "IpWhitelist")

    def _countries(self, row: Row, _old: Row | None) -> None:
        if not self.store.state["E164Settings"].get("InternationalCode"):
            raise ApiError.warning("WARNINGS.INTERNATIONALPREFIX_IS_MISSING", "CountryCodes")
        if not all(re.fullmatch(r"[0-9]{1,7}", code) for code in row.get("CountryCodes") or []):
            raise ApiError.warning("WARNINGS.INVALID", "CountryCodes")

    def _certificate(self, row: Row, old: Row | None) -> None:
        """Certificate and key have to fit each other and the name of the PBX."""
        if old == row:
            return
        texts = [(row.get(name) or {}).get("Contents") or "" for name in ("Certificate", "PrivateKey")]
        try:
            certificate = x509.load_pem_x509_certificate(_pem(texts[0]))
            key = serialization.load_pem_private_key(_pem(texts[1]), password=None)
        except (ValueError, TypeError):
            raise ApiError.warning("WARNINGS.XAPI.FILE_FORMAT_IS_INCORRECT", "Certificate") from None
        if certificate.not_valid_after_utc <= self.clock():
            raise ApiError.warning("WARNINGS.XAPI.CERTIFICATE_EXPIRED", "Certificate")
        form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        if certificate.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
            raise ApiError.warning("WARNINGS.XAPI.SBC_KEY_CERT_MISMATCH", "PrivateKey")
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        fqdn = self.store.state["NetworkSettings"].get("PbxPublicFQDN") or ""
        given = names.get_values_for_type(x509.DNSName)
        if fqdn not in given and f"*.{fqdn.partition('.')[2]}" not in given:
            raise ApiError.warning("WARNINGS.XAPI.SBC_CERT_FQDN_MISMATCH", "Certificate")


def _pem(text: str) -> bytes:
    """PEM, or base64 of it: which of the two the API wants is not documented [I]."""
    if "-----BEGIN" in text:
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
