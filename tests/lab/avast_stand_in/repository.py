# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A signed apt repository of one package, in a folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from email.utils import formatdate
from pathlib import Path


def build_repository(package: Path, folder: Path) -> str:
    """Make it; the public key that signs it, in ASCII-armoured form. Its suite is "./"."""
    folder.mkdir(parents=True)
    shutil.copyfile(package, folder / package.name)
    content = package.read_bytes()
    control = subprocess.run(["dpkg-deb", "--field", str(package)], check=True, capture_output=True, text=True).stdout
    index = f"{control}Filename: ./{package.name}\nSize: {len(content)}\nSHA256: {_sha256(content)}\n"
    (folder / "Packages").write_text(index)
    release = f"Date: {formatdate(usegmt=True)}\nSHA256:\n {_sha256(index.encode())} {len(index.encode())} Packages\n"
    return _sign(release, folder / "InRelease")


def _sign(release: str, target: Path) -> str:
    """With a key made for this. GnuPG's agent wants a short path for its socket."""
    with tempfile.TemporaryDirectory(prefix="gpg-") as home:
        environment = {**os.environ, "GNUPGHOME": home}

        def gpg(*arguments: str, text: str = "") -> str:
            command = ["gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "", *arguments]
            done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, env=environment)
            return done.stdout

        try:
            gpg("--quick-generate-key", "Stand-in <lab@voipsec.example>", "ed25519", "sign", "never")
            target.write_text(gpg("--clearsign", text=release))
            return gpg("--armor", "--export")
        finally:
            subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=False, capture_output=True, env=environment)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
