# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the settings of the role yealink_provisioning, before its host is reached."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = rf"(?=.{{1,253}}$){LABEL}(?:\.{LABEL})*"
PATH = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}"
USER = r"[A-Za-z0-9._@-]{1,64}"
DURATION = r"[1-9][0-9]{0,8}[smhd]?"
DIRECTORY = r"(?:/[A-Za-z0-9_][A-Za-z0-9._-]*){3,}"
PUBLIC_FILE = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}"
PHONE_FILE = r"(?:[0-9a-fA-F]{12}|y[0-9]{12})[.-]"
METHODS = ("phone_password", "phone_path", "shared")
WIDEST = {4: 8, 6: 16}
"""The shortest prefix that is still a site and not half the internet, by IP version."""
MAX_NUMBERS = 5
"""Extensions that one message names."""


def problems_of(settings: Mapping[str, Any]) -> list[str]:
    """One sentence for each problem, with the variable to change. Empty where the role can go on.

    ``settings``: the role's variables by their names without ``yealink_provisioning_``, from the declaration
    (``compile_provisioning``), the inventory, or both. What is left out has the role's default, and is not checked.
    Contents of certificates and keys are looked at only for whether they are there.
    """
    checks = (_address, _method, _phones, _networks, _unserved, _lockout, _certificate, _public_files, _directory)
    return [text for check in checks for text in check(settings)]


def _address(settings: Mapping[str, Any]) -> Iterator[str]:
    host, port, path = settings.get("host"), settings.get("port"), settings.get("path")
    if host is not None and not re.fullmatch(HOST, str(host)):
        yield (
            f"provisioning.url (yealink_provisioning_host): the host is '{host}'; it must be the server's name or IPv4 "
            "address, for example prov.example.net."
        )
    if port is not None and not (str(port).isdecimal() and 1 <= int(port) <= 65535):
        yield (
            f"provisioning.url (yealink_provisioning_port): the port is '{port}'; it must be from 1 to 65535, usually "
            "443."
        )
    if path is not None and not re.fullmatch(PATH, str(path).strip("/")):
        yield (
            f"provisioning.url (yealink_provisioning_path): the path is '{str(path).strip('/')}'; it must be one name "
            "of letters, digits, dots, dashes and underscores, for example phones."
        )


def _method(settings: Mapping[str, Any]) -> Iterator[str]:
    method = settings.get("method", settings.get("access"))
    if method is not None and method not in METHODS:
        yield (
            f"provisioning.access (yealink_provisioning_method) is '{method}'; it must be phone_password (each phone "
            "has a password), phone_path (each phone has a secret path) or shared (all phones have one password). "
            "Files with SIP passwords are not served without one."
        )
    if method == "shared" and not re.fullmatch(USER, str(settings.get("username") or "")):
        yield (
            f"provisioning.username (yealink_provisioning_username) is '{settings.get('username') or ''}'; with access "
            "shared it must have 1 to 64 letters, digits and . _ @ -"
        )


def _phones(settings: Mapping[str, Any]) -> Iterator[str]:
    phones = settings.get("phones")
    if phones is None:
        return
    if not phones:
        yield "extensions (yealink_provisioning_phones): no phone is listed; at least one is needed."
    counted = Counter(mac_digits(phone.get("mac")) for phone in phones)
    wrong = [mac for mac, count in counted.items() if count > 1 or not re.fullmatch(r"[0-9a-f]{12}", mac)]
    if wrong:
        yield (
            "extensions (yealink_provisioning_phones): not a MAC address, or listed twice: "
            f"{', '.join(wrong)}. List each phone once, for example {{mac: 805ec0aabbcc}}."
        )


def mac_digits(text: Any) -> str:
    """A MAC address without its separators, in lower case."""
    return re.sub(r"[:.-]", "", str(text)).lower()


def _networks(settings: Mapping[str, Any]) -> Iterator[str]:
    networks = settings.get("networks")
    if networks is not None and not networks:
        yield (
            "pbx.local_networks and remote_sites (yealink_provisioning_networks): no network is listed, so no phone "
            "could fetch its files."
        )
    for name, variable in (
        ("networks", "yealink_provisioning_networks"),
        ("management", "site.management (yealink_provisioning_management)"),
    ):
        wrong = [str(network) for network in settings.get(name) or () if not _is_site_network(str(network))]
        if wrong:
            yield (
                f"{variable} must list addresses such as 192.0.2.10 or networks such as 192.168.10.0/24, none wider "
                f"than /8 (/16 for IPv6); not valid: {', '.join(wrong)}."
            )


def _is_site_network(text: str) -> bool:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    # A netmask in dots is not for nginx.
    return network.prefixlen >= WIDEST[network.version] and text.count(".") in (0, 3)


def _unserved(settings: Mapping[str, Any]) -> Iterator[str]:
    """Phones of the declaration that the server would turn away, by reason."""
    reasons: dict[str, list[str]] = {}
    for phone in settings.get("unserved") or ():
        reasons.setdefault(phone["why"], []).append(phone["number"])
    if reasons:
        sentences = [f"Extension {_some(numbers)}: {why}." for why, numbers in sorted(reasons.items())]
        yield (
            f"The provisioning server would turn away declared phones. {' '.join(sentences)} Declare "
            "pbx.local_networks for the LAN, for example [192.168.10.0/24], and a remote site with its address for a "
            "phone outside. Add other networks, such as that of a VPN site, to yealink_provisioning_networks (see the "
            "role's README)."
        )


def _some(numbers: Sequence[str]) -> str:
    rest = len(numbers) - MAX_NUMBERS
    return ", ".join(numbers[:MAX_NUMBERS]) + (f" and {rest} more" if rest > 0 else "")


def _lockout(settings: Mapping[str, Any]) -> Iterator[str]:
    lockout = settings.get("lockout") or {}
    attempts = lockout.get("failed_attempts", 1)
    if not re.fullmatch(r"[1-9][0-9]{0,3}", str(attempts)):
        yield (
            f"lockout.failed_attempts (yealink_provisioning_lockout) is '{attempts}'; it must be a whole number of at "
            "least 1."
        )
    for name in ("within", "block_for"):
        if name in lockout and not re.fullmatch(DURATION, str(lockout[name])):
            yield (
                f"lockout.{name} (yealink_provisioning_lockout) is '{lockout[name]}'; it must be a duration such as "
                "10m or 24h, or seconds."
            )


def _certificate(settings: Mapping[str, Any]) -> Iterator[str]:
    """Only where the role's variables are given: the declaration says nothing of the certificate."""
    names = ("certificate", "certificate_file", "local_ca")
    if not any(name in settings for name in names):
        return
    sources = [f"yealink_provisioning_{name}" for name in names if settings.get(name)]
    keys = [f"yealink_provisioning_{name}" for name in ("key", "key_file") if settings.get(name)]
    if len(sources) != 1 or len(keys) != (0 if settings.get("local_ca") else 1):
        yield (
            "The certificate must come from one place: yealink_provisioning_certificate and yealink_provisioning_key "
            "(contents, in PEM), yealink_provisioning_certificate_file and yealink_provisioning_key_file (files on the "
            "controller), or yealink_provisioning_local_ca: true (the role makes a CA, which phones must be told to "
            f"trust). Given: {', '.join(sources) or 'no certificate'}; {', '.join(keys) or 'no key'}."
        )


def _public_files(settings: Mapping[str, Any]) -> Iterator[str]:
    for entry in settings.get("public_files") or ():
        name = str(entry.get("name") or "")
        plain = re.fullmatch(PUBLIC_FILE, name) and not re.match(PHONE_FILE, name)
        taken = name == "ca.crt" and settings.get("local_ca")
        if not plain or taken or bool(entry.get("content")) == bool(entry.get("src")):
            yield (
                f"yealink_provisioning_public_files: '{name}' must be a plain file name such as T46U.rom, not that "
                "of a phone's own file, with either content or src. The name ca.crt is taken where "
                "yealink_provisioning_local_ca is true."
            )


def _directory(settings: Mapping[str, Any]) -> Iterator[str]:
    directory = settings.get("directory")
    if directory is not None and not re.fullmatch(DIRECTORY, str(directory)):
        yield (
            f"yealink_provisioning_directory is '{directory}'; it must be an absolute path of at least three plain "
            "names, for example /srv/yealink-provisioning/current."
        )
