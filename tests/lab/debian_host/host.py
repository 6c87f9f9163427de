# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host as a test or a demonstration uses it."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from lab.debian_host.container import Container
from lab.debian_host.image import CACHE, USER, base_tree
from lab.debian_host.machine_apt import SUITE
from lab.playbook import control_path_dir

RELAY = Path(__file__).with_name("relay.py")
ADDRESS = "127.0.0.1"
SSHD = """\
ListenAddress {address}
Port {port}
HostKey /etc/ssh/ssh_host_ed25519_key
AllowUsers {user}
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
UseDNS no
"""


@dataclass(frozen=True)
class Access:
    """How to log in."""

    host: str
    port: int
    user: str
    private_key_file: str
    known_hosts_file: str
    pid: int
    leader: int
    enter: str = ""
    """The file of the network namespace from where one logs in; empty is the machine's own."""


class DebianHost:
    """``with DebianHost(folder) as host:`` boots a fresh Debian and takes it away again.

    ``memory_mb`` is what the host shows as its memory, as LXCFS does it: it does not have less, it says so.
    ``network_namespace`` is the file of a namespace to boot in, see Container; SSH then goes there through ssh's
    ProxyCommand, so that nothing of the host's network is visible in the machine's. Its sshd listens on loopback, or
    where ``address`` is given, there on port 22; then one logs in from the namespace ``reached_from``.
    The folder is for this host alone: what an earlier, killed run left in it is stopped and removed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        memory_mb: int | None = None,
        cache: Path = CACHE,
        network_namespace: Path | None = None,
        suite: str = SUITE,
        address: str = ADDRESS,
        reached_from: Path | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.memory_mb = memory_mb
        self.cache = cache
        self.access: Access | None = None
        self.network_namespace = network_namespace
        self.suite = suite
        self.address = address
        self.reached_from = reached_from or network_namespace
        self._container = Container(self.folder, network_namespace=network_namespace)

    def __enter__(self) -> DebianHost:
        try:
            self.up(dies_with_us=True)
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    def up(self, *, dies_with_us: bool = False) -> Access:
        """Boot; returns when systemd has reached its default target and sshd listens."""
        self.down()
        base = base_tree(self.cache, self.suite)
        self.folder.mkdir(parents=True, mode=0o700)
        self._container.prepare(base)
        private_key, known_hosts = self.folder / "id_ed25519", self.folder / "known_hosts"
        port = free_port() if self.address == ADDRESS else 22
        self._write_identity(port, private_key, known_hosts)
        self._container.start(dies_with_us=dies_with_us)
        enter = str(self.reached_from or "")
        self._remember(Access(self.address, port, USER, str(private_key), str(known_hosts), 0, 0, enter))
        self.show_memory(self.memory_mb)
        if enter:
            # From there no mirror is reached: the lists of packages that came with the base tree count as fresh.
            self.inside("touch /var/lib/apt/lists")
        return self._known_access()

    def down(self) -> None:
        """Power off and remove everything. Needs only the folder: also for a host that another process has started."""
        # A run that was killed may have left no file, or half of one.
        with contextlib.suppress(FileNotFoundError, ValueError):
            self._find()
        self._container.stop()
        self._container.discard()
        self.access = None

    def restart(self) -> None:
        """Reboot and wait for the end of the boot."""
        self._find()
        self._container.restart()
        self._remember(self._known_access())
        self.show_memory(self.memory_mb)

    def show_memory(self, megabytes: int | None) -> None:
        """Let the host say that it has this much memory; None shows the machine's own."""
        inside = self.inside
        inside("while mountpoint -q /proc/meminfo; do umount /proc/meminfo; done")
        if megabytes is not None:
            capped = cap_meminfo(inside("cat /proc/meminfo"), megabytes)
            inside("cat >/run/lab-meminfo; mount --bind /run/lab-meminfo /proc/meminfo", capped)
        self.memory_mb = megabytes

    def inventory_variables(self) -> dict[str, Any]:
        """What an installer would write into the inventory for it."""
        access = self._known_access()
        return {
            "ansible_host": access.host,
            "ansible_port": access.port,
            "ansible_user": access.user,
            "ansible_ssh_private_key_file": access.private_key_file,
            "ansible_ssh_common_args": shlex.join(self._ssh_options()),
            "ansible_python_interpreter": "/usr/bin/python3",
            "ansible_pipelining": True,
        }

    def login(self) -> list[str]:
        """The command that logs in by SSH."""
        access = self._known_access()
        port = ["-p", str(access.port)]
        return ["ssh", *self._ssh_options(), "-i", access.private_key_file, *port, f"{access.user}@{access.host}"]

    def run(self, command: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command line as root over SSH."""
        as_root = f"sudo sh -c {shlex.quote(command)}"
        return subprocess.run(
            [*self.login(), as_root], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=check
        )

    def inside(self, script: str, text: str = "") -> str:
        """Run a shell script in the host's mounts, without a login.

        For what stands in for hardware or for another release.
        """
        self._find()
        return self._container.inside(script, text)

    def ssh_config(self, *, keep_open: bool = False) -> str:
        """For tools that take an ssh_config file: the host is called ``pbx``.

        ``keep_open``: one connection for all commands, which saves a login each; it also outlives a ban.
        """
        access = self._known_access()
        options = [option for option in self._ssh_options() if option != "-o"]
        lines = [
            f"HostName {access.host}",
            f"Port {access.port}",
            f"User {access.user}",
            f"IdentityFile {access.private_key_file}",
        ]
        if keep_open:
            folder = control_path_dir(self.folder)
            folder.mkdir(parents=True, exist_ok=True)
            lines += ["ControlMaster auto", f"ControlPath {folder}/inside", "ControlPersist 60"]
        return "Host pbx\n" + "".join(f"  {line}\n" for line in [*lines, *(o.replace("=", " ", 1) for o in options)])

    def _ssh_options(self) -> list[str]:
        access = self._known_access()
        options = {
            "UserKnownHostsFile": access.known_hosts_file,
            "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "yes",
            "IdentitiesOnly": "yes",
            "BatchMode": "yes",
        }
        if access.enter:
            relay = ["nsenter", f"--net={access.enter}", sys.executable, "-S", str(RELAY)]
            options["ProxyCommand"] = shlex.join([*relay, access.host, str(access.port)])
            options["ProxyUseFdpass"] = "yes"
        return [part for name, value in options.items() for part in ("-o", f"{name}={value}")]

    def _write_identity(self, port: int, private_key: Path, known_hosts: Path) -> None:
        """Fresh keys for this run, put into the host's own layer before it boots."""
        upper = self._container.upper
        ssh = upper / "etc/ssh"
        home = upper / "home" / USER
        for folder in (upper, upper / "etc", ssh, ssh / "sshd_config.d", upper / "home"):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
        make_key(ssh / "ssh_host_ed25519_key")
        make_key(private_key)
        (ssh / "sshd_config.d/lab.conf").write_text(SSHD.format(address=self.address, port=port, user=USER))
        host_key = (ssh / "ssh_host_ed25519_key.pub").read_text().split()[:2]
        # As ssh writes it: without the port where that is 22.
        name = self.address if port == 22 else f"[{self.address}]:{port}"
        known_hosts.write_text(f"{name} {' '.join(host_key)}\n")
        owner = os.stat(self._container.folder / "base" / "home" / USER)
        (home / ".ssh").mkdir(parents=True)
        shutil.copyfile(private_key.with_suffix(".pub"), home / ".ssh/authorized_keys")
        for path in (home, home / ".ssh", home / ".ssh/authorized_keys"):
            os.chown(path, owner.st_uid, owner.st_gid)
            path.chmod(0o600 if path.is_file() else 0o700)

    def _remember(self, access: Access) -> None:
        pid, leader = self._container.pid or 0, self._container.leader or 0
        self.access = Access(**{**asdict(access), "pid": pid, "leader": leader})
        (self.folder / "host.json").write_text(json.dumps(asdict(self.access), indent=2) + "\n")

    def _find(self) -> None:
        """Take over the host that belongs to the folder."""
        if self.access is None:
            self.access = Access(**json.loads((self.folder / "host.json").read_text()))
            self._container.pid, self._container.leader = self.access.pid, self.access.leader

    def _known_access(self) -> Access:
        if self.access is None:
            raise RuntimeError("the host is not up")
        return self.access


def make_key(path: Path) -> None:
    """A new key pair without a pass phrase."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(path)], check=True)


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def cap_meminfo(text: str, megabytes: int) -> str:
    """The same /proc/meminfo for a machine with less memory."""
    most = megabytes * 1024

    def cap(line: str) -> str:
        name, _colon, value = line.partition(":")
        amount, unit = [*value.split(), ""][:2]
        too_much = unit == "kB" and not name.startswith("Vmalloc") and int(amount) > most
        return f"{name}:{most:>15} kB" if too_much else line

    return "\n".join(cap(line) for line in text.splitlines()) + "\n"
