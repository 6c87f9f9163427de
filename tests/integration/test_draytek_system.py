# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""draytek_system's promises, against a simulated router with faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from draytek_support import PASSWORD, Bench

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Device,
    HardeningError,
    Outcome,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.system import core
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from lab.drayos import SimulatedVigor, views
from lab.drayos.state import IpObject

NEW_PASSWORD = "canary-new-password-77"
CONFIG: dict[str, Any] = {
    "management_networks": ["198.51.100.7", "198.51.100.64/28"],
    "remote_access": {"enabled": True, "services": ["https", "ssh"]},
    "brute_force": {"failures": 5, "penalty": 1800},
    "snmp": False,
    "ftp_server": False,
    "upnp": False,
    "ipv6_management": False,
    "answer_ping": False,
    "https_port": 8443,
    "syslog": {"server": "192.168.1.25", "port": 514, "topics": None},
    "mail_alert": {
        "smtp_address": "192.0.2.25",
        "port": 587,
        "recipient": "noc@example.net",
        "sender": "router@acme.example",
        "security": "force_starttls",
        "username": "acme",
        "password": "canary-mail-password",
        "events": ["dos_attack"],
    },
    "clock": {"server": "ntp.example.net", "zone": "Europe/Berlin", "daylight_saving": None},
}


@dataclass
class SystemBench:
    """A router, and runs of the core against it."""

    router: SimulatedVigor
    known_hosts: Path
    config: dict[str, Any] = field(default_factory=lambda: {**CONFIG})
    warnings: list[str] = field(default_factory=list)
    masker: Masker = field(default_factory=Masker)

    def run(self, *, check_mode: bool = False, password: str = PASSWORD, **params: Any) -> Outcome:
        device = Device(self.router.host, self.router.port, "admin", password)
        context = RunContext(check_mode, self.masker, self.warnings.append, device)
        given = {
            "config": self.config,
            "state": "replaced",
            "known_hosts_file": str(self.known_hosts),
            "timeout": 5,
            "running_config": None,
            "dialect": "Vigor2927",
            "write_only": "on_change",
        }
        return core.run({**given, **params}, context)

    def listed(self) -> list[str]:
        """First addresses on the access list."""
        state = self.router.state
        return [state.ip_objects[index].start for _slot, index in sorted(state.management.access_list.items())]


Make = Callable[..., SystemBench]


@pytest.fixture
def system(bench: Callable[..., Bench]) -> Make:
    """Makes routers, as the fixture bench does, for runs of the other core."""

    def make(profile: str = "vigor2927", **options: Any) -> SystemBench:
        there = bench(profile, **options)
        return SystemBench(there.router, there.known_hosts)

    return make


@pytest.mark.parametrize("profile", ["vigor2927", "vigor3912", "vigor2862"])
def test_everything_is_set_once(system: Make, profile: str) -> None:
    there = system(profile)
    first = there.run()
    assert first.changed
    assert set(first.result["controls"].values()) == {"enforced"}
    state = there.router.state
    assert there.listed() == ["198.51.100.7", "198.51.100.64"]
    assert (state.management.remote, state.management.bfp_enabled) == (1, 1)
    assert {name for name, on in state.management.remote_services.items() if on} == {"https", "ssh"}
    assert state.management.ports["https"] == 8443
    assert state.switches == {"snmp": 0, "ftpd": 0, "upnp": 0}
    assert state.ipv6_management == {"internet": 0}
    assert state.syslog["i"] == "192.168.1.25"
    assert (state.mail_alert["i"], state.mail_alert["a"]) == ("192.0.2.25", "noc@example.net")
    assert (state.clock["server"], state.clock["zone"]) == ("ntp.example.net", "32")
    assert (state.daylight["y"], state.daylight["z"]) == ("3 9 0 2", "10 9 0 3")
    assert there.router.flash_snapshot() == there.router.snapshot()
    there.router.reset_counters()
    second = there.run()
    assert not second.changed
    assert set(second.result["controls"].values()) == {"verified", "attested"}
    assert second.result["controls"]["upnp"] == "attested", "the router does not show it"
    assert (there.router.counters.logins, there.router.counters.writes, there.router.counters.commits) == (1, 0, 0)


def test_check_mode_writes_nothing_and_shows_the_exact_commands(system: Make) -> None:
    there = system(faults={"read_only": True})
    planned = there.run(check_mode=True)
    there.router.assert_clean()
    there.router.faults.update({"read_only": False})
    assert there.run().result["commands"] == planned.result["commands"]


def test_no_password_in_anything_that_is_handed_back(system: Make) -> None:
    there = system()
    there.config["new_password"] = NEW_PASSWORD
    outcome = there.run()
    text = f"{outcome.result} {outcome.diff} {there.warnings}"
    assert "canary" not in text
    assert PASSWORD not in text
    assert "sys passwd ******** ********" in outcome.result["commands"]


def test_management_from_the_internet_that_nobody_declared_is_told(system: Make) -> None:
    there = system()
    there.config = {"management_networks": ["198.51.100.7"]}
    there.router.state.management.remote = 1
    assert there.run().result["controls"]["remote_access"] == "not declared, unchanged"
    assert there.router.state.management.remote == 1


def test_an_access_list_that_cannot_be_read_opens_nothing(system: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    there = system()
    monkeypatch.setattr(views, "access_list", lambda _state, _style: ["what is this"])
    with pytest.raises(HardeningError, match="the router's access list cannot be read"):
        there.run()
    assert there.router.counters.writes == 0


def test_taking_back_never_empties_the_list_while_the_internet_side_may_be_open(
    system: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = system(faults={"ignore_writes_matching": "^mngt bfp"})
    monkeypatch.setattr(views, "remote_status", lambda _state: ["a form that nobody knows"])
    with pytest.raises(HardeningError, match="But the access list keeps the declared networks"):
        there.run()
    assert there.listed() == ["198.51.100.7", "198.51.100.64"]
    assert there.router.counters.commits == 0


def test_services_that_the_router_does_not_name_are_set_and_not_called_verified(
    system: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = system()
    there.router.state.management.remote = 1
    there.router.state.management.remote_services = {"telnet": 1, "tr069": 1}
    whole = views.remote_status

    def without_tr069(state: Any) -> list[str]:
        return [line for line in whole(state) if "TR069" not in line]

    monkeypatch.setattr(views, "remote_status", without_tr069)
    there.run()
    assert there.router.state.management.remote_services["tr069"] == 0
    assert there.run().result["controls"]["remote_access_services"] == "attested"


def test_lock_out_is_refused_before_login(system: Make) -> None:
    there = system()
    there.config["management_networks"] = []
    with pytest.raises(HardeningError, match=r"config.management_networks: empty, and remote_access is enabled"):
        there.run()
    assert there.router.counters.logins == 0


def with_foreign_entry(there: SystemBench, slots: int = 1) -> None:
    state = there.router.state
    state.ip_objects[20] = IpObject("their-noc", 0, 1, "203.0.113.200", "0.0.0.0")
    state.management.access_list = dict.fromkeys(range(1, slots + 1), 20)


def test_entries_of_others_stay_unless_overridden(system: Make) -> None:
    there = system()
    with_foreign_entry(there)
    there.run()
    assert there.listed() == ["203.0.113.200", "198.51.100.7", "198.51.100.64"]
    again = there.run().result
    assert again["controls"]["management_networks"] == "verified, with existing entries"
    assert "may manage the router too: their-noc 203.0.113.200" in again["notes"][0]
    assert there.run(state="overridden").changed
    assert there.listed() == ["198.51.100.7", "198.51.100.64"]
    assert not there.run(state="overridden").changed


def test_a_network_that_is_no_longer_declared_goes_after_the_new_one_is_in(system: Make) -> None:
    there = system()
    there.run()
    there.config["management_networks"] = ["198.51.100.7", "192.0.2.128/25"]
    steps = there.run().result["steps"]
    allowed = next(i for i, step in enumerate(steps) if "is allowed from" in step)
    gone = next(i for i, step in enumerate(steps) if "no longer allowed from" in step)
    assert allowed < gone
    assert sorted(there.listed()) == ["192.0.2.128", "198.51.100.7"]
    assert not there.run().changed


def test_merged_takes_nothing_off_the_list(system: Make) -> None:
    there = system()
    there.run()
    there.run(state="merged", config={"management_networks": ["192.0.2.1"]})
    assert len(there.listed()) == 3


def test_a_full_access_list_is_told(system: Make) -> None:
    there = system()
    with_foreign_entry(there, slots=10)
    with pytest.raises(HardeningError, match="2 entries are needed and 0 of the access list's 10 are free. Existing"):
        there.run()
    assert there.router.counters.writes == 0


def test_deleted_never_leaves_an_empty_list_on_an_open_router(system: Make) -> None:
    there = system()
    there.run()
    with pytest.raises(HardeningError, match="would leave the access list empty"):
        there.run(state="deleted")
    there.run(state="merged", config={"remote_access": {"enabled": False, "services": None}})
    assert there.run(state="deleted").changed
    assert there.listed() == []
    assert not there.run(state="deleted").changed


def test_a_new_password_is_proved_before_it_is_saved(system: Make) -> None:
    there = system()
    there.config = {"new_password": NEW_PASSWORD}
    assert there.run().changed
    assert there.router.device.flash_password == NEW_PASSWORD
    again = there.run()
    assert not again.changed, "logged in with the new one, because the old one is refused"
    assert "set ansible_password to it" in again.result["notes"][-1]
    assert not there.run(password=NEW_PASSWORD).changed


def test_a_password_that_the_router_does_not_take_changes_nothing(system: Make) -> None:
    there = system(faults={"ignore_writes_matching": "^sys passwd"})
    there.config = {"new_password": NEW_PASSWORD}
    with pytest.raises(HardeningError, match="fresh login was tried before saving.*Everything was taken back") as error:
        there.run()
    assert "canary" not in error.value.message
    assert (there.router.device.password, there.router.device.flash_password) == (PASSWORD, PASSWORD)
    assert there.router.counters.commits == 0


@pytest.mark.parametrize("password", ["short", "has a space in it", "semi;colon;12345", "x" * 84])
def test_a_password_that_might_be_misread_is_refused_without_being_shown(system: Make, password: str) -> None:
    there = system()
    there.config = {"new_password": password}
    with pytest.raises(HardeningError, match="config.new_password: must have 12 to 83 characters") as error:
        there.run()
    assert password not in error.value.message


def test_a_line_that_is_cut_is_taken_back(system: Make) -> None:
    there = system(faults={"stop_listening_on": "^mngt accesslist add 1"})
    before = there.router.state.copy()
    with pytest.raises(HardeningError, match="fresh login was tried before saving.*Everything was taken back"):
        there.run()
    assert there.router.state.management.access_list == before.management.access_list
    assert there.router.state.management.remote == before.management.remote
    assert there.router.counters.commits == 0


def test_killed_anywhere_the_next_run_converges(system: Make) -> None:
    reference = system()
    reference.run()
    length = reference.router.counters.commands
    wanted = reference.router.snapshot()
    for number in range(8, length + 1, 3):
        there = system(faults={"drop_after_command": number})
        try:
            there.run()
        except HardeningError as error:
            assert "the device ended the session" in error.message  # noqa: PT017
        there.router.faults.update({"drop_after_command": 0})
        there.run()
        there.run(write_only="always")
        assert there.router.snapshot() == wanted, number
        assert there.router.flash_snapshot() == wanted, number
        there.router.stop()


def test_a_restart_takes_unsaved_settings_and_their_mark_away_together(system: Make) -> None:
    there = system(faults={"fail_commit": True})
    there.run()
    there.router.faults.update({"fail_commit": False})
    there.router.reboot()
    assert "upnp" not in there.router.state.switches
    assert there.run().changed
    assert there.router.state.switches["upnp"] == 0


def test_settings_that_were_taken_back_are_not_taken_for_set(system: Make) -> None:
    """The router has the other settings in memory then: the mark of the old ones must be gone."""
    there = system()
    there.run()
    other = {**there.config, "answer_ping": True, "brute_force": {"failures": 7, "penalty": 1800}}
    there.router.faults.update({"ignore_writes_matching": "^mngt bfp"})
    with pytest.raises(HardeningError, match="taken back.*stay as set now"):
        there.run(config=other)
    there.router.faults.update({"ignore_writes_matching": ""})
    assert there.router.state.management.echo_icmp == 1
    assert there.run().result["controls"]["answer_ping"] == "enforced", "not attested"
    assert there.router.state.management.echo_icmp == 0


def test_a_present_password_that_cannot_be_typed_is_not_tried(system: Make) -> None:
    there = system()
    there.router.device.password = "old pass word"
    there.config = {"new_password": NEW_PASSWORD}
    with pytest.raises(HardeningError, match="ansible_password: the present password has characters") as error:
        there.run(password="old pass word")
    assert "pass word" not in error.value.message
    assert there.router.counters.writes == 0


def test_gathered_parsed_and_rendered(system: Make) -> None:
    there = system()
    there.run()
    gathered = there.run(state="gathered", config=None).result["gathered"]
    assert gathered["management_networks"][0].endswith(" 198.51.100.7")
    assert gathered["remote_access"] == {"enabled": True, "services": ["https", "ssh"]}
    typed = ["mngt accesslist list", "mngt rmtcfg status", "mngt bfp -v", "sys mailalert -v", "sys time show"]
    typed += [f"object ip obj {index} -v" for index in there.router.state.management.access_list.values()]
    text = ""
    for command in typed:
        lines = there.router._in_loop(lambda typed_now=command: there.router.device.execute(typed_now)).lines
        text += f"DrayTek> {command}\n" + "".join(f"{line}\n" for line in lines)
    logins = there.router.counters.logins
    assert there.run(state="parsed", config=None, running_config=text).result["parsed"] == gathered
    rendered = there.run(state="rendered").result["rendered"]
    assert rendered[-1] == "sys commit"
    assert there.router.counters.logins == logins
