# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a host, and nothing but reading: nothing is installed, and nothing written."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterable
from pathlib import Path

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.inventory import (
    SOCKETS,
    listeners,
    parse_keys,
    parse_sockets,
    parse_verify,
    sha256,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

CRON = ("/etc/crontab", "/etc/anacrontab", "/var/spool/cron/crontabs")
CRON_FOLDERS = ("/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly")
UNITS = ("/etc/systemd/system", "/usr/local/lib/systemd/system")
"""What a person or a program adds; packages have theirs in /usr/lib, where dpkg verifies them."""
UNIT_ENDINGS = (".timer", ".service", ".path", ".socket", ".conf")
SUDOERS = ("/etc/sudoers", "/etc/sudoers.d")
LARGEST = 1024 * 1024
VERIFY_TIMEOUT = 1800


def collect() -> dict[str, dict[str, str]]:
    """Everything. Raises HardeningError where only root may look."""
    if os.geteuid() != 0:
        raise HardeningError("Reading the inventory of a host needs root: run the task with become: true.")
    ours = own_processes()
    return {
        "packages": packages(),
        "processes": processes(ours),
        "listeners": waiting(ours),
        "cron": files([*CRON, *CRON_FOLDERS]),
        "timers": files(UNITS, UNIT_ENDINGS),
        "sudoers": files(SUDOERS),
        "authorized_keys": keys(),
    }


def packages() -> dict[str, str]:
    """Files that are not as their packages brought them."""
    try:
        done = subprocess.run(
            ["dpkg", "--verify"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=VERIFY_TIMEOUT,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HardeningError(f"dpkg --verify did not run: {error}. The host must run Debian.") from None
    return parse_verify(done.stdout)


def own_processes() -> set[str]:
    """This module and all above it up to the login: they come and go with the look."""
    found, pid = set(), os.getpid()
    while pid > 1:
        found.add(str(pid))
        try:
            text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            pid = int(text.rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            break
    return found


def processes(ours: set[str]) -> dict[str, str]:
    """Programs that run, by user and path. Arguments may hold passwords and are not read."""
    found = {}
    for pid in _pids():
        program = _program(pid)
        if not program or pid in ours:
            continue
        try:
            owner = os.stat(f"/proc/{pid}").st_uid
        except OSError:
            continue
        found[f"{_user(owner)} {program}"] = ""
    return found


def waiting(ours: set[str]) -> dict[str, str]:
    """Sockets that wait for strangers."""
    owners = {}
    for pid in _pids():
        program = _program(pid)
        if not program or pid in ours:
            continue
        for link in _links(f"/proc/{pid}/fd"):
            if link.startswith("socket:["):
                owners[link[8:-1]] = program
    first = 32768
    range_ = _read("/proc/sys/net/ipv4/ip_local_port_range")
    if range_:
        first = int(range_.split()[0])
    sockets = []
    for protocol in SOCKETS:
        text = _read(f"/proc/net/{protocol}")
        if text:
            sockets += parse_sockets(protocol, text.decode(), first)
    return listeners(sockets, owners)


def files(paths: Iterable[str], endings: tuple[str, ...] = ("",)) -> dict[str, str]:
    """Files and what is below folders, by path: the hash of the content, or where a link goes."""
    found = {}
    for path in paths:
        for name in _walk(path):
            if not name.endswith(endings) and not os.path.islink(name):
                continue
            if os.path.islink(name):
                found[name] = f"link to {os.readlink(name)}"
                continue
            content = _read(name)
            if content is not None:
                found[name] = sha256(content)
    return found


def keys() -> dict[str, str]:
    """Who may log in with a key."""
    found = {}
    for entry in pwd.getpwall():
        for name in ("authorized_keys", "authorized_keys2"):
            content = _read(os.path.join(entry.pw_dir, ".ssh", name))
            if content:
                found.update(parse_keys(entry.pw_name, content.decode("utf-8", "replace")))
    return found


def _walk(path: str) -> list[str]:
    if not os.path.isdir(path) or os.path.islink(path):
        return [path] if os.path.lexists(path) else []
    return [os.path.join(folder, name) for folder, _folders, names in os.walk(path) for name in names]


def _read(path: str) -> bytes | None:
    """The first megabyte; None for what is not there or not an ordinary file."""
    try:
        if not os.path.isfile(path):
            return None
        with Path(path).open("rb") as file:
            return file.read(LARGEST)
    except OSError:
        return None


def _pids() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()]


def _program(pid: str) -> str | None:
    """None for a thread of the kernel, and for a process that is gone."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return None


def _links(folder: str) -> list[str]:
    found = []
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    for name in names:
        try:
            found.append(os.readlink(os.path.join(folder, name)))
        except OSError:
            continue
    return found


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
