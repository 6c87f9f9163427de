# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole task on a real directory: what changes, what is refused, what is shown."""

from __future__ import annotations

import grp
import json
import os
import re
import resource
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError

OTHER = "805ec0ddeeff"
SECRETS = ("authid201", "SipPassword=201#x", "AdminPassword201", "UserPassword201", "ProvisioningPassword")


def files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()} if directory.exists() else {}


def test_a_second_run_changes_nothing(task: Any, phone: Any) -> None:
    first = task.run(phone())
    before = {path.name: path.stat().st_mtime_ns for path in task.directory.iterdir()}
    second = task.run(phone())
    assert first.changed
    assert first.result["written"] == ["805ec0aabbcc.boot", "805ec0aabbcc.cfg"]
    assert not second.changed
    assert second.result["written"] == []
    assert second.result["unchanged"] == ["805ec0aabbcc.boot", "805ec0aabbcc.cfg"]
    assert second.diff == []
    assert {path.name: path.stat().st_mtime_ns for path in task.directory.iterdir()} == before


def test_order_and_spelling_of_the_declaration_do_not_change_the_bytes(task: Any, phone: Any) -> None:
    own = {"voice.tone.country": "Great Britain", "features.relog_offtime": 3}
    one, two = phone(settings=own), phone(OTHER, account={"number": "202"})
    task.run(one, two)
    before = files(task.directory)
    again = phone("80:5E:C0:AA:BB:CC", settings=dict(reversed(own.items())), model="sip-t46u")
    outcome = task.run(two, again)
    assert not outcome.changed
    assert [entry["mac"] for entry in outcome.result["phones"]] == ["805ec0aabbcc", OTHER]
    assert files(task.directory) == before


def test_check_mode_tells_the_same_and_writes_nothing(task: Any, phone: Any) -> None:
    planned = task.run(phone(), check=True)
    assert not task.directory.exists()
    done = task.run(phone())
    assert planned.changed
    assert planned.result == done.result
    assert planned.diff == done.diff


def test_files_are_not_readable_by_everybody(task: Any, phone: Any) -> None:
    task.run(phone())
    modes = {stat.S_IMODE(path.stat().st_mode) for path in task.directory.iterdir()}
    assert modes == {0o640}
    assert stat.S_IMODE(task.directory.stat().st_mode) == 0o750
    with pytest.raises(HardeningError, match="every user of the host"):
        task.run(phone(), mode="0644")


def test_a_changed_mode_is_put_right(task: Any, phone: Any) -> None:
    task.run(phone())
    path = task.directory / "805ec0aabbcc.cfg"
    path.chmod(0o666)
    outcome = task.run(phone())
    assert outcome.result["written"] == ["805ec0aabbcc.cfg"]
    assert (outcome.diff[0]["before"], outcome.diff[0]["after"]) == ("mode: 0666\n", "mode: 0640\n")
    assert outcome.result["rebooting"] == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_files_and_a_new_directory_belong_to_the_web_server(task: Any, phone: Any) -> None:
    task.run(phone(), group="daemon")
    gid = grp.getgrnam("daemon").gr_gid
    assert {path.stat().st_gid for path in (task.directory, *task.directory.iterdir())} == {gid}
    assert not task.run(phone(), group="daemon").changed
    assert task.run(phone(), owner="daemon").changed
    assert task.directory.stat().st_uid == 0


def test_unknown_owner_and_group_are_told(task: Any, phone: Any) -> None:
    with pytest.raises(HardeningError, match="group 'no-such-group'"):
        task.run(phone(), group="no-such-group")
    with pytest.raises(HardeningError, match="owner 'no-such-user'"):
        task.run(phone(), owner="no-such-user")


def test_a_phone_that_is_no_longer_declared_loses_its_file(task: Any, phone: Any) -> None:
    two = phone(OTHER, account={"number": "202"})
    task.run(phone(), two)
    assert not task.run(phone(), state="merged").changed
    outcome = task.run(phone())
    assert outcome.result["removed"] == [f"{OTHER}.boot", f"{OTHER}.cfg"]
    assert sorted(files(task.directory)) == ["805ec0aabbcc.boot", "805ec0aabbcc.cfg"]
    assert "202" not in "".join(entry["after"] for entry in outcome.diff)


def test_files_of_others_stay(task: Any, phone: Any) -> None:
    task.directory.mkdir()
    foreign = {
        f"{OTHER}.cfg": b"#!version:1.0.0.1\nsip.trust_ctrl = 0\n",
        "y000000000108.cfg": b"#!version:1.0.0.1\n",
        "805ec0aabbcc-local.cfg": b"#!version:1.0.0.1\n",
        "T46U.rom": b"\x00\xff",
    }
    for name, content in foreign.items():
        (task.directory / name).write_bytes(content)
    task.run(phone())
    assert {name: files(task.directory)[name] for name in foreign} == foreign


def test_a_declared_phones_file_of_another_writer_stops_the_task(task: Any, phone: Any) -> None:
    task.directory.mkdir()
    path = task.directory / "805ec0aabbcc.cfg"
    path.write_text("#!version:1.0.0.1\naccount.1.password = OldPassword1\n")
    with pytest.raises(HardeningError, match="Only one writer"):
        task.run(phone())
    assert files(task.directory).keys() == {"805ec0aabbcc.cfg"}
    outcome = task.run(phone(), take_over=True)
    assert "OldPassword1" not in str(outcome.diff)
    assert not task.run(phone()).changed


def test_a_link_in_the_place_of_a_file_is_not_followed(task: Any, phone: Any, tmp_path: Path) -> None:
    task.directory.mkdir()
    target = tmp_path / "target"
    target.write_text("precious")
    (task.directory / "805ec0aabbcc.cfg").symlink_to(target)
    with pytest.raises(HardeningError, match="not an ordinary file"):
        task.run(phone())
    assert target.read_text() == "precious"


def test_a_directory_that_cannot_be_made_is_told(task: Any, phone: Any, tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(HardeningError, match="directory"):
        task.run(phone(), directory=str(blocker / "phones"))


def test_a_write_that_fails_leaves_the_old_set_and_nothing_else(task: Any, phone: Any) -> None:
    one, two = phone(), phone(OTHER, account={"number": "202"})
    task.run(one, two)
    before = files(task.directory)
    longer = phone(OTHER, account={"number": "202"}, settings={"account.1.alert_info": "x" * 9000})
    changed = phone(settings={"features.relog_offtime": 9})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))  # as a full disk: the second file does not fit
    try:
        with pytest.raises(HardeningError, match="File too large"):
            task.run(changed, longer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(task.directory) == before


def test_what_a_killed_run_left_is_removed(task: Any, phone: Any) -> None:
    task.run(phone())
    old, new = (task.directory / f".805ec0aabbcc.cfg.{name}.unfinished" for name in ("old", "new"))
    for path in (old, new):
        path.write_text("account.1.password = x")
    os.utime(old, (0, 0))
    task.run(phone(settings={"features.relog_offtime": 9}))
    assert (old.exists(), new.exists()) == (False, True)


def test_secrets_are_in_the_files_and_nowhere_else(task: Any, phone: Any, credentials: Any) -> None:
    outcomes = [
        task.run(
            phone(), check=True, credentials=credentials("201", **{"phone_setting.phone_lock.unlock_pin": "8642"})
        ),
        task.run(phone(), credentials=credentials("201", **{"phone_setting.phone_lock.unlock_pin": "8642"})),
        task.run(phone(), state="rendered"),
        task.run(),
    ]
    shown = json.dumps([[outcome.result, list(outcome.diff)] for outcome in outcomes], default=repr)
    assert [secret for secret in (*SECRETS, "8642") if secret in shown] == []
    assert outcomes[-1].result["removed"]


def test_a_rotated_password_is_seen_as_changed(task: Any, phone: Any, credentials: Any) -> None:
    task.run(phone())
    rotated = credentials("201").replace("AdminPassword201", "AdminPassword999")
    outcome = task.run(phone(), credentials=rotated)
    lines = outcome.diff[0]["after"].splitlines()
    assert [line for line in lines if "(changed)" in line] == [
        "static.security.user_password = admin:******** (changed)",
        "static.security.user_password = var:******** (changed)",  # follows from the administrator's
    ]
    assert outcome.result["phones"][0]["changed_parameters"] == ["static.security.user_password"]
    assert outcome.result["rebooting"] == []


def test_leftovers_of_an_interrupted_run_are_not_served_as_phones(task: Any, phone: Any) -> None:
    task.run(phone())
    assert [name for name in os.listdir(task.directory) if not re.fullmatch(r"[0-9a-f]{12}\.(cfg|boot)", name)] == []


REFUSED = [
    ({"mac": "805ec0aabb"}, "mac '805ec0aabb' is not a MAC address"),
    ({"mac": "../../../etc/x"}, "is not a MAC address"),
    ({"model": "T99"}, "model 'T99' is not a known Yealink model"),
    ({"firmware": "124.86.0.75"}, "firmware 124.86.0.75 is not for a T46U, which has 108.x; 124.x is for T3.*correct"),
    ({"firmware": "newest"}, "firmware 'newest' is not a version"),
    ({"accounts": []}, "has 1 to 16 accounts"),
    ({"account": {"number": "299"}}, "no phone credentials in credentials.yml for extension 299"),
    ({"account": {"display_name": "Bob\nsip.trust_ctrl = 0"}}, "display_name contains a line break"),
    ({"account": {"label": " Bob"}}, "label begins or ends with a blank"),
    ({"account": {"server": "pbx example"}}, "neither a host name nor an IPv4 address"),
    ({"account": {"server": "pbx.example.net\nx = 1"}}, "neither a host name"),
    ({"account": {"port": 0}}, "port 0 is not from 1"),
    ({"provisioning": {"url": "http://prov.example.net/"}}, "must be an https address"),
    ({"provisioning": {"url": "https://u:p@prov.example.net/"}}, "must be an https address"),
    ({"provisioning": {"url": "https://prov.example.net/\nx = 1"}}, "must be an https address"),
    ({"provisioning": {"url": "https://[prov/"}}, "must be an https address"),
    ({"emergency_numbers": []}, "emergency calls must stay possible"),
    ({"emergency_numbers": ["999,112"]}, "'999,112' is not a number"),
    ({"settings": {"features.direct_ip_call.enable": 0}}, "nearest known one is features.direct_ip_call_enable"),
    ({"settings": {"features.relog_offtime": 0}}, "must be a number from 1 to 1000"),
    ({"settings": {"features.relog_offtime": None}}, "must be a text or a number"),
    ({"settings": {"features.relog_offtime": ""}}, "%NULL% for the factory default"),
    ({"settings": {"sip.trust_ctrl = 0\nx": 1}}, "is not a parameter name"),
    ({"settings": {"account.1.label": "a\nb = 1"}}, "line break"),
    ({"settings": {"account.1.password": "x"}}, "account.1.password is a secret: write it under secret_settings"),
    ({"settings": {"wui.http_enable": 0}}, "takes static.wui.http_enable"),
    ({"settings": {"account.17.enable": 1}}, "accounts 1 to 16"),
    ({"settings": {"dialplan.emergency.enable": 0}}, "emergency numbers .* always dialable"),
    ({"settings": {"dialplan.emergency.1.value": "911"}}, "always dialable"),
    ({"settings": {"phone_setting.emergency.number": "112"}}, "always dialable"),
    ({"settings": {"phone_setting.emergency.number": "%NULL%"}}, "always dialable"),
    ({"settings": {"dialplan.block_out.number.1": "999"}}, "bar an emergency number"),
    ({"settings": {"dialplan.block_out.number.1": "9."}}, "bar an emergency number"),
    ({"settings": {"dialplan.block_out.number.1": "1[0-3]x"}}, "bar an emergency number"),
]


@pytest.mark.parametrize(("changes", "told"), REFUSED)
def test_what_is_refused(task: Any, phone: Any, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(HardeningError) as failure:
        task.run(phone(**changes))
    assert re.search(told, failure.value.message), failure.value.message
    assert not task.directory.exists()


def test_all_problems_are_told_at_once_and_the_same_one_once(task: Any, phone: Any) -> None:
    wrong = {"settings": {"static.phone.reboot": 1}}
    with pytest.raises(HardeningError) as failure:
        task.run(phone(**wrong), phone(OTHER, account={"number": "299"}, **wrong))
    assert sorted(failure.value.message.splitlines()) == [
        "no phone credentials in credentials.yml for extension 299. Run the role voipsec.hardening.credentials "
        "first: it makes them.",
        "settings: static.phone.reboot is not a known parameter (phones 805ec0aabbcc, 805ec0ddeeff).",
    ]


def test_a_phone_is_declared_once(task: Any, phone: Any) -> None:
    with pytest.raises(HardeningError, match="declared twice"):
        task.run(phone(), phone("80-5E-C0-AA-BB-CC"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("admin_password", "x" * 33),
        ("admin_password", "a:b"),
        ("admin_password", "admin"),
        ("user_password", ""),
        ("user_password", "a\nb"),
        ("sip_password", "a\nsip.trust_ctrl = 0"),
        ("sip_password", "%NULL%"),
        ("sip_password", " a"),
        ("auth_id", ""),
    ],
)
def test_credentials_that_do_not_fit_are_refused_unseen(
    task: Any, phone: Any, credentials: Any, field: str, value: str
) -> None:
    bundle = json.loads(credentials("201"))
    bundle["extensions"]["201"][field] = value
    with pytest.raises(HardeningError, match="credentials of extension 201") as failure:
        task.run(phone(), credentials=json.dumps(bundle))
    if len(value) > 8:
        assert value not in failure.value.message


def test_missing_credentials_in_check_mode_are_a_warning(task: Any, phone: Any) -> None:
    outcome = task.run(phone(account={"number": "299"}), check=True)
    assert outcome.changed
    assert any("extension 299" in text for text in task.warnings)


def test_own_settings_stand_in_the_file_and_replace_the_baseline_with_a_warning(task: Any, phone: Any) -> None:
    task.run(
        phone(settings={"static.security.cn_validation": False, "features.relog_offtime": 5}),
        settings={"static.network.vlan.internet_port_vid": 20, "static.security.cn_validation": 1},
    )
    values = task.values()
    assert values["static.network.vlan.internet_port_vid"] == "20"
    assert values["static.security.cn_validation"] == "0"
    assert task.text().count("static.security.cn_validation") == 1
    assert task.warnings == [
        "settings: static.security.cn_validation = 0 replaces the hardened 1 (phone 805ec0aabbcc)."
    ]


def test_more_emergency_numbers_may_be_added(task: Any, phone: Any) -> None:
    task.run(phone(settings={"dialplan.emergency.4.value": "101", "dialplan.block_out.number.1": "00."}))
    assert task.values()["dialplan.emergency.4.value"] == "101"
    assert task.values()["dialplan.block_out.number.1"] == "00."


def test_secret_settings_are_for_secrets_only(task: Any, phone: Any, credentials: Any) -> None:
    with pytest.raises(HardeningError, match=r"sip\.trust_ctrl is not a secret"):
        task.run(phone(), credentials=credentials("201", **{"sip.trust_ctrl": "0"}))
    with pytest.raises(HardeningError, match="comes from the credentials file"):
        task.run(phone(), credentials=credentials("201", **{"static.security.user_password": "admin:admin"}))
    with pytest.raises(HardeningError, match="must be digits") as failure:
        task.run(phone(), credentials=credentials("201", **{"phone_setting.phone_lock.unlock_pin": "12ab"}))
    assert "12ab" not in failure.value.message


def test_firmware_that_is_not_declared_is_warned_of_once(task: Any, phone: Any) -> None:
    task.run(phone(firmware=None), phone(OTHER, firmware=None, account={"number": "202"}))
    assert len(task.warnings) == 1
    assert "805ec0aabbcc, 805ec0ddeeff" in task.warnings[0]
    assert task.values()["static.wui.http_enable"] == "0"


def test_old_firmware_keeps_what_is_no_longer_declared_and_that_is_told(task: Any, phone: Any) -> None:
    old = {"firmware": "108.80.0.1"}
    task.run(phone(settings={"features.csta_control.enable": 0}, firmware="108.86.0.1"))
    task.run(phone(settings={"account.1.auto_answer": 1}, **old))
    task.run(phone(**old))
    assert any("account.1.auto_answer: no longer declared" in text for text in task.warnings)
    assert not (task.directory / "805ec0aabbcc.boot").exists()


def test_without_reset_every_firmware_keeps_it_and_that_is_told(task: Any, phone: Any) -> None:
    settings = {"features.csta_control.enable": 0}
    task.run(phone(settings=settings), reset_undeclared=False)
    task.run(phone(), check=True)
    assert task.warnings == []
    task.run(phone(), reset_undeclared=False)
    assert task.warnings == [
        "features.csta_control.enable: no longer declared, but the phone keeps the old value, because "
        "reset_undeclared is false. Set %NULL% to reset it (phone 805ec0aabbcc)."
    ]
    task.run(phone(), reset_undeclared=False)
    assert task.warnings == []


def test_a_name_that_new_firmware_only_spells_in_another_way_is_not_kept(task: Any, phone: Any) -> None:
    task.run(phone(firmware="108.80.0.1"))
    task.run(phone(), reset_undeclared=False)
    (warning,) = task.warnings
    assert "network.web_server_type" in warning
    assert "security.trust_certificates" not in warning


REBOOTS = [
    # own settings, will reboot, may reboot
    ({"features.relog_offtime": 10}, False, False),
    ({"account.1.label": "Desk"}, False, False),
    ({"static.wui.https_enable": 0}, True, True),
    ({"static.network.vlan.internet_port_vid": 20}, True, True),
    ({"static.security.server_ssl_method": 5}, False, True),
    ({"static.auto_provision.server.type": 1}, False, True),
]


@pytest.mark.parametrize(("own", "will", "may"), REBOOTS)
def test_which_phones_reboot(task: Any, phone: Any, own: dict[str, Any], will: bool, may: bool) -> None:
    two = phone(OTHER, account={"number": "202"})
    task.run(phone(), two)
    outcome = task.run(phone(settings=own), two)
    first, second = outcome.result["phones"]
    assert first["changed"]
    assert not first["new"]
    assert first["changed_parameters"] == list(own)
    assert (first["will_reboot"], first["may_reboot"]) == (will, may)
    assert first["reboot_reasons"] == (list(own) if may else [])
    assert outcome.result["rebooting"] == ([first["mac"]] if will else [])
    assert not second["changed"]
    assert not second["will_reboot"]
    back = task.run(phone(), two).result["phones"][0]
    assert (back["will_reboot"], back["may_reboot"]) == (will, may)


def test_rendered_needs_no_directory(task: Any, phone: Any) -> None:
    outcome = task.run(phone(), state="rendered", directory=None)
    assert not outcome.changed
    assert "account.1.password = ********" in outcome.result["rendered"]["805ec0aabbcc.cfg"].splitlines()
    assert not task.directory.exists()


def test_the_audit_finds_nothing_in_our_own_files(task: Any, phone: Any) -> None:
    task.run(phone())
    boot, found = task.audit(phone())
    assert found["ours"]
    assert boot["ours"]
    assert [*boot["findings"], *found["findings"]] == []
    assert found["settings"]["sip.trust_ctrl"] == "1"
    assert found["settings"]["static.security.user_password"] == "admin:******** user:******** var:********"


def test_the_audit_finds_what_is_insecure_in_files_of_others(task: Any) -> None:
    task.directory.mkdir()
    (task.directory / f"{OTHER}.cfg").write_text(
        "#!version:1.0.0.1\n"
        "static.security.user_password = admin:admin\n"
        "static.security.trust_certificates = 0\n"
        "account.1.sip_trust_ctrl = 1\n"
        "features.action_uri_limit_ip = any\n"
        "static.auto_provision.server.url = http://prov.example.net/\n"
    )
    (task.directory / "805ec0000000.cfg").write_bytes(b"\x00\x01encrypted")
    encrypted, found = task.audit()
    problems = {finding["parameter"]: finding["problem"] for finding in found["findings"]}
    assert not found["ours"]
    assert found["firmware"] == "V86"
    assert problems["static.security.user_password"] == "a factory password"
    assert "not the hardened value" in problems["static.security.trust_certificates"]
    assert "factory default" in problems["sip.trust_ctrl"]
    assert "ignored since V81" in problems["account.1.sip_trust_ctrl"]
    assert problems["features.action_uri_limit_ip"] == "any host may command the phone"
    assert "clear text" in problems["static.auto_provision.server.url"]
    assert "static.managementserver.enable" not in problems  # off by factory default
    assert "not a configuration file" in encrypted["findings"][0]["problem"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=20), st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.none()), max_size=3
    )
)
def test_whatever_is_declared_is_refused_or_one_line(task: Any, phone: Any, own: dict[str, Any]) -> None:
    plain = task.run(phone(), state="rendered").result["rendered"]["805ec0aabbcc.cfg"]
    try:
        text = task.run(phone(settings=own), state="rendered").result["rendered"]["805ec0aabbcc.cfg"]
    except HardeningError:
        return
    assert len(text.splitlines()) <= len(plain.splitlines()) + len(own) + 2


def test_the_audit_shows_no_secret_of_our_own_files(task: Any, phone: Any) -> None:
    task.run(phone())
    shown = json.dumps(task.audit())
    assert [secret for secret in SECRETS if secret in shown] == []
