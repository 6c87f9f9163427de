# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated Yealink phone: what it fetches, what it makes of it, and how it behaves with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from lab.phones import certificates, cfg, models, signalling
from lab.phones.apply import USER_PASSWORD, Outcome, apply_files, login_names, overlay_local
from lab.phones.download import Aborted, Download
from lab.phones.report import MASK, FetchReport, shown
from lab.phones.signalling import Hosts, SipAccount, TrustSettings
from lab.phones.state import FACTORY_PASSWORDS, PhoneState
from lab.phones.state import load as load_state
from lab.phones.state import save as save_state
from lab.phones.table import STATIC_SINCE, KnownNames, is_static, placeholders
from lab.phones.transfer import Client, Resolver, TlsChecks
from lab.phones.values import password_problem, why_refused

_TRANSPORTS = {"0": "udp", "1": "tcp", "2": "tls", "3": "dns-naptr"}
# yealink.md 0.5 and 2.1: comments of the V7x era give 1 and 2 the other way round.
_SRTP = {"0": "off", "1": "optional", "2": "compulsory"}
_SRTP_V7X = {"0": "off", "1": "compulsory", "2": "optional"}
_MAY_REBOOT = ("network.", "security.", "auto_provision.")  # G14


class Phone:
    """A phone, at factory default unless `settings` (what an installer typed in) or a saved state say otherwise.

    Options where the reference leaves a choice:
    legacy_alias      ignore | accept: names without `static.` on V81 and later (G5)
    trust_action      drop | 403 | 404 | 488: the answer to an untrusted source (G1)
    trust_compare     ip | ip_port: what of the source is compared (G2)
    overwrite_resets  all | provisioned: what overwrite_mode=1 puts back to factory default when files leave it out
    """

    def __init__(
        self,
        mac: str,
        model: str,
        firmware: str,
        *,
        settings: Mapping[str, str | Sequence[str]] | None = None,
        built_in_cas: Sequence[Path | str] = (),
        custom_cas: Sequence[Path | str] = (),
        hosts: Hosts | None = None,
        legacy_alias: str = "ignore",
        trust_action: str = "drop",
        trust_compare: str = "ip",
        overwrite_resets: str = "all",
        timeout: float = 5.0,
    ) -> None:
        state = PhoneState(
            mac=normal_mac(mac),
            model=models.normal_model(model),
            firmware=firmware,
            legacy_alias=legacy_alias,
            trust_action=trust_action,
            trust_compare=trust_compare,
            overwrite_resets=overwrite_resets,
            built_in_cas=[_pem_text(file) for file in built_in_cas],
            custom_cas=[_pem_text(file) for file in custom_cas],
        )
        self._set_up(state, hosts, timeout)
        for name, value in (settings or {}).items():
            for item in [value] if isinstance(value, str) else value:
                self.set_locally(name, item)

    @classmethod
    def load(cls, directory: Path | str, mac: str, *, hosts: Hosts | None = None, timeout: float = 5.0) -> Phone:
        """A phone as another process left it."""
        phone = cls.__new__(cls)
        phone._set_up(load_state(directory, normal_mac(mac)), hosts, timeout)
        return phone

    def save(self, directory: Path | str) -> None:
        """Keep the phone in a directory, for the owner only."""
        save_state(self.state, directory)

    def _set_up(self, state: PhoneState, hosts: Hosts | None, timeout: float) -> None:
        if state.trust_action not in ("drop", "403", "404", "488") or state.trust_compare not in ("ip", "ip_port"):
            raise ValueError("trust_action is drop, 403, 404 or 488; trust_compare is ip or ip_port")
        if state.overwrite_resets not in ("all", "provisioned"):
            raise ValueError("overwrite_resets is all or provisioned")
        self.state = state
        self.hosts: Hosts = hosts or {}
        self.timeout = timeout
        self.generation = models.generation(state.firmware)
        self.names = KnownNames(self.generation, models.account_limit(state.model), state.legacy_alias)

    def __repr__(self) -> str:
        return f"Phone({self.mac}, {self.model}, {self.firmware})"

    @property
    def mac(self) -> str:
        """Twelve lower-case hexadecimal digits."""
        return self.state.mac

    @property
    def model(self) -> str:
        """The model without SIP-."""
        return self.state.model

    @property
    def firmware(self) -> str:
        """The firmware version."""
        return self.state.firmware

    @property
    def reboots(self) -> int:
        """How often the phone has rebooted."""
        return self.state.reboots

    # ---- settings

    def effective(self, name: str) -> str | None:
        """The value in force, secrets replaced; None if this firmware does not know the name.

        The value is blank where the phone has none or the reference does not say its default.
        """
        known = self.names.find(name)
        if known is None:
            return None
        if known.parameter.name in USER_PASSWORD:
            return MASK
        return shown(known.parameter, self._value(known.key, known.parameter.default))

    def secret(self, name: str) -> str | None:
        """Like effective(), with secrets in clear. For comparison in tests."""
        known = self.names.find(name)
        return None if known is None else self._value(known.key, known.parameter.default)

    def sip_password(self, account: int) -> str:
        """The SIP password of an account in clear. For comparison in tests."""
        return self.secret(f"account.{account}.password") or ""

    def set_locally(self, name: str, value: str) -> None:
        """Change a setting at the phone (web page or keys). ValueError if the phone would not take it."""
        known = self.names.find(name)
        if known is None:
            raise ValueError(f"{name} is unknown to {self.model} {self.firmware}")
        if known.parameter.name in USER_PASSWORD:
            user, _colon, password = value.partition(":")
            role = next((role for role, login in login_names(self.state.settings).items() if login == user), None)
            problem = password_problem(value) or (None if role else "no such user on this phone")
            if problem or role is None:
                raise ValueError(f"{name}: {problem}")
            self.state.passwords[role] = password
            return
        problem = why_refused(known.parameter, value) if value else None
        if problem:
            raise ValueError(f"{name}: {problem}")
        self.state.settings[known.key] = value
        # yealink.md 1.2: only non-static changes, and only those made while protect = 1, reach <mac>-local.cfg.
        if self._static("auto_provision.custom.protect") == "1" and not is_static(placeholders(known.key)[0]):
            self.state.local[known.key] = value

    def factory_reset(self) -> None:
        """Forget everything but the built-in certificates."""
        old = self.state
        names = ("legacy_alias", "trust_action", "trust_compare", "overwrite_resets")
        options = {name: getattr(old, name) for name in names}
        self.state = PhoneState(old.mac, old.model, old.firmware, built_in_cas=old.built_in_cas, **options)

    def _value(self, key: str, default: str) -> str:
        return self.state.settings.get(key, default)

    def _setting(self, name: str) -> str:
        return self.secret(name) or ""

    def _static(self, name: str) -> str:
        """The value of a setting that has the `static.` prefix since V81."""
        return self._setting(f"static.{name}" if self.generation >= STATIC_SINCE else name)

    # ---- provisioning

    @property
    def user_agent(self) -> str:
        """The User-Agent of its downloads."""
        with_mac = self.generation < STATIC_SINCE or self._static("auto_provision.user_agent_mac.enable") != "0"
        return models.user_agent(self.model, self.firmware, self.mac, with_mac)

    def sync(self, url: str | None = None, resolver: Resolver | None = None) -> FetchReport:
        """Fetch and apply the configuration once, from `url` or from the phone's own server address."""
        report = FetchReport(self.mac)
        base = url or self._static("auto_provision.server.url")
        if not base:
            report.aborted = "no server address"
            return report
        download = Download(self._client(base, resolver or {}), base, report)
        try:
            own_file = self._static("custom_mac_cfg.url")
            files, overwrite = download.files(self.mac, self.model, self.generation, own_file)
        except Aborted as abort:
            report.aborted = str(abort)
            return report
        if self._static("auto_provision.update_file_mode") == "1":  # yealink.md 1.6; decryption is not simulated
            report.refused += [(name, "", "not encrypted") for name, _body in files]
            files = []
        fingerprint = [[name, hashlib.md5(body, usedforsecurity=False).hexdigest()] for name, body in files]
        if not files:
            report.warnings.append("no configuration file on the server")
        elif fingerprint != self.state.fingerprint:
            # yealink.md 4.5: the MD5 of the cfg files counts, not that of the boot file. If one differs, all are
            # applied, so that the order between them holds.
            self._apply(files, overwrite, report)
            self.state.fingerprint = fingerprint
            self._fetch_certificates(download)
        self._upload_local(download)
        return report

    def tls_checks(self) -> TlsChecks:
        """What it asks of a server's certificate, provisioning and SIP alike (yealink.md 2.3)."""
        which = self._static("security.ca_cert")
        trusted = [*(self.state.built_in_cas if which != "1" else ()), *(self.state.custom_cas if which != "0" else ())]
        return TlsChecks(
            check_chain=self._static("security.trust_certificates") != "0",
            check_name=self._static("security.cn_validation") == "1",
            trusted=tuple(trusted),
            ssl_method=self._static("security.default_ssl_method"),
        )

    def _client(self, base: str, resolver: Resolver) -> Client:
        user = self._static("auto_provision.server.username")
        credentials = (user, self._static("auto_provision.server.password")) if user else None
        host = urlsplit(base).hostname or ""
        return Client(self.tls_checks(), self.user_agent, credentials, host, resolver, self.timeout)

    def _apply(self, files: list[tuple[str, bytes]], overwrite: bool, report: FetchReport) -> None:
        state = self.state
        resettable = None if state.overwrite_resets == "all" else state.provisioned
        outcome = apply_files(
            self.names, state.settings, state.passwords, files, overwrite=overwrite, resettable=resettable
        )
        prefix = "static." if self.generation >= STATIC_SINCE else ""
        if outcome.settings.get(f"{prefix}auto_provision.custom.protect") == "1":
            report.kept_local = overlay_local(outcome, state.local)
        else:
            state.local = {}  # <mac>-local.cfg exists only with protect = 1 (yealink.md 1.2)
        report.ignored, report.updated = outcome.ignored, True
        report.refused += outcome.refused
        self._compare(outcome, report)
        state.provisioned = sorted({*outcome.assigned, *(() if overwrite else state.provisioned)})
        state.settings, state.passwords = outcome.settings, outcome.passwords
        if report.rebooted:
            state.reboots += 1

    def _compare(self, outcome: Outcome, report: FetchReport) -> None:
        old, new = self.state.settings, outcome.settings
        reset = [key for key in old if key not in new and key not in outcome.assigned]
        for key in [*(key for key in outcome.assigned if not key.endswith("]")), *reset]:
            known = self.names.find(key)
            if known is None:
                continue
            parameter = known.parameter
            before, after = old.get(key, parameter.default), new.get(key, parameter.default)
            report.applied[key] = (shown(parameter, before), shown(parameter, after))
            if before == after:
                continue
            report.changed.append(key)
            if parameter.reboot:
                report.rebooted = True
            elif key.removeprefix("static.").startswith(_MAY_REBOOT):
                report.may_reboot.append(key)
        label = USER_PASSWORD[0] if self.generation >= STATIC_SINCE else USER_PASSWORD[1]
        for role in FACTORY_PASSWORDS:
            key, differs = f"{label}[{role}]", self.state.passwords[role] != outcome.passwords[role]
            if differs or key in outcome.assigned:
                report.applied[key] = (MASK, MASK)
            if differs:
                report.changed.append(key)

    def _fetch_certificates(self, download: Download) -> None:
        """Fetch what the files name, right after them (yealink.md 4.5). A failure ends nothing."""
        state = self.state
        if self._static("trusted_certificates.delete"):
            state.custom_cas = []
        if self._static("server_certificates.delete"):
            state.server_certificate = ""
        for name in ("trusted_certificates.url", "server_certificates.url"):
            target = self._static(name)
            if not target:
                continue
            try:
                body = download.get(urljoin(download.base, target))
                if body is None:
                    download.report.warnings.append(f"{name}: status 404")
                elif name.startswith("trusted"):
                    state.custom_cas = certificates.trust(state.custom_cas, body)
                else:
                    state.server_certificate = certificates.own(body)
            except (Aborted, certificates.NotTaken) as problem:
                download.report.warnings.append(f"{name}: {problem}")

    def local_file(self) -> str:
        """The phone's <mac>-local.cfg. Secrets are in clear (G6)."""
        return "\n".join([cfg.HEADER, *(f"{key} = {value}" for key, value in self.state.local.items()), ""])

    def _upload_local(self, download: Download) -> None:
        wanted = all(self._static(f"auto_provision.custom.{name}") == "1" for name in ("protect", "sync"))
        content = self.local_file()
        digest = hashlib.sha256(content.encode()).hexdigest()
        if not wanted or not self.state.local or digest == self.state.uploaded:
            return
        if self._static("auto_provision.custom.upload_method") not in ("", "0"):
            download.report.warnings.append("upload by another method than PUT is not simulated")
            return
        path = self._static("auto_provision.custom.sync.path")
        if download.put(path, f"{self.mac}-local.cfg", content.encode()):
            self.state.uploaded = digest

    # ---- behaviour

    def sip_accounts(self) -> list[SipAccount]:
        """The enabled accounts, without passwords."""
        indexes = range(1, self.names.accounts + 1)
        return [self._account(index) for index in indexes if self._setting(f"account.{index}.enable") == "1"]

    def _account(self, index: int) -> SipAccount:
        def get(name: str) -> str:
            return self._setting(f"account.{index}.{name}")

        peers = [(get(f"sip_server.{y}.address"), get(f"sip_server.{y}.port")) for y in (1, 2)]
        proxies = []
        if get("outbound_proxy_enable") == "1":
            proxies = [(get(f"outbound_proxy.{y}.address"), get(f"outbound_proxy.{y}.port")) for y in (1, 2)]
            proxies.append((get("outbound_host"), get("outbound_port")))  # before V81
        via = next(((host, port) for host, port in proxies if host), peers[0])
        transport = get("sip_server.1.transport_type") or get("transport")  # the latter before V80
        return SipAccount(
            index=index,
            user=get("user_name"),
            auth_name=get("auth_name"),
            server=peers[0][0],
            port=_port(peers[0][1]),
            transport=_TRANSPORTS.get(transport or "0", transport),
            srtp=(_SRTP if self.generation >= 80 else _SRTP_V7X).get(get("srtp_encryption"), "off"),
            peers=tuple((host, _port(port)) for host, port in (*peers, *proxies) if host),
            trust=get("sip_trust_ctrl") == "1",
            via=(via[0], _port(via[1])),
        )

    def _trust(self) -> TrustSettings:
        return TrustSettings(
            accounts=tuple(self.sip_accounts()),
            trust_all=self._setting("sip.trust_ctrl") == "1",
            direct_ip_call=self._setting("features.direct_ip_call_enable") != "0",
            action=self.state.trust_action,
            compare=self.state.trust_compare,
            hosts=self.hosts,
        )

    def answers_invite(self, source_ip: str, request_user: str, source_port: int | None = None) -> str:
        """ring, 404 or drop (or the trust_action chosen) for an INVITE to sip:request_user@phone."""
        return signalling.answer_invite(self._trust(), (source_ip, source_port), request_user)

    def on_notify(self, source_ip: str, event: str, source_port: int | None = None) -> str:
        """reboot, provision, ignored, drop, or action for an ACTION-URI that is carried out."""
        mode = self._setting("sip.notify_reboot_enable")
        return signalling.answer_notify(
            self._trust(), (source_ip, source_port), event, mode, self._action_uri_enabled()
        )

    def lets_in(self, source_ip: str, request_user: str, source_port: int | None = None) -> str:
        """answer, or drop (or the trust_action chosen), for any other request out of dialogs."""
        return signalling.answer_other(self._trust(), (source_ip, source_port), request_user)

    def listen_ports(self) -> dict[int, int]:
        """The SIP port of each account. A phone without accounts listens all the same, as account 1 would."""
        common = self._setting("sip.listen_port")
        indexes = [account.index for account in self.sip_accounts()] or [1]
        return {index: _port(self._setting(f"account.{index}.sip_listen_port") or common) for index in indexes}

    def provisions_at_start(self) -> bool:
        """power_on, or before V81 the mode that includes it (yealink.md 2.4)."""
        mode = self._setting("auto_provision.mode")
        if mode and self.generation < STATIC_SINCE:
            return mode in ("1", "6", "7")
        return self._static("auto_provision.power_on") != "0"

    def action_uri(self, source_ip: str) -> bool:
        """Whether an HTTP action URI from this address is let in. Web credentials are another matter: web_login."""
        allowed = signalling.allows_address(self._setting("features.action_uri_limit_ip"), source_ip)
        return self._action_uri_enabled() and bool(self.web_schemes()) and allowed

    def _action_uri_enabled(self) -> bool:
        return self._setting("features.action_uri.enable") != "0"

    def web_schemes(self) -> tuple[str, ...]:
        """How the web page is reached: some of http and https."""
        legacy = self._setting("network.web_server_type")  # 0 off, 1 both, 2 HTTP, 3 HTTPS
        if legacy:
            return {"1": ("http", "https"), "2": ("http",), "3": ("https",)}.get(legacy, ())
        return tuple(name for name in ("http", "https") if self._static(f"wui.{name}_enable") != "0")

    def web_ports(self) -> dict[str, int]:
        """Scheme -> port of the web page (yealink.md 2.2)."""
        usual = {"http": 80, "https": 443}
        set_to = {scheme: self._static(f"network.port.{scheme}") for scheme in usual}
        return {scheme: int(set_to[scheme] or usual[scheme]) for scheme in self.web_schemes()}

    def web_login(self, user: str, password: str) -> bool:
        """Whether the web page lets this user in. var exists only with var_enable = 1."""
        if not self.web_schemes():
            return False
        roles = ["admin", "user", *(["var"] if self._static("security.var_enable") == "1" else [])]
        names = login_names(self.state.settings)
        return any(names[role] == user and self.state.passwords[role] == password for role in roles)


def normal_mac(mac: str) -> str:
    """80:5E:C0:AA:BB:CC -> 805ec0aabbcc"""
    text = mac.lower().replace(":", "").replace("-", "")
    if len(text) != 12 or not all(digit in "0123456789abcdef" for digit in text):
        raise ValueError(f"{mac!r} is no MAC address")
    return text


def from_entry(entry: Mapping[str, Any], **options: Any) -> Phone:
    """A phone from an entry of the list that the command line takes."""
    entry = dict(entry)
    return Phone(entry.pop("mac"), entry.pop("model"), entry.pop("firmware"), **{**options, **entry})


def _pem_text(file: Path | str) -> str:
    return Path(file).read_text(encoding="ascii")


def _port(text: str) -> int:
    return int(text) if text.isdigit() else 5060
