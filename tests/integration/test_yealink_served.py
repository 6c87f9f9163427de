# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""yealink_served against servers that serve as 3CX, as Yeastar, and as our own provisioning server do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.testing import patch_module_args
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.marked_block import block
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker, Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    CredentialStore,
    Entry,
    ExtensionSecrets,
    serialise,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import phone_password, phone_path
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import CORE as CONFIG
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_check import phones_without_credentials
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served.served import CORE
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.template_block import block_settings
from ansible_collections.voipsec.hardening.plugins.modules import yealink_served
from lab.pbx_provisioning import Behaviour, PbxProvisioning, from_3cx_template, from_yeastar_template
from lab.pki import Pki, make_pki
from lab.playbook import run_playbook

MAC, MODEL, FIRMWARE = "805ec0aabbcc", "T46S", "66.86.0.15"
FOLDER = "canary0folder7x"
SECRETS = {
    "auth_id": "CanaryAuth4711",
    "sip_password": "CanarySip=4711#x",
    "admin_password": "CanaryAdmin4711",
    "user_password": "CanaryUser4711",
}
SITE_SECRET = "CanarySiteSecret4711"
URL_PASSWORD = "CanaryUrl4711"
VARIABLES = {
    "DESKPHONE_PASSWORD": SECRETS["admin_password"],
    "extension_auth_id": SECRETS["auth_id"],
    "extension_auth_pw": SECRETS["sip_password"],
    "pbx_ip": "192.0.2.1",
}
# As the reference describes the template of 3CX 15.5 (yealink.md 5.1), under the names of today's firmware, and with a
# password for the second user.
TEMPLATE = f"""<?xml version="1.0" encoding="utf-8"?>
<doc><data>
<deviceconfig filename="y000000000066.cfg"><![CDATA[
#!version:1.0.0.1
static.security.user_password = admin:%%DESKPHONE_PASSWORD%%
static.security.user_password = user:{SECRETS["user_password"]}
account.1.enable = 1
account.1.user_name = 201
account.1.auth_name = %%extension_auth_id%%
account.1.password = %%extension_auth_pw%%
{{IF network=LOCALLAN}}
account.1.sip_server.1.address = %%pbx_ip%%
{{ELSE}}
account.1.sip_server.1.address = pbx.example.net
{{ENDIF}}
sip.trust_ctrl =
features.action_uri_limit_ip = any
OUR BLOCK
]]></deviceconfig>
</data></doc>
"""


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """An authority and the servers' certificates."""
    return make_pki(tmp_path_factory.mktemp("pki"), names=("localhost",))


def declared(url: str = "https://localhost/", **changes: Any) -> dict[str, Any]:
    """The phone as the task declares it."""
    account = {"number": "201", "server": "192.0.2.1"}
    phone = {"mac": MAC, "model": MODEL, "firmware": FIRMWARE, "accounts": [account], "provisioning": {"url": url}}
    return {**phone, **changes}


def our_block(without: tuple[str, ...] = ()) -> str:
    """The block as it is made for a PBX's template."""
    settings = block_settings(phones_without_credentials([declared()]), certificates=True)
    return block({name: value for name, value in settings.items() if name not in without})


def audit(server: PbxProvisioning, pki: Pki, phone: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    """Run on one phone; the result of the task."""
    arguments = {"phones": [phone or declared()], "tls_ca_file": str(pki.ca_file), "http_ports": [], **options}
    validator = ArgumentSpecValidator(CORE.argument_spec, mutually_exclusive=CORE.mutually_exclusive)
    validated = validator.validate(arguments)
    assert not validated.error_messages
    outcome = CORE.run(validated.validated_parameters, RunContext(True, Masker(), lambda _text: None))
    assert not outcome.changed
    return dict(outcome.result)


def credentials() -> str:
    """What the controller hands over."""
    return json.dumps({"extensions": {"201": SECRETS}, "provisioning_password": SITE_SECRET})


def problems(result: dict[str, Any], *kinds: str) -> dict[str, str]:
    """Problems of the first phone by parameter."""
    found = result["phones"][0]["findings"]
    return {item["parameter"]: item["problem"] for item in found if not kinds or item["kind"] in kinds}


def not_enforced(result: dict[str, Any]) -> list[str]:
    """Parameters of the first phone's controls that are not as they should be."""
    return [item["parameter"] for item in result["phones"][0]["controls"] if item["verdict"] != "enforced"]


@pytest.fixture
def server(pki: Pki) -> Iterator[PbxProvisioning]:
    """A server without files."""
    with PbxProvisioning(pki, {}) as made:
        yield made


def serve_3cx(server: PbxProvisioning, ours: str, behind: str = "") -> dict[str, str]:
    """A phone's folder from the template; the phone's address."""
    content = TEMPLATE.replace("OUR BLOCK", f"{ours}{behind}")
    server.put_folder(FOLDER, from_3cx_template(content, VARIABLES))
    return {MAC: server.url(f"/provisioning/{FOLDER}")}


def test_a_3cx_template_with_our_block_passes(server: PbxProvisioning, pki: Pki) -> None:
    result = audit(server, pki, urls=serve_3cx(server, our_block()))
    (phone,) = result["phones"]
    assert not_enforced(result) == []
    assert (result["verdict"], result["not_enforced"]) == ("enforced", [])
    assert problems(result, "insecure", "missing", "unknown_name") == {}
    assert phone["settings"]["sip.trust_ctrl"] == "1"
    assert phone["settings"]["account.1.sip_server.1.address"] == "192.0.2.1"
    assert phone["settings"]["static.security.user_password"] == "admin:******** user:********"
    asked = [(access.path.rpartition("/")[2], access.status) for access in server.accesses]
    assert asked == [
        (f"{MAC}.boot", 404),
        ("y000000000000.boot", 404),
        ("y000000000066.cfg", 200),
        (f"{MAC}.cfg", 404),
    ]
    agent = "Yealink SIP-T46S 66.86.0.15 80:5e:c0:aa:bb:cc voipsec-audit"
    assert {access.user_agent for access in server.accesses} == {phone["user_agent"]} == {agent}
    assert "Canary" not in json.dumps(result)
    assert FOLDER not in json.dumps(result)


def default_block(phone: dict[str, Any]) -> str:
    """The text that the roles threecx and yeastar make unless they are told otherwise."""
    return block(block_settings(phones_without_credentials([phone]), certificates=False))


@pytest.mark.parametrize("enrolled", [True, False])
@pytest.mark.parametrize(
    ("model", "firmware"),
    [("T46S", "66.86.0.15"), *(("T46G", f"28.{firmware}.0.1") for firmware in (83, 81, 80, 73))],
)
def test_the_block_without_certificate_checks_is_as_declared(
    server: PbxProvisioning, pki: Pki, model: str, firmware: str, enrolled: bool
) -> None:
    phone = declared(model=model, firmware=firmware, enrolled=enrolled)
    path = f"/provisioning/{FOLDER}/phone.cfg"
    server.files[path] = f"#!version:1.0.0.1\n{default_block(phone)}".encode()
    urls = {MAC: server.url(path)}
    result = audit(server, pki, phone, urls=urls, certificates=False)
    assert not_enforced(result) == []
    assert (result["verdict"], result["not_enforced"]) == ("enforced", [])
    assert result["notes"] == ["Check certificates: not compared, because certificates is false"]
    strict = audit(server, pki, phone, urls=urls)
    assert strict["verdict"] == "weaker"
    assert strict["notes"] == []
    left_out = {item["parameter"] for item in strict["phones"][0]["controls"]}
    left_out -= {item["parameter"] for item in result["phones"][0]["controls"]}
    assert {name.removeprefix("static.") for name in left_out} >= {"security.trust_certificates", "security.ca_cert"}
    assert left_out == set(not_enforced(strict)), "everything else is compared"


def test_a_certificate_setting_of_the_user_is_left_out_with_the_others(server: PbxProvisioning, pki: Pki) -> None:
    own = {"static.security.cn_validation": "0", "features.relog_offtime": "4"}
    result = audit(server, pki, urls=serve_3cx(server, default_block(declared())), certificates=False, settings=own)
    assert not_enforced(result) == ["features.relog_offtime"]


def test_a_door_that_the_block_closes_is_a_door_of_a_new_phone_too(server: PbxProvisioning, pki: Pki) -> None:
    """The block is made for phones that have found their PBX, whatever is declared of them."""
    phone = declared(enrolled=False)
    urls = serve_3cx(server, default_block(phone), "static.auto_provision.pnp_enable = 1\n")
    result = audit(server, pki, phone, urls=urls, certificates=False)
    assert not_enforced(result) == ["static.auto_provision.pnp_enable"]
    assert result["verdict"] == "weaker"


def test_a_site_without_a_server_of_its_own(server: PbxProvisioning, pki: Pki) -> None:
    """provisioning.by is pbx, and no address is declared."""
    phone = declared("")
    result = audit(server, pki, phone, urls=serve_3cx(server, default_block(phone)), certificates=False)
    assert result["verdict"] == "enforced"
    with pytest.raises(HardeningError, match=f"urls: the address of {MAC} is missing"):
        audit(server, pki, phone)


def test_a_3cx_template_without_two_of_our_lines_is_told_so(server: PbxProvisioning, pki: Pki) -> None:
    """The template's own lines for them are a blank one and any (yealink.md 5.1)."""
    ours = our_block(without=("sip.trust_ctrl", "features.action_uri_limit_ip"))
    result = audit(server, pki, urls=serve_3cx(server, ours))
    assert not_enforced(result) == ["sip.trust_ctrl", "features.action_uri_limit_ip"]
    assert result["verdict"] == "weaker"
    assert result["not_enforced"] == [MAC]
    found = problems(result, "insecure")
    assert "is blank" in found.pop("sip.trust_ctrl")
    assert list(found) == ["features.action_uri_limit_ip"]


def test_a_line_behind_our_block_wins_and_is_found(server: PbxProvisioning, pki: Pki) -> None:
    behind = "features.direct_ip_call_enable = 1\n"
    result = audit(server, pki, urls=serve_3cx(server, our_block(), behind))
    assert not_enforced(result) == ["features.direct_ip_call_enable"]
    (finding,) = (item for item in result["phones"][0]["findings"] if item["kind"] == "insecure")
    text = server.files[f"/provisioning/{FOLDER}/y000000000066.cfg"].decode()
    assert text.splitlines()[finding["line"] - 1] == behind.strip()
    assert finding["file"].endswith("/********/y000000000066.cfg")


def test_without_our_block_everything_is_told(server: PbxProvisioning, pki: Pki) -> None:
    result = audit(server, pki, urls=serve_3cx(server, ""))
    missing = problems(result, "missing")
    assert "is not served" in missing["features.direct_ip_call_enable"]
    assert "static.wui.http_enable" in missing
    controls = {item["parameter"]: item["verdict"] for item in result["phones"][0]["controls"]}
    assert controls["static.wui.http_enable"] == "weaker"
    assert controls["static.managementserver.enable"] == "unknown", "off from the factory, but not served"


def test_a_yeastar_file_is_fetched_as_it_stands(server: PbxProvisioning, pki: Pki) -> None:
    template = (
        "#!version:1.0.0.1\n"
        "static.security.user_password = {{.PhoneUser}}:{{.PhonePassword}}\n"
        "static.auto_provision.server.url = {{.AutoProvisionServerUrl}}/{{.ProvisioningFile}}\n"
        "features.csta_control.enable = {{.EnableUacsta}}\n"
        "{{if .PhonePassword}}\naccount.1.password = {{.PhonePassword}}\n{{end}}\n"
        "static.phone.reboot = 1\n"
    )
    variables = {
        "PhoneUser": "admin",
        "PhonePassword": SECRETS["admin_password"],
        "AutoProvisionServerUrl": server.url("/api/autoprovision"),
        "ProvisioningFile": f"{FOLDER}.cfg",
        "EnableUacsta": "0",
    }
    path = f"/api/autoprovision/{FOLDER}.cfg"
    server.files[path] = from_yeastar_template(template + our_block(), variables)
    result = audit(server, pki, urls={MAC: server.url(path)})
    assert not_enforced(result) == []
    assert server.accesses[0].path == path
    assert problems(result, "unknown_name") == {"static.phone.reboot": "static.phone.reboot is not a known parameter"}
    assert "factory password of user" in problems(result, "missing")["static.security.user_password"]
    assert "Canary" not in json.dumps(result)
    server.files[path] = from_yeastar_template(template, variables)
    assert "sip.trust_ctrl" in not_enforced(audit(server, pki, urls={MAC: server.url(path)}))


def ours(tmp_path: Path, phone: dict[str, Any], **options: Any) -> dict[str, bytes]:
    """The files that yealink_config writes for the phone."""
    arguments = {"phones": [phone], "directory": str(tmp_path / "phones"), "credentials": credentials(), **options}
    validated = ArgumentSpecValidator(CONFIG.argument_spec).validate(arguments)
    CONFIG.run(validated.validated_parameters, RunContext(False, Masker(), lambda _text: None))
    return {path.name: path.read_bytes() for path in (tmp_path / "phones").iterdir()}


def test_our_own_files_behind_the_phones_own_password(pki: Pki, tmp_path: Path) -> None:
    password = phone_password(SITE_SECRET, MAC)
    with PbxProvisioning(pki, {}, behaviour=Behaviour(credentials=(MAC, password))) as server:
        phone = declared(server.url("/phones/"))
        phone["provisioning"]["access"] = "phone_password"
        for name, content in ours(tmp_path, phone).items():
            server.files[f"/phones/{name}"] = content
        result = audit(server, pki, phone, policy="all", credentials=credentials())
        assert not_enforced(result) == []
        assert result["phones"][0]["overwrite_mode"]
        assert problems(result) == {}
        assert [access.status for access in server.accesses] == [200, 200, 401], "the last is the probe"
        with pytest.raises(HardeningError, match="name the credentials_file"):
            audit(server, pki, phone)
        shown = json.dumps(result)
    assert "Canary" not in shown
    assert password not in shown


def test_a_password_that_is_not_the_declared_one_is_told_and_not_shown(pki: Pki, tmp_path: Path) -> None:
    with PbxProvisioning(pki, {}) as server:
        phone = declared(server.url("/phones/"))
        for name, content in ours(tmp_path, phone).items():
            changed = content.replace(SECRETS["sip_password"].encode(), b"CanaryOther4711")
            server.files[f"/phones/{name}"] = changed.replace(b"label = 201", b"label = Hall")
        result = audit(server, pki, phone, policy="all", credentials=credentials())
        verdicts = {item["parameter"]: item["verdict"] for item in result["phones"][0]["controls"]}
    assert verdicts["account.1.password"] == "weaker"
    assert not_enforced(result) == ["account.1.label", "account.1.password"]
    assert "is not the declared one" in problems(result)["account.1.password"]
    assert "Canary" not in json.dumps(result)


def test_the_phones_own_folder(pki: Pki, tmp_path: Path) -> None:
    folder = phone_path(SITE_SECRET, MAC)
    with PbxProvisioning(pki, {}) as server:
        phone = declared(server.url("/phones/"))
        phone["provisioning"]["access"] = "phone_path"
        files = ours(tmp_path, phone)
        for name, content in files.items():
            server.files[f"/phones/{folder}/{name}"] = content
        clean = audit(server, pki, phone, policy="all", credentials=credentials())
        for name, content in files.items():
            server.files[f"/phones/{name}"] = content
        leaking = audit(server, pki, phone, policy="all", credentials=credentials())
    assert problems(clean) == {}
    assert clean["verdict"] == "enforced"
    (finding,) = leaking["phones"][0]["findings"]
    assert finding["problem"] == "is served outside the phone's own folder too"
    assert folder not in json.dumps([clean, leaking])


def test_our_server_hears_few_guesses(pki: Pki, tmp_path: Path) -> None:
    """Each request outside a phone's folder counts there, and five shut out whoever asks."""
    with PbxProvisioning(pki, {}) as server:
        phones = [declared(server.url("/phones/"), mac=f"805ec0aabbc{digit}") for digit in range(7)]
        for phone in phones:
            phone["provisioning"]["access"] = "phone_path"
            for name, content in ours(tmp_path / phone["mac"], phone).items():
                server.files[f"/phones/{phone_path(SITE_SECRET, phone['mac'])}/{name}"] = content
        options = {"phones": phones, "policy": "all", "credentials": credentials()}
        for most in (1, 0, 3):
            server.accesses.clear()
            more = {} if most == 1 else {"outside_folder_probes": most}
            assert audit(server, pki, **options, **more)["verdict"] == "enforced"
            asked = [access for access in server.accesses if access.path.count("/") == 2]
            assert [access.status for access in asked] == [404] * most


def test_who_knows_a_mac_address_gets_nothing(pki: Pki, tmp_path: Path) -> None:
    """yealink.md 6: MAC addresses are enumerated."""
    with PbxProvisioning(pki, {}, http=True) as server:
        server.files = {f"/{name}": content for name, content in ours(tmp_path, declared()).items()}
        result = audit(server, pki, declared(server.url("/")), http_ports=[server.http_port])
        told = [item["problem"] for item in result["phones"][0]["findings"] if item["kind"] == "insecure"]
        assert [text.split(",")[0] for text in told] == [
            "is served without credentials",
            "is served over plain HTTP too",
        ]
        assert not_enforced(result) == [], "what is served is right all the same"
        server.behaviour = Behaviour(credentials=(MAC, URL_PASSWORD), http_needs_credentials=True)
        with_password = server.url("/").replace("://", f"://{MAC}:{URL_PASSWORD}@")
        result = audit(server, pki, declared(), urls={MAC: with_password}, http_ports=[server.http_port])
        told = [item["problem"] for item in result["phones"][0]["findings"] if item["kind"] == "insecure"]
        assert len(told) == 1
        assert "request for a password, which would travel in clear text" in told[0]
        plain = [access for access in server.accesses if access.scheme == "http"]
        assert [access.authorised for access in plain] == [False, False], "no password over plain HTTP"
        quiet = audit(
            server, pki, urls={MAC: with_password}, http_ports=[server.http_port], probe_without_credentials=False
        )
        assert problems(quiet) == {}
        assert "Canary" not in json.dumps([result, quiet])


def test_includes_for_the_model_in_their_order(server: PbxProvisioning, pki: Pki) -> None:
    header = "#!version:1.0.0.1\n"
    boot = (
        f'{header}include:config "../base/all.cfg"\n[T46S,T23G]include:config <t46s.cfg>\n'
        '[T48S]include:config "t48s.cfg"\ninclude:config "list.txt"\noverwrite_mode = 1\n'
    )
    server.files = {
        f"/p/x/{MAC}.boot": boot.encode(),
        "/p/base/all.cfg": f"{header}sip.trust_ctrl = 0\nfeatures.direct_ip_call_enable = 0\n".encode(),
        "/p/x/t46s.cfg": f"{header}sip.trust_ctrl = 1\n".encode(),
    }
    result = audit(server, pki, urls={MAC: server.url("/p/x/")})
    phone = result["phones"][0]
    assert [access.path for access in server.accesses[:3]] == [f"/p/x/{MAC}.boot", "/p/base/all.cfg", "/p/x/t46s.cfg"]
    assert phone["settings"]["sip.trust_ctrl"] == "1"
    assert phone["overwrite_mode"]
    controls = {item["parameter"]: item["verdict"] for item in phone["controls"]}
    assert controls["static.managementserver.enable"] == "enforced", "overwrite_mode resets it to the factory's 0"
    assert [item["problem"] for item in phone["findings"] if item["kind"] == "format"] == [
        "line 5: does not end in .cfg, so the phone does not fetch it"
    ]


def test_files_of_another_server_are_not_fetched(server: PbxProvisioning, pki: Pki) -> None:
    boot = '#!version:1.0.0.1\ninclude:config "https://127.0.0.1:1/x.cfg"\noverwrite_mode = 1\n'
    server.files = {f"/{MAC}.boot": boot.encode()}
    result = audit(server, pki, urls={MAC: server.url("/")})
    assert result["verdict"] == "unknown"
    assert len(result["phones"][0]["requests"]) == 1
    assert "another server" in problems(result, "format")[""]


BROKEN = [
    (Behaviour(statuses={".boot": 500}), "status 500"),
    (Behaviour(statuses={".boot": 401}), "status 401"),
    (Behaviour(redirect="https://127.0.0.1:1/"), "status 302"),
]


@pytest.mark.parametrize(("behaviour", "problem"), BROKEN)
def test_what_cannot_be_read_is_unknown_and_never_enforced(pki: Pki, behaviour: Behaviour, problem: str) -> None:
    with PbxProvisioning(pki, {}, behaviour=behaviour) as server:
        result = audit(server, pki, urls=serve_3cx(server, our_block()))
    assert result["verdict"] == "unknown"
    assert problem in problems(result, "format")[""]
    assert {item["verdict"] for item in result["phones"][0]["controls"]} == {"unknown"}


@pytest.mark.parametrize(
    "content", [b"", b"sip.trust_ctrl = 1\n", b"\xef\xbb\xbf#!version:1.0.0.1\n", bytes(range(256))]
)
def test_a_file_that_the_phone_does_not_take_counts_for_nothing(
    server: PbxProvisioning, pki: Pki, content: bytes
) -> None:
    server.files = {"/x/phone.cfg": content}
    result = audit(server, pki, urls={MAC: server.url("/x/phone.cfg")})
    assert result["verdict"] == "unknown"
    assert result["phones"][0]["settings"] == {}


@pytest.mark.parametrize("kind", ["wrong-name", "expired"])
def test_a_wrong_certificate_is_refused_before_anything_is_sent(pki: Pki, kind: str) -> None:
    with PbxProvisioning(pki, {}) as server:
        urls = serve_3cx(server, our_block())
        server.use_certificate(kind)
        result = audit(server, pki, urls=urls)
        assert server.accesses == []
    assert result["verdict"] == "unknown"
    assert "certificate is not trusted" in problems(result, "format")[""]


def test_an_unknown_authority_is_refused(server: PbxProvisioning, pki: Pki) -> None:
    result = audit(server, pki, urls=serve_3cx(server, our_block()), tls_ca_file=None)
    assert server.accesses == []
    assert "certificate is not trusted" in problems(result, "format")[""]


def test_wrong_addresses_are_told_without_showing_them(server: PbxProvisioning, pki: Pki) -> None:
    with pytest.raises(HardeningError, match="begins with https:// or http://") as told:
        audit(server, pki, urls={MAC: "tftp://canary-host/x"})
    assert "canary" not in told.value.message
    with pytest.raises(HardeningError, match="001565000000 is not one of the phones"):
        audit(server, pki, urls={"001565000000": "https://localhost/"})


def test_many_phones_at_once(server: PbxProvisioning, pki: Pki) -> None:
    files = from_3cx_template(TEMPLATE.replace("OUR BLOCK", our_block()), VARIABLES)
    phones = [declared(mac=f"805ec0aa{number:04x}") for number in range(40)]
    for phone in phones:
        server.put_folder(f"f{phone['mac']}x", files)
    urls = {phone["mac"]: server.url(f"/provisioning/f{phone['mac']}x/") for phone in phones}
    arguments = {"phones": phones, "urls": urls, "tls_ca_file": str(pki.ca_file), "http_ports": [], "parallel": 16}
    validated = ArgumentSpecValidator(CORE.argument_spec).validate(arguments)
    outcome = CORE.run(validated.validated_parameters, RunContext(False, Masker(), lambda _text: None))
    assert [entry["mac"] for entry in outcome.result["phones"]] == [phone["mac"] for phone in phones]
    assert outcome.result["verdict"] == "enforced"


def test_on_another_host_it_runs_as_a_module_and_shows_no_secret(
    server: PbxProvisioning, pki: Pki, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = {
        "phones": [declared()],
        "urls": serve_3cx(server, our_block()),
        "tls_ca_file": str(pki.ca_file),
        "credentials": credentials(),
    }
    with patch_module_args(arguments), pytest.raises(SystemExit) as end:
        yealink_served.main()
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert json.loads(shown)["verdict"] == "enforced"
    assert "Canary" not in shown
    assert FOLDER not in shown


def test_a_playbook_at_the_highest_verbosity_shows_no_secret(pki: Pki, tmp_path: Path) -> None:
    """What is served is full of secrets, in the right places and in wrong ones."""
    wrong = "account.1.pasword = CanaryTypo4711\nthis is CanaryLine4711\n"
    wrong += "sip.trust_ctrl = 1account.2.password=CanaryJoin\n"
    (tmp_path / "vault-password").write_text("vault password of the test")
    book = CredentialStore({"201": Entry(1, ExtensionSecrets(**_secrets()))}, Secret(SITE_SECRET))
    vault = VaultLib(secrets=[("default", VaultSecret(b"vault password of the test"))])
    (tmp_path / "credentials.vault.txt").write_bytes(vault.encrypt(serialise(book)))
    with PbxProvisioning(pki, {}, behaviour=Behaviour(credentials=("phone", URL_PASSWORD))) as server:
        urls = serve_3cx(server, our_block(), wrong)
        urls = {mac: url.replace("://", f"://phone:{URL_PASSWORD}@") for mac, url in urls.items()}
        variables = tmp_path / "variables.json"
        variables.write_text(json.dumps({"urls": urls, "phones": [declared()]}))
        task = {
            "name": "What is served",
            "voipsec.hardening.yealink_served": {
                "phones": "{{ phones }}",
                "urls": "{{ urls }}",
                "policy": "all",
                "credentials_file": str(tmp_path / "credentials.vault.txt"),
                "tls_ca_file": str(pki.ca_file),
                "http_ports": [],
            },
            "register": "served",
        }
        show = {"name": "Shown", "ansible.builtin.debug": {"var": "served"}}
        play = tmp_path / "play.yml"
        play.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": [task, show]}]))
        arguments = ["-i", "localhost,", "-c", "local", "-e", f"@{variables}", str(play), "--diff", "-vvvv"]
        run = run_playbook(tmp_path, [*arguments, "--vault-password-file", str(tmp_path / "vault-password")])
        assert [access.path for access in server.accesses if access.status == 200]
    assert run.returncode == 0, run.output
    assert run.changed == 0
    assert "account.1.pasword is not a known parameter" in run.output
    assert "Canary" not in run.output
    assert FOLDER not in run.output


def _secrets() -> dict[str, Any]:
    return {
        "auth_id": Secret(SECRETS["auth_id"]),
        "sip_password": Secret(SECRETS["sip_password"]),
        "voicemail_pin": Secret("482915"),
        "phone_admin_password": Secret(SECRETS["admin_password"]),
        "phone_user_password": Secret(SECRETS["user_password"]),
    }
