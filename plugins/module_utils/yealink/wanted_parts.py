# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a phone's declaration, each checked by itself: provisioning, network, lock, numbers. Pure functions.

What is wrong goes into the problems, with the option's name; what is returned then is not used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import phone_password, phone_path
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import value_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.dial_patterns import MAX_PATTERNS, fold
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.input_problems import InputProblems
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import (
    Dot1x,
    Lock,
    Provisioning,
    Vlan,
)

Declared = Mapping[str, Any]
HOW_TO_MAKE = "Run the role voipsec.hardening.credentials first: it makes them."
PLACEHOLDER = Secret("placeholder")
"""Stands for a secret that does not exist yet, in check mode and for rendering. Never written to a file."""
MAX_LOCK_TIME = 3600
"""Seconds, yealink.md 2.2."""
SPEECH_PORTS = range(11780, 12781)
"""The phone's own RTP ports (G9)."""
DOT1X_NAME = "network.802_1x.md5_password"


def checked_provisioning(
    mac: str, declared: Declared, site_secret: Secret | None, problems: InputProblems, *, placeholders: bool
) -> Provisioning:
    """Where this phone fetches its files, and with what it proves itself."""
    url, username = declared["url"], declared.get("username") or None
    if not _is_directory(url):
        # Not repeated in the text: it may hold a password.
        problems.error(
            "provisioning.url must be an https address of a directory, without user, password or query: the files hold "
            "passwords",
            mac,
        )
    access = declared.get("access") or ("shared" if username else "none")
    if access == "none":
        problems.warn(
            "provisioning.access is none, and no username is declared: anyone who knows a phone's MAC address and "
            "reaches the server can fetch its passwords",
            mac,
        )
        return Provisioning(url, None, None)
    if site_secret is None:
        if not placeholders:
            problems.error(
                f"provisioning.access is {access}, but there is no provisioning password. {HOW_TO_MAKE[:-1]}"
            )
        site_secret = PLACEHOLDER
    if access == "phone_password":
        return Provisioning(url, mac, Secret(phone_password(site_secret.reveal(), mac)))
    if access == "phone_path":
        return Provisioning(f"{url.rstrip('/')}/{phone_path(site_secret.reveal(), mac)}/", None, None)
    if username is None:
        problems.error("provisioning.access is shared, but provisioning.username is not declared", mac)
    elif value_problem(username) or ":" in username:
        problems.error("provisioning.username must be a text without colon and control characters", mac)
    elif value_problem(site_secret.reveal()):
        problems.error(f"the provisioning password {value_problem(site_secret.reveal())}")
    return Provisioning(url, username, site_secret)


def _is_directory(url: str) -> bool:
    try:
        parts = urlsplit(url)
        whole = parts.scheme == "https" and bool(parts.hostname) and value_problem(url) is None
        plain = "@" not in parts.netloc and not parts.query and not parts.fragment and " " not in url
        return whole and plain and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def checked_listen_port(mac: str, phone: Declared, own_port: int, problems: InputProblems) -> int | None:
    """The declared one; otherwise one of the phone's own where that is asked for, and outside the LAN."""
    declared = phone.get("listen_port")
    if declared is None:
        random = phone.get("random_listen_port")
        wanted = phone["outside_lan"] if random is None else random
        return own_port if wanted else None
    if not 1024 <= declared <= 65535 or declared in SPEECH_PORTS:
        problems.error(
            f"listen_port {declared} is not a port from 1024 to 65535 outside {SPEECH_PORTS[0]} to {SPEECH_PORTS[-1]}, "
            "which the phone uses for speech",
            mac,
        )
    return int(declared)


def checked_lock(mac: str, declared: Declared | None, problems: InputProblems) -> Lock | None:
    """The keypad lock."""
    if declared is None:
        return None
    if not 0 <= declared["after"] <= MAX_LOCK_TIME:
        problems.error(f"lock.after {declared['after']} is not from 0 to {MAX_LOCK_TIME} seconds", mac)
    return Lock(declared["after"], declared["keys"])


def checked_vlan(mac: str, declared: Declared | None, problems: InputProblems) -> Vlan | None:
    """Tags and priorities."""
    if declared is None:
        return None
    for name, low, high in (("id", 1, 4094), ("pc_id", 1, 4094), ("priority", 0, 7), ("pc_priority", 0, 7)):
        value = declared.get(name)
        if value is not None and not low <= value <= high:
            problems.error(f"vlan.{name} {value} is not from {low} to {high}", mac)
    if declared.get("pc_priority") is not None and declared.get("pc_id") is None:
        problems.error("vlan.pc_priority needs vlan.pc_id", mac)
    return Vlan(declared["id"], declared.get("priority"), declared.get("pc_id"), declared.get("pc_priority"))


def checked_dot1x(
    mac: str, declared: Declared | None, secret_settings: Mapping[str, Secret], problems: InputProblems
) -> Dot1x | None:
    """How the phone proves itself to the switch."""
    if declared is None:
        return None
    identity = declared.get("identity") or mac
    problem = value_problem(identity)
    if problem:
        problems.error(f"dot1x.identity {problem}", mac)
    if declared["method"] != "tls" and not any(name.endswith(DOT1X_NAME) for name in secret_settings):
        problems.error(f"dot1x.method {declared['method']} needs static.{DOT1X_NAME} in secret_settings", mac)
    if declared["method"] == "tls" and not declared.get("client_certificate_url"):
        problems.error("dot1x.method tls needs dot1x.client_certificate_url", mac)
    urls = {name: checked_url(mac, declared, name, problems) for name in ("ca_url", "client_certificate_url")}
    return Dot1x(declared["method"], identity, urls["ca_url"], urls["client_certificate_url"])


def checked_block_out(mac: str, phone: Declared, problems: InputProblems) -> tuple[str, ...]:
    """Patterns for the beginnings that nobody may dial. None of them may match an emergency number."""
    for beginning in phone["blocked_beginnings"]:
        if not re.fullmatch(r"\+?[0-9*#]{1,20}", beginning):
            problems.error(f"blocked_beginnings: {beginning!r} is not the beginning of a number, for example 0088", mac)
            return ()
        barred = [number for number in phone["emergency_numbers"] if number.startswith(beginning)]
        if barred:
            problems.error(f"blocked_beginnings: {beginning!r} would bar {', '.join(barred)}", mac)
    patterns, left_out = fold(phone["blocked_beginnings"])
    if left_out:
        problems.warn(
            f"blocked_beginnings: a phone takes {MAX_PATTERNS} patterns and cannot block {', '.join(left_out)}; "
            "block them on the PBX",
            mac,
        )
    return patterns


def checked_url(mac: str, declared: Declared, name: str, problems: InputProblems) -> str | None:
    """An address that the phone fetches a certificate from."""
    url = declared.get(name) or None
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and not value_problem(url)
    except ValueError:
        valid = False
    if not valid:
        problems.error(f"{name} must be an https address without user and password", mac)
    return str(url)
