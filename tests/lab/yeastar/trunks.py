# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""trunk/* (yeastar.md a.5). Passwords of trunks are shown in clear, as documented."""

from __future__ import annotations

from typing import ClassVar

from lab.yeastar.fields import Field, list_of, one_of, switch, text, whole
from lab.yeastar.site import Row, Site
from lab.yeastar.table import Table


class Trunks(Table):
    """Creating one is not simulated."""

    family = "trunk"
    kind = "trunks"
    fields: ClassVar = {
        "name": Field(text(1, 63), required=True),
        "enable": Field(switch),
        "country": Field(text()),
        "itsp": Field(text()),
        "type": Field(one_of("register", "peer", "account")),
        "transport": Field(one_of("udp", "tcp", "tls")),
        "hostname": Field(text(1)),
        "port": Field(whole(1, 65535)),
        "domain": Field(text()),
        "username": Field(text()),
        "password": Field(text()),
        "auth_name": Field(text()),
        "enb_outbound_proxy": Field(switch),
        "outbound_proxy_server": Field(text()),
        "outbound_proxy_port": Field(whole(0, 65535)),
        "codec_sel": Field(text()),
        "def_outbound_cid": Field(text()),
        "def_outbound_cid_name": Field(text()),
        "outbound_cid_list": Field(list_of(lambda value: isinstance(value, dict))),
        "did_list": Field(list_of(lambda value: isinstance(value, dict))),
    }

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        del self.endpoints["POST", "create"]

    def brief(self, row: Row) -> Row:
        """Columns of the list are not documented in what could be read [I]."""
        return {name: row[name] for name in ("id", "name", "enable", "type", "hostname")}

    def is_used(self, row: Row) -> bool:
        """By an outbound route."""
        routes = self.site.state["outbound_routes"]
        return any(item["id"] == row["id"] for route in routes for item in route["trunk_list"])
