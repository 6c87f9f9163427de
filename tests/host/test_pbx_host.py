# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of two PBX hosts, Debian 12 and 13, with the role pbx_host.

In this order: refused, checked, set up, attacked, rebooted, locked out, as they were found.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from host_support import unavailable
from pbx_host_support import (
    COLLECTOR,
    SUITES,
    Machine,
    changed_tasks,
    failure,
    machines,
    networks,
    play,
    wait_until,
)

from lab.debian_host.host import make_key
from lab.net.namespaces import NamespaceError
from lab.playbook import PlaybookRun

ACKNOWLEDGED = ["configuration", "firewall", "packages", "system_updates"]
DECLARED: dict[str, Any] = {
    "site": {"name": "acme", "country": "GB", "time_zone": "Europe/London", "management": ["192.168.16.0/24"]},
    "pbx": {
        "address": "192.168.2.1",
        "server_name": "pbx.acme.example",
        "local_networks": ["192.168.2.0/24"],
        "sip_ports": [5060, 5061],
        "rtp_ports": "9000-10999",
    },
    "trunk_providers": [{"name": "itsp", "signalling": ["203.0.113.0/28"]}],
    "concurrent_calls": 2,
    # Shorter than any declaration may have it: the tests wait for the end.
    "pbx_host_lockout": {"failed_attempts": 3, "within": "10m", "block_for": 4},
    "pbx_host_recidive": {"bans": 2, "within": "28d", "block_for": "7d"},
    "pbx_host_management": ["192.168.16.0/23", "fd00:1::/64"],
    "pbx_host_ssh_networks": ["192.168.16.0/23", "192.168.2.0/24"],
    "pbx_host_web_networks": ["192.168.16.0/23", "192.168.2.0/24"],
    "pbx_host_peers": [{"name": "itsp", "signalling": ["203.0.113.0/28", "fd00:3::/64"]}],
    "pbx_host_open_ports": [{"protocol": "tcp", "ports": [5090]}],
    "pbx_host_offender_seconds": 3,
    "pbx_host_web_log": "/var/log/nginx/access.log",
    "pbx_host_sip_log": "/var/log/asterisk/messages",
    "pbx_host_acknowledge_unsupported": ACKNOWLEDGED,
}
SITE_WITH_A_VPN: dict[str, Any] = {
    "remote_sites": [{"name": "warehouse", "vpn": True}],
    "pbx_host_lockout": {"failed_attempts": 3},
}
SSH = ("ssh", "-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null", "-oBatchMode=yes", "-oConnectTimeout=3")
PASSWORD = "the installer's own"
SSHD_CONFIG = "/etc/ssh/sshd_config"
SSHD_DROPIN = "/etc/ssh/sshd_config.d/00-voipsec.conf"
SPEECH_RATE = 130
"""Two calls, 50 packets a second each, and 30 % (domain.md 3.3)."""
ACCOUNTS = {f"/etc/{name}{copy}" for name in ("group", "gshadow", "passwd", "shadow") for copy in ("", "-")}
"""A user that a package of Debian has made stays when the package is purged: that of systemd-timesyncd."""
UPDATE_TIMERS = ("apt-daily.timer", "apt-daily-upgrade.timer")
LISTENER = """\
import selectors, socket
selector = selectors.DefaultSelector()
count = 0
for port in (5060, 9000):
    one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    one.bind(("::", port))
    selector.register(one, selectors.EVENT_READ, "udp")
for port in (5060, 443, 5090):
    one = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
    selector.register(one, selectors.EVENT_READ, "tcp")
while True:
    for key, _events in selector.select():
        if key.data == "udp":
            text, sender = key.fileobj.recvfrom(100)
            if text == b"speech":
                count += 1
            else:
                key.fileobj.sendto(b"%d" % count, sender)
        else:
            connection = key.fileobj.accept()[0]
            connection.settimeout(1)
            connection.sendall(b"hello")
            connection.close()
"""
SEND = """
import socket, sys, time
count, pause = int(sys.argv[2]), float(sys.argv[3])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
    sending.connect((sys.argv[1], 9000))
    begin = time.monotonic()
    for number in range(count):
        sending.send(b"speech")
        time.sleep(max(0, begin + (number + 1) * pause - time.monotonic()))
    sending.settimeout(5)
    time.sleep(0.1)
    while True:
        sending.send(b"how many")
        try:
            sending.settimeout(0.2)
            arrived = sending.recv(100).decode()
            break
        except TimeoutError:
            pass
    print(arrived, time.monotonic() - begin)
"""
# threecx.md d: what 3CX's unit loads.
THREECX_RULES = """\
add table inet filter
add chain inet filter input { type filter hook input priority 0; policy accept; }
add chain inet filter phonesystem
insert rule inet filter input jump phonesystem
flush chain inet filter phonesystem
add rule inet filter phonesystem tcp dport { 443, 5060, 5061, 5090 } accept
add rule inet filter phonesystem udp dport { 5060, 5090, 9000-10999 } accept
"""
THREECX_UNIT = """\
[Unit]
Description=3CX Firewall
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /var/lib/3cxpbx/Bin/nftables.conf
[Install]
WantedBy=multi-user.target
"""
LISTENER_UNIT = """\
[Unit]
Description=What a PBX listens on
[Service]
ExecStart=/usr/bin/python3 /srv/listener.py
[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True)
class History:
    """What happened before the tests of the final state."""

    files: dict[str, dict[str, str]]
    packages: dict[str, set[str]]
    files_after_check: dict[str, dict[str, str]]
    threecx: dict[str, str]
    check: PlaybookRun
    first: PlaybookRun
    second: PlaybookRun


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For this module alone."""
    return tmp_path_factory.mktemp("pbx_host")


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[dict[str, Machine]]:
    """Both hosts, with what 3CX puts there as far as it is known."""
    unavailable()
    with machines(folder) as found:
        for machine in found.values():
            prepare(machine)
        yield found


def prepare(machine: Machine) -> None:
    """3CX's table and unit, something that listens on the PBX's ports, and logs."""
    machine.host.run("DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends nftables")
    for path, content in {
        "/var/lib/3cxpbx/Bin/nftables.conf": THREECX_RULES,
        "/etc/systemd/system/3CXFirewall.service": THREECX_UNIT,
        "/etc/systemd/system/listener.service": LISTENER_UNIT,
        "/srv/listener.py": LISTENER,
        # Somebody has been stricter than the role is.
        "/etc/ssh/sshd_config.d/site.conf": "MaxAuthTries 2\n",
        "/var/log/nginx/access.log": "",
        "/var/log/asterisk/messages": "",
    }.items():
        machine.host.inside(f"mkdir -p $(dirname {path}); cat >{path}", content)
    machine.host.run("systemctl daemon-reload; systemctl enable --now 3CXFirewall.service listener.service")
    machine.host.run("systemctl reload ssh.service")


@pytest.fixture(params=SUITES)
def machine(request: pytest.FixtureRequest, lab: dict[str, Machine]) -> Machine:
    """One of them."""
    return lab[request.param]


@pytest.fixture(scope="module")
def history(lab: dict[str, Machine], folder: Path) -> History:
    """A check run, the first run and a second one."""
    files = {name: machine.files() for name, machine in lab.items()}
    packages = {name: machine.packages() for name, machine in lab.items()}
    threecx = {name: machine.rules("inet filter") for name, machine in lab.items()}
    check = play(lab, folder, DECLARED, "--check")
    after = {name: machine.files() for name, machine in lab.items()}
    first = play(lab, folder, DECLARED)
    return History(files, packages, after, threecx, check, first, play(lab, folder, DECLARED, "--diff"))


# Refused


def test_unsuitable_hosts_and_declarations_are_refused_before_anything_is_changed(
    lab: dict[str, Machine], folder: Path
) -> None:
    one = lab["bookworm"]
    cases: dict[str, dict[str, Any]] = {
        "windows": {"ansible_connection": "winrm"},
        "threecx": {"pbx_host_acknowledge_unsupported": ["packages"]},
        "forgotten": {"pbx_host_ssh_networks": ["192.168.2.0/24"]},
        "port": {"pbx_host_ssh_port": 2222},
        "network": {"pbx_host_peers": [{"name": "itsp", "signalling": ["203.0.113.1/28"]}]},
        "everybody": {"pbx_host_management": ["0.0.0.0/0"]},
        "attempts": {"pbx_host_lockout": {"failed_attempts": 11}},
        "lan": {"pbx": {**DECLARED["pbx"], "local_networks": None}},
        "vpn": SITE_WITH_A_VPN,
        "open": {"pbx_host_open_ports": [{"ports": [443, 5090]}]},
    }
    run = play(dict.fromkeys(cases, one), folder, DECLARED, own=cases)
    said = {name: failure(run, name) for name in cases}
    assert "this is a Windows host. Not covered on Windows: firewall" in said["windows"]
    assert "This is a 3CX server (/var/lib/3cxpbx)" in said["threecx"]
    assert "firewall: 3CX owns the host's nftables" in said["threecx"]
    assert "packages: 3CX says" not in said["threecx"]
    assert "pbx_host_acknowledge_unsupported: ['configuration', 'firewall', 'system_updates']" in said["threecx"]
    assert "This run comes from 192.168.16.2 to port 22" in said["forgotten"]
    assert "pbx_host_accept_lockout" in said["forgotten"]
    assert "SSH is allowed on pbx_host_ssh_port 2222" in said["port"]
    assert "pbx_host_peers[0].signalling: '203.0.113.1/28' is not a network" in said["network"]
    assert "pbx_host_management): '0.0.0.0/0' is everyone" in said["everybody"]
    assert "pbx_host_lockout.failed_attempts) is '11'; it must be from 1 to 10" in said["attempts"]
    assert "pbx_host_local_networks: [] where there is no LAN" in said["lan"]
    assert "pbx_host_vpn_networks is not set, and the firewall would cut off the phones of warehouse" in said["vpn"]
    assert "pbx_host_open_ports[0] opens tcp port 443 to everyone, but pbx_host_web_ports restricts it" in said["open"]
    assert run.changed == 0


def test_who_has_no_key_is_not_shut_out(lab: dict[str, Machine], folder: Path) -> None:
    one = lab["bookworm"]
    # The connection of the run before is still open, and is used again.
    one.root("mv /home/installer/.ssh/authorized_keys /home/installer/.ssh/away")
    run = play({"bookworm": one}, folder, DECLARED)
    one.root("mv /home/installer/.ssh/away /home/installer/.ssh/authorized_keys")
    assert "The login user installer has no key in its authorized_keys" in failure(run, "bookworm")


def test_an_sshd_that_would_go_on_to_let_in_passwords_is_told_before_anything_is_changed(
    lab: dict[str, Machine], folder: Path
) -> None:
    """Where the drop-in is not read, and where a Match overrules it."""
    for machine in lab.values():
        machine.root(f"cp -p {SSHD_CONFIG} /root/sshd_config")
    lab["bookworm"].root(f"sed -i /^Include/d {SSHD_CONFIG}; echo PasswordAuthentication yes >>{SSHD_CONFIG}")
    lab["trixie"].root(f"printf 'Match User installer\\n  PasswordAuthentication yes\\n' >>{SSHD_CONFIG}")
    run = play(lab, folder, DECLARED)
    for machine in lab.values():
        machine.root(f"mv /root/sshd_config {SSHD_CONFIG}")
    said = failure(run, "bookworm")
    assert "needs this line before any other setting: Include /etc/ssh/sshd_config.d/*.conf." in said
    assert re.search(r"sshd_config:\d+:PasswordAuthentication yes", said)
    said = failure(run, "trixie")
    assert "A Match block of sshd permits the user installer a password from 192.168.17.2" in said
    assert re.search(r"sshd_config:\d+: +PasswordAuthentication yes", said)
    assert run.changed == 0


def test_another_release_of_debian_is_refused(lab: dict[str, Machine], folder: Path) -> None:
    one = lab["bookworm"]
    mask = "mount --bind /run/{0} /etc/{0}"
    release = "sed s/12/11/ /usr/lib/os-release >/run/os-release; echo 11.9 >/run/debian_version"
    one.root("; ".join([release, mask.format("os-release"), mask.format("debian_version")]))
    run = play({"bookworm": one}, folder, DECLARED)
    one.root("umount /etc/os-release /etc/debian_version")
    assert "supports Debian 12 and 13 with systemd; this host is Debian 11" in failure(run, "bookworm")


# Checked and set up


def test_a_check_run_changes_nothing_and_tells_exactly_what_the_first_run_changes(
    machine: Machine, history: History
) -> None:
    assert history.check.returncode == 0, history.check.output
    assert history.first.returncode == 0, history.first.output
    assert history.files_after_check[machine.suite] == history.files[machine.suite]
    assert len(changed_tasks(history.first, machine.suite)) > 10
    assert changed_tasks(history.check, machine.suite) == changed_tasks(history.first, machine.suite)


def test_the_second_run_changes_nothing(machine: Machine, history: History) -> None:
    assert history.second.returncode == 0, history.second.output
    assert history.second.recap[machine.suite]["changed"] == 0, history.second.output
    assert not re.search(r"^[+-]", history.second.output, re.MULTILINE), "a diff without a change"


def test_the_summary_says_what_is_so(history: History) -> None:
    assert "lock-out: after 3 wrong passwords in 10m for 4" in history.first.output
    assert "support by 3CX: void, as acknowledged" in history.first.output
    assert "clock: set by the host of this container" in history.first.output
    assert "[WARNING]" not in history.first.output + history.second.output


@pytest.mark.parametrize("name", ["fail2ban", "nftables", "rsyslog", "systemd-timesyncd", "unattended-upgrades"])
def test_debian_packages_are_installed(machine: Machine, history: History, name: str) -> None:
    assert machine.inside.package(name).is_installed


@pytest.mark.parametrize("name", ["voipsec-firewall.service", "fail2ban.service", "rsyslog.service", *UPDATE_TIMERS])
def test_units_run_now_and_after_a_reboot(machine: Machine, history: History, name: str) -> None:
    unit = machine.inside.service(name)
    assert unit.is_running
    assert unit.is_enabled


def test_what_3cx_owns_is_untouched(machine: Machine, history: History) -> None:
    assert machine.rules("inet filter") == history.threecx[machine.suite]
    now = machine.files()
    for path in ("/var/lib/3cxpbx/Bin/nftables.conf", "/etc/systemd/system/3CXFirewall.service"):
        assert now[path] == history.files[machine.suite][path]
    assert machine.inside.service("3CXFirewall.service").is_running
    assert not machine.inside.service("nftables.service").is_enabled
    assert not [path for path in set(now) - set(history.files[machine.suite]) if "/sources.list" in path]


def test_sshd_takes_keys_only(machine: Machine, history: History) -> None:
    shown = machine.inside.check_output("sshd -T").splitlines()
    for line in ("passwordauthentication no", "kbdinteractiveauthentication no", "logingracetime 30"):
        assert line in shown
    address = f"{networks(machine.suite, 'management')[0]}.1"
    with pytest.raises(NamespaceError, match=r"Permission denied \(publickey\)"):
        machine.spaces.run(machine.name("management"), *SSH, f"installer@{address}", "true")


def test_where_the_host_is_stricter_than_the_role_it_stays_so(machine: Machine, history: History) -> None:
    """The lab's own sshd keeps root out."""
    shown = machine.inside.check_output("sshd -T").splitlines()
    assert "permitrootlogin no" in shown
    assert "maxauthtries 2" in shown


def test_only_security_updates_install_themselves(machine: Machine, history: History) -> None:
    shown = machine.inside.check_output("apt-config dump")
    assert 'APT::Periodic::Unattended-Upgrade "1";' in shown
    assert 'Unattended-Upgrade::Automatic-Reboot "false";' in shown
    origins = machine.inside.check_output("apt-config dump Unattended-Upgrade::Origins-Pattern").splitlines()
    only = "origin=Debian,codename=${distro_codename}-security,label=Debian-Security"
    assert origins == ['Unattended-Upgrade::Origins-Pattern "";', f'Unattended-Upgrade::Origins-Pattern:: "{only}";']


def test_the_log_reaches_the_collector(machine: Machine, history: History, folder: Path) -> None:
    received = folder / f"{machine.suite}.log"
    collect = (
        "import socket\n"
        f"with socket.create_server(('0.0.0.0', {COLLECTOR})) as server:\n"
        "    connection = server.accept()[0]\n"
        "    while text := connection.recv(10000): print(text.decode(), flush=True)\n"
    )
    machine.spaces.start(machine.name("management"), "/usr/bin/python3", "-c", collect, log=received)
    machine.inside.check_output("logger -t lab something happened")
    wait_until(lambda: "lab - - -  something happened" in received.read_text(), 15, "the line at the collector")


# Attacked


@pytest.mark.parametrize(
    ("neighbour", "kind", "port", "six", "expected"),
    [
        ("management", "tcp", 22, False, "answer"),
        ("office", "tcp", 22, False, "answer"),
        ("provider", "tcp", 22, False, "silence"),
        ("stranger", "tcp", 22, False, "silence"),
        ("management", "tcp", 443, False, "answer"),
        ("provider", "tcp", 443, False, "silence"),
        ("stranger", "tcp", 443, False, "silence"),
        ("provider", "udp", 5060, False, "answer"),
        ("provider", "tcp", 5060, False, "answer"),
        ("provider", "udp", 9000, False, "answer"),
        ("office", "udp", 5060, False, "answer"),
        ("management", "udp", 5060, False, "silence"),
        ("stranger", "udp", 5060, False, "silence"),
        ("stranger", "tcp", 5060, False, "silence"),
        ("stranger", "udp", 9000, False, "silence"),
        ("provider", "udp", 5060, True, "answer"),
        ("stranger", "udp", 5060, True, "silence"),
        ("stranger", "tcp", 5060, True, "silence"),
        ("stranger", "tcp", 443, True, "silence"),
    ],
)
def test_who_reaches_what(
    machine: Machine, history: History, neighbour: str, kind: str, port: int, six: bool, expected: str
) -> None:
    assert machine.ask(neighbour, kind, port, six=six) == expected


def test_without_the_table_everybody_would_get_in(machine: Machine, history: History) -> None:
    """The control: silence is the table's doing."""
    machine.inside_network("nft", "delete", "table", "inet", "voipsec")
    try:
        assert machine.ask("stranger", "udp", 5060) == "answer"
        assert machine.ask("stranger", "tcp", 443) == "answer"
        assert machine.ask("stranger", "tcp", 5060, six=True) == "answer"
    finally:
        machine.inside.check_output("systemctl restart voipsec-firewall.service")
    assert machine.ask("stranger", "udp", 5060) == "silence"


def test_a_stranger_who_knocks_at_sip_gets_no_answer_anywhere_for_a_while(machine: Machine, history: History) -> None:
    wait_until(lambda: machine.ask("stranger", "tcp", 5090) == "answer", 10, "the open port answers")
    assert machine.ask("stranger", "udp", 5060) == "silence"
    assert machine.ask("stranger", "tcp", 5090) == "silence"
    wait_until(lambda: machine.ask("stranger", "tcp", 5090) == "answer", 10, "the offender is forgotten")


@pytest.mark.parametrize(
    ("neighbour", "kind", "port"), [("provider", "tcp", 443), ("provider", "tcp", 22), ("management", "udp", 5060)]
)
def test_who_is_declared_may_knock_at_a_closed_port_and_keeps_the_open_ones(
    machine: Machine, history: History, neighbour: str, kind: str, port: int
) -> None:
    assert machine.ask(neighbour, kind, port) == "silence"
    assert machine.ask(neighbour, "tcp", 5090) == "answer"
    if neighbour == "provider":
        assert machine.ask(neighbour, "udp", 5060) == "answer"


def send_speech(machine: Machine, count: int, pause: float) -> tuple[int, float]:
    """Packets of the provider: how many of them arrived, and in how many seconds."""
    address = f"{networks(machine.suite, 'provider')[0]}.1"
    name, program = machine.name("provider"), "/usr/bin/python3"
    before, _seconds = machine.spaces.run(name, program, "-c", SEND, address, "0", "0").split()
    after, seconds = machine.spaces.run(name, program, "-c", SEND, address, str(count), str(pause)).split()
    return int(after) - int(before), float(seconds)


def test_the_speech_of_all_calls_gets_through_and_a_flood_does_not(machine: Machine, history: History) -> None:
    arrived, _seconds = send_speech(machine, 200, 0.01)
    assert arrived == 200, "two calls for two seconds"
    arrived, seconds = send_speech(machine, 5000, 0)
    # A second's worth at once, and the rate from then on; a loaded machine takes longer to send them.
    assert arrived < SPEECH_RATE * (2 + seconds)
    assert arrived < 2500, "not a flood, if most of it arrives"


def log_refused_sign_ins(machine: Machine, neighbour: str, count: int) -> None:
    """As nginx logs them."""
    stamp = machine.root("date '+%d/%b/%Y:%H:%M:%S %z'").strip()
    request = "POST /webclient/api/Login/GetAccessToken HTTP/1.1"
    line = f'{networks(machine.suite, neighbour)[0]}.2 - - [{stamp}] "{request}" 401 20 "-" "browser"\n'
    machine.host.inside("cat >>/var/log/nginx/access.log", line * count)


def jail(machine: Machine, question: str) -> str:
    """What fail2ban says."""
    return str(machine.inside.check_output(f"fail2ban-client {question}"))


def test_guessing_at_the_web_page_is_banned_for_the_time_and_not_before(machine: Machine, history: History) -> None:
    log_refused_sign_ins(machine, "management", 10)
    log_refused_sign_ins(machine, "office", 2)
    wait_until(lambda: "Currently failed:\t1" in jail(machine, "status voipsec-web"), 10, "counted")
    assert machine.ask("office", "tcp", 443) == "answer"
    log_refused_sign_ins(machine, "office", 1)
    wait_until(lambda: machine.ask("office", "tcp", 443) == "refused", 10, "the ban")
    begin = time.monotonic()
    wait_until(lambda: machine.ask("office", "tcp", 443) == "answer", 15, "the end of the ban")
    assert time.monotonic() - begin > 1.5, "the ban lasted"
    assert machine.ask("management", "tcp", 443) == "answer", "management is never banned"


def test_who_was_banned_twice_is_banned_for_long_on_all_ports(machine: Machine, history: History) -> None:
    """The second ban, for trying users at SSH."""
    address = f"{networks(machine.suite, 'office')[0]}.1"

    def tries_and_is_refused() -> bool:
        with pytest.raises(NamespaceError):
            # A ban in the middle of a login lets ssh wait without end.
            machine.spaces.run(machine.name("office"), "timeout", "10", *SSH, f"admin@{address}", "true")
        return machine.ask("office", "tcp", 5090) == "refused"

    # Debian 13's sshd lets a guesser wait by itself, and what it drops then is no failure to fail2ban: so it goes on.
    wait_until(tries_and_is_refused, 120, "the long ban")
    bans = json.loads(machine.inside.check_output("fail2ban-client banned").replace("'", '"'))
    assert {"recidive": ["192.168.2.2"]} in bans
    left = machine.inside.check_output("fail2ban-client get recidive banip --with-time")
    assert re.search(r"192\.168\.2\.2 .* \+ 604800 =", left)


def test_bans_are_in_a_table_of_fail2bans_own(machine: Machine, history: History) -> None:
    assert "192.168.2.2" in machine.rules("inet f2b-table")
    assert machine.rules("inet filter") == history.threecx[machine.suite]


def test_guessing_at_sip_is_banned_where_the_pbx_logs_it(machine: Machine, history: History) -> None:
    stamp = machine.root("date '+%Y-%m-%d %H:%M:%S'").strip()
    said = "Registration from '<sip:1@x>' failed for '192.168.2.9:5060' - Wrong password"
    line = f"[{stamp}] NOTICE[1]: chan_sip.c:2 handle_request_register: {said}\n"
    machine.host.inside("cat >>/var/log/asterisk/messages", line * 3)
    wait_until(lambda: "192.168.2.9" in jail(machine, "get voipsec-sip banip"), 10, "the ban")


# Rebooted


@pytest.fixture(scope="module")
def rebooted(lab: dict[str, Machine], history: History, folder: Path) -> PlaybookRun:
    """A reboot while sshd is being tried, and a run on a host whose table somebody has changed since."""
    for machine in lab.values():
        machine.host.inside("cat >/etc/voipsec-pbx-host/sshd.next", "MaxAuthTries 1\n")
        machine.inside.check_output("/usr/local/libexec/voipsec-pbx-host/sshd try 600 192.0.2.1")
        assert "maxauthtries 1" in machine.inside.check_output("sshd -T").splitlines()
        machine.host.restart()
    lab["trixie"].inside_network("nft", "flush", "chain", "inet", "voipsec", "signalling")
    return play(lab, folder, DECLARED)


def test_all_is_there_after_a_reboot(machine: Machine, rebooted: PlaybookRun, history: History) -> None:
    for name in ("voipsec-firewall.service", "fail2ban.service", "rsyslog.service", "3CXFirewall.service"):
        assert machine.inside.service(name).is_running, name
    assert machine.rules("inet filter") == history.threecx[machine.suite]
    assert machine.ask("stranger", "udp", 5060) == "silence"
    assert machine.ask("stranger", "tcp", 443, six=True) == "silence"
    assert machine.ask("provider", "udp", 5060) == "answer"
    assert machine.ask("management", "tcp", 22) == "answer"
    assert "192.168.2.2" in machine.inside.check_output("fail2ban-client get recidive banip")


def test_settings_of_sshd_that_nobody_has_confirmed_are_gone_after_a_reboot(
    machine: Machine, rebooted: PlaybookRun
) -> None:
    shown = machine.inside.check_output("sshd -T").splitlines()
    assert "maxauthtries 2" in shown
    assert "passwordauthentication no" in shown, "what was confirmed before"


def test_the_journal_reaches_back_before_the_reboot(machine: Machine, rebooted: PlaybookRun) -> None:
    assert len(machine.inside.check_output("journalctl --list-boots --quiet --no-pager").splitlines()) >= 2


def test_a_run_after_the_reboot_changes_only_what_somebody_has_changed(rebooted: PlaybookRun) -> None:
    assert rebooted.returncode == 0, rebooted.output
    assert changed_tasks(rebooted, "bookworm") == []
    assert [name.rpartition(" : ")[2] for name in changed_tasks(rebooted, "trixie")] == [
        "Reload the rules where the kernel has others"
    ]


def test_whatever_happens_to_debians_own_firewall_unit_our_table_stays(machine: Machine, rebooted: PlaybookRun) -> None:
    assert not machine.inside.service("nftables.service").is_running
    for verb in ("start", "reload", "restart", "stop"):
        machine.inside.check_output(f"systemctl {verb} nftables.service")
        assert machine.ask("stranger", "udp", 5060) == "silence", verb
    # It took the others' tables away, as it does without us.
    machine.inside.check_output("systemctl restart 3CXFirewall.service fail2ban.service")


# Locked out


def without_offenders(table: str) -> str:
    """Whoever is still shut out from a test before is no rule."""
    return re.sub(r"(set offenders[46]? \{[^{}]*)\t\telements = \{[^{}]*\}\n", r"\1", table)


@pytest.fixture
def by_password(lab: dict[str, Machine], rebooted: PlaybookRun, folder: Path) -> Iterator[Path]:
    """The host as its provider has left it: one logs in by password, and the only key is the provider's.

    What is given is a program that tells ssh the password.
    """
    program, stranger = folder / "password", folder / "stranger"
    program.write_text(f'#!/bin/sh\necho "{PASSWORD}"\n')
    program.chmod(0o700)
    make_key(stranger)
    keys, config = "/home/installer/.ssh/authorized_keys", "/etc/ssh/sshd_config.d/lab.conf"
    for machine in lab.values():
        machine.host.inside("chpasswd", f"installer:{PASSWORD}\n")
        machine.root(
            f"mv {SSHD_DROPIN} /root/dropin; sed -i s/^PasswordAuthentication.*/PasswordAuthentication\\ yes/ {config}"
        )
        machine.host.run("systemctl reload ssh.service")
        machine.root(f"mv {keys} /root/keys")
        machine.host.inside(f"cat >{keys}", stranger.with_suffix(".pub").read_text())
    yield program
    for machine in lab.values():
        machine.root(f"mv /root/keys {keys}; mv /root/dropin {SSHD_DROPIN}")
        machine.root(f"sed -i s/^PasswordAuthentication.*/PasswordAuthentication\\ no/ {config}")
        machine.host.run("usermod --lock installer; systemctl reload ssh.service")


def test_who_logs_in_by_password_is_not_shut_out_by_somebody_elses_key(
    lab: dict[str, Machine], by_password: Path, folder: Path
) -> None:
    own = {
        name: {
            "ansible_password": PASSWORD,
            "ansible_ssh_private_key_file": "",
            "ansible_ssh_common_args": machine.host.inventory_variables()["ansible_ssh_common_args"].replace(
                "BatchMode=yes", "BatchMode=no"
            ),
            # Not the connections of the other runs, which had a key.
            "ansible_control_path": str(folder / f"{name}.cp"),
        }
        for name, machine in lab.items()
    }
    run = play(lab, folder, {**DECLARED, "pbx_host_rollback_seconds": 6}, own=own)
    ask = [
        "env",
        f"SSH_ASKPASS={by_password}",
        "SSH_ASKPASS_REQUIRE=force",
        *SSH,
        "-oBatchMode=no",
        "-oPubkeyAuthentication=no",
    ]
    for name, machine in lab.items():
        said = failure(run, name)
        assert "With keys only this controller cannot log in as installer" in said
        assert "rolled back after 6 seconds. Add the controller's own key to the authorized_keys of installer" in said
        ask_there = [part for part in ask if part != "-oBatchMode=yes"]
        machine.spaces.run(
            machine.name("management"), *ask_there, f"installer@{networks(name, 'management')[0]}.1", "true"
        )
        assert "voipsec" not in machine.root("ls /etc/ssh/sshd_config.d")
        said = machine.root("journalctl --boot --quiet --output=short-unix --no-pager")
        armed = re.findall(r"^(\d+\.\d+) .*Started voipsec-sshd-rollback.timer", said, re.MULTILINE)
        back = re.findall(r"^(\d+\.\d+) .*the new settings of sshd were not confirmed", said, re.MULTILINE)
        assert len(back) == 1
        assert 5 < float(back[0]) - float(armed[-1]) < 10


def test_who_was_banned_for_trying_to_come_back_is_let_in_again(machine: Machine, rebooted: PlaybookRun) -> None:
    """As a controller that offers too many keys is."""
    jail(machine, "set recidive banip 203.0.113.200")
    machine.host.inside("cat >/etc/voipsec-pbx-host/sshd.next", "MaxAuthTries 1\n")
    machine.inside.check_output("/usr/local/libexec/voipsec-pbx-host/sshd try 1 203.0.113.200")
    wait_until(lambda: "203.0.113.200" not in jail(machine, "banned"), 10, "the end of the ban")
    assert "maxauthtries 2" in machine.inside.check_output("sshd -T").splitlines()


def test_a_lockout_that_was_forced_is_taken_back_within_its_time(
    lab: dict[str, Machine], rebooted: PlaybookRun, folder: Path
) -> None:
    before = {name: without_offenders(machine.rules("inet voipsec")) for name, machine in lab.items()}
    forgotten = {
        **DECLARED,
        "pbx_host_ssh_networks": ["10.99.0.0/16"],
        "pbx_host_accept_lockout": True,
        "pbx_host_rollback_seconds": 6,
        "pbx_host_lockout": {**DECLARED["pbx_host_lockout"], "failed_attempts": 2},
    }
    run = play(lab, folder, forgotten)
    for name, machine in lab.items():
        assert jail(machine, "get sshd maxretry") == "2", "what was written before is in force all the same"
        assert "locked out the controller and were rolled back after 6 seconds" in failure(run, name)
        assert without_offenders(machine.rules("inet voipsec")) == before[name]
        assert machine.ask("management", "tcp", 22) == "answer"
        said = machine.inside.check_output("journalctl --boot --quiet --output=short-unix --no-pager")
        armed = re.findall(r"^(\d+\.\d+) .*Started voipsec-firewall-rollback.timer", said, re.MULTILINE)
        back = re.findall(r"^(\d+\.\d+) .*the new firewall rules were not confirmed", said, re.MULTILINE)
        assert len(back) == 1
        assert 5 < float(back[0]) - float(armed[-1]) < 10


def test_a_host_that_is_shut_out_does_not_use_up_the_time_of_another(
    lab: dict[str, Machine], rebooted: PlaybookRun, folder: Path
) -> None:
    variables = {**DECLARED, "pbx_host_rollback_seconds": 12, "pbx_host_accept_lockout": True}
    own = {
        "bookworm": {"pbx_host_ssh_networks": ["10.99.0.0/16"]},
        "trixie": {"pbx_host_open_ports": [{"ports": [5090, 5091]}]},
    }
    run = play(lab, folder, variables, "--tags", "pbx_host_preflight,pbx_host_configure", own=own)
    assert "locked out the controller" in failure(run, "bookworm")
    assert run.recap["trixie"]["failed"] == 0, run.output
    assert "5091" in lab["trixie"].rules("inet voipsec")


# As found


NEEDING = "lab-log-reader"
"""A package of somebody else, that needs one which the role has brought."""


def needed_by_others(machine: Machine) -> None:
    """Install it."""
    control = (
        f"Package: {NEEDING}\nVersion: 1\nArchitecture: all\nDepends: rsyslog\nMaintainer: lab\nDescription: lab\n"
    )
    folder = f"/run/{NEEDING}"
    machine.host.inside(f"mkdir -p {folder}/DEBIAN; cat >{folder}/DEBIAN/control", control)
    machine.root(f"dpkg-deb --build {folder} {folder}.deb; dpkg --install {folder}.deb")


def needing(machine: Machine) -> str:
    """Its name, where it is still installed."""
    return machine.root(f"dpkg-query --show --showformat '${{db:Status-Status}}' {NEEDING}").replace(
        "installed", NEEDING
    )


def test_absent_brings_back_what_was_found(lab: dict[str, Machine], history: History, folder: Path) -> None:
    absent = {**DECLARED, "pbx_host_state": "absent"}
    needed_by_others(lab["trixie"])
    check = play({"trixie": lab["trixie"]}, folder, absent, "--check")
    assert (check.returncode, needing(lab["trixie"])) == (0, NEEDING), check.output
    run = play(lab, folder, absent)
    assert run.returncode == 0, run.output
    assert changed_tasks(check, "trixie") == changed_tasks(run, "trixie")
    for said in (check.output, run.output):
        assert f"package rsyslog: still installed, because purging it would change others too ({NEEDING})" in said
        assert "package fail2ban: still" not in said
    assert needing(lab["trixie"]) == NEEDING
    # What was left is purged by hand, for the comparison with what was found.
    left = sorted(lab["trixie"].packages() - history.packages["trixie"])
    assert "rsyslog" in left
    assert "fail2ban" not in left
    lab["trixie"].root(f"DEBIAN_FRONTEND=noninteractive apt-get purge --yes {' '.join(left)}")
    for name, machine in lab.items():
        assert machine.packages() == history.packages[name]
        now, before = machine.files(), history.files[name]
        assert {path for path in now if now[path] != before.get(path)} <= ACCOUNTS
        assert set(before) <= set(now)
        assert machine.rules("inet filter") == history.threecx[name]
        assert machine.ask("stranger", "udp", 5060) == "answer"
        assert "voipsec" not in machine.inside_network("nft", "list", "tables")
    again = play(lab, folder, absent)
    assert (again.returncode, again.changed) == (0, 0), again.output
