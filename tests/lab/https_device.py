# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all simulated devices that speak HTTPS have in common: a certificate, a listener, a clock, and their record."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import shutil
import ssl
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lab.https_server import Received, Reply, Server
from lab.pki import Pki, make_pki


class HttpsDevice:
    """A device that listens on loopback while the context lasts. Its family says what it answers."""

    def __init__(
        self,
        *,
        folder: Path | None,
        pki: Pki | None,
        names: Sequence[str] = ("localhost",),
        address: str = "127.0.0.1",
        port: int = 0,
        record: Path | None = None,
        record_variable: str = "",
        record_prefix: str = "",
        product: str = "nginx",
        content_type: str = "application/json",
        keep_alive: bool = True,
    ) -> None:
        """``record``: a file for the exchanges; without it one in the directory that the environment variable names."""
        self.lock = threading.RLock()
        self.clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
        """May be replaced; advance() lets time pass."""
        self.caller_address: str | None = None
        """Where requests seem to come from; None is the address they do come from."""
        self._count = 0
        self._stopping = threading.Event()
        self._own_folder = None if folder else Path(tempfile.mkdtemp(prefix="voipsec-lab-"))
        folder = Path(folder or self._own_folder or "")
        self.pki = pki or make_pki(folder / "pki", names=tuple(names))
        self._record = Path(record) if record else _record_file(record_variable, record_prefix)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.pki.server.certificate, self.pki.server.key)
        options: dict[str, Any] = {"product": product, "content_type": content_type, "keep_alive": keep_alive}
        self._server = Server((address, port), context, self, **options)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def answer(self, received: Received) -> tuple[Reply | None, bool]:
        """One request; None closes the connection."""
        raise NotImplementedError

    @property
    def host(self) -> str:
        """The address it listens on."""
        return str(self._server.server_address[0])

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def ca_file(self) -> Path:
        """The authority that signed its certificate."""
        return self.pki.ca_file

    @property
    def certificate_sha256(self) -> str:
        """Fingerprint of its certificate: 64 hex digits."""
        pem = self.pki.server.certificate.read_text(encoding="ascii")
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()

    def start(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop, also in the middle of a slow reply."""
        self._stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.close_connections()
            self._thread.join()
        self._server.server_close()
        if self._own_folder:
            shutil.rmtree(self._own_folder, ignore_errors=True)

    stop = close

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def advance(self, seconds: float) -> None:
        """Time passes."""
        before = self.clock
        self.clock = lambda: before() + dt.timedelta(seconds=seconds)

    def _time(self) -> dt.datetime:
        return self.clock()

    def _write_down(self, line: Mapping[str, Any]) -> None:
        """One exchange more in the record, where there is one. Hold the lock."""
        if self._record is None:
            return
        with os.fdopen(os.open(self._record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as handle:
            handle.write(json.dumps(line) + "\n")


def _record_file(variable: str, prefix: str) -> Path | None:
    folder = os.environ.get(variable) if variable else None
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) / f"{prefix}{os.getpid()}-{secrets.token_hex(6)}.jsonl"
