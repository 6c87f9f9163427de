# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core of the module enrol_host_key: put a device's SSH host key into the customer's known_hosts, on purpose.

Every later login compares with that file, so the one moment of trust is here, where a person compares fingerprints.
"""

from __future__ import annotations

import base64
import hashlib
import os
import socket
from pathlib import Path
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import (
    DEVICE_OPTION,
    Core,
    Device,
    HardeningError,
    Outcome,
    Params,
    RunContext,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import diff_entry
from ansible_collections.voipsec.hardening.plugins.module_utils.files import replace_file
from ansible_collections.voipsec.hardening.plugins.module_utils.old_ssh import remedy_for_old_ssh

try:
    import paramiko
except ImportError as error:
    PARAMIKO_MISSING: ImportError | None = error
else:
    PARAMIKO_MISSING = None

DEFAULT_PORT = 22
MODE = 0o644
ARGUMENT_SPEC: dict[str, Any] = {
    "known_hosts_file": {"type": "path", "required": True},
    "fingerprint": {"type": "str"},
    "accept_unverified": {"type": "bool", "default": False},
    "replace": {"type": "bool", "default": False},
    "timeout": {"type": "int", "default": 20},
    **DEVICE_OPTION,
}


def run(params: Params, context: RunContext) -> Outcome:
    """Fetch the key the device shows, compare, write one line."""
    if PARAMIKO_MISSING is not None:
        raise HardeningError("the Python package paramiko is not installed; install the collection's requirements.txt.")
    device = context.device
    if device is None:
        raise HardeningError("device is missing.")
    path = params["known_hosts_file"]
    name = host_name(device)
    key_type, key = fetch_key(device, params["timeout"])
    shown = fingerprint(key)
    before = _read(path)
    known = known_keys(before, name)
    result = {"host": name, "key_type": key_type, "fingerprint": shown, "known_hosts_file": path}
    if (key_type, key) in known:
        return Outcome(False, result)
    _check(params, name, shown, known_other=bool(known))
    after = "".join(line for line in before.splitlines(keepends=True) if name not in _names(line))
    if after and not after.endswith("\n"):
        after += "\n"
    after += f"{name} {key_type} {base64.b64encode(key).decode()}\n"
    if not context.check_mode:
        _write(path, after)
    return Outcome(True, result, [diff_entry(path, [f"{name}: other key"] if known else [], [f"{name}: {shown}"])])


def _check(params: Params, name: str, shown: str, *, known_other: bool) -> None:
    wanted = params["fingerprint"]
    if wanted and wanted != shown:
        raise HardeningError(
            f"fingerprint: {wanted} was given, but {name} has {shown}. Nothing was enrolled: this may be a "
            "man-in-the-middle attack, or another device."
        )
    if known_other and not params["replace"]:
        raise HardeningError(
            f"{name} is enrolled with another key and now has {shown}. If the device was replaced or reset, run "
            "again with replace: true and this fingerprint."
        )
    if not wanted and (known_other or not params["accept_unverified"]):
        raise HardeningError(
            f"{name} has the host key {shown}. Compare it with the device's own display, then run again with "
            f"fingerprint: {shown}"
        )


def host_name(device: Device) -> str:
    """As known_hosts writes it: with the port in brackets unless it is 22."""
    port = device.port or DEFAULT_PORT
    return device.host if port == DEFAULT_PORT else f"[{device.host}]:{port}"


def fingerprint(key: bytes) -> str:
    """As OpenSSH shows it: SHA256 in base64 without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def known_keys(text: str, name: str) -> set[tuple[str, bytes]]:
    """The keys that known_hosts text holds for a host."""
    keys = set()
    for line in text.splitlines():
        parts = line.split()
        if name in _names(line) and len(parts) >= 3:
            keys.add((parts[1], base64.b64decode(parts[2])))
    return keys


def _names(line: str) -> list[str]:
    parts = line.split()
    return parts[0].split(",") if parts and not line.startswith(("#", "@")) else []


def fetch_key(device: Device, timeout: float) -> tuple[str, bytes]:
    """The key that the device shows now, without logging in."""
    port = device.port or DEFAULT_PORT
    try:
        with socket.create_connection((device.host, port), timeout=timeout) as connection:
            transport = paramiko.Transport(connection)
            try:
                transport.start_client(timeout=timeout)
                key = transport.get_remote_server_key()
                return key.get_name(), key.asbytes()
            finally:
                transport.close()
    except paramiko.ssh_exception.IncompatiblePeer as error:
        remedy = remedy_for_old_ssh(paramiko.__version__)
        raise HardeningError(f"{device.host} port {port} {remedy}") from error
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise HardeningError(f"{device.host} port {port}: no SSH host key could be read ({error}).") from error


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise HardeningError(f"known_hosts_file: {path} cannot be read: {error.strerror}.") from error


def _write(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        replace_file(path, text.encode(), MODE)
    except OSError as error:
        raise HardeningError(f"known_hosts_file: {path} cannot be written: {error.strerror}.") from error


CORE = Core(argument_spec=ARGUMENT_SPEC, run=run, needs_device=lambda _params: True)
