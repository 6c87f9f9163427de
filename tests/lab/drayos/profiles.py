# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Router models as data. Sources: draytek.md 1, 1b, 4b and the annex (sys version)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """What differs between two Vigors on the command line."""

    name: str
    model: str
    firmware: str
    prompt: str
    dialect: str = "drayos4"  # drayos4 | drayos5 | linux
    languages: str = "English"
    profile_version: str = "4.0.0"
    build_date: str = "Apr 19 2022 15:48:29"
    revision: str = ""
    start_set: int = 1  # start set of the data filter from the factory (draytek.md 2.5)
    has_mpage: bool = False
    ip_objects: int = 192
    ip_groups: int = 32
    ipv6_objects: int = 64
    ipv6_groups: int = 32
    service_objects: int = 96
    service_groups: int = 32
    country_objects: int = 32
    filter_sets: int = 12
    rules_per_set: int = 7
    lans: int = 8
    wans: int = 9
    open_ports: int = 40  # Assumption: the reference says only that the 2927 has fewer than 260
    open_port_items: int = 10
    open_port_has_source: bool = False  # -l and -g are printed in the 3912 guide only (draytek.md 2c)
    access_list_style: str = "object"  # object: add <Index> <IP object> | typed: add <ip|hostname> <No.> <Index>
    ssh_banner: str = "DraySSH_2.0"
    old_ssh: bool = False


# Assumption: build dates, revisions and release numbers that no transcript of the reference shows are placeholders
# (all of 2862, 2928, 3900 and old_ssh); nothing may be read out of them but the model and the release.
PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            name="vigor2927",
            model="Vigor2927Vac",
            firmware="4.4.0",
            prompt="DrayTek> ",
            revision="3075_6ffc5c5 drayos2015_V2927_440",
        ),
        Profile(
            name="vigor3912",
            model="Vigor3912S",
            firmware="4.4.7_RC2",
            prompt="DrayTek> ",
            languages="zh_TW zh_CN",
            profile_version="4.0.7",
            build_date="Nov 13 2023 16:38:20",
            has_mpage=True,
            lans=100,
            wans=12,
            open_ports=260,
            open_port_has_source=True,
            access_list_style="typed",
        ),
        # draytek.md 4b calls the 2862 column general knowledge: confirm before use.
        Profile(
            name="vigor2862",
            model="Vigor2862",
            firmware="3.8.8",
            prompt="> ",
            profile_version="3.0.0",
            start_set=2,
            lans=6,
            wans=4,
            open_ports=20,
        ),
        # Targets a client has to refuse. Assumption: they answer what they do not know with the one known error line.
        Profile(name="vigor2928", model="Vigor2928", firmware="5.0.0", prompt="DrayTek> ", dialect="drayos5"),
        Profile(
            name="vigor3900", model="Vigor3900", firmware="1.5.1", prompt="Vigor3900> ", dialect="linux",
            ssh_banner="dropbear",
        ),
        Profile(name="old_ssh", model="Vigor2830", firmware="3.6.8", prompt="Vigor>", start_set=2, old_ssh=True),
    )
}  # fmt: skip
