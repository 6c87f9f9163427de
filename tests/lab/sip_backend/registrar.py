# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kamailio as a PBX for phones: they register with digest credentials, and it relays calls and NOTIFY to them.

Only registered users' credentials open it; it decides nothing else. Real PBXs do much more; this is what a phone that
trusts its PBX needs to see.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.net.namespaces import Namespaces
from lab.pki import LabCA

from .kamailio import TLS, run

MAIN = """\
#!KAMAILIO
debug=2
log_stderror=yes
children=2
tcp_children=2
auto_aliases=no
dns=no
rev_dns=no
enable_tls=yes
tcp_connection_lifetime=3605
alias="{name}"
{listens}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "rr.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "nathelper.so"
loadmodule "siputils.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "auth.so"
loadmodule "htable.so"
loadmodule "tls.so"
modparam("tls", "config", "{tls}")
modparam("usrloc", "db_mode", 0)
modparam("htable", "htable", "password=>size=8;")
modparam("htable", "htable", "number=>size=8;")
modparam("registrar|nathelper", "received_avp", "$avp(received)")
modparam("registrar", "max_expires", 600)
event_route[htable:mod-init] {{
{users}
}}
request_route {{
    if (!mf_process_maxfwd_header("10")) {{
        sl_send_reply("483", "Too Many Hops");
        exit;
    }}
    if (has_totag()) {{
        # What has neither a route nor a phone's own address belongs to no dialog: it would come back to us for ever.
        if (loose_route() || uri != myself) t_relay();
        else if (is_method("ACK") && t_check_trans()) t_relay();
        else if (!is_method("ACK")) sl_send_reply("481", "No Such Dialog");
        exit;
    }}
    if (is_method("CANCEL")) {{
        if (t_check_trans()) t_relay();
        exit;
    }}
    if (is_method("ACK")) {{
        t_check_trans();
        exit;
    }}
    if (is_method("OPTIONS") && uri == myself) {{
        sl_send_reply("200", "OK");
        exit;
    }}
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("{name}", "$sht(password=>$au)", "0")) {{
            www_challenge("{name}", "1");
            exit;
        }}
        if ($sht(number=>$au) != $tU) {{
            sl_send_reply("403", "Not Yours");
            exit;
        }}
        if ($proto != "udp") fix_nated_register();
        # 4: a phone that comes back from another port has left the one before.
        save("location", "4");
        exit;
    }}
    if (!pv_proxy_authenticate("{name}", "$sht(password=>$au)", "0")) {{
        proxy_challenge("{name}", "1");
        exit;
    }}
    consume_credentials();
    if (!lookup("location")) {{
        sl_send_reply("404", "Not Here");
        exit;
    }}
    record_route();
    t_relay();
}}
"""


@dataclass(frozen=True)
class User:
    """An extension, and what proves it."""

    number: str
    auth_id: str
    password: str

    def __repr__(self) -> str:
        return f"User({self.number})"


@dataclass(frozen=True)
class Registrar:
    """What it is called, who may use it, and which authority signs its certificate."""

    name: str
    users: Sequence[User]
    authority: LabCA


def write_configuration(folder: Path, address: str, registrar: Registrar) -> Path:
    """The configuration, for its owner only: it holds the passwords. 5060 UDP and TCP, 5061 TLS."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pair = registrar.authority.issue("sip", names=[registrar.name], addresses=[address])
    tls = folder / "tls.cfg"
    tls.write_text(TLS.format(key=pair.key, certificate=pair.certificate))
    listens = [f"listen={transport}:{address}:{port}" for transport, port in _LISTENS]
    known: dict[str, Mapping[str, str]] = {
        "password": {user.auth_id: user.password for user in registrar.users},
        "number": {user.auth_id: user.number for user in registrar.users},
    }
    users = [
        f'    $sht({table}=>{_plain(key)}) = "{_plain(value)}";'
        for table, entries in known.items()
        for key, value in entries.items()
    ]
    text = MAIN.format(name=registrar.name, listens="\n".join(listens), tls=tls, users="\n".join(users))
    configuration = folder / "registrar.cfg"
    with os.fdopen(os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
    return configuration


def start(spaces: Namespaces, space: str, folder: Path, address: str, registrar: Registrar) -> None:
    """Start it in a namespace and wait until it answers there."""
    run(spaces, space, folder, write_configuration(folder, address, registrar), [address], _LISTENS)


_LISTENS = (("udp", 5060), ("tcp", 5060), ("tls", 5061))


def _plain(text: str) -> str:
    """As it is: what would mean something in the configuration is not accepted."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+", text):
        raise ValueError("the lab's PBX takes letters, digits, dot, dash and underscore only")
    return text
