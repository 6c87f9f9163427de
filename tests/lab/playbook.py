# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running ansible-playbook as a user would, and reading what it says."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / ".cache" / "collections"
LINK = COLLECTIONS / "ansible_collections" / "voipsec" / "hardening"
RECAP = re.compile(r"^(?P<host>\S+)\s+: (?P<counts>ok=\d+.*)$", re.MULTILINE)


@dataclass(frozen=True)
class PlaybookRun:
    """One finished run."""

    returncode: int
    output: str
    """Standard output and error, as they came."""

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        """Counts for each host from the last lines, for example {"router": {"ok": 2, "changed": 0, ...}}."""
        return {
            match["host"]: {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", match["counts"])}
            for match in RECAP.finditer(self.output)
        }

    @property
    def changed(self) -> int:
        """How many tasks changed something, over all hosts."""
        return sum(counts["changed"] for counts in self.recap.values())


def link_collection() -> None:
    """Make the clone importable as voipsec.hardening, whatever its folder is called."""
    if not LINK.exists():
        LINK.parent.mkdir(parents=True, exist_ok=True)
        LINK.symlink_to(os.path.relpath(ROOT, LINK.parent))


def environment(folder: Path) -> dict[str, str]:
    """The environment of a run: our collection, no cows, nothing of the user's own configuration or known hosts."""
    return {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "ansible-tmp"),
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(control_path_dir(folder)),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_NOCOWS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def control_path_dir(folder: Path) -> Path:
    """Where ssh keeps connections open between tasks.

    One for each folder: two hosts of the lab may have the same address, in network namespaces of their own. Short,
    because the name of a socket has at most 108 characters.
    """
    home = Path(os.environ.get("ANSIBLE_HOME") or Path.home() / ".ansible")
    return home / "cp" / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]


def run_playbook(
    folder: Path, arguments: Sequence[str], *, echo: bool = False, timeout: float = 600, inside: Sequence[str] = ()
) -> PlaybookRun:
    """Run ansible-playbook of the Python that runs this; ``echo`` shows the output while it comes.

    ``inside`` is a command that starts it somewhere else, such as in a network namespace. A run that takes longer than
    ``timeout`` seconds is ended, and its return code is -9.
    """
    link_collection()
    command = [*inside, str(Path(sys.executable).parent / "ansible-playbook"), *arguments]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        limit = threading.Timer(timeout, process.kill)
        limit.start()
        try:
            for line in process.stdout or ():
                lines.append(line)
                if echo:
                    sys.stdout.write(line)
                    sys.stdout.flush()
            process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            limit.cancel()
    return PlaybookRun(process.returncode, "".join(lines))
