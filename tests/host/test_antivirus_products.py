# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role antivirus does beside ClamAV's nightly scan, on a host whose kernel lets files be watched.

In this order: off_host on the bare host, the stand-in for Avast, ClamAV on access. On Debian 13, because the other
tests of the role have Debian 12; SUITE may be either.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from antivirus_support import QUARANTINE, SITE, changed_tasks, events, own_host, task, wait_event
from host_support import SCAN, SIGNATURE, Pbx, eicar, eicar_signature

from lab.avast_stand_in import build_package, build_repository

SUITE = "trixie"
LICENSE = "stand-in-licence-81fa3c"
STAND_IN = "/var/lib/avast/stand-in.jsonl"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pbx]:
    """A fresh host."""
    with own_host(tmp_path_factory.mktemp("products"), SUITE, watching=True) as host:
        host.put("/srv/uploads/clean.txt", "clean")
        yield host


# From outside


OFF_HOST: dict[str, Any] = {
    "antivirus_product": "off_host",
    # What a login and a look bring with them.
    "antivirus_off_host_ignored": [
        r"^processes .* /usr/(lib/systemd|sbin/sshd|bin/sudo|bin/bash|bin/dash)",
        "^listeners",
    ],
}
ATTACK = """\
mkdir -p /etc/cron.d
echo "* * * * * root /srv/x" >/etc/cron.d/updater
echo "installer ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/zz
echo "# changed" >>/etc/sudoers.d/installer
printf '[Timer]\nOnBootSec=1\n' >/etc/systemd/system/evil.timer
install -d -m 0700 /root/.ssh
echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJg0n7a0 evil" >>/root/.ssh/authorized_keys
echo "# changed" >>/etc/login.defs
cp /usr/bin/sleep /srv/miner
systemd-run --quiet --unit=miner /srv/miner 600
"""
REPAIR = """\
systemctl stop miner
rm /etc/cron.d/updater /etc/sudoers.d/zz /etc/systemd/system/evil.timer /root/.ssh/authorized_keys /srv/miner
sed -i '$d' /etc/sudoers.d/installer /etc/login.defs
"""
DIFFERENCES = {
    "file of a package added: /etc/login.defs",
    "process added: root /srv/miner",
    "cron file added: /etc/cron.d/updater",
    "systemd unit file added: /etc/systemd/system/evil.timer",
    "sudoers file added: /etc/sudoers.d/zz",
    "sudoers file changed: /etc/sudoers.d/installer",
}


def told(host: Pbx) -> list[dict[str, Any]]:
    """The events on the controller."""
    path = host.folder / "antivirus-pbx-events.txt"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_host_on_which_nothing_may_be_installed_is_looked_at_from_outside(host: Pbx) -> None:
    packages, files = host.packages(), host.files()
    with host.changed("mkdir /var/lib/3cxpbx", "rmdir /var/lib/3cxpbx"):
        first = host.play(OFF_HOST)
    assert (first.returncode, first.changed) == (0, 0), first.output
    assert "no inventory has been accepted yet" in first.output
    shown = host.play({**OFF_HOST, "antivirus_off_host_accept": True}, "--check", "--diff")
    assert '+        "/etc/sudoers.d/installer": "' in shown.output
    accepted = host.folder / "antivirus-pbx-accepted.txt"
    assert not accepted.exists()
    assert host.play({**OFF_HOST, "antivirus_off_host_accept": True}).changed == 1
    assert json.loads(accepted.read_text())["sudoers"]["/etc/sudoers.d/installer"]
    assert accepted.stat().st_mode & 0o777 == 0o600
    same = host.play(OFF_HOST)
    assert (same.returncode, same.changed) == (0, 0), same.output
    assert "as accepted: " in same.output
    assert host.packages() == packages
    assert {path for path in host.files() - files if "voipsec" in path or "3cx" in path} == set()


def test_every_trace_of_an_intruder_is_told_once(host: Pbx) -> None:
    host.machine.inside(ATTACK)
    run = host.play(OFF_HOST)
    assert run.returncode == 0, run.output
    lines = {event["line"] for event in told(host)}
    assert lines >= DIFFERENCES, lines
    assert {event["severity"] for event in told(host)} == {"warning"}
    for line in DIFFERENCES:
        assert line in run.output
    again = host.play(OFF_HOST)
    assert (again.returncode, again.changed) == (0, 0), again.output
    host.machine.inside(REPAIR)
    repaired = host.play(OFF_HOST)
    assert "as accepted: " in repaired.output, repaired.output
    ended = {event["line"] for event in told(host) if event["event"] == "ended"}
    assert ended >= {f"no longer: {line}" for line in DIFFERENCES}, ended
    before = len(told(host))
    host.machine.inside("echo '* * * * * root /srv/x' >/etc/cron.d/updater")
    host.play(OFF_HOST)
    host.machine.inside("rm /etc/cron.d/updater")
    assert "cron file added: /etc/cron.d/updater" in {event["line"] for event in told(host)[before:]}


# Avast's stand-in


@pytest.fixture(scope="module")
def avast(host: Pbx) -> dict[str, Any]:
    """The declaration, with a repository on the host's own disk."""
    package = build_package(host.folder)
    key = build_repository(package, host.folder / "repository")
    for path in sorted((host.folder / "repository").iterdir()):
        host.machine.inside(f"mkdir -p /opt/repository; base64 -d >/opt/repository/{path.name}", _base64(path))
    return {
        **SITE,
        "antivirus": {"product": "avast", "scan_at": "02:40"},
        "antivirus_avast_repository": {"uri": "file:/opt/repository", "suite": "./", "key": key},
        "antivirus_avast_license": LICENSE,
        "antivirus_scan_paths": ["/srv"],
        "antivirus_exclude_paths": ["/srv/live"],
        "antivirus_quarantine_action": "move",
        "antivirus_quarantine_from": ["/srv"],
    }


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def stand_in(host: Pbx) -> list[dict[str, Any]]:
    """What the stand-in was told."""
    return [json.loads(line) for line in host.inside.check_output(f"cat {STAND_IN}").splitlines()]


def test_avast_comes_from_the_declared_repository_with_its_licence(host: Pbx, avast: dict[str, Any]) -> None:
    before = host.files()
    check = host.play(avast, "--check", "--diff")
    assert check.returncode == 0, check.output
    assert "Avast would be installed" in check.output
    assert host.files() == before
    first = host.play(avast, "--diff", "-vvv")
    assert first.returncode == 0, first.output
    assert changed_tasks(check) == changed_tasks(first)
    second = host.play(avast)
    assert (second.returncode, second.changed) == (0, 0), second.output
    assert LICENSE not in check.output + first.output + second.output
    assert host.inside.package("avast").version == "0.0+stand-in"
    source = host.inside.file("/etc/apt/sources.list.d/voipsec-avast.sources").content_string
    assert "Signed-By: /etc/apt/keyrings/voipsec-avast.asc" in source
    for name in ("avast.service", f"{SCAN}.timer", "voipsec-antivirus-update.timer", "voipsec-antivirus-report.path"):
        assert host.inside.service(name).is_running, name
        assert host.inside.service(name).is_enabled, name


def test_avast_was_told_what_was_declared(host: Pbx, avast: dict[str, Any]) -> None:
    started = [entry for entry in stand_in(host) if entry["event"] == "started"][-1]
    assert started["license"] == hashlib.sha256(LICENSE.encode()).hexdigest()
    assert (started["owner"], started["mode"]) == ("avast", "0640")
    assert started["settings"] == {
        "RUN_DIR": "/run/avast",
        "SOCKET": "/run/avast/scan.sock",
        "LICENSE": "/etc/avast/license.avastlic",
        "WHITELIST": "/etc/avast/whitelist",
        "KEPT": "yes",
    }
    assert "/srv/live" in started["whitelist"]
    assert QUARANTINE in started["whitelist"]
    assert "CREDENTIALS=0" in host.inside.file("/etc/avast/avast.conf").content_string
    before = len([entry for entry in stand_in(host) if entry["event"] == "updated"])
    host.inside.check_output("systemctl start voipsec-antivirus-update.service")
    assert len([entry for entry in stand_in(host) if entry["event"] == "updated"]) == before + 1


def test_what_avast_finds_becomes_an_event_and_goes_into_quarantine(host: Pbx, avast: dict[str, Any]) -> None:
    host.put("/srv/uploads/it's x.com", eicar())
    host.put("/srv/live/call.wav", eicar())
    status, lines = host.scan()
    assert status == 1, lines
    assert [line for line in lines if line.startswith("SCAN finished mode=avast found=1 ")], lines
    assert {"event": "scan", "path": "/srv"} in stand_in(host)
    event = wait_event(host, lambda event: event["event"] == "found")
    assert (event["product"], event["file"], event["action"]) == ("avast", "/srv/uploads/it's x.com", "quarantined")
    assert host.inside.file("/srv/live/call.wav").exists
    result, _run = task(host, "antivirus_probe", {"within": 60})
    assert not result.get("failed"), result
    assert (result["product"], result["proved"], result["outcome"]) == ("avast", True, "quarantined")
    assert result["version"].startswith("STAND-IN for Avast")
    host.inside.check_output("systemctl stop avast.service")
    failed, _run = task(host, "antivirus_probe", {"within": 60})
    assert failed["msg"] == "The engine Avast is not running: avast.service is not active."
    host.inside.check_output("systemctl start avast.service")


def test_avast_without_licence_is_a_scan_that_was_not_made(host: Pbx, avast: dict[str, Any]) -> None:
    with host.changed("mv /etc/avast/license.avastlic /root", "mv /root/license.avastlic /etc/avast"):
        status, lines = host.scan()
    assert status == 126
    assert [line for line in lines if line.startswith("SCAN not complete, ended with 126")], lines
    assert wait_event(host, lambda event: event["event"] == "scan" and event["status"] == 126)["severity"] == "error"


def test_removing_avast_keeps_what_was_quarantined(host: Pbx, avast: dict[str, Any]) -> None:
    removal = {**avast, "antivirus_state": "absent"}
    run = host.play(removal)
    assert run.returncode == 0, run.output
    assert f"quarantined files are still in {QUARANTINE}" in run.output
    assert "avast" not in host.packages()
    assert not [path for path in host.files() if ("avast" in path and "keyrings" in path) or "avast.sources" in path]
    host.inside.check_output(f"rm {QUARANTINE}/*")
    assert host.play(removal).returncode == 0
    left = [path for path in host.files() if "voipsec" in path or "avast" in path]
    assert not [path for path in left if "deb-systemd" not in path and not path.startswith("/var/lib/dpkg")], left
    again = host.play(removal)
    assert (again.returncode, again.changed) == (0, 0), again.output


def test_avast_from_a_package_file(host: Pbx, avast: dict[str, Any]) -> None:
    from_file = {key: value for key, value in avast.items() if key != "antivirus_avast_repository"}
    license_file = host.folder / "license.avastlic"
    license_file.write_text(LICENSE)
    del from_file["antivirus_avast_license"]
    from_file["antivirus_avast_license_src"] = str(license_file)
    from_file["antivirus_avast_package_files"] = [str(next(host.folder.glob("avast_*.deb")))]
    run = host.play(from_file)
    assert run.returncode == 0, run.output
    assert host.inside.service("avast.service").is_running
    assert not host.inside.file("/etc/apt/sources.list.d/voipsec-avast.sources").exists
    removed = host.play({**from_file, "antivirus_state": "absent"})
    assert removed.returncode == 0, removed.output


# On access


WATCHED = {
    "antivirus_minimum_memory_mb": 256,
    "antivirus_scan_paths": ["/srv"],
    "antivirus_exclude_paths": ["/srv/live"],
    "antivirus_local_signatures": [eicar_signature()],
    "antivirus_on_access_paths": ["/srv/uploads"],
    "antivirus_on_access_block": True,
}


def test_uploads_are_found_as_they_are_opened(host: Pbx) -> None:
    check = host.play(WATCHED, "--check")
    run = host.play(WATCHED)
    assert run.returncode == 0, run.output
    assert changed_tasks(check) == changed_tasks(run)
    assert "uploads are watched: /srv/uploads" in run.output
    watcher = host.inside.service("clamav-clamonacc.service")
    assert watcher.is_running
    assert watcher.is_enabled
    assert host.unit("clamav-clamonacc.service")["Nice"] == "19"
    result, _run = task(host, "antivirus_probe", {"trigger": "on_access", "within": 60})
    assert not result.get("failed"), result
    assert (result["proved"], result["found_as"]) == (True, f"{SIGNATURE}.UNOFFICIAL")
    assert result["event"]["file"].startswith("/srv/uploads/voipsec-probe-")
    again = host.play(WATCHED)
    assert (again.returncode, again.changed) == (0, 0), again.output


def test_nobody_can_open_a_find_where_that_is_declared(host: Pbx) -> None:
    host.put("/srv/uploads/blocked.com", eicar())
    host.inside.check_output("chmod 0644 /srv/uploads/blocked.com; chmod 0755 /srv/uploads")
    done = host.inside.run("sudo -u nobody cat /srv/uploads/blocked.com")
    assert "Operation not permitted" in done.stderr
    wait_event(host, lambda event: event.get("file") == "/srv/uploads/blocked.com")
    assert not [event for event in events(host) if event.get("file", "").startswith("/srv/live/")]


# The other host


def test_backups_are_scanned_on_another_host_into_the_archives(host: Pbx) -> None:
    """The same machine by another name: what matters is that the scan is made there, and told here."""
    make = "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w').writestr('rec/x.com', sys.argv[2])"
    host.put("/root/make.py", make)
    host.inside.check_output("mkdir -p /mnt/backups/acme /mnt/empty")
    host.inside.run(f"python3 /root/make.py /mnt/backups/acme/backup.zip '{eicar()}'")
    scan = {**OFF_HOST, "antivirus_off_host_scanner": "collector", "antivirus_off_host_scan_paths": ["/mnt/backups"]}
    inventory = host.folder / "two-hosts.yml"
    connection = host.machine.inventory_variables()
    entries = {"pbx": connection, "collector": {**connection, "ansible_host": "127.0.0.1"}}
    inventory.write_text(yaml.safe_dump({"all": {"hosts": entries}}))
    run = host.play(scan, "-i", str(inventory), "--limit", "pbx")
    assert run.returncode == 0, run.output
    assert f"found {SIGNATURE}.UNOFFICIAL in /mnt/backups/acme/backup.zip" in run.output
    found = [event for event in told(host) if event["event"] == "found"]
    assert [(event["file"], event["severity"]) for event in found] == [("/mnt/backups/acme/backup.zip", "critical")]
    warning = f"[WARNING]: Malware was found for pbx: 1 new in {host.folder}/antivirus-pbx-events.txt."
    assert warning in " ".join(run.output.split())
    again = host.play(scan, "-i", str(inventory), "--limit", "pbx")
    assert (again.returncode, "Malware was found" in again.output) == (0, False), again.output
    assert [event for event in told(host) if event["event"] == "found"] == found
    result, _run = task(host, "antivirus_scan", {"paths": ["/mnt/empty"]})
    assert result["msg"] == "paths: /mnt/empty is empty. Is the share mounted?"
