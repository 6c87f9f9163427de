# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where this machine gets its Debian packages from: the base tree is built from the same place."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SUITE = "bookworm"
RELEASES = ("bookworm", "trixie")
PARTS = ("", "-updates", "-security")
"""What a suite consists of, as ends of its name."""
DEBOOTSTRAP_MIRROR = re.compile(r'^\s*DEF_MIRROR="(?P<uri>[^"]+)"', re.MULTILINE)
"""Where debootstrap itself goes when no mirror is named. It stands in that program, so that none is named here."""
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
CARRIED_OVER = re.compile(
    r"^Acquire::(?:(?:https?|ftp)::\S+|Check-Valid-Until|Check-Date|Retries|ForceIPv[46]) ", re.IGNORECASE
)
"""What decides whether the archive can be reached: proxies, and checks that a frozen mirror needs switched off."""
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


def parse_mirrors(index_targets: str, otherwise: str, suite: str = SUITE) -> dict[str, str]:
    """Read lines of ``URI SUITE COMPONENT``.

    A machine of another release of Debian gets this suite where it gets its own; what names no Debian gets
    ``otherwise``.
    """
    named: dict[str, str] = {}
    for line in index_targets.splitlines():
        uri, release, component = [*line.split(), "", "", ""][:3]
        if component == "main":
            named.setdefault(release, uri.rstrip("/"))
    for release in (suite, *RELEASES):
        if release in named:
            return {suite + part: named[release + part] for part in PARTS if release + part in named}
    return {suite + part: f"{otherwise}-security" if part == "-security" else otherwise for part in PARTS}


def parse_settings(dump: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Pick the settings to carry over from ``apt-config dump``, and the proxies as environment variables."""
    lines = tuple(line for line in dump.splitlines() if CARRIED_OVER.match(line))
    proxies = {f"{match[1].lower()}_proxy": match[2] for line in lines if (match := PROXY.match(line))}
    return lines, proxies


def machine_apt(suite: str = SUITE) -> AptSetup:
    """What this machine is set to; a machine that has no mirror of this suite gets debootstrap's own."""
    targets = _output(
        "apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"
    )
    settings, proxies = parse_settings(_output("apt-config", "dump"))
    return AptSetup(parse_mirrors(targets, debootstrap_mirror(), suite), settings, proxies)


def debootstrap_mirror() -> str:
    """The mirror that the installed debootstrap uses by default."""
    program = shutil.which("debootstrap")
    match = DEBOOTSTRAP_MIRROR.search(Path(program).read_text(encoding="utf-8")) if program else None
    if match is None:
        raise RuntimeError("debootstrap does not say which mirror it uses; name one for Debian in apt's sources")
    return match["uri"].rstrip("/")


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
