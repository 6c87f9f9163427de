# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where this machine gets its Debian packages from: the base tree is built from the same place."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field

SUITE = "bookworm"
SUITES = (SUITE, f"{SUITE}-updates", f"{SUITE}-security")
DEBIAN = "http://deb.debian.org/debian"
DEBIAN_SECURITY = "http://deb.debian.org/debian-security"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
CARRIED_OVER = re.compile(
    r"^Acquire::(?:(?:https?|ftp)::\S+|Check-Valid-Until|Check-Date|Retries|ForceIPv[46]) ", re.IGNORECASE
)
"""Settings that decide whether the archive can be reached: proxies, and checks that a frozen mirror needs switched off."""
PROXY = re.compile(r'^Acquire::(https?)::Proxy "([^"]+)";', re.IGNORECASE)


@dataclass(frozen=True)
class AptSetup:
    """Mirrors by suite, and the lines of apt.conf that go with them."""

    mirrors: Mapping[str, str]
    settings: tuple[str, ...] = ()
    proxies: Mapping[str, str] = field(default_factory=dict)
    """For debootstrap, which does not read apt.conf: http_proxy, https_proxy."""

    @property
    def sources(self) -> str:
        """The lines of sources.list."""
        return "".join(f"deb [signed-by={KEYRING}] {uri} {suite} main\n" for suite, uri in self.mirrors.items())

    @property
    def configuration(self) -> str:
        """The lines of apt.conf."""
        return "".join(f"{line}\n" for line in self.settings)


def parse_mirrors(index_targets: str) -> dict[str, str]:
    """Read lines of ``URI SUITE COMPONENT``; Debian's own mirrors where the machine names none."""
    found: dict[str, str] = {}
    for line in index_targets.splitlines():
        uri, suite, component = (line.split() + ["", "", ""])[:3]
        if suite in SUITES and component == "main":
            found.setdefault(suite, uri.rstrip("/"))
    if SUITE not in found:
        found = {suite: DEBIAN_SECURITY if suite.endswith("-security") else DEBIAN for suite in SUITES}
    return {suite: found[suite] for suite in SUITES if suite in found}


def parse_settings(dump: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Pick the settings to carry over from ``apt-config dump``, and the proxies as environment variables."""
    lines = tuple(line for line in dump.splitlines() if CARRIED_OVER.match(line))
    proxies = {f"{match[1].lower()}_proxy": match[2] for line in lines if (match := PROXY.match(line))}
    return lines, proxies


def machine_apt() -> AptSetup:
    """What this machine is set to; a machine without apt gets Debian's own mirrors."""
    targets = _output(
        "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"
    )
    settings, proxies = parse_settings(_output("apt-config", "dump"))
    return AptSetup(parse_mirrors(targets), settings, proxies)


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
