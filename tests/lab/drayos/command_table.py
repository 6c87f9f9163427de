# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which words lead to which command. A parent without subcommand lists its children (draytek.md 1b)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import commands_ipf as ipf
from . import commands_nat as nat
from . import commands_object as objects
from . import commands_services as services
from . import commands_system as system
from . import views
from .commands_dos import dos
from .grammar import Action, Token

if TYPE_CHECKING:
    from .device import Device

Handler = Callable[["Device", list[Token]], Action]
Node = Handler | dict[str, "Node"]

_OBJECT: dict[str, Node] = {
    "ip": {"obj": objects.object_ip_obj, "grp": objects.object_ip_grp},
    "ipv6": {"obj": objects.object_ipv6_obj, "grp": objects.object_ipv6_grp},
    "country": {"set": objects.object_country_set},
    "service": {"obj": objects.object_service_obj, "grp": objects.object_service_grp},
}

DRAYOS4: dict[str, Node] = {
    "sys": {
        "alg": system.sys_alg,
        "autoreboot": system.sys_autoreboot,
        "cfg": system.sys_cfg,
        "cmdlog": system.sys_cmdlog,
        "commit": system.sys_commit,
        "daylightsave": services.sys_daylightsave,
        "ftpd": services.sys_ftpd,
        "iface": services.sys_iface,
        "mailalert": services.sys_mailalert,
        "mpage": system.sys_mpage,
        "name": system.sys_name,
        "passwd": system.sys_passwd,
        "reboot": system.sys_reboot,
        "sip_alg": system.sys_sip_alg,
        "syslog": system.sys_syslog,
        "time": services.sys_time,
        "version": system.sys_version,
    },
    "object": _OBJECT,
    "obj": _OBJECT,
    "ipf": {
        "default": ipf.ipf_default,
        "flowtrack": ipf.ipf_flowtrack,
        "rule": ipf.ipf_rule,
        "set": ipf.ipf_set,
        "view": ipf.ipf_view,
    },
    "mngt": {
        "accesslist": system.mngt_accesslist,
        "bfp": system.mngt_bfp,
        "echoicmp": system.mngt_echoicmp,
        "lanaccess": system.mngt_lanaccess,
        "rmtcfg": system.mngt_rmtcfg,
        "snmp": services.mngt_snmp,
        "sshtimeout": system.mngt_sshtimeout,
        "telnettimeout": system.mngt_telnettimeout,
        "wanlogin": system.mngt_wanlogin,
        **{f"{name}port": system.mngt_port(name) for name in ("ftp", "http", "https", "telnet", "ssh")},
    },
    "qos": {"setdefault": system.qos_setdefault},
    "srv": {
        "nat": {
            "dmz": nat.nat_dmz,
            "openport": system.nat_openport,
            "portmap": nat.nat_portmap,
            "showall": system.nat_showall,
        }
    },
    "dos": dos,
    "ip6": {"mngt": services.ip6_mngt},
    "upnp": services.upnp,
    "exit": lambda device, tokens: Action("session", list),
    "quit": lambda device, tokens: Action("session", list),
}

# Other grammars: a client has to refuse these (draytek.md 1). Only the one name is known.
DRAYOS5: dict[str, Node] = {
    "exec": {"sysinfo": system.exec_sysinfo},
    "exit": DRAYOS4["exit"],
    "quit": DRAYOS4["quit"],
}
LINUX: dict[str, Node] = {"exit": DRAYOS4["exit"], "quit": DRAYOS4["quit"]}

TABLES = {"drayos4": DRAYOS4, "drayos5": DRAYOS5, "linux": LINUX}


def find(device: Device, tokens: list[Token]) -> Action:
    """Walk the words down to a command."""
    node: Node = TABLES[device.profile.dialect]
    for position, token in enumerate(tokens):
        if not isinstance(node, dict):
            return node(device, tokens[position:])
        if token.text == "?":
            return _listing(node)
        if token.text not in node:
            return Action("unknown", lambda: [views.INVALID])
        node = node[token.text]
    return node(device, []) if not isinstance(node, dict) else _listing(node)


def _listing(node: dict[str, Node]) -> Action:
    """Assumption: the columns of the table."""
    names = [name for name in sorted(node) if name != "obj" or "object" not in node]
    rows = ["".join(f"{name:<16}" for name in names[at : at + 4]).rstrip() for at in range(0, len(names), 4)]
    return Action("read", lambda: ["% Valid subcommands are:", *rows])
