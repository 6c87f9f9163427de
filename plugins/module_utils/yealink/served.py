# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of what a provisioning server really serves: each phone's files fetched as the phone does, and compared."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from ansible_collections.voipsec.hardening.plugins.module_utils.masking import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.store import load_for_devices
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.access import (
    METHODS,
    phone_password,
    phone_path,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.baseline import WantedPhone
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.config import (
    ACCOUNT_OPTIONS,
    credentials_of,
    revealed_extensions,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.finding import FORMAT, INSECURE, Finding, in_order
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.masked import (
    has_secret_folder,
    without_credentials,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_client import PhoneClient
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.phone_requests import (
    FOUND,
    Answer,
    Taken,
    requests,
    user_agent,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.served_compare import (
    ALL,
    ORDER,
    SECURITY,
    UNKNOWN,
    compare,
    expected,
    shown_settings,
    text_findings,
    worst,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.wanted import (
    Credentials,
    Findings,
    normal_mac,
    wanted_phones,
)

PHONE_OPTIONS: dict[str, Any] = {
    "mac": {"type": "str", "required": True},
    "model": {"type": "str", "required": True},
    "firmware": {"type": "str"},
    "url": {"type": "str", "no_log": True},
    "outside_lan": {"type": "bool", "default": False},
    "accounts": {"type": "list", "elements": "dict", "options": ACCOUNT_OPTIONS, "default": []},
    "provisioning": {
        "type": "dict",
        "options": {"url": {"type": "str", "required": True}, "username": {"type": "str"}},
    },
    "emergency_numbers": {"type": "list", "elements": "str", "default": ["999", "112", "18000"]},
    "settings": {"type": "dict", "default": {}},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "phones": {"type": "list", "elements": "dict", "required": True, "options": PHONE_OPTIONS},
    "policy": {"type": "str", "choices": [SECURITY, ALL], "default": SECURITY},
    "access": {"type": "str", "choices": list(METHODS), "default": "none"},
    "credentials_file": {"type": "path"},
    "action_uri_from": {"type": "list", "elements": "str", "default": []},
    "probe_without_credentials": {"type": "bool", "default": True},
    "http_ports": {"type": "list", "elements": "int", "default": [80]},
    "parallel": {"type": "int", "default": 8},
    "timeout": {"type": "int", "default": 10},
    "tls_ca_file": {"type": "path"},
    "tls_fingerprint": {"type": "str"},
    "tls_server_name": {"type": "str"},
    "credentials": {"type": "str", "no_log": True},
}
MUTUALLY_EXCLUSIVE = [("tls_ca_file", "tls_fingerprint")]
MOST_PARALLEL = 32
_STAND_IN = "placeholder.invalid"
"""Where a phone's accounts or address are not declared and not compared."""


def prepare(params: Params, context: RunContext) -> Params:
    """On the controller: everything secret becomes one text, ``credentials``."""
    path = params["credentials_file"]
    if params.get("credentials"):
        return params
    bundle: dict[str, Any] = {"source": path or ""}
    if path and (os.path.exists(path) or params["access"] != "none"):
        bundle.update(revealed_extensions(load_for_devices(path, context.cipher), params["phones"]))
    text = json.dumps(bundle)
    context.masker.add(*credentials_of(text).secrets())
    return {**params, "credentials": text}


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
    with ThreadPoolExecutor(max(1, min(params["parallel"], MOST_PARALLEL))) as pool:
        entries = list(pool.map(lambda job: _entry(job, trust, params), jobs))
    verdicts = [entry["verdict"] for entry in entries]
    result = {
        "phones": entries,
        "verdict": next((verdict for verdict in ORDER if verdict in verdicts), UNKNOWN),
        "not_enforced": [entry["mac"] for entry in entries if entry["verdict"] != ORDER[-1]],
    }
    return Outcome(changed=False, result=result)


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, prepare=prepare, mutually_exclusive=MUTUALLY_EXCLUSIVE)


@dataclass(frozen=True)
class _Job:
    """One phone: where it asks, and with what."""

    phone: WantedPhone
    firmware: str | None
    url: str
    user: str | None
    password: Secret | None
    folder: Secret | None
    """The part of the address that only the phone knows, if we made it."""
    open_url: str
    """The address without that part."""


def _jobs(params: Params, credentials: Credentials) -> list[_Job]:
    findings = Findings()
    declared = {}
    for phone in params["phones"]:
        if params["policy"] == ALL and not (phone["accounts"] and phone["provisioning"]):
            findings.error("policy all compares accounts and provisioning, which are not declared", phone["mac"])
        if not (phone["url"] or phone["provisioning"]):
            findings.error("neither url nor provisioning.url is declared, so there is nothing to fetch", phone["mac"])
        declared[normal_mac(phone["mac"])] = phone
    complete = [_completed(phone) for phone in params["phones"]]
    # Without the customer's credentials the policy security compares no password.
    stand_in = params["policy"] == SECURITY
    wanted = wanted_phones(complete, credentials, params["action_uri_from"], findings, placeholders=stand_in)
    findings.stop_on_errors()
    return [_job(phone, declared[phone.mac], params["access"], credentials) for phone in wanted]


def _completed(phone: Mapping[str, Any]) -> dict[str, Any]:
    account = {"number": "0", "server": _STAND_IN, "port": 5061, "transport": "tls", "srtp": "compulsory"}
    return {
        **phone,
        "accounts": phone["accounts"] or [account],
        "provisioning": phone["provisioning"] or {"url": f"https://{_STAND_IN}/", "username": None},
    }


def _job(phone: WantedPhone, declared: Mapping[str, Any], access: str, credentials: Credentials) -> _Job:
    given = declared["url"] or declared["provisioning"]["url"]
    url, user, password = _without_user(given)
    secret = credentials.provisioning_password
    if access != "none" and secret is None:
        raise HardeningError(
            f"access: {access} needs the site's provisioning password: name the credentials_file that holds it."
        )
    folder, open_url = None, url
    if access == "phone_password" and secret:
        user, password = phone.mac, Secret(phone_password(secret.reveal(), phone.mac))
    elif access == "shared" and secret:
        user = (declared["provisioning"] or {}).get("username")
        if not user:
            raise HardeningError("access: shared needs provisioning.username of every phone.")
        password = secret
    elif access == "phone_path" and secret:
        folder = Secret(phone_path(secret.reveal(), phone.mac))
        if folder.reveal() not in url:
            url = f"{url.rstrip('/')}/{folder.reveal()}/"
        open_url = url.replace(f"{folder.reveal()}/", "").replace(folder.reveal(), "")
    return _Job(phone, declared["firmware"], url, user, password, folder, open_url)


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
    agent = user_agent(phone.model, job.firmware, phone.mac)
    answers: list[Answer] = []
    with PhoneClient(trust, agent, credentials, float(params["timeout"])) as client:
        taken = _fetched(job, client, answers)
        probes = list(_probes(job, client, answers, params)) if params["probe_without_credentials"] else []
    controls, findings = compare(taken, expected(phone, params["policy"]))
    findings += [Finding(FORMAT, problem, more=(("file", url),)) for url, problem in taken.problems]
    findings += text_findings(taken, phone.generation)
    findings += probes
    if job.url.startswith("http:"):
        findings.append(Finding(INSECURE, "the phone's files travel in clear text", more=(("file", job.url),)))
    return {
        "mac": phone.mac,
        "model": phone.model.name,
        "generation": f"V{phone.generation}",
        "user_agent": agent,
        "requests": [{"url": _shown(answer.url, job), "status": answer.status} for answer in answers],
        "overwrite_mode": taken.overwrite,
        "settings": shown_settings(taken),
        "controls": [control.as_result() for control in controls],
        "verdict": worst(controls),
        "findings": [_told(finding, job) for finding in in_order(_once(findings))],
    }


def _fetched(job: _Job, client: PhoneClient, answers: list[Answer]) -> Taken:
    run_of_phone = requests(job.url, job.phone.mac, job.phone.model, job.phone.generation)
    url = next(run_of_phone)
    while True:
        answers.append(client.get(url))
        try:
            url = run_of_phone.send(answers[-1])
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


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
        yield _probe(url, "is served without credentials, under a name that anybody can guess from the phone's MAC")
    if job.folder:
        opened = url.replace(job.url, job.open_url, 1)
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
            yield _probe(plain, "is asked for a password over plain HTTP: a phone that is told so sends it in clear text")


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


def _told(finding: Finding, job: _Job) -> dict[str, Any]:
    result = finding.as_result()
    return {**result, "file": _shown(str(result.get("file", "")), job)}


def _shown(url: str, job: _Job) -> str:
    text = without_credentials(url)
    return text.replace(job.folder.reveal(), "********") if job.folder else text
