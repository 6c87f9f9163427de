# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kamailio that answers every OPTIONS with 200, over UDP, TCP and TLS, in a namespace."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from lab.net.knocking import knock_from
from lab.net.namespaces import NamespaceError, Namespaces
from lab.net.probe import Door
from lab.pki import LabCA

START_WITHIN = 15.0
LISTENS = (("udp", 5060), ("tcp", 5060), ("udp", 5061), ("tls", 5061))

TLS = """\
[server:default]
method = TLSv1.2+
verify_certificate = no
require_certificate = no
private_key = {key}
certificate = {certificate}
"""

MAIN = """\
#!KAMAILIO
debug=2
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
dns=no
rev_dns=no
enable_tls=yes
{listens}
loadmodule "sl.so"
loadmodule "tls.so"
modparam("tls", "config", "{tls}")
request_route {{
    if (method == "OPTIONS") {{
        sl_send_reply("200", "OK");
        exit;
    }}
    sl_send_reply("403", "Forbidden");
}}
"""


def write_configuration(folder: Path, addresses: Sequence[str]) -> Path:
    """The configuration file, with a certificate beside it, to listen on 5060 and 5061 of each address."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pair = LabCA.create(folder / "pki").issue("pbx", names=["pbx.example"], addresses=addresses)
    tls = folder / "tls.cfg"
    tls.write_text(TLS.format(key=pair.key, certificate=pair.certificate))
    hosts = [f"[{address}]" if ":" in address else address for address in addresses]
    listens = "\n".join(f"listen={transport}:{host}:{port}" for host in hosts for transport, port in LISTENS)
    configuration = folder / "kamailio.cfg"
    configuration.write_text(MAIN.format(listens=listens, tls=tls))
    return configuration


def start(spaces: Namespaces, name: str, folder: Path, addresses: Sequence[str]) -> None:
    """Start it in a namespace and wait until all its doors answer there. It ends with the namespace."""
    run(spaces, name, folder, write_configuration(folder, addresses), addresses, LISTENS)


def run(
    spaces: Namespaces,
    name: str,
    folder: Path,
    configuration: Path,
    addresses: Sequence[str],
    listens: Sequence[tuple[str, int]],
) -> None:
    """Start it with any configuration that answers OPTIONS with 200 where it listens."""
    log = folder / "kamailio.log"
    options = ("-m", "32", "-M", "4", "-Y", str(folder), "-P", str(folder / "pid"))
    process = spaces.start(name, "kamailio", "-DD", "-E", "-f", str(configuration), *options, log=log)
    doors = [Door(transport, address, port) for address in addresses for transport, port in listens]
    until = time.monotonic() + START_WITHIN
    answers = {}
    while time.monotonic() < until and process.poll() is None:
        answers = knock_from(spaces, name, doors, timeout=1.0)
        if all(answer.status == 200 for answer in answers.values()):
            return
    said = log.read_text(errors="replace")[-3000:]
    raise NamespaceError(f"kamailio does not answer: { {d.label: str(a) for d, a in answers.items()} }\n{said}")
