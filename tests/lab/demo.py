# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: a whole simulated customer is hardened by ansible-playbook, twice, and looked at from outside."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from collections.abc import Callable

from lab.customer import STRANGER, CustomerSite
from lab.debian_host import DebianHost, why_unavailable
from lab.phone_systems import KINDS
from lab.phones import FetchReport
from lab.playbook import ROOT, PlaybookRun

FOLDER = ROOT / ".cache" / "demo"
WIDTH = 100


def main(product: str = "threecx") -> int:
    """Returns 0 when everything was hardened and the second run changed nothing. ``product``: which PBX there is."""
    # Nobody tells phones of an S-Series to fetch, so a demonstration would wait until they do by themselves.
    shown = [each for each in KINDS if each != "yeastar_s"]
    if product not in shown:
        sys.stderr.write(f"PBX={product}: there is no such demonstration; there are {', '.join(shown)}.\n")
        return 2
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, mode=0o700)
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        left_out = why_unavailable()
        pbx_host = None
        title("The lab: a simulated customer on this machine")
        if left_out:
            say(f"Left out: the PBX host with its anti-malware. {left_out}")
        else:
            say("Booting a Debian as PBX host (the first time it is built, which takes some minutes).")
            pbx_host = stack.enter_context(DebianHost(FOLDER / "pbx"))
        site = stack.enter_context(CustomerSite(FOLDER, pbx_host=pbx_host, product=product))
        say(f"A Vigor 2927 with another administrator's settings, on {site.router.host} port {site.router.port}.")
        say(f"A {site.switchboard.about()} with the same administrator's settings, on port {site.phone_system.port}.")
        say(f"{len(site.phones)} Yealink phones as they leave the factory.")
        failures = harden(site)
    title("Done")
    say(f"Everything that was started has been stopped. {time.monotonic() - started:.0f} s in all.")
    say(f"Files of this run: {FOLDER.relative_to(ROOT)}")
    for failure in failures:
        say(f"FAILED: {failure}")
    return 1 if failures else 0


def harden(site: CustomerSite) -> list[str]:
    """Both runs and the looks from outside; what went wrong, in words."""
    failures: list[str] = []

    def expect(truth: bool, otherwise: str) -> None:
        if not truth:
            failures.append(otherwise)

    title("Before")
    look_at_router(site)
    look_at_phone_system(site)
    look_at_phones(site)

    title("Enrolling the router's SSH host key, once for each customer")
    enrolled = site.enrol()
    expect(enrolled.returncode == 0, "the router's host key could not be enrolled:\n" + enrolled.output)

    title("First run: ansible-playbook -i inventories/demo playbooks/site.yml")
    first = timed(lambda: site.playbook("site.yml", echo=True))
    expect(first.returncode == 0, "the first run failed")

    say("New phones fetch nothing until somebody has typed in where from; that is done now.")
    reports = site.sync_phones()

    title("After, seen from outside")
    look_at_router(site)
    look_at_fetches(reports, expect)
    look_at_phone_system(site)
    look_at_phones(site)
    registered = sum(site.register(phone) for phone in site.phones)
    say(f"Phones that register with the PBX with their new credentials: {registered}")
    expect(registered == len(site.phones), "not every phone registers")
    strangers = {label for label in site.router.postures[-1].reached() if label.startswith("stranger")}
    expect(not strangers, f"strangers still get through: {sorted(strangers)}")

    title("Second run: nothing may change")
    site.router.reset_counters()
    site.phone_system.reset_counters()
    second = timed(lambda: site.playbook("site.yml"))
    for host, counts in second.recap.items():
        say(f"{host}: changed={counts['changed']} failed={counts['failed']}")
    counters = site.router.counters
    say(
        f"The router saw {counters.logins} login and {counters.commands} commands, "
        f"{counters.writes + counters.commits} of them writing."
    )
    exchanges = site.phone_system.exchanges
    say(f"The PBX saw {len(exchanges)} requests, {len(site.phone_system.writes)} of them writing.")
    say(f"Phones that changed when they fetched again: {sum(report.updated for report in site.sync_phones())}")
    expect(second.returncode == 0 and second.changed == 0, "the second run changed something:\n" + second.output)
    expect(counters.writes + counters.commits == 0, "the second run wrote to the router")
    expect(not site.phone_system.writes, "the second run wrote to the PBX")
    left = sorted(path.name for path in (site.folder / "inventory-by-hand").glob("*"))
    if left:
        say(f"What the PBX's API cannot set is left to a person: {', '.join(left)} in {site.inventory.name}-by-hand.")

    title("New credentials for 201, as a transaction over vault, PBX and phone")
    before = site.switchboard.stored("201").sip_password
    rotated = timed(lambda: site.playbook("rotate_credentials.yml", "-e", '{"credentials_rotate": ["201"]}'))
    stored = site.switchboard.stored("201")
    expect(rotated.returncode == 0, "the rotation failed:\n" + rotated.output)
    expect(stored.sip_password != before and stored.registered, "201 is not registered with new credentials")
    say("201 has a new password on the PBX, and its phone is registered with it.")
    return failures


def look_at_router(site: CustomerSite) -> None:
    """Who reaches the PBX, by the simulated router's own reading of its rules."""
    reached = site.router.postures[-1].reached()
    for probe in site.router.device.probes:
        who = (
            f"a stranger ({STRANGER})"
            if probe.label.startswith("stranger")
            else f"{probe.label.split()[0]} ({probe.src})"
        )
        fate = "reaches the PBX" if probe.label in reached else "is dropped"
        say(f"{who} to {probe.proto}/{probe.port}: {fate}")


def look_at_phone_system(site: CustomerSite) -> None:
    """What a guesser and a thief of calls find on the PBX."""
    say(site.switchboard.looks())


def look_at_phones(site: CustomerSite) -> None:
    """What a stranger on the network can do to a phone."""
    phones = site.phones
    ringing = sum(phone.answers_invite(STRANGER, "201") == "ring" for phone in phones)
    rebooting = sum(phone.on_notify(STRANGER, "check-sync;reboot=true") == "reboot" for phone in phones)
    default = sum(phone.web_login("admin", "admin") for phone in phones)
    say(
        f"of {len(phones)} phones, a stranger makes ring {ringing}, reboots {rebooting}, logs in to {default} as "
        "admin/admin"
    )


def look_at_fetches(reports: list[FetchReport], expect: Callable[[bool, str], None]) -> None:
    """What the phones made of their new files."""
    for report in reports:
        problem = f", stopped: {report.aborted}" if report.aborted else ""
        say(
            f"phone {report.mac}: {len(report.changed)} settings new, {len(report.ignored)} unknown to it, "
            f"{len(report.refused)} refused{', rebooted' if report.rebooted else ''}{problem}"
        )
        # Phones that the PBX has told already have it.
        expect(not report.aborted, f"phone {report.mac} did not take its configuration")
        expect(not report.ignored and not report.refused, f"phone {report.mac}: {report.ignored} {report.refused}")


def timed(run: Callable[[], PlaybookRun]) -> PlaybookRun:
    """Run and say how long it took."""
    started = time.monotonic()
    result = run()
    say(f"({time.monotonic() - started:.1f} s)")
    return result


def title(text: str) -> None:
    """A heading."""
    sys.stdout.write(f"\n{text}\n{'=' * min(len(text), WIDTH)}\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A line."""
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
