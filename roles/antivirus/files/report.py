# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Report finds: an event in a file, quarantine if configured, and mail.

Scanners write finds into a spool, in fields that end with a zero byte; systemd then starts this program. It alone
may move files and has the mail server's password, so that a scanner, which reads an attacker's files, can do neither.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import smtplib
import socket
import ssl
import stat
import sys
import syslog
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

SETTINGS = Path("/etc/voipsec-antivirus/settings.json")
PASSWORD = Path("/etc/voipsec-antivirus/smtp-password")
SPOOL = Path("/var/spool/voipsec-antivirus")
EVENTS = Path("/var/log/voipsec-antivirus/events.jsonl")
STATE = Path("/var/lib/voipsec-antivirus")
PENDING = STATE / "pending.jsonl"
LAST_MAIL = STATE / "last_mail"
LAST_SCAN = STATE / "last_scan.json"

LARGEST_ENTRY = 64 * 1024
AT_ONCE = 1000
"""Entries in one run; remaining ones start the next."""
LARGEST_LOG = 10 * 1024 * 1024
LARGEST_HASHED = 1024 * 1024 * 1024
IN_A_MAIL = 50
MAIL_TIMEOUT = 30
AFTER_FAILURE = 30
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u2028\u2029]")
TEST_FILE = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
"""SHA-256 of the EICAR test file: no malware can pass for a test."""

NOT_SCANNED = b"Heuristics.Limits.Exceeded"
"""ClamAV's names for files beyond its limits: they were not scanned, so they are no finds, and are not moved."""
MAILED = ("critical", "error")
"""Severities. A file that is not scanned recurs every night, so it is an event only."""

Event = dict[str, Any]


def main() -> int:
    """Process the spool, then the mail. After a failure wait: remaining entries start this again at once."""
    try:
        settings = json.loads(SETTINGS.read_text(encoding="utf-8"))
        for entry in waiting():
            event = read(entry, settings)
            write(event)
            if event["severity"] in MAILED and settings["mail"]["to"]:
                append(PENDING, event)
            done_with(entry)
        deliver(settings)
    except Exception as error:
        say(syslog.LOG_ERR, f"EVENT not written, tried again: {type(error).__name__}: {error}")
        time.sleep(AFTER_FAILURE)
        return 1
    return 0


def done_with(entry: Path) -> None:
    """Rename a folder, which no scanner creates, so that it does not start the service again."""
    try:
        entry.unlink()
    except OSError:
        entry.rename(SPOOL / f".refused.{secrets.token_hex(8)}")


def say(priority: int, text: str) -> None:
    """A line in the system log."""
    syslog.openlog("voipsec-antivirus", facility=syslog.LOG_DAEMON)
    syslog.syslog(priority, CONTROL.sub("?", text))


def waiting() -> list[Path]:
    """The entries, oldest first."""
    with os.scandir(SPOOL) as found:
        entries = [(item.stat(follow_symlinks=False).st_mtime, item.path) for item in found]
    return [Path(path) for _time, path in sorted(entries) if Path(path).name.startswith("event.")][:AT_ONCE]


def read(entry: Path, settings: dict[str, Any]) -> Event:
    """An entry as an event; one that cannot be read becomes an event too."""
    event: Event = {
        "id": secrets.token_hex(8),
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "host": socket.gethostname(),
        "product": settings["product"],
    }
    try:
        descriptor = os.open(entry, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:  # noqa: PTH123
            fields = file.read(LARGEST_ENTRY).split(b"\0")[:-1]
    except OSError as error:
        reason = f"an entry of the spool: {error.strerror}"
        return {**event, "event": "unreadable", "severity": "error", "reason": reason}
    match fields:
        case [b"find", signature, name] if signature.startswith(NOT_SCANNED):
            reason = {"reason": shown(signature), "file": shown(name)}
            return {**event, "event": "not_scanned", "severity": "warning", **reason}
        case [b"find", signature, name]:
            return {**event, **find(signature, name, settings)}
        case [b"scan", status, found, not_scanned, errors, seconds]:
            scan = {"status": number(status), "found": number(found), "not_scanned": number(not_scanned)}
            scan["errors"] = number(errors)
            event |= {"event": "scan", "severity": "notice" if scan["status"] in (0, 1) else "error", **scan}
            event["seconds"] = number(seconds)
            LAST_SCAN.write_text(json.dumps(event) + "\n", encoding="utf-8")
            return event
    return {**event, "event": "unreadable", "severity": "error", "reason": "an entry of the spool is not in its form"}


def find(signature: bytes, name: bytes, settings: dict[str, Any]) -> Event:
    """A find, and what was done with the file."""
    event: Event = {
        "event": "found",
        "severity": "critical",
        "signature": shown(signature),
        "file": shown(name),
        "action": "logged",
        "test_file": False,
    }
    try:
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(OpenedFolder(os.path.dirname(name)))
            base = os.path.basename(name)
            content = os.open(base, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            stack.callback(os.close, content)
            facts = os.fstat(content)
            if not stat.S_ISREG(facts.st_mode):
                raise OSError(0, "it is not an ordinary file")
            event |= {"size": facts.st_size, "owner": facts.st_uid, "mode": f"{stat.S_IMODE(facts.st_mode):04o}"}
            if facts.st_size <= LARGEST_HASHED:
                event["sha256"] = digest(content)
                event["test_file"] = event["sha256"] == TEST_FILE
            if settings["action"] == "move":
                event |= moved(name, base, folder, content, facts, settings, event)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        event |= {"action": "failed" if settings["action"] == "move" else "logged", "reason": reason}
    return event


class OpenedFolder:
    """Open a folder from / without following symbolic links: the owner of a parent must not redirect it."""

    def __init__(self, path: bytes) -> None:
        if not path.startswith(b"/"):
            raise ValueError("it is not an absolute path")
        self.parts = [part for part in path.split(b"/") if part]

    def __enter__(self) -> int:
        self.descriptor = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in self.parts:
                if part in (b".", b".."):
                    raise ValueError("its path goes up")
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=self.descriptor)
                os.close(self.descriptor)
                self.descriptor = inner
        except BaseException:
            os.close(self.descriptor)
            raise
        return self.descriptor

    def __exit__(self, *_error: object) -> None:
        os.close(self.descriptor)


def moved(
    name: bytes,
    base: bytes,
    folder: int,
    content: int,
    facts: os.stat_result,
    settings: dict[str, Any],
    event: Event,
) -> Event:
    """Copy the file into the quarantine, which may be on another disk, and remove the original if it is unchanged."""
    if not any(name.startswith(os.fsencode(path.rstrip("/")) + b"/") for path in settings["move_from"]):
        return {"action": "logged", "reason": "it is not below antivirus_quarantine_from"}
    if facts.st_nlink > 1:
        raise ValueError("it has more than one name (hard links)")
    quarantine = Path(settings["quarantine"])
    target = quarantine / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(4)}"
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as copy:  # noqa: PTH123
            os.lseek(content, 0, os.SEEK_SET)
            while block := os.read(content, 1024 * 1024):
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        now = os.stat(base, dir_fd=folder, follow_symlinks=False)
        if (now.st_dev, now.st_ino) != (facts.st_dev, facts.st_ino):
            raise ValueError("it was replaced meanwhile")
        os.unlink(base, dir_fd=folder)
    except BaseException:
        target.unlink()
        raise
    origin = {"file": event["file"], "owner": facts.st_uid, "group": facts.st_gid, "mode": event["mode"]}
    beside = target.with_name(f"{target.name}.json")
    beside.write_text(json.dumps({**origin, "signature": event["signature"]}) + "\n", encoding="utf-8")
    return {"action": "quarantined", "quarantine": str(target)}


def digest(descriptor: int) -> str:
    """SHA-256 of an open file."""
    state = hashlib.sha256()
    while block := os.read(descriptor, 1024 * 1024):
        state.update(block)
    return state.hexdigest()


def shown(text: bytes) -> str:
    """Text from a scanner or an attacker, on one line."""
    return CONTROL.sub("?", text.decode("utf-8", "replace"))


def number(text: bytes) -> int | None:
    """None for a value that the scanner did not give."""
    return int(text) if re.fullmatch(rb"[0-9]{1,15}", text) else None


def write(event: Event) -> None:
    """Append a line to the event log, which is rotated once."""
    with contextlib.suppress(FileNotFoundError):
        if EVENTS.stat().st_size > LARGEST_LOG:
            EVENTS.rename(EVENTS.with_suffix(".jsonl.1"))
    append(EVENTS, event)


def append(path: Path, event: Event) -> None:
    """Write to disk before continuing."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")
        file.flush()
        os.fsync(file.fileno())


def deliver(settings: dict[str, Any]) -> None:
    """Send pending mail, at most once per interval. What cannot be sent waits for the timer."""
    mail = settings["mail"]
    pending = [json.loads(line) for line in PENDING.read_text("utf-8").splitlines()] if PENDING.exists() else []
    with contextlib.suppress(FileNotFoundError):
        if 0 <= time.time() - LAST_MAIL.stat().st_mtime < mail["interval"]:
            return
    if not pending or not mail["to"]:
        return
    result: Event = {
        "id": secrets.token_hex(8),
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "host": socket.gethostname(),
        "event": "mail",
        "severity": "notice",
        "about": [event["id"] for event in pending],
    }
    try:
        send(message(pending, mail), mail)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        # A mail server's reply may repeat what it was sent: only the kind of error is logged.
        code = getattr(error, "smtp_code", "")
        reason = f"{type(error).__name__} {code}".strip()
        failed = STATE / "mail_failed"
        if not failed.exists():
            write({**result, "severity": "error", "result": "failed", "reason": reason})
            failed.touch()
        say(syslog.LOG_ERR, f"MAIL not sent, tried again later: {reason}")
        return
    (STATE / "mail_failed").unlink(missing_ok=True)
    PENDING.unlink()
    LAST_MAIL.touch()
    write({**result, "result": "sent"})


def message(pending: list[Event], mail: dict[str, Any]) -> EmailMessage:
    """The text of the mail."""
    host = socket.gethostname()
    finds = [event for event in pending if event["event"] == "found"]
    if finds and all(event["test_file"] for event in finds):
        subject = f"Test: the malware test file was found on {host}"
    elif finds:
        subject = f"Malware found on {host}: {len(finds)} file{'' if len(finds) == 1 else 's'}"
    else:
        subject = f"The malware scan on {host} did not finish"
    mailed = EmailMessage()
    mailed["Subject"], mailed["From"], mailed["To"] = subject, mail["from"], ", ".join(mail["to"])
    mailed["Date"], mailed["Message-ID"] = formatdate(), make_msgid(domain=host)
    mailed["Auto-Submitted"] = "auto-generated"
    lines = [sentence(event) for event in pending[:IN_A_MAIL]]
    if len(pending) > IN_A_MAIL:
        lines.append(f"And {len(pending) - IN_A_MAIL} more.")
    mailed.set_content("\n".join([*lines, "", f"All events: {EVENTS} on {host}.", ""]))
    return mailed


def sentence(event: Event) -> str:
    """An event as a sentence."""
    if event["event"] == "found":
        done = {"quarantined": "moved to the quarantine", "failed": "could not be moved", "logged": "left in place"}
        text = f"{event['time']} {event['file']}: {event['signature']}, {done[event['action']]}"
        return f"{text} ({event['reason']})." if "reason" in event else f"{text}."
    if event["event"] == "scan":
        return f"{event['time']} The scan ended with status {event['status']}: journalctl -t voipsec-antivirus."
    return f"{event['time']} {event['reason']}."


def send(mailed: EmailMessage, mail: dict[str, Any]) -> None:
    """Send to the mail server, with its certificate verified."""
    context = ssl.create_default_context(cafile=mail["ca_file"] or None)
    kind = smtplib.SMTP_SSL if mail["security"] == "tls" else smtplib.SMTP
    more = {"context": context} if mail["security"] == "tls" else {}
    with kind(mail["host"], mail["port"], timeout=MAIL_TIMEOUT, **more) as server:
        if mail["security"] == "starttls":
            server.starttls(context=context)
        if mail["user"]:
            server.login(mail["user"], PASSWORD.read_text(encoding="utf-8").rstrip("\n"))
        server.send_message(mailed)


if __name__ == "__main__":
    sys.exit(main())
