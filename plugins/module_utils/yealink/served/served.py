# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of what a provisioning server really serves: each phone's files fetched as the phone does, and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    Core,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.https_session import Trust, normal_fingerprint
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import folder_of_phone
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.audit_finding import (
    FORMAT,
    INSECURE,
    Finding,
    in_order,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import CERTIFICATES, baseline
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import Setting
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import credentials_of
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import prepare as prepare_files
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.input_problems import InputProblems
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.own_settings import checked, merged
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_spec import PHONE_OPTIONS
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.redact import (
    has_secret_folder,
    without_credentials,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served.phone_client import PhoneClient
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served.phone_requests import (
    FOUND,
    Answer,
    Taken,
    requests,
    user_agent,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served.served_compare import (
    ALL,
    ORDER,
    SECURITY,
    UNKNOWN,
    compare,
    expected,
    safe_settings,
    text_findings,
    worst,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.sync.access_log import AUDIT_MARK
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import (
    Credentials,
    normal_mac,
    wanted_phones,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted_phone import WantedPhone

ARGUMENT_SPEC: dict[str, Any] = {
    "phones": {"type": "list", "elements": "dict", "required": True, "options": PHONE_OPTIONS},
    "urls": {"type": "dict", "no_log": True},
    "policy": {"type": "str", "choices": [SECURITY, ALL], "default": SECURITY},
    "credentials_file": {"type": "path"},
    "certificates": {"type": "bool", "default": True},
    "settings": {"type": "dict", "default": {}},
    "action_uri_from": {"type": "list", "elements": "str", "default": []},
    "probe_without_credentials": {"type": "bool", "default": True},
    "outside_folder_probes": {"type": "int", "default": 1},
    "http_ports": {"type": "list", "elements": "int", "default": [80]},
    "parallel": {"type": "int", "default": 8},
    "timeout": {"type": "int", "default": 30},
    "tls_ca_file": {"type": "path"},
    "tls_fingerprint": {"type": "str"},
    "tls_server_name": {"type": "str"},
    "credentials": {"type": "str", "no_log": True},
}
MUTUALLY_EXCLUSIVE = [("tls_ca_file", "tls_fingerprint")]
MAX_PARALLEL = 32
NO_CERTIFICATES = f"{CERTIFICATES}: not compared, because certificates is false"
STAND_IN = {"url": "https://the.pbx/", "access": "none"}
"""For a phone whose address is given: the policy security compares nothing of it."""


def prepare(params: Params, context: RunContext) -> Params:
    """On the controller: everything secret becomes one text, ``credentials``, as for yealink_config.

    Without credentials the policy security can be compared all the same, since it holds no secret.
    """
    state = "rendered" if params["policy"] == SECURITY else "replaced"
    prepared = prepare_files({**params, "state": state, "secret_settings": None}, context)
    return {**params, "credentials": prepared["credentials"]}


def run(params: Params, context: RunContext) -> Outcome:
    """All phones, several at a time. Nothing is written anywhere, so check mode is no different."""
    credentials = credentials_of(params.get("credentials"))
    context.masker.add(*credentials.secrets())
    jobs = _jobs(params, credentials)
    for job in jobs:
        context.masker.add(job.password, job.folder)
    trust = Trust(
        params["tls_ca_file"],
        normal_fingerprint(params["tls_fingerprint"]) if params["tls_fingerprint"] else None,
        params["tls_server_name"],
    )
    with ThreadPoolExecutor(max(1, min(params["parallel"], MAX_PARALLEL))) as pool:
        entries = list(pool.map(lambda job: _entry(job, trust, params), jobs))
    verdicts = [entry["verdict"] for entry in entries]
    result = {
        "phones": entries,
        "verdict": next((verdict for verdict in ORDER if verdict in verdicts), UNKNOWN),
        "not_enforced": [entry["mac"] for entry in entries if entry["verdict"] != ORDER[-1]],
        "notes": [] if params["certificates"] else [NO_CERTIFICATES],
    }
    return Outcome(changed=False, result=result)


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, mutually_exclusive=MUTUALLY_EXCLUSIVE)


@dataclass(frozen=True)
class _Job:
    """One phone: where it asks, with what, and what it should get."""

    phone: WantedPhone
    version: str | None
    """Of its firmware, as declared."""
    settings: tuple[Setting, ...]
    url: str
    user: str | None
    password: Secret | None
    folder: Secret | None
    """The part of the address that only the phone knows, if it is of our making."""
    asks_outside: bool = False
    """Whether its file is also asked for outside that folder."""


def _jobs(params: Params, credentials: Credentials) -> list[_Job]:
    problems = InputProblems()
    # How a phone proves itself to a switch is no setting that is compared here, and its password is not at hand.
    declared = {normal_mac(phone["mac"]): {**phone, "dot1x": None} for phone in params["phones"]}
    urls = {normal_mac(str(mac)): str(url) for mac, url in (params["urls"] or {}).items()}
    unknown = [str(mac) for mac in params["urls"] or {} if normal_mac(str(mac)) not in declared]
    if unknown:
        problems.error(f"urls: {unknown[0]} is not one of the phones")
    # The policy security compares no secret.
    stand_in = params["policy"] == SECURITY
    phones = []
    for phone in params["phones"]:
        given = normal_mac(phone["mac"]) in urls
        if not given and not phone["provisioning"]["url"]:
            problems.error(f"urls: the address of {phone['mac']} is missing, and no provisioning.url is declared")
        phones.append({**phone, "dot1x": None, **({"provisioning": STAND_IN} if given and stand_in else {})})
    problems.stop_on_errors()
    wanted = wanted_phones(phones, credentials, params["action_uri_from"], problems, placeholders=stand_in)
    jobs = []
    for each in wanted:
        # Whoever gets a PBX's block has found the PBX (template_block.py).
        phone = replace(each, enrolled=True) if stand_in else each
        own = checked(phone, params["settings"] or {}, declared[phone.mac]["settings"] or {}, {}, problems)
        settings = merged(baseline(phone), list(own), phone, problems)
        jobs.append((phone, settings))
    problems.stop_on_errors()
    made = [_job(phone, settings, declared[phone.mac], urls.get(phone.mac), credentials) for phone, settings in jobs]
    return _some_ask_outside(made, params["outside_folder_probes"])


def _some_ask_outside(jobs: list[_Job], most: int) -> list[_Job]:
    """The first of each server: to our own each such request is a guess, and a few of them shut out who asks."""
    seen: Counter[str] = Counter()
    chosen = []
    for job in jobs:
        server = urlsplit(job.url).netloc
        seen[server] += bool(job.folder)
        chosen.append(replace(job, asks_outside=bool(job.folder) and seen[server] <= most))
    return chosen


def _job(
    phone: WantedPhone,
    settings: tuple[Setting, ...],
    declared: Mapping[str, Any],
    given: str | None,
    credentials: Credentials,
) -> _Job:
    if given:
        url, user, password = _without_user(given)
        return _Job(phone, declared["firmware"], settings, url, user, password, None)
    own = phone.provisioning
    if credentials.provisioning_password is None and declared["provisioning"].get("access") not in (None, "none"):
        raise HardeningError(
            "provisioning.access needs the site's provisioning password: name the credentials_file that holds it, or "
            "give the phone's address in urls."
        )
    folder = folder_of_phone(own.url)
    return _Job(phone, declared["firmware"], settings, own.url, own.username, own.password, folder)


def _without_user(url: str) -> tuple[str, str | None, Secret | None]:
    """A phone sends what stands before the @ as Basic credentials (yealink.md 4.5)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.scheme not in ("http", "https"):
        raise HardeningError("a phone's url is not an address that begins with https:// or http://.")
    if not parts.username:
        return url, None, None
    netloc = f"[{host}]" if ":" in host else host
    plain = urlunsplit((parts.scheme, f"{netloc}:{port}" if port else netloc, parts.path, parts.query, ""))
    return plain, parts.username, Secret(parts.password or "")


def _entry(job: _Job, trust: Trust, params: Params) -> dict[str, Any]:
    phone = job.phone
    credentials = (job.user, job.password) if job.user and job.password else None
    # The phone's own stands first, so a server that answers by it answers as it would.
    agent = f"{user_agent(phone.model, job.version, phone.mac)} {AUDIT_MARK}"
    answers: list[Answer] = []
    with PhoneClient(trust, agent, credentials, float(params["timeout"])) as client:
        taken = _fetched(job, client, answers)
        probes = list(_probes(job, client, answers, params)) if params["probe_without_credentials"] else []
    wanted = expected(job.settings, phone, params["policy"], certificates=params["certificates"])
    controls, findings = compare(taken, wanted)
    findings += [Finding(FORMAT, problem, more=(("file", url),)) for url, problem in taken.problems]
    findings += text_findings(taken, phone.firmware)
    findings += probes
    if job.url.startswith("http:"):
        findings.append(Finding(INSECURE, "the phone's files travel in clear text", more=(("file", job.url),)))
    return {
        "mac": phone.mac,
        "model": phone.model.name,
        "firmware": f"V{phone.firmware}",
        "user_agent": agent,
        "requests": [{"url": _redacted_url(answer.url, job), "status": answer.status} for answer in answers],
        "overwrite_mode": taken.overwrite,
        "settings": safe_settings(taken),
        "controls": [control.as_result() for control in controls],
        "verdict": worst(controls),
        "findings": [_as_result(finding, job) for finding in in_order(_once(findings))],
    }


def _fetched(job: _Job, client: PhoneClient, answers: list[Answer]) -> Taken:
    run_of_phone = requests(job.url, job.phone.mac, job.phone.model, job.phone.firmware)
    url = next(run_of_phone)
    while True:
        answers.append(client.get(url))
        try:
            url = run_of_phone.send(answers[-1])
        except StopIteration as end:
            return end.value


def _probes(job: _Job, client: PhoneClient, answers: list[Answer], params: Params) -> Iterator[Finding]:
    """Whether somebody who only knows a MAC address gets the same (yealink.md 6): without credentials, without the
    folder, over plain HTTP."""
    served = [answer.url for answer in answers if answer.status == FOUND]
    if not served:
        return
    url = next((url for url in reversed(served) if url.endswith(".cfg")), served[-1])
    guessable = not has_secret_folder(url)
    plain_url = url.startswith("http:")
    if job.user and not plain_url:
        if client.get(url, with_credentials=False).status == FOUND:
            yield _probe(url, "is served without a user and a password too")
    elif guessable:
        yield _probe(url, "is served without credentials, under a name that anyone can guess from the phone's MAC")
    if job.folder and job.asks_outside:
        opened = url.replace(f"{job.folder.reveal()}/", "", 1)
        if client.get(opened, with_credentials=False).status == FOUND:
            yield _probe(opened, "is served outside the phone's own folder too")
    if plain_url:
        return
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    for port in params["http_ports"]:
        plain = urlunsplit(("http", f"{host}:{port}", parts.path, parts.query, ""))
        status = client.get(plain, with_credentials=False).status
        if status == FOUND:
            yield _probe(plain, "is served over plain HTTP too, without credentials")
        elif status == 401:
            yield _probe(
                plain, "is answered over plain HTTP with a request for a password, which would travel in clear text"
            )


def _probe(url: str, problem: str) -> Finding:
    return Finding(INSECURE, problem, more=(("file", url),))


def _once(findings: list[Finding]) -> list[Finding]:
    """What a control says of a line is not said again."""
    seen: set[tuple[str, str, int | None]] = set()
    kept = []
    for finding in findings:
        key = (finding.kind, finding.parameter, finding.line)
        if not finding.parameter or key not in seen:
            kept.append(finding)
        seen.add(key)
    return kept


def _as_result(finding: Finding, job: _Job) -> dict[str, Any]:
    result = finding.as_result()
    return {**result, "file": _redacted_url(str(result.get("file", "")), job)}


def _redacted_url(url: str, job: _Job) -> str:
    text = without_credentials(url)
    return text.replace(job.folder.reveal(), "********") if job.folder else text
