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
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from antivirus_support import (
    EVENTS,
    PASSWORD,
    QUARANTINE,
    SITE,
    changed_tasks,
    events,
    mail_server,
    mail_settings,
    memory_ceiling,
    own_host,
    task,
    wait_event,
)
from host_support import SCAN, SIGNATURE, Pbx, eicar, eicar_signature

from lab.mail_sink import MailSink
from lab.playbook import PlaybookRun

DECLARED = {
    **SITE,
    "antivirus": {"product": "clamav", "scan_at": "02:40"},
    # The lab's machine may be smaller than a PBX host.
    "antivirus_minimum_memory_mb": 256,
    "antivirus_scan_paths": ["/srv", "/var/lib/postgresql", "/nowhere"],
    # So that a file beyond it need not be large.
    "antivirus_largest_mb": 1,
    "antivirus_local_signatures": [eicar_signature()],
    "antivirus_on_access_paths": ["/srv/uploads"],
}
REPORT = "voipsec-antivirus-report"
FOUND = f"FOUND signature={SIGNATURE}.UNOFFICIAL file="


@dataclass(frozen=True)
class History:
    """What happened to the host before the tests of its final state."""

    declared: dict[str, Any]
    packages_before: set[str]
    files_before: set[str]
    check: PlaybookRun
    packages_after_check: set[str]
    files_after_check: set[str]
    first: PlaybookRun
    second: PlaybookRun


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def pbx(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pbx]:
    """A host of each release, without anything on it at first."""
    with own_host(tmp_path_factory.mktemp(request.param), request.param) as host:
        yield host


@pytest.fixture(scope="module")
def sink(pbx: Pbx, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailSink]:
    """Where the administrators' mail goes."""
    with mail_server(pbx, tmp_path_factory.mktemp("mail")) as server:
        yield server


@pytest.fixture(scope="module")
def history(pbx: Pbx, sink: MailSink) -> History:
    """A check run, the first run and a second one."""
    declared = {**DECLARED, "antivirus_mail": mail_settings(sink)}
    packages, files = pbx.packages(), pbx.files()
    check = pbx.play(declared, "--check", "--diff")
    packages_after, files_after = pbx.packages(), pbx.files()
    first, second = pbx.play(declared, "--diff", "-vvv"), pbx.play(declared)
    return History(declared, packages, files, check, packages_after, files_after, first, second)


# Refused


def failure(run: PlaybookRun, host: str) -> str:
    """What a host's run failed with."""
    assert run.recap[host]["failed"] == 1, run.output
    assert run.recap[host]["changed"] == 0, run.output
    text = re.split(rf"(?:fatal|failed): \[{host}\]", run.output, maxsplit=1)[1]
    return " ".join(re.split(r"\n(?:\S|\n)", text, maxsplit=1)[0].replace("''", "'").split())


def test_unsuitable_hosts_and_declarations_are_refused_before_anything_is_changed(pbx: Pbx) -> None:
    packages = pbx.packages()
    mail = {"to": ["office@acme.example"], "host": "192.0.2.1", "security": "none"}
    avast = {"antivirus_product": "avast", "antivirus_avast_license": "x", "antivirus_avast_package_files": ["x.deb"]}
    named = {"antivirus_acknowledge_unsupported": ["clamav"]}
    hosts: dict[str, dict[str, Any]] = {
        "small": named,
        "threecx": {},
        "threecx_other": {"antivirus_acknowledge_unsupported": ["avast"]},
        "threecx_watched": {**named, "antivirus_on_access_paths": ["/srv/uploads"]},
        "threecx_avast": avast,
        "unknown": {"antivirus_product": "other"},
        "unlicensed": {"antivirus_product": "avast", "antivirus_avast_package_files": ["x.deb"]},
        "number": {"antivirus_scan_at": 180},
        "too_large": {**named, "antivirus_largest_mb": 2048},
        "relative": {"antivirus_scan_paths": ["srv"]},
        "signature": {"antivirus_local_signatures": [{"name": "../lab.hdb", "content": "x"}]},
        "mail": {"antivirus_mail": mail},
        "system": {"antivirus_quarantine_from": ["/etc"]},
        "watched": {"antivirus_on_access_paths": ["/srv"], "antivirus_exclude_paths": ["/srv/recordings/live"]},
    }
    pbx.machine.show_memory(2048)
    with pbx.changed("mkdir /var/lib/3cxpbx", "rmdir /var/lib/3cxpbx"):
        run = pbx.play({}, hosts=hosts)
    pbx.machine.show_memory(None)
    assert "The host has 2048 MB of memory, and ClamAV needs 3072 MB" in failure(run, "small")
    assert "antivirus_accept_low_memory" in failure(run, "small")
    for name in ("threecx", "threecx_other"):
        assert "This is a 3CX server (/var/lib/3cxpbx)" in failure(run, name)
        assert "clamav: 3CX says not to install other packages" in failure(run, name)
        assert "antivirus_acknowledge_unsupported: [clamav]" in failure(run, name)
    assert "antivirus_acknowledge_unsupported: [on_access]" in failure(run, "threecx_watched")
    assert "avast: 3CX says not to install other packages" in failure(run, "threecx_avast")
    assert "antivirus.product (antivirus_product) is 'other'" in failure(run, "unknown")
    assert "needs either antivirus_avast_license or antivirus_avast_license_src" in failure(run, "unlicensed")
    assert "security may be none only where host is this host" in failure(run, "mail")
    assert "not valid: /etc." in failure(run, "system")
    assert "/srv/recordings/live is excluded from scans" in failure(run, "watched")
    assert "antivirus.scan_at (antivirus_scan_at) is '180'; it must be a time of day in quotes" in failure(
        run, "number"
    )
    assert "antivirus_largest_mb is '2048'; it must be a number of megabytes from 1" in failure(run, "too_large")
    assert "not valid: srv." in failure(run, "relative")
    assert "'../lab.hdb' must be a plain file name" in failure(run, "signature")
    assert pbx.packages() == packages


def test_another_release_of_debian_is_refused(pbx: Pbx) -> None:
    mask = "mount --bind /run/{0} /etc/{0}"
    release = "sed -E s/1[23]/11/ /usr/lib/os-release >/run/os-release; echo 11.9 >/run/debian_version"
    masked = "; ".join([release, mask.format("os-release"), mask.format("debian_version")])
    with pbx.changed(masked, "umount /etc/os-release /etc/debian_version"):
        run = pbx.play(DECLARED, gather_facts=False)
    assert "supports Debian 12 and 13 with systemd; this host is Debian 11" in failure(run, "pbx")


# Checked and installed


def test_a_check_run_on_a_bare_host_succeeds_and_changes_nothing(history: History) -> None:
    assert history.check.returncode == 0, history.check.output
    assert history.check.changed > 0
    assert "ClamAV would be installed, and scan every night at 02:40 Europe/London" in history.check.output
    assert changed_tasks(history.check) == changed_tasks(history.first)
    assert history.packages_after_check == history.packages_before
    assert history.files_after_check == history.files_before


def test_the_first_run_changes_and_the_second_does_not(history: History) -> None:
    assert history.first.returncode == 0, history.first.output
    assert history.first.changed > 0
    assert history.second.returncode == 0, history.second.output
    assert history.second.changed == 0, history.second.output
    assert "signatures: local" in history.second.output
    assert "[WARNING]" not in history.first.output + history.second.output


def test_a_kernel_that_does_not_let_files_be_watched_is_told(pbx: Pbx, history: History) -> None:
    assert "uploads are not watched, because the kernel refuses it (fanotify_init: Operation not permitted)" in (
        " ".join(history.second.output.split())
    )
    assert not pbx.inside.service("clamav-clamonacc.service").is_enabled


def test_the_mail_servers_password_is_in_one_file_and_nowhere_else(pbx: Pbx, history: History) -> None:
    assert PASSWORD not in history.check.output + history.first.output + history.second.output
    kept = pbx.inside.file("/etc/voipsec-antivirus/smtp-password")
    assert (kept.content_string.strip(), kept.user, kept.mode) == (PASSWORD, "root", 0o600)
    # Not through a login: sudo would write the search itself into the log.
    found = pbx.machine.inside(f"grep -rlF {PASSWORD} /etc /usr/local /var/lib /var/log /tmp /home /var/tmp || true")
    assert found.split() == ["/etc/voipsec-antivirus/smtp-password"]


@pytest.mark.parametrize("name", ["clamav", "clamav-daemon", "clamav-freshclam", "clamdscan"])
def test_debian_packages_are_installed(pbx: Pbx, history: History, name: str) -> None:
    assert pbx.inside.package(name).is_installed


def test_no_package_source_was_added(pbx: Pbx, history: History) -> None:
    added = pbx.files() - history.files_before
    assert not [path for path in added if path.startswith("/etc/apt")]


@pytest.mark.parametrize(
    "name",
    ["clamav-daemon.service", "clamav-daemon.socket", "clamav-freshclam.service", f"{SCAN}.timer", f"{REPORT}.path"],
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
    run = pbx.play({**history.declared, "antivirus_freshclam_private_mirror": "mirror.example\nBogus yes"})
    assert run.returncode != 0
    assert "Unknown option Bogus" in run.output
    assert pbx.inside.file("/etc/clamav/freshclam.conf").content_string == before


# Scanned


def test_a_clean_host_is_said_to_be_clean(pbx: Pbx, history: History) -> None:
    status, lines = pbx.scan()
    assert status == 0, lines
    assert len(lines) == 1
    assert re.fullmatch(r"SCAN finished mode=daemon found=0 not_scanned=0 errors=0 seconds=\d+", lines[0])


AWKWARD = '/srv/recordings/it\'s "$(touch /srv/owned)" `touch /srv/owned`; & x.wav'
# Deeper than clamscan goes by itself.
TWO_LINES = f"/srv{'/deep' * 20}/two\n{FOUND}nothing"
LARGE = "/srv/disk.img"
BEYOND = "Heuristics.Limits.Exceeded.MaxFileSize"


def test_what_is_too_large_to_look_into_is_told_and_is_no_find(pbx: Pbx, history: History) -> None:
    """It stays for the tests that follow: none of them may count, move or mail it."""
    pbx.inside.check_output(f"truncate -s 2M {LARGE}")
    status, lines = pbx.scan()
    assert status == 0, lines
    assert f"NOT SCANNED reason={BEYOND} file={LARGE}" in lines
    assert [line for line in lines if line.startswith("SCAN finished mode=daemon found=0 not_scanned=1 ")], lines
    event = wait_event(pbx, lambda event: event.get("file") == LARGE)
    assert (event["event"], event["severity"], event["reason"]) == ("not_scanned", "warning", BEYOND)
    scan = wait_event(pbx, lambda event: event["event"] == "scan" and event["not_scanned"] == 1)
    assert (scan["status"], scan["found"], scan["severity"]) == (0, 0, "notice")


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
    assert [line for line in lines if line.startswith(f"SCAN finished mode={mode} found=3 not_scanned=1 ")], lines


def test_malware_is_found_and_logged_line_by_line(pbx: Pbx, infected: None) -> None:
    status, lines = pbx.scan()
    expect_finds(status, lines, "daemon")
    assert FOUND + TWO_LINES.replace("\n", "?") in lines
    assert len([line for line in lines if line.startswith("FOUND")]) == 3
    assert not pbx.inside.file("/srv/owned").exists
    assert pbx.inside.file("/srv/plain.com").exists, "finds are for a person to look at"


def test_every_find_becomes_an_event_and_mail(pbx: Pbx, infected: None, sink: MailSink) -> None:
    for path in ("/srv/plain.com", AWKWARD, TWO_LINES):
        shown = path.replace("\n", "?")
        event = wait_event(pbx, lambda event, shown=shown: event.get("file") == shown)
        assert event["signature"] == f"{SIGNATURE}.UNOFFICIAL"
        assert (event["event"], event["severity"], event["action"]) == ("found", "critical", "logged")
        assert (event["test_file"], event["owner"], event["mode"]) == (True, 0, "0600")
        assert event["host"] == "pbx"
        message = sink.wait(lambda message, shown=shown: shown in message.get_content())
        assert message["To"] == "office@acme.example, support@msp.example"
        assert "test file was found on pbx" in str(message["Subject"])
    assert not [event for event in events(pbx) if "postgresql" in event.get("file", "")]
    assert not [message for message in sink.messages if LARGE in message.get_content()]
    # The event of a scan is written after the scan has ended: until then the newest one is of the scan before.
    wait_event(pbx, lambda event: event["event"] == "scan" and (event["status"], event["found"]) == (1, 3))
    assert pbx.inside.file(EVENTS).mode == 0o640
    assert pbx.inside.file(EVENTS).group == "adm"


def test_mail_waits_for_a_server_that_is_away(pbx: Pbx, infected: None, sink: MailSink) -> None:
    sink.stop()
    before = len(sink.messages)
    pbx.put("/srv/later.com", eicar())
    pbx.inside.run("clamdscan --fdpass --no-summary /srv/later.com")
    failed = wait_event(pbx, lambda event: event["event"] == "mail" and event["result"] == "failed")
    assert "ConnectionRefusedError" in failed["reason"]
    sink.start()
    pbx.inside.check_output(f"systemctl start {REPORT}.service")
    message = sink.wait(lambda message: "/srv/later.com" in message.get_content())
    assert message in sink.messages[before:]
    assert wait_event(pbx, lambda event: event["event"] == "mail")["result"] == "sent"
    pbx.inside.check_output("rm /srv/later.com")


def test_nobody_but_a_scanner_can_leave_or_read_finds(pbx: Pbx, infected: None) -> None:
    spool = "/var/spool/voipsec-antivirus"
    assert pbx.inside.run(f"sudo -u nobody touch {spool}/event.x").rc != 0
    assert pbx.inside.run(f"sudo -u nobody ls {spool}").rc != 0
    assert pbx.inside.run(f"sudo -u clamav ls {spool}").rc != 0
    before = len(events(pbx))
    pbx.inside.check_output(f"sudo -u clamav sh -c 'echo nonsense >{spool}/event.nonsense'")
    wait_event(pbx, lambda event: event["event"] == "unreadable")
    pbx.inside.check_output(f"sudo -u clamav ln -s /etc/shadow {spool}/event.link")
    wait_event(pbx, lambda event: "symbolic links" in event.get("reason", ""))
    pbx.inside.check_output(f"sudo -u clamav mkdir {spool}/event.folder")
    wait_event(pbx, lambda event: event.get("reason") == "an entry of the spool: Is a directory")
    assert len(events(pbx)) <= before + 6
    assert "root:" not in pbx.inside.file(EVENTS).content_string


# Proved


def test_the_probe_proves_protection_end_to_end(pbx: Pbx, infected: None, sink: MailSink) -> None:
    result, _run = task(pbx, "antivirus_probe", {"within": 60, "require_mail": True, "max_scan_age": 1})
    assert not result.get("failed"), result
    assert (result["changed"], result["proved"], result["mailed"], result["outcome"]) == (False, True, True, "logged")
    assert (result["product"], result["mode"], result["running"]) == ("clamav", "daemon", True)
    assert result["version"].startswith("ClamAV 1.")
    assert result["signatures"] == "local"
    assert 0 <= result["signature_age"] < 1
    assert result["last_scan"]["status"] == 1
    assert result["event"]["test_file"] is True
    sink.wait(lambda message: result["event"]["file"] in message.get_content())
    assert pbx.inside.run("ls /srv/voipsec-probe-*").rc != 0
    assert "voipsec-antivirus-scan@" not in pbx.inside.check_output("systemctl --failed --plain --no-legend")


def test_the_probe_only_reads_in_check_mode(pbx: Pbx, infected: None) -> None:
    before = len(events(pbx))
    result, _run = task(pbx, "antivirus_probe", {}, "--check")
    assert (result["proved"], result["running"]) == (False, True)
    assert "not tried in check mode" in result["lines"]
    assert len(events(pbx)) == before


def probe_fails(pbx: Pbx, **arguments: Any) -> str:
    """What the probe fails with; nothing of it is left."""
    result, _run = task(pbx, "antivirus_probe", {"within": 15, **arguments})
    assert result.get("failed"), result
    assert pbx.inside.run("find /srv -name 'voipsec-probe-*'").stdout == ""
    return str(result["msg"])


def test_the_probe_names_the_broken_link(pbx: Pbx, infected: None) -> None:
    assert "/var/lib/postgresql is excluded from scans" in probe_fails(pbx, directory="/var/lib/postgresql")
    assert "/opt is not below antivirus_scan_paths" in probe_fails(pbx, directory="/opt")
    assert "none of antivirus_on_access_paths" in probe_fails(pbx, trigger="on_access")
    with pbx.changed("touch -d '9 days ago' /var/lib/clamav/voipsec-lab.hdb", "touch /var/lib/clamav/voipsec-lab.hdb"):
        assert "signatures are too old: 9 days, and max_signature_age is 2" in probe_fails(pbx)
    pbx.inside.check_output(f"systemctl stop {REPORT}.path")
    assert f"{REPORT}.path is not active" in probe_fails(pbx)
    pbx.inside.check_output(f"systemctl start {REPORT}.path")
    with pbx.changed("chmod 0700 /var/spool/voipsec-antivirus", "chmod 1730 /var/spool/voipsec-antivirus"):
        assert "was found, but no event followed" in probe_fails(pbx)
    pbx.inside.check_output("systemctl stop clamav-daemon.service clamav-daemon.socket")
    assert "The engine ClamAV is not running: clamav-daemon.service is not active." in probe_fails(pbx)
    pbx.inside.check_output("systemctl start clamav-daemon.socket clamav-daemon.service")


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
    for name in ("clamav-daemon.service", "clamav-freshclam.service", f"{SCAN}.timer", f"{REPORT}.path"):
        assert pbx.inside.service(name).is_running, name
    status, lines = pbx.scan()
    expect_finds(status, lines, "daemon")


# Quarantined


def test_finds_are_moved_where_that_is_declared(pbx: Pbx, infected: None, history: History) -> None:
    variables = {**history.declared, "antivirus_quarantine_action": "move", "antivirus_quarantine_from": ["/srv"]}
    run = pbx.play(variables)
    assert run.returncode == 0, run.output
    pbx.inside.check_output("ln /srv/plain.com /srv/second.com")
    pbx.scan()
    moved = wait_event(pbx, lambda event: event.get("file") == AWKWARD and event["action"] == "quarantined")
    assert not pbx.inside.file(AWKWARD).exists
    assert pbx.inside.file(LARGE).exists
    assert pbx.inside.file(moved["quarantine"]).content_string == eicar()
    assert pbx.inside.file(moved["quarantine"]).mode == 0o600
    assert (pbx.inside.file(QUARANTINE).user, pbx.inside.file(QUARANTINE).mode) == ("root", 0o700)
    origin = json.loads(pbx.inside.file(f"{moved['quarantine']}.json").content_string)
    assert (origin["file"], origin["mode"]) == (AWKWARD, "0600")
    linked = wait_event(pbx, lambda event: event.get("file") == "/srv/plain.com" and event["action"] == "failed")
    assert "hard links" in linked["reason"]
    assert pbx.inside.file("/srv/plain.com").exists
    pbx.inside.check_output("rm /srv/second.com")
    result, _run = task(pbx, "antivirus_probe", {"within": 60})
    assert (result["proved"], result["outcome"]) == (True, "quarantined")
    assert not pbx.inside.file(result["event"]["quarantine"]).exists
    assert pbx.inside.run("ls /srv/voipsec-probe-*").rc != 0
    again = pbx.play(variables)
    assert (again.returncode, again.changed) == (0, 0), again.output
    # The tests that follow find what was there.
    pbx.inside.check_output(f"rm {QUARANTINE}/*")
    assert pbx.play(history.declared).returncode == 0
    for path in (AWKWARD, TWO_LINES):
        pbx.put(path, eicar())


def test_somebody_who_owns_a_folder_cannot_lead_the_quarantine_elsewhere(pbx: Pbx, infected: None) -> None:
    """A find is told with a path whose folder is a link by now: the file there is somebody else's."""
    pbx.put("/srv/theirs/passwd", "not malware")
    pbx.inside.check_output("ln -s theirs /srv/swapped")
    pbx.inside.check_output(
        "sudo -u clamav env CLAM_VIRUSEVENT_FILENAME=/srv/swapped/passwd CLAM_VIRUSEVENT_VIRUSNAME=Lab.Swapped"
        " /usr/local/libexec/voipsec-antivirus/found"
    )
    event = wait_event(pbx, lambda event: event.get("file") == "/srv/swapped/passwd")
    assert event["reason"] == "Not a directory"
    assert "sha256" not in event
    assert pbx.inside.file("/srv/theirs/passwd").exists


# Without local signatures, without daemon


def test_without_signatures_the_run_succeeds_and_says_so(pbx: Pbx, infected: None, history: History) -> None:
    bare = {**history.declared, "antivirus_local_signatures": []}
    run = pbx.play(bare)
    assert run.returncode == 0, run.output
    assert "signatures: none yet" in run.output
    assert not pbx.inside.file("/var/lib/clamav/voipsec-lab.hdb").exists
    again = pbx.play(bare)
    assert (again.returncode, again.changed) == (0, 0), again.output


def test_a_small_host_scans_without_a_daemon(pbx: Pbx, infected: None, history: History) -> None:
    variables = {**history.declared, "antivirus_mode": "on_demand"}
    run = pbx.play(variables)
    assert run.returncode == 0, run.output
    assert not pbx.inside.package("clamav-daemon").is_installed
    assert not pbx.inside.process.filter(comm="clamd")
    assert not pbx.inside.file("/etc/systemd/system/clamav-daemon.service.d").exists
    assert pbx.inside.service("clamav-freshclam.service").is_running
    status, lines = pbx.scan()
    expect_finds(status, lines, "on_demand")
    assert f"NOT SCANNED reason={BEYOND} file={LARGE}" in lines
    assert not pbx.inside.file("/srv/owned").exists
    result, _run = task(pbx, "antivirus_probe", {"within": 60, "require_mail": True})
    assert (result.get("proved"), result.get("mode")) == (True, "on_demand"), result
    again = pbx.play(variables)
    assert (again.returncode, again.changed) == (0, 0), again.output


HEAVY = """\
import hashlib
with open("/var/lib/clamav/heavy.ndb", "w") as file:
    for number in range(900000):
        file.write(f"Lab.{number}:0:*:{hashlib.sha256(str(number).encode()).hexdigest()}\\n")
"""


def test_a_scan_that_wants_too_much_memory_ends_and_is_told(pbx: Pbx, infected: None, history: History) -> None:
    ceiling = 64 * 1024**2
    run = pbx.play({**history.declared, "antivirus_mode": "on_demand", "antivirus_memory_max": "64M"})
    assert run.returncode == 0, run.output
    assert pbx.unit(f"{SCAN}.service")["MemoryMax"] == str(ceiling)
    pbx.put("/root/heavy.py", HEAVY)
    pbx.inside.check_output("python3 /root/heavy.py")
    with memory_ceiling(pbx, ceiling):
        _status, lines = pbx.scan()
    pbx.inside.check_output("rm /var/lib/clamav/heavy.ndb")
    assert [line for line in lines if line.startswith("SCAN not complete, ended with 137")], lines
    assert pbx.unit(f"{SCAN}.service")["ActiveState"] == "failed"
    wait_event(pbx, lambda event: event["event"] == "scan" and (event["status"], event["severity"]) == (137, "error"))
    assert pbx.inside.service("clamav-freshclam.service").is_running


# Removed


def test_removal_leaves_nothing_of_the_role(pbx: Pbx, infected: None, history: History) -> None:
    removal = {**history.declared, "antivirus_state": "absent"}
    run = pbx.play(removal)
    assert run.returncode == 0, run.output
    assert not {name for name in pbx.packages() - history.packages_before if name.startswith("clamav")}
    assert not {path for path in pbx.files() - history.files_before if "voipsec" in path or "/clam" in path}
    assert not pbx.inside.file("/var/lib/clamav").exists
    assert not pbx.inside.file("/var/cache/voipsec-antivirus").exists
    assert pbx.inside.check_output("systemctl list-units --all --plain --no-legend 'clam*' 'voipsec*'") == ""
    again = pbx.play(removal)
    assert (again.returncode, again.changed) == (0, 0), again.output
