# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a phone asks for, in which order, and when it gives up (yealink.md 1.3 and 4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from lab.phones import cfg, models
from lab.phones.report import FetchReport, without_userinfo
from lab.phones.table import STATIC_SINCE
from lab.phones.transfer import Client, TransferFailed


class Aborted(Exception):
    """The run ends here and the old configuration stays."""


class Download:
    """The requests of one run, written down in its report."""

    def __init__(self, client: Client, base: str, report: FetchReport) -> None:
        self.client = client
        self.base = base
        self.report = report

    def files(self, mac: str, model: str, generation: int, own_file: str = "") -> tuple[list[tuple[str, bytes]], bool]:
        """The files to apply, in order, and whether overwrite_mode is on (yealink.md 1.3 and 4.5).

        `own_file` is another address for <mac>.cfg (yealink.md 1.2); a boot file names its files itself.
        """
        last = urlsplit(self.base).path.rpartition("/")[2]
        if last.endswith(".cfg"):  # a whole file address is fetched as it stands (yealink.md 2.4)
            return self._get_all([self.base]), False
        if last.endswith(".boot"):
            body = self.get(self.base)
            return ([], False) if body is None else self._follow_boot(self.base, body, model)
        directory = _directory(self.base)
        if generation >= STATIC_SINCE:  # boot files exist since V81 (yealink.md 1.2)
            for name in (f"{mac}.boot", "y000000000000.boot"):
                body = self.get(directory + name)
                if body is not None:
                    return self._follow_boot(directory + name, body, model)
        common = models.common_file(model)
        if common is None:
            self.report.warnings.append(f"the common file of {model} is not known; not asked for")
        wanted = [urljoin(directory, name) for name in (common, own_file or f"{mac}.cfg") if name]
        return self._get_all(wanted), False

    def _follow_boot(self, url: str, body: bytes, model: str) -> tuple[list[tuple[str, bytes]], bool]:
        name = _label(url, url)
        try:
            boot = cfg.parse_boot(body, model)
        except cfg.NotAConfiguration as error:
            self.report.refused.append((name, "", str(error)))
            return [], False
        self.report.refused += [(f"{name}:{number}", "", "means nothing in a boot file") for number in boot.malformed]
        targets = [urljoin(url, target) for target in boot.includes]
        return self._get_all(targets), boot.overwrite

    def _get_all(self, urls: Sequence[str]) -> list[tuple[str, bytes]]:
        fetched = ((url, self.get(url)) for url in urls)
        return [(_label(url, urls[0]), body) for url, body in fetched if body is not None]

    def get(self, url: str) -> bytes | None:
        """The body, or None for 404. Anything else ends the run (yealink.md 4.5)."""
        label = _label(url, f"//{self.client.credentials_for}")
        try:
            status, body = self.client.get(url)
        except TransferFailed as error:
            self.report.requests.append((label, 0))
            raise Aborted(f"{label}: {error}") from error
        self.report.requests.append((label, status))
        if status == 200:
            return body
        if status == 404:
            return None
        raise Aborted(f"{label}: status {status}")

    def put(self, path: str, name: str, body: bytes) -> bool:
        """Upload a file to `path`, or beside the configuration if that is blank. A failure ends nothing."""
        url = f"{_directory(urljoin(_directory(self.base), path))}{name}"
        label = _label(url, self.base)
        try:
            status = self.client.put(url, body)
        except TransferFailed as error:
            self.report.uploads.append((label, 0))
            self.report.warnings.append(f"upload: {error}")
            return False
        self.report.uploads.append((label, status))
        return status in (200, 201, 204)


def _directory(url: str) -> str:
    """The address with a slash at the end; of a file's address, the directory it is in."""
    head, _slash, last = url.rpartition("/")
    if last.endswith((".cfg", ".boot")):
        return f"{head}/"
    return url if url.endswith("/") else f"{url}/"


def _label(url: str, base: str) -> str:
    """The path; the whole address (without credentials) for another host than the base's."""
    parts = urlsplit(url)
    return parts.path if parts.hostname == urlsplit(base).hostname else without_userinfo(url)
