# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a tree as a container: start, wait until it has booted, restart, stop."""

from __future__ import annotations

import contextlib
import hashlib
import os
import select
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")
POWER_OFF = signal.SIGRTMIN + 4
REBOOT = signal.SIGRTMIN + 5
"""What systemd as PID 1 takes these signals for, systemd(1)."""

LAUNCHER = """
set -eu
for group in $CONTROL_GROUPS; do
  mkdir -p "$group"
  echo $$ >"$group/cgroup.procs"
done
if ! mount -t overlay overlay -o lowerdir=base,upperdir=upper,workdir=work root; then
  echo "no overlay on this file system: copying the base tree"
  cp -a --reflink=auto base/. root/
  cp -a upper/. root/
fi
while true; do
  status=0
  setpriv --pdeathsig TERM systemd-nspawn "$@" || status=$?
  test $status = 133 || exit $status
  if [ -n "$NETWORK_NAMESPACE" ]; then
    nsenter --net="$NETWORK_NAMESPACE" nft flush ruleset
  fi
done
"""
"""Runs in a mount namespace of its own: when the container is gone, however it ended, so is the mount.

With --keep-unit, systemd-nspawn asks with the status 133 to be started again after a reboot of the container.
A network namespace outlives that, and no machine's firewall would.
"""


class ContainerError(Exception):
    """The container did not do what was asked; the text says what and where its console is."""


class Container:
    """A throw-away copy of a tree in a folder; everything of it is found again from the folder's name.

    ``network_namespace`` is the file of a namespace that exists, as ``ip netns`` makes them below /run/netns. The
    container is root there, and may have a firewall. Without it the network is the machine's own.
    """

    def __init__(self, folder: Path, *, network_namespace: Path | None = None) -> None:
        self.folder = folder.resolve()
        self.network_namespace = network_namespace
        self.name = "voipsec-" + hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]
        self.pid: int | None = None
        self.leader: int | None = None

    @property
    def upper(self) -> Path:
        """What differs from the base tree; may only be written while the container is down."""
        return self.folder / "upper"

    @property
    def console(self) -> Path:
        """All that the boot printed."""
        return self.folder / "console.log"

    def prepare(self, base: Path) -> None:
        """Make the empty layers."""
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir()
        (self.folder / "base").symlink_to(base)

    def start(self, *, dies_with_us: bool, timeout: float = 60) -> None:
        """Boot, and wait until the default target is reached."""
        options = [
            "--quiet",
            "--directory=root",
            "--boot",
            f"--machine={self.name}",
            "--register=no",
            "--notify-ready=yes",
        ]
        options += ["--link-journal=no", "--resolv-conf=copy-host", "--timezone=off"]
        # dpkg waits for the disk after every file; nobody needs this host after a power cut of the machine.
        options.append("--suppress-sync=yes")
        if self.network_namespace:
            # Without the capability, which systemd-nspawn gives with a network of its own making only, no nftables.
            options += [f"--network-namespace-path={self.network_namespace}", "--capability=CAP_NET_ADMIN"]
        groups = control_groups(self.name)
        if groups:
            options.append("--keep-unit")
        if groups and not (CONTROL_GROUPS / "cgroup.procs").exists():
            # systemd 256 and later refuse the first version of control groups without it.
            options.append("SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1")
        wrapper = ["setpriv", "--pdeathsig", "TERM"] if dies_with_us else []
        wrapper += ["unshare", "--mount", "--propagation", "private", "sh", "-c", LAUNCHER, "launcher"]
        with self._notifications() as inbox, self.console.open("w") as console:
            process = subprocess.Popen(
                [*wrapper, *options],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={
                    **os.environ,
                    "NOTIFY_SOCKET": self._address,
                    "CONTROL_GROUPS": " ".join(map(str, groups)),
                    "NETWORK_NAMESPACE": str(self.network_namespace or ""),
                },
            )
            self.pid = process.pid
            self._wait_ready(inbox, timeout)

    def restart(self, timeout: float = 60) -> None:
        """An orderly reboot, waited for."""
        with self._notifications() as inbox:
            os.kill(self._running_leader(), REBOOT)
            self._wait_ready(inbox, timeout)

    def stop(self, timeout: float = 20) -> None:
        """An orderly power-off; after the timeout, pull the plug. Removes everything outside the folder."""
        if self.pid is not None and is_ours(self.pid, self.name):
            # Asked of the container's PID 1 where it is known: systemd-nspawn itself would only halt it.
            os.kill(self.leader or self.pid, POWER_OFF if self.leader else signal.SIGTERM)
            if not wait_gone(self.pid, timeout):
                end(self.pid)
        self.remove_leftovers()
        self.pid = self.leader = None

    def remove_leftovers(self) -> None:
        """Kill what still runs under our name or in our control groups, and remove those."""
        everybody = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        for pid in everybody:
            if is_ours(pid, self.name):
                end(pid)
        for group in control_groups(self.name):
            if not group.is_dir():
                continue
            for procs in group.rglob("cgroup.procs"):
                for number in procs.read_text().split():
                    end(int(number))
            for folder in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True):
                remove_group(folder)
            remove_group(group)

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def inside(self, script: str, text: str = "") -> str:
        """Run a shell script in the container's mounts, without a login."""
        # Without --pid there is no /proc/self, which umount reads.
        enter = ["nsenter", "--target", str(self._running_leader()), "--mount", "--pid"]
        command = [*enter, "--", "/bin/sh", "-euc", script]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ContainerError(f"{script}: {done.stderr.strip()}")
        return done.stdout

    def _running_leader(self) -> int:
        if self.leader is None or self.pid is None or not is_ours(self.pid, self.name):
            raise ContainerError("the host is not running")
        return self.leader

    @property
    def _address(self) -> str:
        return f"@{self.name}"

    @contextlib.contextmanager
    def _notifications(self) -> Iterator[socket.socket]:
        """Where systemd-nspawn tells of a finished boot, sd_notify(3). The name is abstract: it leaves no file."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
            inbox.bind("\0" + self.name)
            yield inbox

    def _wait_ready(self, inbox: socket.socket, timeout: float) -> None:
        if self.pid is None:
            raise ContainerError("the host is not running")
        deadline = time.monotonic() + timeout
        with open_pid(self.pid) as process:
            while (left := deadline - time.monotonic()) > 0:
                readable, _writable, _failed = select.select([inbox.fileno(), process], [], [], left)
                if inbox.fileno() in readable:
                    fields = dict(line.partition("=")[::2] for line in inbox.recv(4096).decode().splitlines())
                    if "X_NSPAWN_LEADER_PID" in fields:
                        self.leader = int(fields["X_NSPAWN_LEADER_PID"])
                    if fields.get("READY") == "1":
                        return
                elif process in readable:
                    break
        tail = "".join(self.console.read_text(errors="replace").splitlines(keepends=True)[-15:])
        raise ContainerError(f"the host did not boot within {timeout:.0f} s; end of {self.console}:\n{tail}")


def control_groups(name: str) -> list[Path]:
    """Control groups to make for a container; none where systemd runs the machine and makes them itself.

    Without a group of its own, systemd-nspawn would use one name for all containers of the machine.
    """
    root = CONTROL_GROUPS
    if Path("/run/systemd/system").is_dir():
        return []
    paths = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _number, controllers, path = line.split(":", 2)
        paths[controllers] = path.lstrip("/")
    if (root / "cgroup.procs").exists():
        return [root / paths.get("", "") / name]
    places = {"name=systemd": root / "systemd", "": root / "unified"}
    return [
        place / paths[controllers] / name
        for controllers, place in places.items()
        if controllers in paths and place.is_dir()
    ]


def remove_group(group: Path) -> None:
    """A control group can go when the kernel has let go of its last process, a moment after that has ended."""
    deadline = time.monotonic() + 2
    while True:
        try:
            group.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            if time.monotonic() > deadline:
                return
            time.sleep(0.01)
        else:
            return


def is_ours(pid: int, name: str) -> bool:
    """Is this the launcher of the named container, and not another process that got its number?"""
    try:
        return f"--machine={name}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@contextlib.contextmanager
def open_pid(pid: int) -> Iterator[int]:
    """A descriptor that becomes readable when the process ends."""
    descriptor = os.pidfd_open(pid)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def end(pid: int) -> None:
    """Pull the plug of a process."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    wait_gone(pid, 5)


def wait_gone(pid: int, timeout: float) -> bool:
    """Wait for the end of any process, and collect it when it is our child."""
    try:
        with open_pid(pid) as process:
            gone = bool(select.select([process], [], [], timeout)[0])
    except ProcessLookupError:
        return True
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return gone
