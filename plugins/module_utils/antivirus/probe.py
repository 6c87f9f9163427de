# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of antivirus_probe: the harmless test file is put where malware would come, and must be found."""

from __future__ import annotations

import calendar
import contextlib
import glob
import json
import os
import pwd
import secrets
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.antivirus.engines import (
    EVENTS,
    LAST_SCAN,
    QUARANTINE,
    REPORT_UNIT,
    SCAN_UNIT,
    SETTINGS,
    Engine,
    command,
    engine_of,
    is_active,
    signatures_from,
    version_of,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)

ARGUMENT_SPEC: dict[str, Any] = {
    "directory": {"type": "path"},
    "trigger": {"type": "str", "choices": ["scan", "on_access", "nightly"], "default": "scan"},
    "opened_by": {"type": "str", "default": "nobody"},
    "within": {"type": "int", "default": 120},
    "max_signature_age": {"type": "float", "default": 2.0},
    "max_scan_age": {"type": "float"},
    "require_mail": {"type": "bool", "default": False},
}
HALVES = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*")
"""The test file of the anti-malware industry. In halves: a scanner must not take this file for it."""
PREFIX = "voipsec-probe-"
POLL = 0.2
DAY = 86400.0


@dataclass
class State:
    """What is known of the protection before anything is tried."""

    settings: Mapping[str, Any]
    engine: Engine
    version: str
    running: bool
    reporting: bool
    signatures: str | None
    age: float | None
    last_scan: Mapping[str, Any] | None
    problems: list[str] = field(default_factory=list)


def run(params: Params, context: RunContext) -> Outcome:
    """Look; outside check mode try. Every failure says which link of the chain is broken."""
    if not 1 <= params["within"] <= 86400:
        raise HardeningError(f"within: {params['within']} is not 1 to 86400 seconds.")
    if os.geteuid() != 0:
        raise HardeningError("Testing the protection of a host needs root: run the task with become: true.")
    state = look(params)
    result = report(state)
    if state.problems:
        raise HardeningError(" ".join(state.problems), **result)
    if context.check_mode:
        return Outcome(False, {**result, "proved": False, "lines": [*result["lines"], "not tried in check mode"]})
    directory = watched(params, state)
    proof = prove(params, directory, result)
    return Outcome(False, {**result, **proof, "proved": True, "lines": [*result["lines"], *told(proof)]})


def look(params: Params) -> State:
    """What the host says by itself."""
    settings = _json_file(SETTINGS)
    if settings is None:
        raise HardeningError(f"{SETTINGS} is not on this host: the role antivirus has not installed a scanner here.")
    engine = engine_of(settings["product"], settings["mode"])
    version = version_of(engine)
    found = signatures_from(engine)
    now = time.time()
    state = State(
        settings=settings,
        engine=engine,
        version=version,
        running=bool(version) and (engine.unit is None or is_active(engine.unit)),
        reporting=is_active(REPORT_UNIT),
        signatures=found[0] if found else None,
        age=round((now - found[1]) / DAY, 2) if found else None,
        last_scan=_json_file(LAST_SCAN),
    )
    state.problems += problems(state, params, now)
    return state


def problems(state: State, params: Params, now: float) -> list[str]:
    """What is wrong without trying, each as a sentence."""
    found = []
    if not state.running:
        what = f"{state.engine.unit} is not active" if state.version else f"'{state.engine.version[0]}' does not run"
        found.append(f"The engine {state.engine.name} is not running: {what}.")
    if not state.reporting:
        found.append(f"Finds would not be reported: {REPORT_UNIT} is not active.")
    limit = params["max_signature_age"]
    if state.age is None:
        found.append(f"{state.engine.name} has no signatures and finds nothing.")
    elif state.age > limit:
        found.append(f"The signatures are too old: {state.age:g} days, and max_signature_age is {limit:g}.")
    most = params["max_scan_age"]
    if most is not None:
        last = state.last_scan
        if last is None:
            found.append(f"There has been no nightly scan yet, and max_scan_age is {most:g} days.")
        elif last["status"] not in (0, 1):
            found.append(f"The last nightly scan, {last['time']}, did not finish: it ended with {last['status']}.")
        elif (age := (now - seconds_of(last["time"])) / DAY) > most:
            found.append(f"The last nightly scan is {age:.2f} days ago, and max_scan_age is {most:g}.")
    return found


def seconds_of(text: str) -> float:
    """A time of an event, in Unix seconds."""
    return float(calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")))


def report(state: State) -> dict[str, Any]:
    """The result so far."""
    age = "no signatures" if state.age is None else f"{state.signatures} signatures, {state.age:g} days old"
    lines = [f"{state.version or state.engine.name}: {'running' if state.running else 'not running'}, {age}"]
    last = state.last_scan
    unseen = f", {last['not_scanned']} not scanned" if last and last.get("not_scanned") else ""
    lines.append(
        f"last nightly scan {last['time']}: {last['found']} found{unseen}, status {last['status']}"
        if last
        else "no nightly scan yet"
    )
    return {
        "product": state.settings["product"],
        "mode": state.settings["mode"] if state.settings["product"] == "clamav" else "daemon",
        "version": state.version,
        "running": state.running,
        "signatures": state.signatures,
        "signature_age": state.age,
        "last_scan": dict(last) if last else {},
        "action": state.settings["action"],
        "lines": lines,
    }


def watched(params: Params, state: State) -> str:
    """Where the file is put. Raises HardeningError for a place where nothing is looked for."""
    on_access = params["trigger"] == "on_access"
    places = list(state.settings["on_access" if on_access else "scan_paths"])
    directory = params["directory"] or next((path for path in places if os.path.isdir(path)), None)
    name = "antivirus_on_access_paths" if on_access else "antivirus_scan_paths"
    if directory is None:
        raise HardeningError(f"directory: none of {name} ({', '.join(places) or 'it is empty'}) is a folder.")
    if not below(directory, places):
        raise HardeningError(f"directory: {directory} is not below {name} ({', '.join(places)}).")
    if below(directory, state.settings["excluded"]):
        raise HardeningError(f"directory: {directory} is excluded from scans.")
    if not os.path.isdir(directory) or os.path.realpath(directory) != os.path.normpath(directory):
        raise HardeningError(f"directory: {directory} is not a folder, or has a symbolic link in its path.")
    return os.path.normpath(directory)


def below(path: str, places: list[str]) -> bool:
    """Whether a path is one of the places, or in one."""
    path = os.path.normpath(path)
    normal = [os.path.normpath(place).rstrip("/") for place in places]
    return any(path == place or path.startswith(f"{place}/") for place in normal)


def prove(params: Params, directory: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Put the file there, wait for what must follow, clean up whatever happens."""
    clean_old(directory)
    path = os.path.join(directory, f"{PREFIX}{secrets.token_hex(8)}.txt")
    events = EventReader()
    began = time.monotonic()
    with test_file(path):
        try:
            trigger(params, path)
            found = wait_for(
                events, lambda event: event["event"] == "found" and event.get("file") == path, began, params["within"]
            )
            if found is None:
                raise HardeningError(not_found(path, params), **result)
            seconds = round(time.monotonic() - began, 2)
            proof = {
                "found_as": found["signature"],
                "seconds": seconds,
                "outcome": found["action"],
                "event": found,
                "mailed": False,
            }
            wanted = "quarantined" if result["action"] == "move" else "logged"
            there = os.path.lexists(path)
            if found["action"] != wanted or there != (wanted == "logged"):
                reason = found.get("reason", f"the file is {'still' if there else 'no longer'} there")
                raise HardeningError(f"The test file was found, but not {wanted}: {reason}.", **result, **proof)
            if params["require_mail"]:
                mail = wait_for(events, lambda event: found["id"] in event.get("about", ()), began, params["within"])
                if mail is None or mail.get("result") != "sent":
                    reason = "none was tried" if mail is None else f"it failed: {mail.get('reason')}"
                    text = f"The test file was found, but no mail left within {params['within']} seconds: {reason}."
                    raise HardeningError(text, **result, **proof)
                proof["mailed"] = True
            return proof
        finally:
            remove_quarantined(path)


def told(proof: Mapping[str, Any]) -> list[str]:
    """The proof in words."""
    mailed = ", mailed" if proof["mailed"] else ""
    return [f"the test file was found as {proof['found_as']} and {proof['outcome']} in {proof['seconds']:g} s{mailed}"]


def not_found(path: str, params: Params) -> str:
    """Found but not reported, or not found at all: two different repairs."""
    journal = command(["journalctl", "--quiet", "--output=cat", "--since=-1day", "SYSLOG_IDENTIFIER=voipsec-antivirus"])
    if any(line.startswith("FOUND ") and line.endswith(f"file={path}") for line in journal.stdout.splitlines()):
        return f"The test file was found, but no event followed in {EVENTS} within {params['within']} seconds."
    return f"The test file {path} was not found within {params['within']} seconds (trigger: {params['trigger']})."


@contextlib.contextmanager
def test_file(path: str) -> Iterator[None]:
    """There, and gone again."""
    content = "".join(HALVES).encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o644)
            file.write(content)
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def clean_old(directory: str) -> None:
    """What a probe that was killed has left: only files that are nothing but the test file."""
    for path in glob.glob(os.path.join(glob.escape(directory), f"{PREFIX}*.txt")):
        with contextlib.suppress(OSError):
            facts = os.lstat(path)
            if stat.S_ISREG(facts.st_mode) and facts.st_uid == 0 and facts.st_size == len("".join(HALVES)):
                os.unlink(path)


def remove_quarantined(path: str) -> None:
    """Our own file out of the quarantine, with the record beside it."""
    for beside in glob.glob(f"{QUARANTINE}/*.json"):
        origin = _json_file(beside)
        if origin and origin.get("file") == path:
            for name in (beside.removesuffix(".json"), beside):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name)


def trigger(params: Params, path: str) -> None:
    """What happens to malware: a scan, or someone opens the file."""
    kind = params["trigger"]
    if kind == "nightly":
        command(["systemctl", "start", "--no-block", f"{SCAN_UNIT}.service"])
    elif kind == "scan":
        instance = command(["systemd-escape", "--path", path]).stdout.strip()
        unit = f"{SCAN_UNIT}@{instance}.service"
        done = command(["systemctl", "start", unit], timeout=params["within"])
        status = command(["systemctl", "show", "--property=ExecMainStatus", "--value", unit]).stdout.strip()
        # A scan that finds something is a failed unit, which systemd would remember.
        command(["systemctl", "reset-failed", unit])
        if status not in ("0", "1"):
            raise HardeningError(f"The scan of the test file failed: {unit} ended with {status}. {done.stderr.strip()}")
    else:
        _open_as(params["opened_by"], path)


def _open_as(user: str, path: str) -> None:
    """Root is not watched, so another user opens it; whether that is refused does not matter here."""
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise HardeningError(f"opened_by: there is no user {user} on this host.") from None
    subprocess.run(
        ["cat", path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
    )


class EventReader:
    """The events from now on, across a change of the file."""

    def __init__(self) -> None:
        self._seen: list[dict[str, Any]] = []
        self._position = self._size()
        self._rest = b""

    def all(self) -> list[dict[str, Any]]:
        """Everything since the start."""
        if self._size() < self._position:
            self._position = 0
        with contextlib.suppress(FileNotFoundError), Path(EVENTS).open("rb") as file:
            file.seek(self._position)
            content = file.read()
            self._position += len(content)
            *lines, self._rest = (self._rest + content).split(b"\n")
            for line in lines:
                with contextlib.suppress(ValueError):
                    self._seen.append(json.loads(line))
        return self._seen

    @staticmethod
    def _size() -> int:
        try:
            return os.stat(EVENTS).st_size
        except FileNotFoundError:
            return 0


def wait_for(
    events: EventReader, wanted: Callable[[dict[str, Any]], bool], began: float, within: float
) -> dict[str, Any] | None:
    """The first such event, or None when the time is over."""
    while True:
        over = time.monotonic() - began >= within
        found = next((event for event in events.all() if wanted(event)), None)
        if found is not None or over:
            return found
        time.sleep(POLL)


def _json_file(path: str) -> dict[str, Any] | None:
    try:
        value = json.loads(Path(path).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return value if isinstance(value, dict) else None


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, on_target=True)
