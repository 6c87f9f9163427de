# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated phones fetch from the real HTTPS server: order, TLS, credentials, faults, state, command line."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab.phones import MASK, FetchReport, Phone
from lab.phones.__main__ import main as phones_main
from lab.phones.models import generation
from lab.pki import Pki, load_pki, make_pki
from lab.provisioning_server import Faults, ProvisioningServer

MAC = "805ec0aabbcc"
HEAD = "#!version:1.0.0.1\n"
NAME = "provision.example.net"
TESTS = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki") / "pki")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    directory = tmp_path / "site"
    directory.mkdir()
    return directory


@pytest.fixture
def server(site: Path, pki: Pki, tmp_path: Path) -> Iterator[ProvisioningServer]:
    with ProvisioningServer(site, pki, upload_dir=tmp_path / "up", log=tmp_path / "access.jsonl") as running:
        yield running


@pytest.fixture
def new_phone(pki: Pki) -> Callable[..., Phone]:
    def make(model: str = "T46U", firmware: str = "108.86.0.20", **options: object) -> Phone:
        options.setdefault("custom_cas", [pki.ca_file])
        if generation(firmware) < 81:  # ca_cert is 0 from the factory: built-in certificates only
            options.setdefault("built_in_cas", [pki.ca_file])
        return Phone(MAC, model, firmware, timeout=5, **options)  # type: ignore[arg-type]

    return make


def fetch(phone: Phone, server: ProvisioningServer, name: str = NAME) -> FetchReport:
    return phone.sync(server.url(name), {name: (server.address, server.port)})


def put(site: Path, **files: str) -> None:
    for name, text in files.items():
        target = site / name.replace("__", ".")
        target.write_text(text, encoding="utf-8")


ORDER = {
    "no boot file: common file, then the phone's": (
        "T46U",
        "108.86.0.20",
        {"y000000000108.cfg": "", f"{MAC}.cfg": ""},
        [(f"/{MAC}.boot", 404), ("/y000000000000.boot", 404), ("/y000000000108.cfg", 200), (f"/{MAC}.cfg", 200)],
    ),
    "nothing there": (
        "T46U",
        "108.86.0.20",
        {},
        [(f"/{MAC}.boot", 404), ("/y000000000000.boot", 404), ("/y000000000108.cfg", 404), (f"/{MAC}.cfg", 404)],
    ),
    "the phone's boot file replaces all else": (
        "T46U",
        "108.86.0.20",
        {f"{MAC}.boot": "include:config <a.cfg>\n", f"{MAC}.cfg": "", "a.cfg": ""},
        [(f"/{MAC}.boot", 200), ("/a.cfg", 200)],
    ),
    "common boot file, per-model includes, missing file": (
        "T46S",
        "66.86.0.15",
        {
            "y000000000000.boot": 'include:config "a.cfg"\n[T23G]include:config <no.cfg>\n'
            "[T46S,T23G]include:config <gone.cfg>\ninclude:config <b.cfg>\n",
            "a.cfg": "",
            "b.cfg": "",
        },
        [(f"/{MAC}.boot", 404), ("/y000000000000.boot", 200), ("/a.cfg", 200), ("/gone.cfg", 404), ("/b.cfg", 200)],
    ),
    "before V81 there are no boot files": (
        "T28P",
        "2.70.0.140",
        {f"{MAC}.boot": "include:config <a.cfg>\n", "y000000000000.cfg": "", f"{MAC}.cfg": ""},
        [("/y000000000000.cfg", 200), (f"/{MAC}.cfg", 200)],
    ),
    "a model whose common file is not known": (
        "T41U",
        "108.86.0.20",
        {f"{MAC}.cfg": ""},
        [(f"/{MAC}.boot", 404), ("/y000000000000.boot", 404), (f"/{MAC}.cfg", 200)],
    ),
}


@pytest.mark.parametrize(("model", "firmware", "files", "expected"), ORDER.values(), ids=ORDER)
def test_files_are_asked_for_in_the_phones_order(
    model: str,
    firmware: str,
    files: dict[str, str],
    expected: list[tuple[str, int]],
    site: Path,
    server: ProvisioningServer,
    new_phone: Callable[..., Phone],
) -> None:
    put(site, **{name: HEAD + text for name, text in files.items()})
    report = fetch(new_phone(model, firmware), server)
    assert report.requests == expected
    assert [(record.path, record.status) for record in server.requests] == expected
    assert report.aborted is None


def test_a_later_include_overrides_an_earlier_one(
    site: Path, server: ProvisioningServer, new_phone: Callable[..., Phone]
) -> None:
    put(site, **{f"{MAC}.boot": HEAD + "include:config <a.cfg>\ninclude:config <b.cfg>\noverwrite_mode = 0\n"})
    put(site, **{"a.cfg": HEAD + "sip.trust_ctrl = 0\n", "b.cfg": HEAD + "sip.trust_ctrl=1\n"})
    phone = new_phone()
    report = fetch(phone, server)
    assert phone.effective("sip.trust_ctrl") == "1"
    assert report.applied == {"sip.trust_ctrl": ("0", "1")}
    assert not report.rebooted


def test_includes_are_relative_to_the_boot_file_and_credentials_stay_with_their_host(
    site: Path, pki: Pki, new_phone: Callable[..., Phone]
) -> None:
    login = {"static.auto_provision.server.username": "p", "static.auto_provision.server.password": "s3cret"}
    (site / "phones").mkdir()
    with ProvisioningServer(site, pki, credentials=("p", "s3cret")) as server:
        other = server.url("other.example.net", "/x.cfg")
        put(site / "phones", **{f"{MAC}.boot": f"{HEAD}include:config <../a.cfg>\ninclude:config <{other}>\n"})
        put(site, **{"a.cfg": HEAD, "x.cfg": HEAD})
        names = dict.fromkeys((NAME, "other.example.net"), (server.address, server.port))
        report = new_phone(settings=login).sync(server.url(path="/phones"), names)
    assert report.requests == [(f"/phones/{MAC}.boot", 200), ("/a.cfg", 200), (other, 401)]
    assert report.aborted == f"{other}: status 401"


def test_a_changed_network_setting_without_a_mark_may_reboot(
    site: Path, server: ProvisioningServer, new_phone: Callable[..., Phone]
) -> None:
    put(site, **{f"{MAC}.cfg": HEAD + "static.auto_provision.repeat.enable = 1\nfeatures.relog_offtime = 9\n"})
    report = fetch(new_phone(), server)
    assert (report.rebooted, report.may_reboot) == (False, ["static.auto_provision.repeat.enable"])


def test_the_same_files_again_do_nothing_even_against_local_changes(
    site: Path, server: ProvisioningServer, new_phone: Callable[..., Phone]
) -> None:
    put(site, **{f"{MAC}.cfg": HEAD + "sip.trust_ctrl = 1\nstatic.wui.http_enable = 0\n"})
    phone = new_phone()
    first = fetch(phone, server)
    assert (first.updated, first.rebooted, phone.reboots) == (True, True, 1)
    phone.set_locally("sip.trust_ctrl", "0")
    second = fetch(phone, server)
    assert (second.updated, second.rebooted, second.applied, phone.reboots) == (False, False, {}, 1)
    assert phone.effective("sip.trust_ctrl") == "0"
    put(site, **{f"{MAC}.cfg": HEAD + "# one more comment\nsip.trust_ctrl = 1\nstatic.wui.http_enable = 0\n"})
    third = fetch(phone, server)
    assert (third.updated, third.rebooted, third.changed) == (True, False, ["sip.trust_ctrl"])


@pytest.mark.parametrize(
    ("mode", "resets", "http", "relog"),
    [
        ("overwrite_mode = 1\n", "all", "1", "5"),
        ("", "all", "1", "5"),
        ("overwrite_mode = 0\n", "all", "0", "9"),
        ("overwrite_mode = 1\n", "provisioned", "1", "9"),
    ],
)
def test_overwrite_mode_decides_about_removed_lines(
    mode: str,
    resets: str,
    http: str,
    relog: str,
    site: Path,
    server: ProvisioningServer,
    new_phone: Callable[..., Phone],
) -> None:
    put(site, **{f"{MAC}.boot": f"{HEAD}include:config <a.cfg>\n{mode}"})
    put(site, **{"a.cfg": HEAD + "static.wui.http_enable = 0\nstatic.security.user_password = admin:long-one\n"})
    phone = new_phone(overwrite_resets=resets)
    fetch(phone, server)
    phone.set_locally("features.relog_offtime", "9")
    put(site, **{"a.cfg": HEAD})
    report = fetch(phone, server)
    assert phone.effective("static.wui.http_enable") == http
    assert phone.effective("features.relog_offtime") == relog
    assert phone.web_login("admin", "admin") == (http == "1")
    assert report.rebooted == (http == "1")


def test_a_refused_value_is_kept_under_overwrite_mode(
    site: Path, server: ProvisioningServer, new_phone: Callable[..., Phone]
) -> None:
    put(site, **{f"{MAC}.boot": HEAD + "include:config <a.cfg>\noverwrite_mode = 1\n"})
    put(site, **{"a.cfg": HEAD + "sip.trust_ctrl = 1\nstatic.security.user_password = admin:long-one\n"})
    phone = new_phone()
    fetch(phone, server)
    put(site, **{"a.cfg": HEAD + "sip.trust_ctrl = yes\nstatic.security.user_password = admin:\n"})
    report = fetch(phone, server)
    assert phone.effective("sip.trust_ctrl") == "1"
    assert phone.web_login("admin", "long-one")
    assert [name for name, _value, _why in report.refused] == ["sip.trust_ctrl", "static.security.user_password"]


def test_a_file_without_the_header_changes_nothing(
    site: Path, server: ProvisioningServer, new_phone: Callable[..., Phone]
) -> None:
    put(site, **{f"{MAC}.boot": HEAD + "include:config <a.cfg>\noverwrite_mode = 1\n"})
    put(site, **{"a.cfg": HEAD + "sip.trust_ctrl = 1\n"})
    phone = new_phone()
    fetch(phone, server)
    put(site, **{"a.cfg": "# made by me\nsip.trust_ctrl = 0\n"})
    report = fetch(phone, server)
    assert report.refused[0][0] == "/a.cfg"
    assert phone.effective("sip.trust_ctrl") == "1"


# name, certificate, installed authority, trust_certificates, cn_validation, host name -> does the fetch succeed?
TLS = [
    ("factory phone, known authority", "server", True, None, None, NAME, True),
    ("factory phone, unknown authority", "server", False, None, None, NAME, False),
    ("factory phone does not look at the name", "wrong-name", True, None, None, NAME, True),
    ("hardened phone, right name", "server", True, "1", "1", NAME, True),
    ("hardened phone, wrong name", "wrong-name", True, "1", "1", NAME, False),
    ("hardened phone, by address", "server", True, "1", "1", "127.0.0.1", True),
    ("expired", "expired", True, None, None, NAME, False),
    ("careless phone takes anything", "expired", False, "0", "0", NAME, True),
    ("name is checked without the chain", "wrong-name", False, "0", "1", NAME, False),
]


@pytest.mark.parametrize(
    ("kind", "ca", "trust", "cn", "name", "works"), [row[1:] for row in TLS], ids=[r[0] for r in TLS]
)
def test_tls_is_checked_as_the_phone_is_set(
    kind: str,
    ca: bool,
    trust: str | None,
    cn: str | None,
    name: str,
    works: bool,
    site: Path,
    server: ProvisioningServer,
    pki: Pki,
    new_phone: Callable[..., Phone],
) -> None:
    put(site, **{f"{MAC}.cfg": HEAD + "sip.trust_ctrl = 1\n"})
    server.use_certificate(kind)
    wanted = {"static.security.trust_certificates": trust, "static.security.cn_validation": cn}
    settings = {key: value for key, value in wanted.items() if value}
    phone = new_phone(custom_cas=[pki.ca_file] if ca else [], settings=settings)
    report = fetch(phone, server, name)
    assert (report.aborted is None) == works
    assert phone.effective("sip.trust_ctrl") == ("1" if works else "0")
    if not works:
        assert "TLS" in str(report.aborted)
        assert [status for _path, status in report.requests] == [0]
        assert server.requests == []


@pytest.mark.parametrize(("which", "builtin", "custom"), [("0", True, False), ("1", False, True), ("2", True, True)])
def test_ca_cert_chooses_the_trusted_list(
    which: str, builtin: bool, custom: bool, site: Path, server: ProvisioningServer, pki: Pki
) -> None:
    put(site, **{f"{MAC}.cfg": HEAD})
    settings = {"static.security.ca_cert": which}
    for expected, option in ((builtin, "built_in_cas"), (custom, "custom_cas")):
        phone = Phone(MAC, "T46U", "108.86.0.20", settings=settings, **{option: [pki.ca_file]})  # type: ignore[arg-type]
        assert (fetch(phone, server).aborted is None) == expected


def test_a_named_certificate_is_fetched_and_installed(
    site: Path, server: ProvisioningServer, pki: Pki, new_phone: Callable[..., Phone]
) -> None:
    (site / "ca.crt").write_bytes(pki.ca_file.read_bytes())
    put(
        site,
        **{
            f"{MAC}.cfg": HEAD + f"static.trusted_certificates.url = https://{NAME}:{server.port}/ca.crt\n"
            "static.security.trust_certificates = 1\nstatic.security.cn_validation = 1\n"
        },
    )
    phone = new_phone(custom_cas=[], settings={"static.security.trust_certificates": "0"})
    report = fetch(phone, server)
    assert report.requests[-1] == ("/ca.crt", 200)
    assert report.rebooted
    assert fetch(phone, server).aborted is None


CREDENTIALS = [
    ({}, 401),
    ({"static.auto_provision.server.username": "p", "static.auto_provision.server.password": "wrong"}, 401),
    ({"static.auto_provision.server.username": "p", "static.auto_provision.server.password": "pröv:s3cret"}, 200),
]


def test_a_server_certificate_is_kept_and_deleted(
    site: Path, server: ProvisioningServer, pki: Pki, new_phone: Callable[..., Phone]
) -> None:
    phone = new_phone()
    both = pki.server.certificate.read_text() + pki.server.key.read_text()
    put(site, own__pem=both, bare__pem=pki.server.certificate.read_text())
    for name, warnings in (("bare", ["server_certificates.url: a server certificate without its key"]), ("own", [])):
        put(site, **{f"{MAC}__cfg": f"{HEAD}static.server_certificates.url = {name}.pem\n"})
        assert fetch(phone, server).warnings == warnings
    assert phone.state.server_certificate == both
    put(site, **{f"{MAC}__cfg": f"{HEAD}static.server_certificates.delete = http://localhost/all\n"})
    phone.set_locally("static.server_certificates.url", "")
    fetch(phone, server)
    assert phone.state.server_certificate == ""


def test_the_phones_own_file_may_be_elsewhere(
    site: Path, server: ProvisioningServer, new_phone: Callable[..., Phone]
) -> None:
    phone = new_phone(settings={"static.custom_mac_cfg.url": "desk.cfg"})
    put(site, desk__cfg=f"{HEAD}sip.trust_ctrl = 1\n", **{f"{MAC}__cfg": f"{HEAD}sip.trust_ctrl = 0\n"})
    report = fetch(phone, server)
    assert ("/desk.cfg", 200) in report.requests
    assert f"/{MAC}.cfg" not in dict(report.requests)
    assert phone.effective("sip.trust_ctrl") == "1"


def test_a_phone_that_takes_encrypted_files_only_takes_no_plain_one(
    site: Path, server: ProvisioningServer, new_phone: Callable[..., Phone]
) -> None:
    phone = new_phone(settings={"static.auto_provision.update_file_mode": "1"})
    put(site, **{f"{MAC}__cfg": f"{HEAD}sip.trust_ctrl = 1\n"})
    report = fetch(phone, server)
    assert (report.updated, report.refused) == (False, [(f"/{MAC}.cfg", "", "not encrypted")])
    assert phone.effective("sip.trust_ctrl") == "0"


@pytest.mark.parametrize(("settings", "status"), CREDENTIALS)
def test_basic_credentials(
    settings: dict[str, str], status: int, site: Path, pki: Pki, tmp_path: Path, new_phone: Callable[..., Phone]
) -> None:
    put(site, **{f"{MAC}.boot": HEAD})
    log = tmp_path / "log"
    with ProvisioningServer(site, pki, credentials=("p", "pröv:s3cret"), log=log) as server:
        report = fetch(new_phone(settings=settings), server)
    assert report.requests[0] == (f"/{MAC}.boot", status)
    assert len(report.requests) == 1
    assert (report.aborted is not None) == (status == 401)
    assert "s3cret" not in log.read_text() + json.dumps(report.to_dict())


@pytest.mark.parametrize(
    ("faults", "statuses", "aborted"),
    [
        (Faults(not_found=[r"\.boot$"]), [404, 404, 200, 200], False),
        (Faults(server_error=[rf"{MAC}\.cfg"]), [404, 404, 200, 500], True),
        (Faults(slow={r"y000000000000\.boot": 60}), [404, 0], True),
    ],
)
def test_a_fault_leaves_the_old_configuration(
    faults: Faults, statuses: list[int], aborted: bool, site: Path, pki: Pki, new_phone: Callable[..., Phone]
) -> None:
    put(site, **{"y000000000108.cfg": HEAD + "sip.trust_ctrl = 1\n", f"{MAC}.cfg": HEAD})
    phone = new_phone()
    phone.timeout = 0.2
    with ProvisioningServer(site, pki, faults=faults) as server:
        report = fetch(phone, server)
    assert [status for _path, status in report.requests] == statuses
    assert (report.aborted is not None) == aborted
    assert phone.effective("sip.trust_ctrl") == ("0" if aborted else "1")


def test_local_changes_survive_under_protect_and_are_uploaded(
    site: Path, server: ProvisioningServer, tmp_path: Path, new_phone: Callable[..., Phone]
) -> None:
    protect = "static.auto_provision.custom.protect = 1\nstatic.auto_provision.custom.sync = 1\n"
    put(site, **{f"{MAC}.cfg": f"{HEAD}{protect}sip.trust_ctrl = 1\n"})
    phone = new_phone()
    phone.set_locally("features.relog_offtime", "9")  # before protect: not in the local file
    fetch(phone, server)
    phone.set_locally("sip.trust_ctrl", "0")
    phone.set_locally("static.wui.http_enable", "0")  # static: never in the local file
    put(site, **{f"{MAC}.cfg": f"{HEAD}{protect}sip.trust_ctrl = 1\nstatic.wui.http_enable = 1\n"})
    report = fetch(phone, server)
    assert report.kept_local == ["sip.trust_ctrl"]
    assert phone.effective("sip.trust_ctrl") == "0"
    assert phone.effective("static.wui.http_enable") == "1"
    uploaded = tmp_path / "up" / f"{MAC}-local.cfg"
    assert report.uploads == [(f"/{MAC}-local.cfg", 201)]
    assert uploaded.read_text() == HEAD + "sip.trust_ctrl = 0\n"
    assert stat.S_IMODE(uploaded.stat().st_mode) == 0o600
    assert fetch(phone, server).uploads == []
    put(site, **{f"{MAC}.cfg": HEAD + "static.auto_provision.custom.protect = 0\nsip.trust_ctrl = 1\n"})
    fetch(phone, server)
    assert phone.effective("sip.trust_ctrl") == "1"


@pytest.mark.parametrize(
    ("model", "firmware", "agent"),
    [
        ("SIP-T46S", "66.84.0.15", "Yealink SIP-T46S 66.84.0.15 80:5e:c0:aa:bb:cc"),
        ("T28P", "2.70.0.140", "yealink SIP-T28P 2.70.0.140 80:5e:c0:aa:bb:cc"),
        ("T38G", "38.70.0.125", "Yealink SIP-T38G  38.70.0.125 80:5e:c0:aa:bb:cc"),
        ("T56A", "58.80.0.25", "Yealink SIP-T56A 58.80.0.25 805ec0aabbcc"),
        ("CP960", "73.83.0.30", "Yealink CP960 73.83.0.30 80:5e:c0:aa:bb:cc"),
    ],
)
def test_user_agent(
    model: str, firmware: str, agent: str, site: Path, server: ProvisioningServer, new_phone: Callable[..., Phone]
) -> None:
    fetch(new_phone(model, firmware), server)
    assert {record.user_agent for record in server.requests} == {agent}


@pytest.mark.parametrize(
    "path", ["/", "/sub", "/sub/", "/../secret.cfg", "/%2e%2e/secret.cfg", "/link.cfg", "/.hidden.cfg", "/a%00.cfg"]
)
def test_the_server_gives_files_of_its_directory_only(path: str, site: Path, server: ProvisioningServer) -> None:
    (site / "sub").mkdir()
    (site.parent / "secret.cfg").write_text("x")
    (site / "link.cfg").symlink_to(site.parent / "secret.cfg")
    (site / ".hidden.cfg").write_text("x")
    assert server.find(path) is None


def test_keys_are_private_and_can_be_read_back(pki: Pki) -> None:
    keys = list(pki.authority.directory.glob("*.key"))
    assert len(keys) == 4
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    assert load_pki(pki.authority.directory).server == pki.server


def test_command_line_with_separate_server_and_saved_phones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site, ready = tmp_path / "site", tmp_path / "ready.json"
    site.mkdir()
    put(
        site,
        **{f"{MAC}.cfg": HEAD + "account.1.password = sip-s3cret\nstatic.security.user_password = admin:web-s3cret\n"},
    )
    (tmp_path / "auth").write_text("phone:prov-s3cret\n")
    arguments = ["--dir", site, "--pki", tmp_path / "pki", "--ready-file", ready, "--log", tmp_path / "log"]
    command = [
        sys.executable,
        "-m",
        "lab.provisioning_server",
        *map(str, arguments),
        "--auth-file",
        str(tmp_path / "auth"),
    ]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(TESTS)})
    try:
        while not ready.exists():
            assert process.poll() is None
        port = json.loads(ready.read_text())["port"]
        login = {
            "static.auto_provision.server.username": "phone",
            "static.auto_provision.server.password": "prov-s3cret",
        }
        phones = [
            {"mac": "80:5E:C0:AA:BB:CC", "model": "T46U", "firmware": "108.86.0.20", "settings": login},
            {"mac": "805ec0000001", "model": "T23G", "firmware": "44.84.0.15"},
        ]
        (tmp_path / "phones.json").write_text(json.dumps(phones))
        run = ["sync", "--phones", tmp_path / "phones.json", "--url", f"https://{NAME}:{port}/"]
        run += ["--ca", tmp_path / "pki" / "ca.pem", "--state-dir", tmp_path / "state"]
        run += ["--resolve", f"{NAME}=127.0.0.1:{port}", "--report", tmp_path / "out.json"]
        assert phones_main([str(item) for item in run]) == 1  # the second phone has no credentials
        reports = [FetchReport.from_dict(item) for item in json.loads((tmp_path / "out.json").read_text())]
        assert reports[0].applied["account.1.password"] == ("", MASK)
        assert reports[1].aborted == "/805ec0000001.boot: status 401"
        phone = Phone.load(tmp_path / "state", MAC)
        assert phone.sip_password(1) == "sip-s3cret"
        assert phone.web_login("admin", "web-s3cret")
        assert phones_main([str(item) for item in run]) == 1
        assert json.loads((tmp_path / "out.json").read_text())[0]["updated"] is False
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    printed = capsys.readouterr()
    assert f"{MAC} T46U: 2 changed" in printed.out
    everything = printed.out + printed.err + (tmp_path / "out.json").read_text() + (tmp_path / "log").read_text()
    assert "s3cret" not in everything
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "state").iterdir()} == {0o600}
