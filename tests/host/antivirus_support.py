# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the role antivirus and its modules share: events, modules run alone, a host of their own."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from host_support import Pbx, unavailable

from lab.debian_host import DebianHost
from lab.debian_host.container import remove_group
from lab.mail_sink import MailSink
from lab.pki import LabCA
from lab.playbook import PlaybookRun, run_playbook

SITE: dict[str, Any] = {
    "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": ["198.51.100.7/32"]},
    "pbx": {"address": "192.168.10.10", "server_name": "pbx.acme.example"},
    "trunk_providers": [{"name": "itsp", "signalling": ["203.0.113.0/28"]}],
}
"""What every declaration has."""
EVENTS = "/var/log/voipsec-antivirus/events.jsonl"
QUARANTINE = "/var/lib/voipsec-antivirus/quarantine"
PASSWORD = "Sink-pass-5d1f0b"
USER = "pbx@acme.example"
CA_FILE = "/etc/ssl/lab-ca.pem"
NSPAWN = Path("/run/systemd/nspawn")


@contextlib.contextmanager
def mail_server(pbx: Pbx, folder: Path) -> Iterator[MailSink]:
    """A mail server that the host reaches, because the two share a network; the host knows its authority."""
    authority = LabCA.create(folder / "mail-ca")
    with MailSink(authority.issue("server", ["localhost"]), USER, PASSWORD) as sink:
        pbx.put(CA_FILE, authority.files.certificate.read_text())
        yield sink


def mail_settings(sink: MailSink) -> dict[str, Any]:
    """For antivirus_mail."""
    return {
        "to": ["office@acme.example", "support@msp.example"],
        "host": "localhost",
        "port": sink.port,
        "user": USER,
        "password": PASSWORD,
        "ca_file": CA_FILE,
        "interval": 0,
    }


def changed_tasks(run: PlaybookRun) -> set[str]:
    """The names of the tasks and handlers that changed the host, or would."""
    found, name = set(), ""
    for line in run.output.splitlines():
        header = re.match(r"(?:TASK|RUNNING HANDLER) \[(?:.* : )?(.*)\] \*", line)
        if header:
            name = header[1]
        elif line.startswith("changed: [pbx]"):
            found.add(name)
    return found


def events(pbx: Pbx) -> list[dict[str, Any]]:
    """All events of the host so far."""
    done = pbx.inside.run(f"cat {EVENTS}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def wait_event(pbx: Pbx, wanted: Callable[[dict[str, Any]], bool], timeout: float = 30) -> dict[str, Any]:
    """The newest such event, when it is there."""
    deadline = time.monotonic() + timeout
    while True:
        seen = events(pbx)
        found = [event for event in seen if wanted(event)]
        if found:
            return found[-1]
        assert time.monotonic() < deadline, seen[-5:]
        time.sleep(0.2)


def task(pbx: Pbx, module: str, arguments: Mapping[str, Any], *command_line: str) -> tuple[dict[str, Any], PlaybookRun]:
    """One task as root on the host: its result, failed or not."""
    result = pbx.folder / "result.json"
    result.unlink(missing_ok=True)
    tasks = [
        {
            "name": "Task",
            f"voipsec.hardening.{module}": dict(arguments),
            "become": True,
            "register": "result",
            "ignore_errors": True,
        },
        {
            "name": "Result",
            "ansible.builtin.copy": {"content": "{{ result | to_json }}", "dest": str(result), "mode": "0600"},
            "delegate_to": "localhost",
            "vars": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "check_mode": False,
        },
    ]
    inventory, playbook = pbx.folder / "task-hosts.yml", pbx.folder / "task.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"pbx": pbx.machine.inventory_variables()}}}))
    playbook.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    run = run_playbook(pbx.folder, ["-i", str(inventory), *command_line, str(playbook)])
    assert result.exists(), run.output
    return json.loads(result.read_text()), run


@contextlib.contextmanager
def own_host(folder: Path, suite: str, *, watching: bool = False) -> Iterator[Pbx]:
    """A host for one module of tests. ``watching`` allows fanotify, which systemd-nspawn forbids by default."""
    unavailable()
    machine = DebianHost(folder / "machine", suite=suite)
    settings = NSPAWN / f"{machine._container.name}.nspawn"
    if watching:
        NSPAWN.mkdir(parents=True, exist_ok=True)
        settings.write_text("[Exec]\nSystemCallFilter=fanotify_init fanotify_mark\n")
    try:
        with machine:
            yield Pbx(machine, folder)
    finally:
        settings.unlink(missing_ok=True)


@contextlib.contextmanager
def memory_ceiling(pbx: Pbx, limit: int) -> Iterator[None]:
    """Let the kernel enforce a MemoryMax where systemd cannot ask it to.

    On a machine with control groups of version 1, systemd-nspawn hands none of memory to the host. There, what its
    PID 1 starts from now on gets the limit; elsewhere systemd itself has set it.
    """
    root = Path("/sys/fs/cgroup/memory")
    if not root.is_dir() or pbx.machine.access is None:
        yield
        return
    leader = str(pbx.machine.access.leader)
    lines = Path(f"/proc/{leader}/cgroup").read_text().splitlines()
    before = root / next(line.split(":")[2].lstrip("/") for line in lines if line.split(":")[1] == "memory")
    group = root / f"voipsec-lab-{leader}"
    group.mkdir()
    try:
        (group / "memory.limit_in_bytes").write_text(str(limit))
        (group / "cgroup.procs").write_text(leader)
        yield
    finally:
        for pid in (group / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                (before / "cgroup.procs").write_text(pid)
        remove_group(group)
