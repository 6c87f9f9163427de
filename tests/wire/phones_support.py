# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One customer's phones on the wire, attacked before and after the collection. Told once; the tests look at parts."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from lab.customer import CustomerSite
from lab.net.knocking import svmap
from lab.net.phone_site import PBX, PhoneNetwork, WirePhone
from lab.net.sipp import Account, Heard
from lab.net.topology import INTERNET, topology
from lab.net.web import Reply, Request, fetch_from
from lab.phones import Phone
from lab.playbook import run_playbook
from lab.sip_backend import registrar

CALLER = "211"
METHODS = ("OPTIONS", "INVITE")
BEFORE, AFTER = "before", "after"
# Number -> what it does with strangers once it trusts its PBX only (yealink.md 3: the reference leaves it open).
TRUST_ACTIONS = {"203": "drop", "204": "403", "205": "404", "206": "drop", "207": "488", "208": "drop"}
OLD, OUTSIDE = "206", "208"
# A phone whose file lacks the setting that all of this is about: the attack has to succeed there (the proof can fail).
UNPROTECTED = "202"
REBOOT, CHECK = "check-sync;reboot=true", "check-sync"


@dataclass(frozen=True)
class Attack:
    """What a stranger got out of one phone."""

    invite: Heard
    check_sync: Heard
    action: Heard
    uri: Reply
    logins: Mapping[str, str]
    """By scheme and user, with the password from the factory: in, refused, or closed."""
    found: Mapping[str, bool]
    """Whether SIPVicious finds it, by method."""
    obeyed: bool
    """The phone did what the ACTION-URI said."""
    port: int
    rang: int
    rebooted: int
    """As the phone itself says."""
    arrived: frozenset[str]
    """The methods of the stranger's requests that the phone has seen: silence is not a broken network."""

    def __str__(self) -> str:
        web = "/".join(sorted(set(self.logins.values())))
        return (
            f"port {self.port}: INVITE {self.invite}, check-sync {self.check_sync}, ACTION-URI {self.action}, "
            f"/servlet {self.uri.status}, factory login {web}, sipvicious {sum(self.found.values())}/2, "
            f"rang {self.rang}, rebooted {self.rebooted}"
        )


@dataclass(frozen=True)
class Through:
    """What a user of the PBX got out of one phone."""

    call: Heard
    check_sync: Heard
    rang: int
    fetched: int
    rebooted: int

    def __str__(self) -> str:
        counts = f"rang {self.rang}, fetched {self.fetched}, rebooted {self.rebooted}"
        return f"INVITE {self.call}, check-sync {self.check_sync}, {counts}"


@dataclass(frozen=True)
class PhoneStory:
    """Rounds by name, then by the phone's number."""

    network: PhoneNetwork
    rounds: dict[str, dict[str, Attack]]
    through: dict[str, Through]
    caller: Account
    passwords: Mapping[str, str] = field(repr=False)
    """By number: the admin password of the vault."""

    def phone(self, number: str) -> WirePhone:
        """The one with this number."""
        return next(wired for wired in self.network.phones if wired.number == number)

    def table(self) -> list[str]:
        """For people."""
        lines = []
        for wired in self.network.phones:
            lines.append(f"{wired.number} {wired.phone.model} {wired.phone.firmware}")
            lines += [f"  {name}: {attacks[wired.number]}" for name, attacks in self.rounds.items()]
            lines.append(f"  through the PBX: {self.through[wired.number]}")
        return lines


@contextlib.contextmanager
def tell(folder: Path) -> Iterator[PhoneStory]:
    """Attack, write the phones' files with the collection's roles, let the phones fetch, attack again."""
    site = CustomerSite(folder / "customer")
    make_one_old(site)
    with site:
        if site.provisioning is None:
            raise RuntimeError("the site is not up")
        pki = site.provisioning.pki
        phones = [fit(site, number, pki.ca_file) for number in (UNPROTECTED, *TRUST_ACTIONS)]
        plan = topology(site.declared)
        names = site.declared["pbx"]["server_name"], site.declared["provisioning"]["url"]
        with PhoneNetwork(plan, folder / "network", phones, *names) as network:
            network.serve_files(site.served, site.folder / "pki")
            network.start_phones()
            rounds = {BEFORE: attack(network)}
            harden(site)
            protected_no_more(site, phones[0])
            secrets = read_vault(site)
            users = [
                Account(number, names[0], each["auth_id"], each["sip_password"]) for number, each in secrets.items()
            ]
            start_pbx(network, folder / "pbx", users, pki.authority)
            first_fetch(network)
            rounds[AFTER] = attack(network)
            caller = next(user for user in users if user.number == CALLER)
            through = use_pbx(network, caller)
            passwords = {number: each["phone_admin_password"] for number, each in secrets.items()}
            yield PhoneStory(network, rounds, through, caller, passwords)


def make_one_old(site: CustomerSite) -> None:
    """One of the customer's phones is of V73."""
    path = site.inventory / "group_vars" / "all" / "people.yml"
    people = yaml.safe_load(path.read_text())
    entry = next(each for each in people["extensions"] if each["number"] == OLD)
    entry["phone"].update(model="T46G", firmware="28.73.0.50")
    path.write_text(yaml.safe_dump(people))
    site.declared["extensions"] = people["extensions"]


def fit(site: CustomerSite, number: str, authority: Path) -> WirePhone:
    """A phone as an old installation has it: factory passwords, no account yet, and what 3CX's template of the time
    says about action URIs (yealink.md 5.1)."""
    entry = next(each["phone"] for each in site.declared["extensions"] if each["number"] == number)
    firmware = entry["firmware"]
    modern = int(firmware.split(".")[1]) >= 81
    settings = {
        f"{'static.' if modern else ''}auto_provision.server.url": site.declared["provisioning"]["url"],
        "features.action_uri_limit_ip": "any",
    }
    if modern:
        settings["features.show_action_uri_option"] = "0"
    outside = number == OUTSIDE
    if outside:
        settings["sip.listen_port"] = "5072"  # what providers advise (yealink.md 2.1)
    phone = Phone(
        entry["mac"],
        entry["model"],
        firmware,
        settings=settings,
        built_in_cas=[authority],
        trust_action=TRUST_ACTIONS.get(number, "drop"),
    )
    office = next(iter(site.declared["remote_sites"]))["address"].partition("/")[0]
    return WirePhone(phone, number, office if outside else f"192.168.10.{100 + int(number[-2:])}", outside)


def harden(site: CustomerSite) -> None:
    """What the customer's installer runs, for the phones alone."""
    play = site.folder / "phones.yml"
    roles = ["voipsec.hardening.credentials", "voipsec.hardening.yealink"]
    play.write_text(yaml.safe_dump([{"hosts": "provisioning", "gather_facts": False, "roles": roles}]))
    run = run_playbook(site.folder, [*site.arguments(), str(play)])
    assert run.returncode == 0, run.output


def protected_no_more(site: CustomerSite, wired: WirePhone) -> None:
    """Take the setting out of one phone's file."""
    file = site.provisioning_directory / f"{wired.phone.mac}.cfg"
    file.write_text(file.read_text().replace("sip.trust_ctrl = 1\n", ""))


def read_vault(site: CustomerSite) -> dict[str, dict[str, Any]]:
    """Every extension's credentials."""
    key = VaultSecret(site.vault_password_file.read_bytes().strip())
    text = VaultLib(secrets=[("default", key)]).decrypt(site.credentials_file.read_bytes())
    return {number: entry["current"] for number, entry in json.loads(text)["extensions"].items()}


def start_pbx(network: PhoneNetwork, folder: Path, users: Iterable[Account], authority: Any) -> None:
    """With the same credentials."""
    known = [registrar.User(user.number, user.auth_id, user.password) for user in users]
    pbx = registrar.Registrar(network.pbx_name, known, authority)
    registrar.start(network.spaces, PBX, folder, network.plan.pbx, pbx)


def first_fetch(network: PhoneNetwork) -> None:
    """The PBX has every phone fetch its file; they register with what they find in it."""

    def tell_one(wired: WirePhone) -> None:
        mark = wired.mark()
        heard = network.pbx.notify(wired.door, wired.number, REBOOT)
        assert heard.statuses == (200,), f"{wired.number} {heard}"
        assert wired.wait(mark, "fetched", updated=True)["aborted"] is None
        # Some of the new settings restart the phone, and each start fetches once more.
        wired.wait(mark, "registered", user=wired.number)

    _at_once(tell_one, network.phones)


def attack(network: PhoneNetwork) -> dict[str, Attack]:
    """Everything a stranger tries, at every phone at once, from where no phone has ever been."""
    found = scan(network)

    def one(wired: WirePhone) -> Attack:
        mark, door, stranger = wired.mark(), wired.door, network.stranger
        before = wired.reboots
        invite = stranger.ghost_call(door, wired.number)
        web = try_web(network, wired)
        rang = len(wired.since(mark, "rang"))
        check_sync = stranger.notify(door, wired.number, REBOOT)
        if check_sync.statuses == (200,):
            wired.wait(mark, "fetched")
        action = stranger.notify(door, wired.number, "ACTION-URI", "key=Reboot")
        obeyed = wired.since(mark, "action", keys="Reboot")
        if obeyed:
            wired.wait(mark, "rebooted", reboots=before + 2)
        return Attack(
            invite,
            check_sync,
            action,
            web[0],
            web[1],
            {method: f"{door[0]}:{door[1]}" in seen for method, seen in found.items()},
            bool(obeyed),
            door[1],
            rang,
            len(wired.since(mark, "rebooted")),
            frozenset(each["method"] for kind in ("dropped", "answered") for each in wired.since(mark, kind)),
        )

    return dict(zip((wired.number for wired in network.phones), _at_once(one, network.phones), strict=True))


def scan(network: PhoneNetwork) -> dict[str, set[str]]:
    """What SIPVicious finds, by method. Ports are those of now: whoever scans long enough finds every port."""
    ports: dict[int, list[str]] = {}
    for wired in network.phones:
        ports.setdefault(wired.port, []).append(wired.address)
    runs = [(method, port) for method in METHODS for port in ports]

    def one(number: int) -> list[str]:
        method, port = runs[number]
        first, *others = ports[port]
        return svmap(network.spaces, INTERNET, first, port, 6000 + number, method, others)

    with ThreadPoolExecutor(max_workers=len(runs)) as pool:
        results = list(pool.map(one, range(len(runs))))
    found: dict[str, set[str]] = {method: set() for method in METHODS}
    for (method, _port), result in zip(runs, results, strict=True):
        found[method].update(result)
    return found


def try_web(network: PhoneNetwork, wired: WirePhone) -> tuple[Reply, dict[str, str]]:
    """The factory's passwords over HTTP and HTTPS, and an action URI that a person would notice: a key pressed."""
    logins = {
        f"{scheme} {user}": Request(f"{scheme}://{wired.address}/api/auth/login?p=Login", f"username={user}&pwd={user}")
        for scheme in ("http", "https")
        for user in ("admin", "user")
    }
    uri = Request(f"https://{wired.address}/servlet?username=admin&pwd=admin&key=OK")
    replies = fetch_from(network.spaces, INTERNET, [uri, *logins.values()])
    return replies[0], dict(zip(logins, map(login_result, replies[1:]), strict=True))


def login_result(reply: Reply) -> str:
    """In, refused, or closed: nobody listens there."""
    if not reply.status:
        return "closed"
    return "in" if json.loads(reply.body)["ret"] == "ok" else "refused"


def use_pbx(network: PhoneNetwork, caller: Account) -> dict[str, Through]:
    """A user of the PBX calls each phone and has the PBX relay a check-sync to it."""
    pbx = (network.plan.pbx, 5060)
    assert network.caller.register(pbx, caller).statuses == (200,)

    def one(wired: WirePhone) -> Through:
        mark = wired.mark()
        call = network.caller.pbx_call(pbx, caller, wired.number)
        check_sync = network.caller.pbx_notify(pbx, caller, wired.number, CHECK)
        if check_sync.statuses == (200,):
            wired.wait(mark, "fetched")
        counts = {kind: len(wired.since(mark, kind)) for kind in ("rang", "fetched", "rebooted")}
        return Through(call, check_sync, **counts)

    return dict(zip((wired.number for wired in network.phones), _at_once(one, network.phones), strict=True))


def _at_once(action: Callable[[WirePhone], Any], phones: Iterable[WirePhone]) -> list[Any]:
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(action, phones))
