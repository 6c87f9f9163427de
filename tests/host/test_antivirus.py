# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a PBX host with the role antivirus.

In this order: refused, checked, installed, scanned, rebooted, without signatures, without daemon, removed.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from host_support import SCAN, SIGNATURE, Pbx, eicar, eicar_signature

from lab.playbook import PlaybookRun

DECLARED = {
    "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London"},
    "antivirus": {"product": "clamav", "scan_at": "02:40"},
    # The lab's machine may be smaller than a PBX host.
    "antivirus_minimum_memory_mb": 256,
    "antivirus_scan_paths": ["/srv", "/var/lib/postgresql", "/nowhere"],
    "antivirus_local_signatures": [eicar_signature()],
}
FOUND = f"FOUND signature={SIGNATURE}.UNOFFICIAL file="


@dataclass(frozen=True)
class History:
    """What happened to the host before the tests of its final state."""

    packages_before: set[str]
    files_before: set[str]
    check: PlaybookRun
    packages_after_check: set[str]
    files_after_check: set[str]
    first: PlaybookRun
    second: PlaybookRun


@pytest.fixture(scope="module")
def history(pbx: Pbx) -> History:
    """A check run, the first run and a second one."""
    packages, files = pbx.packages(), pbx.files()
    check = pbx.play(DECLARED, "--check", "--diff")
    packages_after, files_after = pbx.packages(), pbx.files()
    return History(packages, files, check, packages_after, files_after, pbx.play(DECLARED), pbx.play(DECLARED))


# Refused


def failure(run: PlaybookRun, host: str) -> str:
    """What a host's run failed with."""
    assert run.recap[host]["failed"] == 1, run.output
    assert run.recap[host]["changed"] == 0, run.output
    text = re.split(rf"(?:fatal|failed): \[{host}\]", run.output, maxsplit=1)[1]
    return " ".join(re.split(r"\n(?:\S|\n)", text, maxsplit=1)[0].replace("''", "'").split())


def test_unsuitable_hosts_and_declarations_are_refused_before_anything_is_changed(pbx: Pbx) -> None:
    packages = pbx.packages()
    hosts: dict[str, dict[str, Any]] = {
        "small": {"antivirus_acknowledge_unsupported": True},
        "threecx": {},
        "other_product": {"antivirus": {"product": "avast"}},
        "number": {"antivirus": {"scan_at": 180}},
        "relative": {"antivirus_scan_paths": ["srv"]},
        "signature": {"antivirus_local_signatures": [{"name": "../lab.hdb", "content": "x"}]},
    }
    pbx.machine.show_memory(2048)
    with pbx.changed("mkdir /var/lib/3cxpbx", "rmdir /var/lib/3cxpbx"):
        run = pbx.play({}, hosts=hosts)
    pbx.machine.show_memory(None)
    assert "The host has 2048 MB of memory, and ClamAV needs 3072 MB" in failure(run, "small")
    assert "antivirus_accept_low_memory" in failure(run, "small")
    assert "This is a 3CX server (/var/lib/3cxpbx)" in failure(run, "threecx")
    assert "antivirus_acknowledge_unsupported" in failure(run, "threecx")
    assert "antivirus.product is 'avast', and only 'clamav' is offered" in failure(run, "other_product")
    assert "antivirus.scan_at is '180', and must be a time of day in quotes" in failure(run, "number")
    assert "not so: ['srv']" in failure(run, "relative")
    assert "'../lab.hdb' must be a plain file name" in failure(run, "signature")
    assert pbx.packages() == packages


def test_another_release_of_debian_is_refused(pbx: Pbx) -> None:
    mask = "mount --bind /run/{0} /etc/{0}"
    release = "sed s/12/11/ /usr/lib/os-release >/run/os-release; echo 11.9 >/run/debian_version"
    masked = "; ".join([release, mask.format("os-release"), mask.format("debian_version")])
    with pbx.changed(masked, "umount /etc/os-release /etc/debian_version"):
        run = pbx.play(DECLARED, gather_facts=False)
    assert "for Debian 12 and 13 with systemd; this host is Debian 11" in failure(run, "pbx")


# Checked and installed


def test_a_check_run_on_a_bare_host_succeeds_and_changes_nothing(history: History) -> None:
    assert history.check.returncode == 0, history.check.output
    assert history.check.changed > 0
    assert "ClamAV would be installed, and scan every night at 02:40 Europe/London" in history.check.output
    assert history.packages_after_check == history.packages_before
    assert history.files_after_check == history.files_before


def test_the_first_run_changes_and_the_second_does_not(history: History) -> None:
    assert history.first.returncode == 0, history.first.output
    assert history.first.changed > 0
    assert history.second.returncode == 0, history.second.output
    assert history.second.changed == 0, history.second.output
    assert "signatures: local" in history.second.output
    assert "[WARNING]" not in history.first.output + history.second.output


@pytest.mark.parametrize("name", ["clamav", "clamav-daemon", "clamav-freshclam", "clamdscan"])
def test_debian_packages_are_installed(pbx: Pbx, history: History, name: str) -> None:
    assert pbx.inside.package(name).is_installed


def test_no_package_source_was_added(pbx: Pbx, history: History) -> None:
    added = pbx.files() - history.files_before
    assert not [path for path in added if path.startswith("/etc/apt")]


@pytest.mark.parametrize(
    "name", ["clamav-daemon.service", "clamav-daemon.socket", "clamav-freshclam.service", f"{SCAN}.timer"]
)
def test_units_run_now_and_after_a_reboot(pbx: Pbx, history: History, name: str) -> None:
    unit = pbx.inside.service(name)
    assert unit.is_running
    assert unit.is_enabled


def test_the_timer_is_due_at_the_declared_local_time(pbx: Pbx, history: History) -> None:
    timer = pbx.unit(f"{SCAN}.timer")
    assert "OnCalendar=*-*-* 02:40:00 Europe/London" in timer["TimersCalendar"]
    assert timer["Persistent"] == "yes"
    assert timer["Triggers"] == f"{SCAN}.service"
    due = json.loads(pbx.inside.check_output(f"systemctl list-timers --output=json {SCAN}.timer"))[0]["next"]
    moment = dt.datetime.fromtimestamp(due / 1_000_000, ZoneInfo("Europe/London"))
    assert (moment.hour, moment.minute) == (2, 40)


@pytest.mark.parametrize("name", [f"{SCAN}.service", "clamav-daemon.service"])
def test_calls_come_before_scans(pbx: Pbx, history: History, name: str) -> None:
    unit = pbx.unit(name)
    assert unit["Nice"] == "19"
    assert unit["IOSchedulingClass"] == "3"
    assert unit["CPUQuotaPerSecUSec"] == "500ms"
    assert unit["MemoryMax"] == str(2 * 1024**3)
    assert unit["OOMScoreAdjust"] == "1000"


def test_the_daemon_has_the_limits_in_the_kernel(pbx: Pbx, history: History) -> None:
    pid = pbx.unit("clamav-daemon.service")["MainPID"]
    assert pbx.inside.check_output(f"ps -o ni= -p {pid}").strip() == "19"
    assert "idle" in pbx.inside.check_output(f"ionice -p {pid}")
    assert pbx.inside.file(f"/proc/{pid}/oom_score_adj").content_string.strip() == "1000"


def test_the_configuration_is_the_one_in_force(pbx: Pbx, history: History) -> None:
    shown = pbx.inside.check_output("clamconf --non-default")
    assert 'VirusEvent = "/usr/local/libexec/voipsec-antivirus/found"' in shown
    assert "ConcurrentDatabaseReload disabled" in shown
    assert r'"^/var/lib/postgresql(/|$)"' in shown
    assert "ERROR" not in shown
    assert pbx.inside.file("/etc/clamav/clamd.conf").mode == 0o644
    assert pbx.inside.file("/usr/local/libexec/voipsec-antivirus/scan").user == "root"


def test_a_file_that_clamav_cannot_read_is_not_put_into_place(pbx: Pbx, history: History) -> None:
    before = pbx.inside.file("/etc/clamav/freshclam.conf").content_string
    run = pbx.play({**DECLARED, "antivirus_freshclam_private_mirror": "mirror.example\nBogus yes"})
    assert run.returncode != 0
    assert "Unknown option Bogus" in run.output
    assert pbx.inside.file("/etc/clamav/freshclam.conf").content_string == before


# Scanned


def test_a_clean_host_is_said_to_be_clean(pbx: Pbx, history: History) -> None:
    status, lines = pbx.scan()
    assert status == 0, lines
    assert len(lines) == 1
    assert re.fullmatch(r"SCAN finished mode=daemon found=0 errors=0 seconds=\d+", lines[0])


AWKWARD = '/srv/recordings/it\'s "$(touch /srv/owned)" `touch /srv/owned`; & x.wav'
TWO_LINES = f"/srv/two\n{FOUND}nothing"


@pytest.fixture(scope="module")
def infected(pbx: Pbx, history: History) -> None:
    """Malware where it is looked for, with names made to do harm, and where it is not looked for."""
    for path in ("/srv/plain.com", AWKWARD, TWO_LINES, "/var/lib/postgresql/15/excluded.com"):
        pbx.put(path, eicar())


def expect_finds(status: int, lines: list[str], mode: str) -> None:
    """Every find is one line with its path; nothing of a file's name was run."""
    assert status == 1, lines
    finds = {line for line in lines if line.startswith("FOUND")}
    assert f"{FOUND}/srv/plain.com" in finds, lines
    assert FOUND + AWKWARD in finds, lines
    assert not [line for line in lines if "postgresql" in line]
    assert [line for line in lines if line.startswith(f"SCAN finished mode={mode} found=3 ")], lines


def test_malware_is_found_and_logged_line_by_line(pbx: Pbx, infected: None) -> None:
    status, lines = pbx.scan()
    expect_finds(status, lines, "daemon")
    assert FOUND + TWO_LINES.replace("\n", "?") in lines
    assert len([line for line in lines if line.startswith("FOUND")]) == 3
    assert not pbx.inside.file("/srv/owned").exists
    assert pbx.inside.file("/srv/plain.com").exists, "finds are for a person to look at"


def test_a_night_with_finds_is_a_failed_unit(pbx: Pbx, infected: None) -> None:
    assert f"{SCAN}.service" in pbx.inside.check_output("systemctl --failed --plain --no-legend")


def test_the_daemon_reports_to_syslog_whoever_asked_it(pbx: Pbx, infected: None) -> None:
    before = len(pbx.log())
    pbx.inside.run("clamdscan --fdpass --no-summary /srv/plain.com")
    assert pbx.log()[before:] == [f"{FOUND}/srv/plain.com"]


def test_all_stays_after_a_reboot(pbx: Pbx, infected: None) -> None:
    boot = pbx.inside.file("/proc/sys/kernel/random/boot_id").content_string
    pbx.machine.restart()
    assert pbx.inside.file("/proc/sys/kernel/random/boot_id").content_string != boot
    for name in ("clamav-daemon.service", "clamav-freshclam.service", f"{SCAN}.timer"):
        assert pbx.inside.service(name).is_running, name
    status, lines = pbx.scan()
    expect_finds(status, lines, "daemon")


# Without local signatures, without daemon


def test_without_signatures_the_run_succeeds_and_says_so(pbx: Pbx, infected: None) -> None:
    bare = {**DECLARED, "antivirus_local_signatures": []}
    run = pbx.play(bare)
    assert run.returncode == 0, run.output
    assert "signatures: none yet" in run.output
    assert not pbx.inside.file("/var/lib/clamav/voipsec-lab.hdb").exists
    again = pbx.play(bare)
    assert (again.returncode, again.changed) == (0, 0), again.output


def test_a_small_host_scans_without_a_daemon(pbx: Pbx, infected: None) -> None:
    variables = {**DECLARED, "antivirus_mode": "on_demand"}
    run = pbx.play(variables)
    assert run.returncode == 0, run.output
    assert not pbx.inside.package("clamav-daemon").is_installed
    assert not pbx.inside.process.filter(comm="clamd")
    assert not pbx.inside.file("/etc/systemd/system/clamav-daemon.service.d").exists
    assert pbx.inside.service("clamav-freshclam.service").is_running
    status, lines = pbx.scan()
    expect_finds(status, lines, "on_demand")
    assert not pbx.inside.file("/srv/owned").exists
    again = pbx.play(variables)
    assert (again.returncode, again.changed) == (0, 0), again.output


# Removed


def test_removal_leaves_nothing_of_the_role(pbx: Pbx, infected: None, history: History) -> None:
    removal = {**DECLARED, "antivirus_state": "absent"}
    run = pbx.play(removal)
    assert run.returncode == 0, run.output
    assert not {name for name in pbx.packages() - history.packages_before if name.startswith("clamav")}
    assert not {path for path in pbx.files() - history.files_before if "voipsec" in path or "/clam" in path}
    assert not pbx.inside.file("/var/lib/clamav").exists
    assert not pbx.inside.file("/var/cache/voipsec-antivirus").exists
    assert pbx.inside.check_output("systemctl list-units --all --plain --no-legend 'clam*' 'voipsec*'") == ""
    again = pbx.play(removal)
    assert (again.returncode, again.changed) == (0, 0), again.output
