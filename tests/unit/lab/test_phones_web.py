# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web page of a simulated phone that runs: who gets in, and whose action URI it obeys."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from lab.phones import Phone, SipPhone
from lab.pki import make_pki
from lab.provisioning_server import ProvisioningServer

LOGIN = "/api/auth/login?p=Login"
OPEN = {"features.action_uri_limit_ip": "127.0.0.*", "features.show_action_uri_option": "0"}


def running(settings: dict[str, str] | None = None, firmware: str = "108.86.0.118") -> SipPhone:
    return SipPhone(Phone("805ec0aabbcc", "T46U", firmware, settings=settings), web="free")


def ask(side: SipPhone, path: str, body: str | None = None, scheme: str = "http") -> tuple[int, Any]:
    """Status and JSON, whoever signed the certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    address = f"{scheme}://127.0.0.1:{side.web_ports[scheme]}{path}"
    try:
        with urllib.request.urlopen(address, body and body.encode(), timeout=5, context=context) as reply:
            text = reply.read()
            return reply.status, json.loads(text) if text else None
    except urllib.error.HTTPError as problem:
        return problem.code, None


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_factory_phone_lets_admin_in(scheme: str) -> None:
    with running() as side:
        assert ask(side, LOGIN, "username=admin&pwd=admin", scheme) == (200, {"ret": "ok"})
        wrong = ask(side, LOGIN, "username=admin&pwd=guess", scheme)[1]
        assert wrong["error"] == {"msg": "error_username_or_password_is_wrong"}
        assert ask(side, "/", scheme=scheme)[0] == 404


def test_three_failures_lock_it_for_ten_minutes() -> None:
    with running() as side:
        for _guess in range(3):
            ask(side, LOGIN, "username=admin&pwd=guess")
        locked = ask(side, LOGIN, "username=admin&pwd=admin")[1]
        assert (locked["ret"], locked["error"]["webStatus"]) == ("failed", "lock")
        now = side.pages.clock()
        side.pages.clock = lambda: now + 601
        assert ask(side, LOGIN, "username=admin&pwd=admin")[1] == {"ret": "ok"}


@pytest.mark.parametrize(
    ("settings", "firmware", "schemes"),
    [
        ({"static.wui.http_enable": "0"}, "108.86.0.118", {"https"}),
        ({"static.wui.http_enable": "0", "static.wui.https_enable": "0"}, "108.86.0.118", set()),
        ({"network.web_server_type": "2"}, "28.73.0.50", {"http"}),
        ({"network.web_server_type": "0"}, "28.73.0.50", set()),
    ],
)
def test_it_listens_where_its_settings_say(settings: dict[str, str], firmware: str, schemes: set[str]) -> None:
    with running(settings, firmware) as side:
        assert set(side.web_ports) == schemes


@pytest.mark.parametrize("path", ["/servlet", "/cgi-bin/ConfigManApp.com", "/cgi-bin/cgiServer.exx"])
def test_an_action_uri_from_an_allowed_address_is_obeyed(path: str) -> None:
    with running(OPEN) as side:
        assert ask(side, f"{path}?key=Reboot")[0] == 401
        login = "p=login&q=login&username=admin&pwd=admin&jumpto=URI"
        assert ask(side, f"{path}?{login}&key=Reboot")[0] == 200
        side.events.wait("rebooted")
        side.events.wait("web", count=2)
        assert ask(side, LOGIN, "username=admin&pwd=admin")[1] == {"ret": "ok"}


def test_an_action_uri_is_refused_from_elsewhere_and_asked_about_at_the_phone() -> None:
    request = "/servlet?username=admin&pwd=admin&key=Reboot"
    with running({**OPEN, "features.action_uri_limit_ip": "192.0.2.*"}) as side:
        assert ask(side, request)[0] == 403
    with running() as factory:
        assert ask(factory, request)[0] == 403
    with running({"features.action_uri_limit_ip": "any"}) as asking:
        assert ask(asking, request)[0] == 200
        asking.events.wait("prompted", keys="Reboot")
        assert asking.phone.reboots == 0


def test_it_shows_the_certificate_it_was_given(tmp_path: Path) -> None:
    pki = make_pki(tmp_path / "pki", names=("phone.example.net",))
    site = tmp_path / "www"
    site.mkdir()
    (site / "own.pem").write_text(pki.server.certificate.read_text() + pki.server.key.read_text())
    text = "#!version:1.0.0.1\nstatic.server_certificates.url = own.pem\nsip.notify_reboot_enable = 0\n"
    (site / "805ec0aabbcc.cfg").write_text(text)
    phone = Phone("805ec0aabbcc", "T46U", "108.86.0.118", built_in_cas=[pki.ca_file])
    with ProvisioningServer(site, pki) as server:
        url, resolver = server.url("phone.example.net"), {"phone.example.net": (server.address, server.port)}
        with SipPhone(phone, web="free", url=url, resolver=resolver) as side:
            assert _shown(side) != pki.server.certificate.read_text()
            side.power_cycle()
            side.events.wait("fetched", updated=True)
            side.events.wait("web", count=3)
            assert _shown(side) == pki.server.certificate.read_text()


def _shown(side: SipPhone) -> str:
    return ssl.get_server_certificate(("127.0.0.1", side.web_ports["https"]), timeout=5)
