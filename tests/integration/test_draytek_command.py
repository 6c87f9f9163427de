# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""draytek_command and draytek_info against a simulated router, with and without Ansible around them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.voipsec.hardening.plugins.module_utils.core import Device, HardeningError, Outcome, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.info import core as info
from ansible_collections.voipsec.hardening.plugins.module_utils.drayos.session import command
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker
from lab.drayos import SimulatedVigor
from lab.drayos.fixtures import lived_in_state
from lab.playbook import PlaybookRun, run_playbook

PASSWORD = "router-password-1"
RULE_OFF = "ipf rule 2 1 -e 0"
NAME = "object ip obj 100 -n typed"
VERSION_AND_EXIT = 2


@dataclass
class Typist:
    """A router, and runs of the two cores against it."""

    router: SimulatedVigor
    known_hosts: Path
    warnings: list[str] = field(default_factory=list)

    def context(self, *, check_mode: bool = False) -> RunContext:
        device = Device(self.router.host, self.router.port, "admin", PASSWORD)
        return RunContext(check_mode, Masker(), self.warnings.append, device)

    def type(self, *commands: str, check_mode: bool = False, **params: Any) -> Outcome:
        given = {"commands": list(commands), "allow_writes": False, "save": False, **self._login(), **params}
        return command.run(given, self.context(check_mode=check_mode))

    def info(self, *subsets: str) -> dict[str, Any]:
        given = {"gather_subset": list(subsets) or list(info.PLAIN_SUBSETS), **self._login()}
        return dict(info.run(given, self.context()).result)

    def _login(self) -> dict[str, Any]:
        return {"known_hosts_file": str(self.known_hosts), "timeout": 5}

    def typed(self) -> list[str]:
        return [entry["text"] for entry in self.router.log if entry["event"] == "command"]


Make = Callable[..., Typist]


@pytest.fixture
def typist(tmp_path: Path) -> Iterator[Make]:
    routers: list[SimulatedVigor] = []

    def make(profile: str = "vigor2927", **options: Any) -> Typist:
        if profile in ("vigor2927", "vigor3912", "vigor2862"):
            options.setdefault("state", lived_in_state(profile))
        router = SimulatedVigor(profile, password=PASSWORD, **options).start()
        routers.append(router)
        known_hosts = tmp_path / f"known_hosts_{len(routers)}"
        known_hosts.write_text(router.known_hosts_line + "\n")
        return Typist(router, known_hosts)

    yield make
    for router in routers:
        router.stop()


def test_reads_come_back_in_order_and_change_nothing(typist: Make) -> None:
    there = typist(faults={"read_only": True})
    done = there.type("sys version", "ipf set -v", "mngt accesslist list")
    assert not done.changed
    assert "Vigor2927" in done.result["stdout"][0]
    assert done.result["stdout_lines"][1][0].strip().startswith("Data Filter")
    assert len(done.result["stdout"]) == 3
    there.router.assert_clean()
    assert there.router.counters.logins == 1


def test_a_paged_answer_is_whole(typist: Make) -> None:
    there = typist(faults={"page_lines": 5})
    lines = there.type("ipf set -v").result["stdout_lines"][0]
    assert "Strict Security Firewall" in "\n".join(lines)
    assert not any("MORE" in line for line in lines)


def test_a_write_needs_permission_and_nothing_is_sent_without(typist: Make) -> None:
    there = typist()
    with pytest.raises(HardeningError, match="ipf rule 2 1 -e 0.*allow_writes: true"):
        there.type("sys version", RULE_OFF)
    assert there.router.counters.logins == 0


def test_a_permitted_write_is_sent_and_saved_on_request(typist: Make) -> None:
    there = typist()
    done = there.type(NAME, allow_writes=True)
    assert done.changed
    assert done.result["written"] == [NAME]
    assert there.router.state.ip_objects[100].name == "typed"
    assert there.router.counters.commits == 0
    assert any("not saved: the router" in warning for warning in there.warnings)
    again = there.type(NAME, allow_writes=True, save=True)
    assert again.result["saved"]
    assert there.router.flash.ip_objects[100].name == "typed"


def test_save_without_a_write_does_not_touch_the_flash(typist: Make) -> None:
    there = typist(faults={"read_only": True})
    assert not there.type("sys version", save=True).result["saved"]
    there.router.assert_clean()


def test_check_mode_reads_and_leaves_writes_out(typist: Make) -> None:
    there = typist(faults={"read_only": True})
    done = there.type("sys version", NAME, check_mode=True, allow_writes=True, save=True)
    there.router.assert_clean()
    assert done.changed
    assert done.result["skipped_writes"] == [NAME]
    assert done.result["written"] == []
    assert done.result["stdout"][1] == ""


@pytest.mark.parametrize(
    "line",
    [
        "sys reboot",
        "sys cfg default",
        "ipf default ?",
        "object ip obj setdefault",
        "ipf set -d 0",
        "mngt accesslist flush",
        "sys version\rsys reboot",
    ],
)
def test_dangerous_commands_stop_the_whole_list_before_the_login(typist: Make, line: str) -> None:
    there = typist()
    before = there.router.snapshot()
    with pytest.raises(HardeningError, match="never sent"):
        there.type("sys version", line, allow_writes=True, save=True)
    assert there.router.snapshot() == before
    assert there.router.counters.logins == 0


def test_a_refused_secret_is_not_repeated(typist: Make) -> None:
    there = typist()
    with pytest.raises(HardeningError, match="draytek_system") as refused:
        there.type("sys passwd old-canary-11 new-canary-22", allow_writes=True)
    assert "canary" not in refused.value.message


def test_a_command_that_the_router_does_not_know_stops_the_list(typist: Make) -> None:
    there = typist()
    with pytest.raises(HardeningError, match="does not know the command 'frobnicate 1'") as failed:
        there.type(NAME, "frobnicate 1", RULE_OFF, allow_writes=True, save=True)
    assert failed.value.details["changed"]
    assert failed.value.details["written"] == [NAME]
    assert NAME in failed.value.message
    assert there.router.counters.commits == 0
    assert RULE_OFF not in there.typed()


def test_a_broken_line_says_what_had_been_written(typist: Make) -> None:
    there = typist(faults={"drop_on": "^ipf rule", "drop_when": "after"})
    with pytest.raises(HardeningError, match="ended the session.*Written before that.*typed; ipf rule") as failed:
        there.type(NAME, RULE_OFF, allow_writes=True)
    assert failed.value.details["changed"]


@pytest.mark.parametrize(
    ("profile", "words"), [("vigor2928", "DrayOS 5|not answer"), ("vigor3900", "Linux|not answer")]
)
def test_another_command_line_is_asked_for_its_version_only(typist: Make, profile: str, words: str) -> None:
    there = typist(profile)
    with pytest.raises(HardeningError, match=words):
        there.type("sys iface")
    with pytest.raises(HardeningError, match=words):
        there.type(NAME, allow_writes=True)
    found = there.info()
    assert not found["router"]["writable"]
    assert found["state"] is None
    assert set(there.typed()) == {"sys version", "exit"}


def test_an_empty_list_is_an_error(typist: Make) -> None:
    with pytest.raises(HardeningError, match="commands is an empty list"):
        typist().type()


@pytest.mark.parametrize(("profile", "dialect"), [("vigor2927", "Vigor2927"), ("vigor3912", "Vigor3912")])
def test_info_names_the_router_and_its_state_marker_follows_the_configuration(
    typist: Make, profile: str, dialect: str
) -> None:
    there = typist(profile, faults={"read_only": True})
    before = there.info("state")
    assert before["router"]["model"].startswith(dialect)
    assert (before["router"]["dialect"], before["router"]["firmware_major"]) == (dialect, 4)
    assert before["router"]["writable"]
    assert before["router"]["why_read_only"] == ""
    there.router.assert_clean()
    there.router.faults.update({"read_only": False})
    there.type(NAME, allow_writes=True)
    assert there.info("state")["state"]["mark"] != before["state"]["mark"]


def test_a_model_whose_limits_are_not_from_its_manual_says_so(typist: Make) -> None:
    router = typist("vigor2862").info("state")["router"]
    assert (router["writable"], router["limits_verified"]) == (True, False)


def test_the_pager_is_off_during_the_session_only_and_only_where_it_can_be(typist: Make) -> None:
    there = typist("vigor3912", faults={"page_lines": 5})
    assert there.type("ipf set -v").result["stdout_lines"][0]
    assert there.typed() == ["sys version", "sys mpage disable", "ipf set -v", "sys mpage enable", "exit"]
    assert there.router.device.paging
    plain = typist("vigor2927")
    plain.type("ipf set -v")
    assert plain.typed() == ["sys version", "ipf set -v", "exit"]


# --- with Ansible around it --------------------------------------------------------------------------------------


def play(there: Typist, folder: Path, tasks: list[dict[str, Any]], *arguments: str) -> PlaybookRun:
    variables = {
        "ansible_host": there.router.host,
        "ansible_port": there.router.port,
        "ansible_user": "admin",
        "ansible_password": PASSWORD,
    }
    inventory, book = folder / "hosts.yml", folder / "play.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {"router": variables}}}))
    book.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    return run_playbook(folder, ["-i", str(inventory), str(book), *arguments])


def test_as_tasks(typist: Make, tmp_path: Path) -> None:
    there = typist()
    known_hosts = str(there.known_hosts)
    tasks = [
        {
            "voipsec.hardening.draytek_info": {"known_hosts_file": known_hosts, "gather_subset": ["state"]},
            "register": "i",
        },
        {
            "voipsec.hardening.draytek_command": {
                "commands": ["sys version", NAME],
                "allow_writes": True,
                "save": True,
                "known_hosts_file": known_hosts,
            },
            "register": "c",
        },
        {
            "ansible.builtin.copy": {
                "content": "{{ [i.router.writable, c.changed, c.saved, c.stdout_lines | length] | to_json }}",
                "dest": str(tmp_path / "found.json"),
                "mode": "0644",
            },
            "delegate_to": "localhost",
            "vars": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        },
    ]
    done = play(there, tmp_path, tasks)
    assert done.returncode == 0, done.output
    assert json.loads((tmp_path / "found.json").read_text()) == [True, True, True, 2]
    refused = play(
        there,
        tmp_path,
        [{"voipsec.hardening.draytek_command": {"commands": ["sys reboot"], "known_hosts_file": known_hosts}}],
    )
    assert refused.returncode != 0
    assert "restarts the router at once" in refused.output
    assert there.router.counters.reboots == 0
