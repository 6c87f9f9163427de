# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a provisioning server with the role yealink_provisioning.

In this order: refused, checked, installed, attacked, used, guessed at, rebooted, broken, with paths, removed.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from host_support import unavailable
from provisioning_support import (
    HOST,
    LOG,
    PLACES,
    QUARANTINE,
    SERVER,
    SETS,
    SITE_SECRET,
    UNKNOWN,
    A,
    B,
    ProvisioningHost,
    lay_wires,
    phone_entry,
    phone_files,
    secrets,
    wait_for,
)

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import phone_path
from lab.debian_host import DebianHost
from lab.net.namespaces import Namespaces
from lab.pki import Pki, make_pki
from lab.playbook import PlaybookRun

ATTEMPTS, BAN_SECONDS = 5, 8
DECLARED: dict[str, Any] = {
    "yealink_provisioning_management": [f"{PLACES['management']}/32"],
    "yealink_provisioning_lockout": {"failed_attempts": ATTEMPTS, "within": "5m", "block_for": f"{BAN_SECONDS}s"},
    "yealink_provisioning_host": HOST,
    "yealink_provisioning_networks": [PLACES["office"], PLACES["branch"], f"{PLACES['depot']}/32", "198.51.100.0/28"],
    "yealink_provisioning_phones": [{"mac": A, "number": "201"}, {"mac": "00:15:65:DD:EE:FF", "number": "202"}],
    "yealink_provisioning_local_ca": True,
}
URL = f"https://{HOST}/phones/"
SITE_FILE = "/etc/nginx/conf.d/yealink-provisioning.conf"


@pytest.fixture(scope="module")
def prov(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProvisioningHost]:
    """A Debian in a network of its own, without anything on it at first."""
    unavailable(None if shutil.which("testssl") else "The tests of TLS need this package: apt-get install testssl.sh")
    folder = tmp_path_factory.mktemp("provisioning")
    with Namespaces() as spaces:
        lay_wires(spaces)
        namespace = Path("/run/netns") / spaces.full("host")
        with DebianHost(folder / "machine", network_namespace=namespace) as machine:
            yield ProvisioningHost(machine, spaces, folder)


@dataclass(frozen=True)
class History:
    """What happened to the host before the tests of its state."""

    packages_before: set[str]
    files_before: set[str]
    check: PlaybookRun
    files_after_check: set[str]
    first: PlaybookRun
    second: PlaybookRun


@pytest.fixture(scope="module")
def history(prov: ProvisioningHost) -> History:
    """A check run, the first run and a second one; then files to be served."""
    packages, files = prov.packages(), prov.files()
    check = prov.play(DECLARED, "--check", "--diff")
    files_after = prov.files()
    first = prov.play(DECLARED, "--diff", "-vvv")
    second = prov.play(DECLARED)
    assert first.returncode == 0, first.output
    prov.serve("one", {**phone_files(A), **phone_files(B)})
    return History(packages, files, check, files_after, first, second)


# Refused


def failure(run: PlaybookRun, host: str) -> str:
    """What a host's run failed with."""
    assert run.recap[host]["failed"] == 1, run.output
    text = re.split(rf"(?:fatal|failed): \[{host}\]", run.output, maxsplit=1)[1]
    return " ".join(re.split(r"\n(?:\S|\n)", text, maxsplit=1)[0].replace("''", "'").split())


def test_unsuitable_declarations_are_refused_with_what_would_be_right(prov: ProvisioningHost) -> None:
    name = "yealink_provisioning_"
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "no_host": ({f"{name}host": ""}, "must be the server's name or IPv4 address"),
        "url": ({f"{name}host": "https://prov.example.net"}, "the host is 'https://prov.example.net'; it must be"),
        "port": ({f"{name}port": 70000}, "the port is '70000'; it must be from 1 to 65535"),
        "path": ({f"{name}path": "a/b"}, "the path is 'a/b'; it must be one name"),
        "method": ({f"{name}method": "none"}, "method) is 'none'; it must be phone_password"),
        "no_phones": ({f"{name}phones": []}, "no phone is listed"),
        "mac": ({f"{name}phones": [{"mac": A}, {"mac": "805ec0"}]}, "not a MAC address, or listed twice: 805ec0"),
        "twice": ({f"{name}phones": [{"mac": A}, {"mac": A.upper()}]}, f"listed twice: {A}"),
        "no_networks": ({f"{name}networks": []}, "no network is listed, so no phone could fetch"),
        "world": ({f"{name}networks": ["0.0.0.0/0"]}, "none wider than /8 (/16 for IPv6); not valid: 0.0.0.0/0"),
        "address": ({f"{name}networks": ["192.0.2.256"]}, "not valid: 192.0.2.256"),
        "management": ({f"{name}management": ["office"]}, "not valid: office"),
        "lockout": (
            {f"{name}lockout": {"within": "soon"}},
            "lockout.within (yealink_provisioning_lockout) is 'soon'",
        ),
        "no_source": ({f"{name}local_ca": False}, "Given: no certificate; no key"),
        "two": (
            {f"{name}certificate": "x", f"{name}key": "y"},
            "certificate, yealink_provisioning_local_ca; yealink_provisioning_key",
        ),
        "public": ({f"{name}public_files": [{"name": f"{A}.cfg", "content": "x"}]}, "not that of a phone's own file"),
        "directory": ({f"{name}directory": "/current"}, "must be an absolute path of at least three plain names"),
    }
    run = prov.look({**{host: own for host, (own, _text) in wrong.items()}, "good": {}}, DECLARED)
    told = {host: text for host, (_own, text) in wrong.items() if text not in failure(run, host)}
    assert not told, run.output
    assert run.recap["good"]["failed"] == 0


def test_unsuitable_hosts_are_refused_before_anything_is_changed(prov: ProvisioningHost) -> None:
    mask = "mount --bind /run/{0} /etc/{0}"
    release = "sed s/12/11/ /usr/lib/os-release >/run/os-release; echo 11.9 >/run/debian_version"
    prov.machine.inside("; ".join([release, mask.format("os-release"), mask.format("debian_version")]))
    old = prov.play(DECLARED, gather_facts=False)
    prov.machine.inside("umount /etc/os-release /etc/debian_version; mkdir /etc/3cxpbx")
    wrong = {"yealink_provisioning_networks": []}
    threecx = prov.play(DECLARED, hosts={"prov": {}, "declaration": wrong}, gather_facts=False)
    prov.machine.inside("rmdir /etc/3cxpbx")
    assert "supports Debian 12 and 13 with systemd; this host is Debian 11 with systemd." in failure(old, "prov")
    assert "This is a 3CX server (/etc/3cxpbx)" in failure(threecx, "prov")
    assert "no network is listed, so no phone could fetch" in failure(threecx, "declaration")
    assert old.changed + threecx.changed == 0


# Checked and installed


def test_a_check_run_on_a_bare_host_succeeds_and_changes_nothing(history: History) -> None:
    assert history.check.returncode == 0, history.check.output
    assert history.check.changed > 0
    assert f"would be installed, for 2 phones at {URL}" in " ".join(history.check.output.split())
    assert history.files_after_check == history.files_before


def test_the_first_run_changes_and_the_second_does_not(history: History) -> None:
    assert history.first.changed > 0
    assert (history.second.returncode, history.second.changed) == (0, 0), history.second.output
    assert "its certificate expires" in history.second.output
    assert "[WARNING]" not in history.check.output + history.second.output


def test_packages_are_debians_and_run(prov: ProvisioningHost, history: History) -> None:
    for name in ("nginx", "fail2ban", "nftables"):
        assert prov.inside.package(name).is_installed
    for unit in ("nginx", "fail2ban", "yealink-provisioning-certificate.timer"):
        assert prov.inside.service(unit).is_running, unit
        assert prov.inside.service(unit).is_enabled, unit
    assert not [path for path in prov.files() - history.files_before if path.startswith("/etc/apt")]
    assert prov.inside.check_output("systemctl --failed --plain --no-legend") == ""


def test_nothing_but_the_declared_port_is_open(prov: ProvisioningHost, history: History) -> None:
    sockets = [socket for socket in prov.inside.socket.get_listening_sockets() if not socket.startswith("unix")]
    assert [socket for socket in sockets if "127.0.0.1" not in socket] == ["tcp://0.0.0.0:443"]


def test_files_are_for_those_who_need_them(prov: ProvisioningHost, history: History) -> None:
    assert prov.lines("/etc/yealink-provisioning") == [
        "600 root:root tls/ca.crt",
        "600 root:root tls/ca.key",
        "600 root:root tls/server.pem",
        "640 root:www-data users",
        "700 root:root tls",
        "750 root:www-data ",
    ]
    assert prov.lines(SETS) == [
        "640 root:www-data public/ca.crt",
        *(f"640 root:www-data sets/one/{mac}.{kind}" for mac in (B, A) for kind in ("boot", "cfg")),
        *(f"750 root:www-data {name}" for name in ("", "public", "sets", "sets/empty", "sets/one")),
        "777 root:root current",
    ]
    assert prov.lines(QUARANTINE)[-1].strip() == "700 www-data:www-data"
    log = prov.inside.file(LOG)
    assert (log.user, log.group, log.mode) == ("www-data", "adm", 0o640)


def test_passwords_are_hashed_as_debians_crypt_knows_them(prov: ProvisioningHost, history: History) -> None:
    users = prov.inside.file("/etc/yealink-provisioning/users").content_string.splitlines()
    assert [line.split(":")[0] for line in users] == [B, A]
    assert all(re.fullmatch(r"[0-9a-f]{12}:\$6\$rounds=1000\$[^$]{16}\$\S{86}", line) for line in users)


# Attacked


def test_only_current_tls_is_spoken(prov: ProvisioningHost, history: History, tmp_path: Path) -> None:
    report = tmp_path / "testssl.json"
    scan = ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--jsonfile", str(report), "-p", "-E"]
    prov.spaces.run("management", *scan, "--ip", SERVER, f"{HOST}:443", timeout=120)
    found = json.loads(report.read_text())
    offered = {entry["id"]: entry["finding"] for entry in found}
    assert {name: offered[name] for name in ("SSLv2", "SSLv3", "TLS1", "TLS1_1")} == dict.fromkeys(
        ("SSLv2", "SSLv3", "TLS1", "TLS1_1"), "not offered"
    )
    assert "offered" in offered["TLS1_2"]
    assert "offered" in offered["TLS1_3"]
    lines = "\n".join(entry["finding"] for entry in found if entry["id"].startswith("cipher"))
    ciphers = set(re.findall(r"\bx[0-9a-f]{4}\s+(\S+)", lines))
    assert ciphers == {
        *("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"),
        *("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"),
    }


def test_an_undeclared_address_gets_nothing(prov: ProvisioningHost, history: History) -> None:
    answers = prov.ask(
        "stranger", prov.request(f"/phones/{A}.cfg", A), prov.request("/"), prov.request("/phones/ca.crt")
    )
    assert [(answer.status, answer.problem) for answer in answers] == [(0, "closed")] * 3
    assert prov.statuses("management", prov.request(f"/phones/{A}.cfg", A)) == [200], "the control"


def test_who_does_not_know_the_name_gets_nothing(prov: ProvisioningHost, history: History) -> None:
    path = f"/phones/{A}.cfg"
    requests = [prov.request(path, A, name="other.example.net"), prov.request(path, A, name="", host=HOST)]
    assert ["tls" in answer.problem for answer in prov.ask("management", *requests)] == [True, True]
    (answer,) = prov.ask("management", prov.request(path, A, host="other.example.net"))
    assert (answer.status, answer.problem) == (0, "closed")


def test_a_phone_gets_its_own_files_only(prov: ProvisioningHost, history: History) -> None:
    request = prov.request
    asked = [
        (request(f"/phones/{A}.cfg", A), 200),
        (request(f"/phones/{A}.boot", A), 200),
        (request(f"/phones/{A}.cfg", A, method="HEAD"), 200),
        (request("/phones/ca.crt", A), 200),
        (request(f"/phones/{B}.cfg", A), 403),
        (request(f"/phones/{UNKNOWN}.cfg", A), 403),
        (request(f"/phones/{A}.cfg"), 401),
        (request("/phones/ca.crt"), 401),
        (request("/phones/"), 401),
        (request("/phones/", A), 404),
        (request("/phones/../users", A), 404),
        (request(f"/phones/%2e%2e/{A}.cfg", A), 404),
        (request("/", A), 404),
        (request("/index.html"), 404),
        (request(f"/phones/{A}.cfg", A, method="POST", body="x"), 405),
        (request(f"/phones/{A}.cfg", A, method="DELETE"), 405),
        (request(f"/phones/{A}.cfg", A, method="PUT", body="x"), 405),
        (request("/phones/", A, method="PROPFIND"), 405),
    ]
    answers = prov.ask("management", *(one for one, _status in asked), together=6)
    got = [
        (one.method, one.path, one.user, answer.status) for (one, _status), answer in zip(asked, answers, strict=True)
    ]
    assert got == [(one.method, one.path, one.user, status) for one, status in asked]
    assert answers[0].body == phone_files(A)[f"{A}.cfg"]
    assert {answer.headers["Server"] for answer in answers} == {"nginx"}


def test_a_known_phone_and_an_unknown_one_look_the_same_to_a_stranger(prov: ProvisioningHost, history: History) -> None:
    guesses = [prov.request(f"/phones/{mac}.cfg", user=mac, password="guess") for mac in (A, UNKNOWN) * 4]
    answers = prov.ask("management", *guesses)
    assert {(answer.status, answer.body, tuple(sorted(set(answer.headers) - {"Date"}))) for answer in answers} == {
        (401, answers[0].body, tuple(sorted(set(answers[0].headers) - {"Date"})))
    }
    assert all(answer.seconds >= 0.49 for answer in answers), "the answer waits longer than a hash takes"


# Used


def test_phones_fetch_their_files_with_all_checks_of_tls(prov: ProvisioningHost, history: History) -> None:
    reports = prov.sync("office", [phone_entry(A), phone_entry(B)], URL, "phones")
    for mac, report in zip((A, B), reports, strict=True):
        assert report["aborted"] is None
        assert [f"/phones/{mac}.boot", 200] in report["requests"]
        assert [f"/phones/{mac}.cfg", 200] in report["requests"]
        assert "account.1.password" in report["changed"]
    again = prov.sync("office", [phone_entry(A), phone_entry(B)], URL, "phones")
    assert [report["updated"] for report in again] == [False, False]


def test_another_authority_is_not_believed(prov: ProvisioningHost, history: History, tmp_path: Path) -> None:
    other = make_pki(tmp_path / "pki", names=(HOST,)).ca_file
    (answer,) = prov.ask("office", prov.request(f"/phones/{A}.cfg", A, ca_file=str(other)))
    assert "CERTIFICATE_VERIFY_FAILED" in answer.problem


def test_a_new_set_is_served_as_soon_as_the_link_points_to_it(prov: ProvisioningHost, history: History) -> None:
    changed = phone_files(A)[f"{A}.cfg"] + "features.relog_offtime = 7\n"
    prov.serve("two", {**phone_files(A), **phone_files(B), f"{A}.cfg": changed})
    (answer,) = prov.ask("office", prov.request(f"/phones/{A}.cfg", A))
    assert answer.body == changed


def test_a_link_in_a_set_is_not_followed(prov: ProvisioningHost, history: History) -> None:
    prov.inside.check_output(f"ln -s /etc/passwd {SETS}/current/{B}.xml")
    prov.inside.check_output(f"mv {SETS}/current/{B}.cfg {SETS}/kept; ln -s /etc/passwd {SETS}/current/{B}.cfg")
    assert prov.statuses("management", prov.request(f"/phones/{B}.cfg", B)) == [404]
    prov.inside.check_output(f"rm {SETS}/current/{B}.xml; mv -T {SETS}/kept {SETS}/current/{B}.cfg")
    assert prov.statuses("management", prov.request(f"/phones/{B}.cfg", B)) == [200]


def test_uploads_land_in_a_quarantine_and_are_never_given_back(prov: ProvisioningHost, history: History) -> None:
    prov.change_by_hand(A, "phones", "features.relog_offtime", "6")
    (report,) = prov.sync("office", [phone_entry(A)], URL, "phones")
    assert report["uploads"][0][0] == f"/phones/{A}-local.cfg"
    assert report["uploads"][0][1] in (201, 204)
    assert f"600 www-data:www-data {A}-local.cfg" in prov.lines(QUARANTINE)
    kept = prov.inside.file(f"{QUARANTINE}/{A}-local.cfg").content_string
    assert kept.startswith("#!version:1.0.0.1\n")
    put: dict[str, Any] = {"method": "PUT", "body": "x"}
    refused = [
        (prov.request(f"/phones/{B}-local.cfg", A, **put), 403),
        (prov.request(f"/phones/{UNKNOWN}-local.cfg", A, **put), 403),
        (prov.request(f"/phones/{A}-local.cfg", **put), 401),
        (prov.request(f"/phones/{A}-local.cfg", user=A, password="guess", **put), 401),
        (prov.request(f"/phones/{A}-contact.xml", A, **put), 405),
        (prov.request("/phones/other.cfg", A, **put), 405),
        (prov.request(f"/phones/x/{A}-local.cfg", A, **put), 405),
        (prov.request(f"/phones/{A}-local.cfg", A, method="PUT", body="x" * 300_000), 413),
        (prov.request(f"/phones/{A}-local.cfg", A), 404),
        (prov.request("/quarantine/", A), 404),
    ]
    assert prov.statuses("management", *(request for request, _status in refused)) == [
        status for _request, status in refused
    ]
    names = [line.split(" ", 2)[2] for line in prov.lines("/var/lib/yealink-provisioning")]
    assert sorted(name for name in names if "." in name) == sorted(
        name for name in (f"quarantine/{A}-local.cfg", f"quarantine/{B}-local.cfg") if name in names
    )
    assert prov.inside.file(f"{QUARANTINE}/{A}-local.cfg").content_string == kept


def test_all_phones_of_a_site_are_served_at_once_after_a_power_cut(prov: ProvisioningHost, history: History) -> None:
    names = ["{}.boot", "y000000000000.boot", "y000000000108.cfg", "{}.cfg", "ca.crt", "{}-contact.xml"]
    asked = [prov.request(f"/phones/{name.format(mac)}", mac) for _try in range(4) for name in names for mac in (A, B)]
    statuses = [answer.status for answer in prov.ask("office", *asked, together=len(asked))]
    assert statuses == [404 if request.path.endswith(("0.boot", "8.cfg", ".xml")) else 200 for request in asked]


# Guessed at


def test_who_guesses_is_shut_out_for_the_declared_time(prov: ProvisioningHost, history: History) -> None:
    macs = [f"805ec0aa{number:04x}" for number in range(30)]
    guesses = [prov.request(f"/phones/{mac}.cfg", user=mac, password=mac) for mac in macs]
    from_management = prov.statuses("management", *guesses[:ATTEMPTS])
    answers = prov.ask("branch", *guesses, until_unanswered=True)
    assert from_management == [401] * ATTEMPTS
    assert answers[-1].problem in ("refused", "silent"), "the connection may have been there when the ban began"
    assert {answer.status for answer in answers[:-1]} == {401}
    assert ATTEMPTS < len(answers) < len(guesses)
    assert prov.banned() == [PLACES["branch"]], "neither the office, whose phones asked for much that is not there"
    assert prov.statuses("office", prov.request(f"/phones/{A}.cfg", A)) == [200]
    wait_for("the end of the ban", lambda: prov.banned() == [], timeout=BAN_SECONDS + 10)
    assert prov.statuses("branch", prov.request(f"/phones/{A}.cfg", A)) == [200]
    told = prov.inside.file("/var/log/fail2ban.log").content_string
    assert re.findall(r"\] (?:Ban|Unban) \S+", told) == [f"] {word} {PLACES['branch']}" for word in ("Ban", "Unban")]


def test_who_asks_for_very_much_without_a_password_is_shut_out_too(prov: ProvisioningHost, history: History) -> None:
    allowed = 50 + 24 * 2
    asked = [prov.request(f"/phones/805ec0aa{number:04x}.cfg") for number in range(allowed - 10)]
    assert {answer.status for answer in prov.ask("depot", *asked, together=20)} == {401}
    assert prov.banned("yealink-anonymous") == []
    prov.ask("depot", *asked[:30], together=20)
    wait_for("a ban", lambda: prov.banned("yealink-anonymous") == [PLACES["depot"]])


def test_the_access_log_tells_who_fetched_what_and_when(prov: ProvisioningHost, history: History) -> None:
    before = float(prov.inside.check_output("date +%s.%N"))
    prov.ask("management", prov.request(f"/phones/{A}.cfg", A), prov.request(f"/phones//{A}.boot?x=1", A))
    after = float(prov.inside.check_output("date +%s.%N"))
    entries = prov.log()[-2:]
    assert [(one["method"], one["path"], one["status"]) for one in entries] == [
        ("GET", f"/phones/{A}.cfg", 200),
        ("GET", f"/phones/{A}.boot", 200),
    ]
    assert all(before <= one["time"] <= after for one in entries)


def expect_no_secret(prov: ProvisioningHost) -> None:
    """In no log of the host, in no folder for what is temporary, and in nothing that Ansible has said."""
    # Not over SSH: sudo would write the search itself to the journal.
    for secret in secrets():
        folders = "/var/log /tmp /var/tmp /home /root /run"
        assert prov.machine.inside(f"grep -rlF -e '{secret}' {folders} || true") == "", secret
        assert (
            prov.machine.inside(f"journalctl --quiet --output=export | grep -cF -e '{secret}' || true").strip() == "0"
        )
        assert [output for output in prov.outputs if secret in output] == []


def test_no_log_holds_a_secret(prov: ProvisioningHost, history: History) -> None:
    odd = [
        prov.request(f"/phones/{A}.cfg?password={SITE_SECRET}", A),
        prov.request(f"/{SITE_SECRET}/", A, method="PUT", body="x"),
    ]
    odd += [prov.request("/", user=SITE_SECRET, password=SITE_SECRET), prov.request(f"/{SITE_SECRET}" + "x" * 9000)]
    assert prov.statuses("management", *odd) == [200, 404, 404, 414]
    assert len(prov.log()) > 100
    expect_no_secret(prov)


# Rebooted and broken


def test_all_stays_after_a_reboot(prov: ProvisioningHost, history: History) -> None:
    prov.machine.restart()
    for name in ("nginx", "fail2ban", "yealink-provisioning-certificate.timer"):
        assert prov.inside.service(name).is_running, name
    (report,) = prov.sync("office", [phone_entry(A)], URL, "phones")
    assert report["aborted"] is None


def test_the_certificate_is_renewed_before_it_expires(prov: ProvisioningHost, history: History) -> None:
    tls = "/etc/yealink-provisioning/tls"
    request = f"openssl req -new -key {tls}/server.pem -subj /CN={HOST} -addext subjectAltName=DNS:{HOST}"
    issue = f"openssl x509 -req -CA {tls}/ca.crt -CAkey {tls}/ca.key -days 20 -copy_extensions copy"
    short = f"openssl pkey -in {tls}/server.pem >/run/short.pem; {request} | {issue} >>/run/short.pem"
    prov.machine.inside(f"{short}; cat /run/short.pem >{tls}/server.pem; rm /run/short.pem")
    prov.inside.check_output("systemctl reload nginx")
    assert prov.inside.run(f"openssl x509 -in {tls}/server.pem -noout -checkend {31 * 86400}").rc == 1
    prov.inside.check_output("systemctl start yealink-provisioning-certificate.service")
    (answer,) = wait_for(
        "the renewed certificate",
        lambda: prov.ask("office", prov.request(f"/phones/{A}.cfg", A, ca_file=str(prov.ca_file))),
    )
    assert answer.status == 200
    assert prov.inside.run(f"openssl x509 -in {tls}/server.pem -noout -checkend {31 * 86400}").rc == 0
    served = f"openssl s_client -connect 127.0.0.1:443 -servername {HOST} </dev/null 2>/dev/null"
    check = f"{served} | openssl x509 -noout -checkend {31 * 86400}"
    wait_for("nginx with the renewed certificate", lambda: prov.inside.run(check).rc == 0)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """The installer's authority and certificates."""
    return make_pki(tmp_path_factory.mktemp("pki"), names=(HOST,))


def own_certificate(pki: Pki, kind: str = "server") -> dict[str, Any]:
    """The variables of an installer who has a certificate."""
    pair = pki.certificate(kind)
    return {
        "yealink_provisioning_local_ca": False,
        "yealink_provisioning_certificate_file": str(pair.certificate),
        "yealink_provisioning_key_file": str(pair.key),
    }


def test_what_is_broken_does_not_replace_what_works(prov: ProvisioningHost, history: History, pki: Pki) -> None:
    files = (
        f"sha256sum {SITE_FILE} /etc/yealink-provisioning/tls/* /etc/fail2ban/jail.d/* /etc/yealink-provisioning/users"
    )
    before = prov.inside.check_output(files)
    broken = {
        "ciphers": {"yealink_provisioning_ciphers": "NONSENSE"},
        "pair": {**own_certificate(pki), "yealink_provisioning_key_file": str(pki.certificate("expired").key)},
    }
    run = prov.play(DECLARED, hosts=broken)
    assert "no cipher match" in failure(run, "ciphers")
    assert "The key does not belong to the certificate" in failure(run, "pair")
    assert prov.inside.check_output(files) == before
    (answer,) = prov.ask("office", prov.request(f"/phones/{A}.cfg", A, ca_file=str(prov.ca_file)))
    assert answer.status == 200


@pytest.mark.parametrize(
    ("kind", "host", "problem"),
    [
        ("wrong-name", HOST, f"The certificate is not for {HOST}."),
        ("expired", HOST, "The certificate has expired."),
        ("server", SERVER, f"The certificate is not for {SERVER}."),
        ("server", HOST, ""),
    ],
)
def test_only_a_good_certificate_is_taken(
    prov: ProvisioningHost, history: History, pki: Pki, kind: str, host: str, problem: str
) -> None:
    pair = pki.certificate(kind)
    prov.put("/run/given.pem", pair.key.read_text() + pair.certificate.read_text())
    done = prov.inside.run(f"/usr/local/libexec/yealink-provisioning/check-file pem /run/given.pem {host}")
    assert (done.rc, done.stderr.strip()) == (1 if problem else 0, problem)


# With a path for each phone


@pytest.fixture(scope="module")
def paths(prov: ProvisioningHost, history: History, pki: Pki) -> PlaybookRun:
    """The second configuration: paths, the installer's certificate, and one phone less."""
    rom = {"name": "T46U.rom", "content": "a firmware"}
    variables = {
        **DECLARED,
        **own_certificate(pki),
        "yealink_provisioning_method": "phone_path",
        "yealink_provisioning_phones": [{"mac": A}],
        "yealink_provisioning_public_files": [rom],
    }
    run = prov.play(variables, "--diff", "-vvv")
    assert run.returncode == 0, run.output
    prov.ca_file.write_bytes(pki.ca_file.read_bytes())
    prov.serve("three", {**phone_files(A, "phone_path"), **phone_files(B, "phone_path")})
    return run


def test_a_phone_fetches_from_its_secret_path(prov: ProvisioningHost, paths: PlaybookRun) -> None:
    path = f"/phones/{phone_path(SITE_SECRET, A)}"
    prov.sync("office", [phone_entry(A, "phone_path")], f"https://{HOST}{path}/", "by-path")
    prov.change_by_hand(A, "by-path", "features.relog_offtime", "6")
    (report,) = prov.sync("office", [phone_entry(A, "phone_path")], f"https://{HOST}{path}/", "by-path")
    assert report["aborted"] is None
    assert [f"{path}/{A}.cfg", 200] in report["requests"]
    assert report["uploads"][0][1] in (201, 204)
    entries = [one for one in prov.log()[-8:] if one["client"] == PLACES["office"]]
    assert (f"/phones/{A}.cfg", 200) in [(one["path"], one["status"]) for one in entries]
    asked = [
        (prov.request(f"{path}/T46U.rom"), 200),
        (prov.request(f"{path}/{B}.cfg"), 403),
        (prov.request(f"{path}/y000000000108.cfg"), 404),
        (prov.request(f"/phones/{phone_path(SITE_SECRET, B)}/{B}.cfg"), 404),
        (prov.request(f"/phones/{'0' * 32}/{A}.cfg"), 404),
        (prov.request(f"/phones/{A}.cfg", A), 404),
        (prov.request("/phones/T46U.rom"), 404),
        (prov.request(path), 404),
        (prov.request(f"{path}/"), 404),
        (prov.request(f"{path}/{B}-local.cfg", method="PUT", body="x"), 403),
        (prov.request(f"/phones/{'0' * 32}/{A}-local.cfg", method="PUT", body="x"), 404),
        (prov.request(f"{path}/{A}-local.cfg"), 404),
    ]
    assert prov.statuses("management", *(request for request, _status in asked)) == [
        status for _request, status in asked
    ]
    assert prov.inside.file("/etc/yealink-provisioning/paths").mode == 0o600
    assert not prov.inside.file("/etc/yealink-provisioning/users").exists


def test_who_guesses_paths_is_shut_out(prov: ProvisioningHost, paths: PlaybookRun) -> None:
    guesses = [prov.request(f"/phones/{number:032x}/{A}.cfg") for number in range(40)]
    statuses = [answer.status for answer in prov.ask("branch", *guesses[:ATTEMPTS])]
    assert statuses == [404] * ATTEMPTS
    wait_for("a ban", lambda: PLACES["branch"] in prov.banned())


def test_no_log_holds_a_path(prov: ProvisioningHost, paths: PlaybookRun) -> None:
    path = f"/phones/{phone_path(SITE_SECRET, A)}"
    odd = [prov.request(f"{path}/nothing"), prov.request(f"{path}/{A}.cfg", method="DELETE")]
    odd += [
        prov.request(f"{path}/" + "x" * 9000),
        prov.request(f"{path}/{A}-local.cfg", method="PUT", body="x" * 300_000),
    ]
    assert prov.statuses("management", *odd) == [404, 405, 414, 413]
    prov.machine.inside(f"chmod 0 {SETS}/sets/three/{A}.cfg")
    assert prov.statuses("management", prov.request(f"{path}/{A}.cfg")) == [404]
    expect_no_secret(prov)


# Removed


def test_removal_takes_what_the_role_made_and_nothing_else(
    prov: ProvisioningHost, paths: PlaybookRun, history: History
) -> None:
    prov.put("/etc/nginx/conf.d/other.conf", "server { listen 127.0.0.1:8080; return 204; }\n")
    run = prov.play({"yealink_provisioning_state": "absent"})
    assert run.returncode == 0, run.output
    assert not prov.inside.package("fail2ban").is_installed
    assert prov.inside.service("nginx").is_running, "somebody else's site is there"
    assert prov.inside.file("/etc/nginx/sites-enabled/default").exists
    assert not prov.inside.file(SITE_FILE).exists
    assert not prov.inside.file("/etc/yealink-provisioning").exists
    assert prov.inside.file(f"{SETS}/current/{A}.cfg").exists, "phone files stay"
    assert prov.inside.file(f"{QUARANTINE}/{A}-local.cfg").exists

    prov.inside.check_output("rm /etc/nginx/conf.d/other.conf")
    removal = {"yealink_provisioning_state": "absent", "yealink_provisioning_remove_files": True}
    run = prov.play(removal)
    assert run.returncode == 0, run.output
    left = [path for path in prov.files() - history.files_before if re.search("yealink|/nginx|/fail2ban", path)]
    assert [path for path in left if not path.startswith("/var/lib/dpkg")] == []
    assert not {"nginx", "nginx-common", "fail2ban", "nftables"} & prov.packages()
    again = prov.play(removal)
    assert (again.returncode, again.changed) == (0, 0), again.output
