# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base tree: built once with debootstrap, then only read."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from lab.debian_host.machine_apt import KEYRING, SUITE, AptSetup, machine_apt

CACHE = Path("/var/cache/voipsec-lab")
FOLDERS = {"bookworm": "debian-12", "trixie": "debian-13"}
"""Where the trees of a suite are kept, below the cache."""
USER = "installer"
PACKAGES = (
    *("ca-certificates", "dbus", "debian-archive-keyring", "iproute2", "kmod", "openssh-server", "procps"),
    *("python3", "python3-apt", "sudo", "systemd-sysv"),
)
DOWNLOADED = (
    *("clamav", "clamav-daemon", "clamav-freshclam", "clamdscan"),
    *("fail2ban", "nftables", "nginx", "openssl", "python3-systemd"),
    *("rsyslog", "systemd-timesyncd", "unattended-upgrades"),
)
"""In apt's cache but not installed, so that a run of the role need not wait for the network."""
MASKED = (
    # Nothing may take apt's lock, or a port of the machine whose network this host shares.
    *("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "ssh.socket"),
    *("systemd-networkd.service", "systemd-resolved.service", "console-getty.service"),
)
RECIPE = 3
"""Raise it when the steps below change."""


def cache_key(suite: str = SUITE) -> str:
    """Changes when another tree would be built."""
    recipe = "\n".join([str(RECIPE), suite, USER, *PACKAGES, *DOWNLOADED, *MASKED])
    return hashlib.sha256(recipe.encode()).hexdigest()[:12]


def base_tree(cache: Path = CACHE, suite: str = SUITE) -> Path:
    """The finished tree, built now when there is none. The folder appears under its name only when it is complete."""
    folder = cache / FOLDERS[suite]
    tree = folder / cache_key(suite)
    if tree.is_dir():
        return tree
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one_builder(folder):
        if not tree.is_dir():
            unfinished = folder / f"{tree.name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            build(unfinished, machine_apt(suite), log=folder / f"{tree.name}.log", suite=suite)
            unfinished.rename(tree)
    return tree


def build(tree: Path, apt: AptSetup, log: Path, suite: str = SUITE) -> None:
    """Make the tree."""
    with log.open("w", encoding="utf-8") as output:
        keyring = [f"--keyring={KEYRING}"] if Path(KEYRING).exists() else []
        include = f"--include={','.join(PACKAGES)}"
        _run(
            ["debootstrap", "--variant=minbase", include, *keyring, suite, str(tree), apt.mirrors[suite]],
            output,
            environment={**os.environ, **apt.proxies},
        )
        (tree / "etc/apt/sources.list").write_text(apt.sources)
        (tree / "etc/apt/apt.conf.d/50lab").write_text(f'{apt.configuration}Acquire::Languages "none";\n')
        with _resolver(tree):
            _run(["chroot", str(tree), "apt-get", "update"], output)
            download = ["apt-get", "install", "--yes", "--no-install-recommends", "--download-only", *DOWNLOADED]
            _run(["chroot", str(tree), *download], output)
        _run(["chroot", str(tree), "useradd", "--create-home", "--shell", "/bin/bash", USER], output)
        sudoers = tree / "etc/sudoers.d/installer"
        sudoers.write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
        sudoers.chmod(0o440)
        for unit in MASKED:
            link = tree / "etc/systemd/system" / unit
            link.unlink(missing_ok=True)
            link.symlink_to("/dev/null")
        # The lab has no signature mirror, and tests do not talk to the internet.
        with (tree / "etc/hosts").open("a") as hosts:
            hosts.write("127.0.0.1 localhost pbx\n127.0.0.1 database.clamav.net\n")
        for key in (tree / "etc/ssh").glob("ssh_host_*"):
            key.unlink()
        (tree / "etc/hostname").write_text("pbx\n")
        (tree / "etc/machine-id").write_text("")
        (tree / "var/log/journal").mkdir(exist_ok=True)


@contextlib.contextmanager
def _resolver(tree: Path) -> Iterator[None]:
    """Name resolution inside the tree while it is needed; at boot systemd-nspawn copies the machine's again."""
    inside = tree / "etc/resolv.conf"
    inside.unlink(missing_ok=True)
    shutil.copyfile("/etc/resolv.conf", inside)
    try:
        yield
    finally:
        inside.unlink()
        inside.touch()


@contextlib.contextmanager
def _only_one_builder(cache: Path) -> Iterator[None]:
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: list[str], output: TextIO, environment: Mapping[str, str] | None = None) -> None:
    output.write(f"{time.strftime('%H:%M:%S')} {' '.join(command)}\n")
    output.flush()
    environment = {**(environment or os.environ), "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"'{' '.join(command)}' ended with {done.returncode}; see {output.name}")
