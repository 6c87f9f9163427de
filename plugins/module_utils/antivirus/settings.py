# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the settings of the role antivirus, before its host is reached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

PRODUCTS = ("clamav", "avast", "off_host")
MAX_LARGEST_MB = 2000
"""ClamAV takes no file of 2 GiB or more."""
TIME_OF_DAY = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
PATH = r'/[^\x00-\x1f\x7f"\\]*'
MOVABLE = (
    r'/(?:home|srv|tmp|opt|dev/shm|mnt|media|var/[^/"\\\x00-\x1f\x7f]+)(?:/[^/"\\\x00-\x1f\x7f]+)*/?'
)  # fmt: skip
"""Folders that hold no program or setting of the system."""
MAIL_ADDRESS = r'[^@\s,<>"]+@[^@\s,<>"]+'
LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")
SIGNATURE_FILE = r"[A-Za-z0-9][A-Za-z0-9._-]*\.(?:hdb|hsb|mdb|msb|ndb|ldb|fp|sfp|ign2)"
REPOSITORY = ("uri", "suite", "key")


def problems_of(settings: Mapping[str, Any]) -> list[str]:
    """One sentence for each problem, with the variable to change. Empty where the role can go on.

    ``settings``: the role's variables by their names without ``antivirus_``, from the declaration
    (``compile_antivirus``), the inventory, or both. What is left out has the role's default, and is not checked.
    No value of ``mail.password`` or a licence is repeated.
    """
    checks = (_product, _avast, _off_host, _limits, _paths, _watched, _mail, _signatures)
    return [text for check in checks for text in check(settings)]


def _product(settings: Mapping[str, Any]) -> Iterator[str]:
    product = settings.get("product")
    if product is not None and product not in PRODUCTS:
        yield f"antivirus.product (antivirus_product) is '{product}'; it must be clamav, avast or off_host."


def _avast(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings.get("product") != "avast" or settings.get("state") == "absent":
        return
    if bool(settings.get("avast_license")) == bool(settings.get("avast_license_src")):
        yield (
            "antivirus.product 'avast' needs either antivirus_avast_license or antivirus_avast_license_src, from the "
            "vault: without a licence a scan ends with 126."
        )
    repository = settings.get("avast_repository") or {}
    if bool(repository) == bool(settings.get("avast_package_files")) or (
        repository and not all(repository.get(name) for name in REPOSITORY)
    ):
        yield (
            "antivirus.product 'avast' needs either antivirus_avast_repository (uri, suite and key) or "
            "antivirus_avast_package_files."
        )


def _off_host(settings: Mapping[str, Any]) -> Iterator[str]:
    scanner = settings.get("off_host_scanner")
    if settings.get("product") == "off_host" and scanner and not settings.get("off_host_scan_paths"):
        yield (
            f"antivirus_off_host_scanner is '{scanner}', but antivirus_off_host_scan_paths is empty; list the folders "
            "to scan there."
        )


def _limits(settings: Mapping[str, Any]) -> Iterator[str]:
    largest, scan_at = settings.get("largest_mb"), settings.get("scan_at")
    if largest is not None and not (str(largest).isdecimal() and 1 <= int(largest) <= MAX_LARGEST_MB):
        yield f"antivirus_largest_mb is '{largest}'; it must be a number of megabytes from 1 to {MAX_LARGEST_MB}."
    if scan_at is not None and not re.fullmatch(TIME_OF_DAY, str(scan_at)):
        yield (
            f"antivirus.scan_at (antivirus_scan_at) is '{scan_at}'; it must be a time of day in quotes such as "
            '"03:00".'
        )


def _paths(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings.get("scan_paths") == []:
        yield "antivirus_scan_paths is empty; list at least one folder to scan."
    for name, form, valid in (
        ("scan_paths", PATH, "absolute paths without double quotes, backslashes and line breaks"),
        ("exclude_paths", PATH, "absolute paths without double quotes, backslashes and line breaks"),
        ("quarantine_from", MOVABLE, _MOVABLE_PATHS),
        ("on_access_paths", MOVABLE, _MOVABLE_PATHS),
    ):
        wrong = [str(path) for path in settings.get(name) or () if not re.fullmatch(form, str(path))]
        if wrong:
            yield f"antivirus_{name} must list {valid}; not valid: {', '.join(wrong)}."


_MOVABLE_PATHS = (
    "paths below /home, /srv, /tmp, /opt, /dev/shm, /mnt, /media or a folder of /var, without quotes, backslashes and "
    "line breaks"
)


def _watched(settings: Mapping[str, Any]) -> Iterator[str]:
    """clamonacc ignores exclusions below what it watches (measured with 1.4; ClamAV issue 1412)."""
    watched = [str(path).rstrip("/") for path in settings.get("on_access_paths") or ()]
    excluded = [str(path).rstrip("/") for path in settings.get("excluded") or ()]
    there = [path for path in excluded if _below(path, watched)] + [path for path in watched if _below(path, excluded)]
    if there:
        yield (
            f"antivirus_on_access_paths: {', '.join(dict.fromkeys(there))} is excluded from scans, or contains what "
            "is. ClamAV's watcher ignores exclusions: watch folders beside the excluded ones."
        )


def _below(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _mail(settings: Mapping[str, Any]) -> Iterator[str]:
    mail = settings.get("mail") or {}
    addresses = [*(mail.get("to") or ()), *([mail["from"]] if mail.get("from") else [])]
    wrong = [str(address) for address in addresses if not re.fullmatch(MAIL_ADDRESS, str(address))]
    if wrong:
        yield f"antivirus_mail: not a plain address such as office@acme.example: {', '.join(wrong)}."
    host = mail.get("host") or LOCAL_HOSTS[0]
    if mail.get("security") == "none" and host not in LOCAL_HOSTS:
        local = ", ".join(LOCAL_HOSTS)
        yield f"antivirus_mail: security may be none only where host is this host ({local}), not '{host}'."
    if bool(mail.get("user")) != bool(mail.get("password")):
        yield "antivirus_mail: user and password belong together; give both or neither."


def _signatures(settings: Mapping[str, Any]) -> Iterator[str]:
    for entry in settings.get("local_signatures") or ():
        name = str(entry.get("name") or "")
        if not re.fullmatch(SIGNATURE_FILE, name) or bool(entry.get("content")) == bool(entry.get("src")):
            yield (
                f"antivirus_local_signatures: '{name}' must be a plain file name with one of ClamAV's endings, such as "
                "site.hdb or site.ndb, with either content or src."
            )
