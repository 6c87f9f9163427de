# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of yealink_sync: phones are told to fetch their files, and are seen to do it."""

from __future__ import annotations

import json
import math
import os
import ssl
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.vault_file import load_for_devices
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.client import tell
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.digest import Credentials, user_problem
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.model import Answer, Peer, host_port
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.notify import CheckSync
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.probe import VERSION
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.sockets import LONGEST
from ansible_collections.voipsec.hardening.plugins.module_utils.sip.targets import (
    NAME,
    addresses_of,
    is_address,
    system_resolver,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.sync_log import LogReader
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.sync_plan import (
    Phone,
    Plan,
    Served,
    answer_entry,
    answered,
    check_times,
    entry,
    missing,
    names,
    plan,
    read_phones,
    with_reasons,
)

PHONE_OPTIONS: dict[str, Any] = {
    "number": {"type": "str", "required": True},
    "mac": {"type": "str"},
    "address": {"type": "str"},
    "port": {"type": "int", "default": 5060},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "phones": {"type": "list", "elements": "dict", "required": True, "options": PHONE_OPTIONS},
    "via": {"type": "str", "choices": ["pbx", "phone", "none"], "default": "pbx"},
    "pbx": {"type": "str"},
    "pbx_port": {"type": "int"},
    "transport": {"type": "str", "choices": ["udp", "tcp", "tls"], "default": "udp"},
    "domain": {"type": "str"},
    "server_name": {"type": "str"},
    "ca_file": {"type": "path"},
    "credentials_file": {"type": "path"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "reboot": {"type": "bool", "default": False},
    "only_stale": {"type": "bool", "default": True},
    "directory": {"type": "path"},
    "access_log": {"type": "path"},
    "wait": {"type": "int", "default": 120},
    "poll": {"type": "float", "default": 2.0},
    "timeout": {"type": "float", "default": 10.0},
    "at_once": {"type": "int", "default": 20},
    "stagger": {"type": "float", "default": 0.1},
    "require": {"type": "bool", "default": False},
    "credentials": {"type": "str", "no_log": True},
}
REQUIRED_IF = [("via", "pbx", ["pbx"]), ("via", "none", ["directory", "access_log"])]
LIMITS: dict[str, tuple[float, float, str]] = {
    "wait": (0, 86400, "seconds"),
    "poll": (0.05, 60, "seconds"),
    "timeout": (0.1, LONGEST, "seconds"),
    "at_once": (1, 100, "phones"),
    "stagger": (0, 60, "seconds"),
}
USER_AGENT = f"voipsec-check-sync/{VERSION}"


def prepare(params: Params, context: RunContext) -> Params:
    """On the controller: what the extensions need to prove who asks becomes one text, as in yealink_config."""
    path = params["credentials_file"]
    if params.get("credentials") or params["via"] != "pbx" or params["username"] or not path:
        return params
    if context.check_mode and not os.path.exists(path):
        return params
    book = load_for_devices(path, context.cipher)
    needed = {str(phone["number"]) for phone in params["phones"] if phone.get("mac")}
    bundle = {
        number: {"user": secrets.auth_id.reveal(), "password": secrets.sip_password.reveal()}
        for number, secrets in book.extensions.items()
        if number in needed
    }
    text = json.dumps(bundle)
    context.masker.add(*_secrets(_credentials(text)))
    return {**params, "credentials": text}


def run(params: Params, context: RunContext) -> Outcome:
    """Find out who is stale, tell them, watch them."""
    _check(params)
    own = _credentials(params.get("credentials"))
    context.masker.add(*_secrets(own), params["password"])
    phones, without_phone = read_phones(params["phones"], addressed=params["via"] == "phone")
    telephone = _Telephone(params, own) if params["via"] != "none" else None
    server = _Server(params["directory"], params["access_log"]) if params["directory"] else None
    served = server.look(phones, must_exist=not context.check_mode) if server else None
    chosen = plan(phones, served, only_stale=params["only_stale"], expect_files=context.check_mode)
    notes = _notes(params, chosen, served, without_phone)
    if context.check_mode:
        return _planned(chosen, served, notes, telling=telephone is not None)
    answers: dict[str, Answer] = {}
    since = dict(served.written) if served else {}
    if telephone:
        answers, told_at = telephone.tell_all(chosen.tell)
        if not params["only_stale"]:
            # Who was current is to fetch once more; the log's times have three digits.
            since = {mac: max(time_, told_at.get(mac, time_)) for mac, time_ in since.items()}
    result = _result(chosen, answers, notes)
    if server and served:
        watched = [phone for phone in chosen.tell if phone.mac in since]
        fetched = server.watch(watched, since, wait=float(params["wait"]), poll=float(params["poll"]))
        late = missing(watched, since, fetched)
        result["fetched"] = [phone.mac for phone in watched if phone not in late]
        result["not_fetched"] = [
            entry(phone, answers.get(phone.mac), served, asked=telephone is not None, waited=params["wait"])
            for phone in (*chosen.without_file, *late)
        ]
        if not server.log.found:
            notes.append(f"access_log: {server.log.path} does not exist: no download yet, or a wrong name")
    return _judged(Outcome(bool(result["told"]), result), answers, params, context)


@dataclass
class _Pace:
    """Lets one phone after the other begin, and never two within ``interval`` seconds."""

    interval: float
    next: float = 0.0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Until it is this one's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self.next)
            self.next = turn + self.interval
        time.sleep(turn - now)


class _Telephone:
    """Whom to call, and as whom. All names are resolved before the first packet leaves."""

    def __init__(self, params: Params, own: Mapping[str, Credentials]) -> None:
        self._params = params
        self._own = own
        self._direct = params["via"] == "phone"
        self._tls = _tls(params["ca_file"])
        self._pbx = None if self._direct else self._peer("pbx", params["pbx"], _pbx_port(params))

    def tell_all(self, phones: Sequence[Phone]) -> tuple[dict[str, Answer], dict[str, float]]:
        """The answers, and when each phone was told, by MAC address. A phone is told once."""
        peers = [self._pbx or self._peer(f"phones: address of {phone}", phone.address, phone.port) for phone in phones]
        pace = _Pace(float(self._params["stagger"]))
        told_at: dict[str, float] = {}

        def tell_one(phone: Phone, peer: Peer) -> Answer:
            pace.wait()
            told_at[phone.mac] = math.floor(time.time() * 1000) / 1000
            return self._tell(phone, peer)

        if not phones:
            return {}, {}
        with ThreadPoolExecutor(max_workers=min(len(phones), int(self._params["at_once"]))) as pool:
            found = list(pool.map(tell_one, phones, peers))
        answers = {phone.mac: answer for phone, answer in zip(phones, found, strict=True)}
        if self._pbx and all(answer.status is None and not answer.lost for answer in found):
            raise HardeningError(f"pbx: {self._where()} was not reached, so no phone was notified: {found[0].detail}.")
        return answers, told_at

    def _tell(self, phone: Phone, peer: Peer) -> Answer:
        domain = self._params["domain"] or (None if self._direct else self._params["pbx"])
        if domain is None:
            domain = host_port(peer.address, peer.port)
        elif is_address(domain) and ":" in domain:
            domain = f"[{domain}]"
        credentials, lacking = self._credentials(phone)
        return tell(
            peer,
            CheckSync(phone.number, domain, reboot=self._params["reboot"]),
            credentials,
            missing=lacking,
            user_agent=USER_AGENT,
            timeout=float(self._params["timeout"]),
            tls=self._tls,
        )

    def _credentials(self, phone: Phone) -> tuple[Credentials | None, str]:
        if self._params["username"]:
            return Credentials(self._params["username"], Secret(self._params["password"] or "")), ""
        if self._direct:
            # An extension's own are for its PBX: not everybody at a phone's address is the phone.
            return None, "it asks for credentials: set username and password"
        source = self._params["credentials_file"]
        where = f"{source} has no credentials of extension {phone.number}" if source else "set credentials_file"
        return self._own.get(phone.number), f"it asks for credentials: {where}"

    def _peer(self, variable: str, host: str, port: int) -> Peer:
        address = addresses_of(variable, host, system_resolver)[0]
        return Peer(address, port, self._params["transport"], self._params["server_name"] or host)

    def _where(self) -> str:
        return f"{self._params['pbx']} {self._params['transport']} {_pbx_port(self._params)}"


class _Server:
    """The provisioning server's files on this host."""

    def __init__(self, directory: str, access_log: str) -> None:
        self.directory = directory
        self.log = LogReader(access_log)

    def look(self, phones: Iterable[Phone], *, must_exist: bool) -> Served:
        """What is known now. Raises HardeningError."""
        if must_exist and not os.path.isdir(self.directory):
            raise HardeningError(f"directory: {self.directory} is not a directory of this host.")
        written = {phone.mac: time_ for phone in phones if (time_ := self._written(phone.mac)) is not None}
        served = Served(written, dict(self.log.look(must_exist=must_exist)))
        check_times(served, time.time())
        return served

    def watch(
        self, phones: Sequence[Phone], since: Mapping[str, float], *, wait: float, poll: float
    ) -> Mapping[str, float]:
        """Look again and again until all have fetched or the time is over."""
        end = time.monotonic() + wait
        while True:
            fetched = self.log.look()
            left = end - time.monotonic()
            if left <= 0 or not missing(phones, since, fetched):
                return fetched
            time.sleep(min(poll, left))

    def _written(self, mac: str) -> float | None:
        """When its files were last changed; None without <mac>.cfg. A boot file decides what the other one means."""
        times = []
        for name in (f"{mac}.cfg", f"{mac}.boot"):
            path = os.path.join(self.directory, name)
            try:
                times.append(os.stat(path).st_mtime)
            except FileNotFoundError:
                if name.endswith(".cfg"):
                    return None
            except OSError as error:
                raise HardeningError(
                    f"directory: {path} cannot be read: {error.strerror}. Run the task with become."
                ) from None
        return max(times)


def _check(params: Params) -> None:
    for option, (least, most, unit) in LIMITS.items():
        value = params[option]
        if not least <= value <= most:
            raise HardeningError(f"{option}: {value:g} is not valid; {least:g} to {most:g} {unit} are.")
    if bool(params["directory"]) != bool(params["access_log"]):
        raise HardeningError("directory and access_log belong together: declare both, or neither.")
    if params["require"] and not params["directory"]:
        raise HardeningError("require: needs directory and access_log, which show what phones download.")
    if params["password"] and not params["username"]:
        raise HardeningError("username: missing; password is set.")
    for option in ("domain", "server_name"):
        value = params[option]
        if value and not is_address(value) and not NAME.fullmatch(value):
            raise HardeningError(f"{option}: {value!r} is neither a name nor an IP address.")
    port = params["pbx_port"]
    if port is not None and not 1 <= port <= 65535:
        raise HardeningError(f"pbx_port: {port} is not a port; a number from 1 to 65535 is needed.")
    problem = params["username"] and user_problem(params["username"])
    if problem:
        raise HardeningError(f"username {problem}.")


def _pbx_port(params: Params) -> int:
    return int(params["pbx_port"] or (5061 if params["transport"] == "tls" else 5060))


def _tls(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:
        raise HardeningError(
            f"ca_file: {ca_file} cannot be used: {error}. A file of certificates in PEM form on this host is needed."
        ) from error


def _credentials(bundle: str | None) -> dict[str, Credentials]:
    found = {}
    for number, given in (json.loads(bundle) if bundle else {}).items():
        problem = user_problem(given["user"])
        if problem:
            raise HardeningError(f"credentials of extension {number}: auth_id {problem}.")
        found[number] = Credentials(given["user"], Secret(given["password"]))
    return found


def _secrets(credentials: Mapping[str, Credentials]) -> list[Secret]:
    return [secret for each in credentials.values() for secret in (Secret(each.user), each.password)]


def _notes(params: Params, chosen: Plan, served: Served | None, without_phone: Sequence[str]) -> list[str]:
    notes = []
    if without_phone:
        notes.append(f"no phone with a MAC address is declared for {', '.join(without_phone)}: left out")
    if served is None:
        notes.append("downloads were not checked: that needs directory and access_log of the server")
    elif params["via"] != "none":
        unseen = [phone for phone in chosen.tell if phone.mac not in served.fetched]
        if unseen:
            notes.append(
                f"{names(unseen)}: no download seen yet. A phone that still has the factory's "
                "sip.notify_reboot_enable=1 reboots on any notification"
            )
    return notes


def _planned(chosen: Plan, served: Served | None, notes: list[str], *, telling: bool) -> Outcome:
    result = _result(chosen, {}, notes)
    if telling:
        result["told"] = [phone.mac for phone in chosen.tell]
    if served:
        result["not_fetched"] = [
            entry(phone, None, served, asked=False, waited=0)
            for phone in chosen.tell
            if not served.is_current(phone.mac)
        ]
    return Outcome(bool(result["told"]), result)


def _result(chosen: Plan, answers: Mapping[str, Answer], notes: list[str]) -> dict[str, Any]:
    asked = [(phone, answers[phone.mac]) for phone in chosen.tell if phone.mac in answers]
    return {
        "told": [phone.mac for phone, answer in asked if answer.told],
        "answers": [answer_entry(phone, answer) for phone, answer in asked],
        "already_current": [phone.mac for phone in chosen.current],
        "fetched": [],
        "not_fetched": [],
        "notes": notes,
    }


def _judged(outcome: Outcome, answers: Mapping[str, Answer], params: Params, context: RunContext) -> Outcome:
    """What did not work, as a failure or as a warning."""
    result = outcome.result
    late = result["not_fetched"]
    if late:
        text = f"{len(late)} phones have not downloaded their current files: {with_reasons(late)}."
        if params["require"]:
            raise HardeningError(text, changed=outcome.changed, **result)
        context.warn(text)
    elif not params["directory"]:
        unanswered = [
            {**each, "detail": answered(answers[each["mac"]]) if each["status"] else each["detail"]}
            for each in result["answers"]
            if each["status"] is None or each["status"] >= 300
        ]
        if unanswered:
            context.warn(f"{len(unanswered)} phones did not confirm the notification: {with_reasons(unanswered)}.")
    return outcome


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, on_target=True, required_if=REQUIRED_IF)
