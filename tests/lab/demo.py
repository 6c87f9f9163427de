# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: ansible-playbook hardens a simulated customer, twice; an attacker looks at it before and after."""

from __future__ import annotations

import argparse
import contextlib
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lab.customer import STRANGER, CustomerSite
from lab.debian_host import DebianHost, why_unavailable
from lab.phone_systems import KINDS
from lab.phones import FetchReport
from lab.playbook import ROOT, PlaybookRun

FOLDER = ROOT / ".cache" / "demo"
WIDTH = 100


def main(product: str = "threecx", *, keep: bool = False) -> int:
    """Returns 0 when everything was hardened and the second run changed nothing.

    ``product``: the PBX of the site. ``keep`` leaves the site running until Ctrl-C.
    """
    # An S-Series cannot tell its phones to fetch, so a demonstration would have to wait for them.
    shown = [each for each in KINDS if each != "yeastar_s"]
    if product not in shown:
        sys.stderr.write(f"PBX={product} has no demonstration. Use one of: {', '.join(shown)}.\n")
        return 2
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, mode=0o700)
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        left_out = why_unavailable()
        pbx_host = None
        title("The lab: a simulated customer on this machine")
        if left_out:
            say(f"Not simulated: the Debian of the PBX, with its anti-malware. {left_out}")
        else:
            say("Booting a Debian as PBX host. The first time it is built, which takes 1 to 2 minutes.")
            pbx_host = stack.enter_context(DebianHost(FOLDER / "pbx"))
        site = stack.enter_context(CustomerSite(FOLDER, pbx_host=pbx_host, product=product))
        say(f"A Vigor 2927 with an earlier administrator's settings: {site.router.host} port {site.router.port}.")
        say(f"A {site.switchboard.about()} with the same administrator's settings: port {site.phone_system.port}.")
        say(f"{len(site.phones)} Yealink phones with factory settings.")
        failures = harden(site)
        if keep:
            keep_running(site)
    title("Done")
    say(f"The simulation has stopped. It took {time.monotonic() - started:.0f} s.")
    say(f"Files of this run: {FOLDER.relative_to(ROOT)}")
    for failure in failures:
        say(f"FAILED: {failure}")
    return 1 if failures else 0


def harden(site: CustomerSite) -> list[str]:
    """Both runs, and what is seen from outside before and after. Returns what went wrong, in words."""
    failures: list[str] = []

    def expect(truth: bool, otherwise: str) -> None:
        if not truth:
            failures.append(otherwise)

    title("Before")
    look_at_router(site)
    look_at_phone_system(site)
    look_at_phones(site)

    title("Trust the router's SSH host key, once for each customer")
    enrolled = site.enrol()
    expect(enrolled.returncode == 0, "the router's host key could not be enrolled:\n" + enrolled.output)

    title("First run: ansible-playbook -i inventories/demo playbooks/site.yml")
    first = timed(lambda: site.playbook("site.yml", echo=True))
    expect(first.returncode == 0, "the first run failed")

    say("Somebody now types the provisioning address into each new phone, and the phones download their files.")
    reports = site.sync_phones()

    title("After the first run, seen from outside")
    look_at_router(site)
    look_at_fetches(reports, expect)
    look_at_phone_system(site)
    look_at_phones(site)
    registered = sum(site.register(phone) for phone in site.phones)
    say(f"{registered} of {len(site.phones)} phones register with the PBX with their new passwords")
    expect(registered == len(site.phones), "not every phone registers with the PBX")
    strangers = {label for label in site.router.postures[-1].reached() if label.startswith("stranger")}
    expect(not strangers, f"strangers still reach the PBX: {sorted(strangers)}")

    title("Second run: nothing changes")
    site.router.reset_counters()
    site.phone_system.reset_counters()
    second = timed(lambda: site.playbook("site.yml"))
    for host, counts in second.recap.items():
        say(f"{host}: changed={counts['changed']} failed={counts['failed']}")
    counters = site.router.counters
    say(
        f"router: {counters.logins} logins, {counters.commands} commands, "
        f"{counters.writes + counters.commits} of them changed something"
    )
    exchanges = site.phone_system.exchanges
    say(f"PBX: {len(exchanges)} requests, {len(site.phone_system.writes)} of them changed something")
    updated = sum(report.updated for report in site.sync_phones())
    say(f"phones: all downloaded their files again, {updated} changed a setting")
    expect(second.returncode == 0 and second.changed == 0, "the second run changed something:\n" + second.output)
    expect(counters.writes + counters.commits == 0, "the second run wrote to the router")
    expect(not site.phone_system.writes, "the second run wrote to the PBX")
    left = sorted(path.name for path in (site.folder / "inventory-by-hand").glob("*"))
    if left:
        say(f"To do by hand, as the PBX's API cannot set it: {', '.join(left)} in {site.inventory.name}-by-hand.")

    title("New passwords for extension 201: vault, PBX and phone change together, or not at all")
    before = site.switchboard.stored("201").sip_password
    rotated = timed(lambda: site.playbook("rotate_credentials.yml", "-e", '{"credentials_rotate": ["201"]}'))
    stored = site.switchboard.stored("201")
    expect(rotated.returncode == 0, "the rotation failed:\n" + rotated.output)
    expect(stored.sip_password != before and stored.registered, "201 is not registered with new credentials")
    say("Extension 201 has a new password on the PBX, and its phone is registered with it.")
    return failures


def look_at_router(site: CustomerSite) -> None:
    """Who reaches the PBX through the simulated router."""
    reached = site.router.postures[-1].reached()
    for probe in site.router.device.probes:
        who = (
            f"a stranger ({STRANGER})"
            if probe.label.startswith("stranger")
            else f"{probe.label.split()[0]} ({probe.src})"
        )
        fate = "reaches the PBX" if probe.label in reached else "dropped"
        say(f"{who} to {probe.proto}/{probe.port}: {fate}")


def look_at_phone_system(site: CustomerSite) -> None:
    """What someone who guesses passwords or steals calls finds on the PBX."""
    say(site.switchboard.looks())


def look_at_phones(site: CustomerSite) -> None:
    """What a stranger on the network can do to a phone."""
    phones = site.phones
    ringing = sum(phone.answers_invite(STRANGER, "201") == "ring" for phone in phones)
    rebooting = sum(phone.on_notify(STRANGER, "check-sync;reboot=true") == "reboot" for phone in phones)
    default = sum(phone.web_login("admin", "admin") for phone in phones)
    say(
        f"of {len(phones)} phones a stranger can ring {ringing}, reboot {rebooting}, and log in to {default} as "
        "admin/admin"
    )


def look_at_fetches(reports: list[FetchReport], expect: Callable[[bool, str], None]) -> None:
    """What the phones did with their new files."""
    for report in reports:
        problem = f", stopped: {report.aborted}" if report.aborted else ""
        say(
            f"phone {report.mac}: {len(report.changed)} settings changed, {len(report.ignored)} not known to it, "
            f"{len(report.refused)} refused{', rebooted' if report.rebooted else ''}{problem}"
        )
        # Phones that the PBX notified during the run have changed already.
        expect(not report.aborted, f"phone {report.mac} did not apply its configuration")
        expect(not report.ignored and not report.refused, f"phone {report.mac}: {report.ignored} {report.refused}")


def keep_running(site: CustomerSite) -> None:
    """Print how to log in, and wait for Ctrl-C. Enter lets the phones download, and shows the site from outside."""
    title("The simulated site is still running")
    for line in ways_in(site):
        say(line)
    # Both stop what was started, also where a shell has started us in the background.
    for ends in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ends, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        for _line in sys.stdin:
            look_at_fetches(site.sync_phones(), lambda _truth, _otherwise: None)
            look_at_router(site)
            look_at_phone_system(site)
            look_at_phones(site)
        # No terminal, so no Enter.
        while True:
            signal.pause()


def ways_in(site: CustomerSite) -> list[str]:
    """Where everything is, how to log in, and how to try a change."""
    router, pbx, credentials = site.router, site.switchboard, f"{near(site.inventory)}/{site.credentials_file.name}"
    vault = f"--vault-password-file {near(site.vault_password_file)}"
    lines = [
        f"router        ssh -p {router.port} {router.username}@{router.host}    password: {router.device.password}",
        f"PBX           https://localhost:{site.phone_system.port}/    API user: {pbx.user}    API key: {pbx.key}",
        f"              its certificate authority: {near(site.phone_system.ca_file)}",
        f"phones        {len(site.phones)}, without an address; their files: {near(site.provisioning_directory)}",
        f"              their passwords: .venv/bin/ansible-vault view {vault} {credentials}",
    ]
    if site.pbx_host is not None:
        lines.append(f"PBX host      {shlex.join(site.pbx_host.login())}")
    return [
        *lines,
        f"inventory     {near(site.inventory)}: change something in group_vars/all/, then see what a run would do:",
        f"              {command(site, 'site.yml')} --check --diff",
        "              Without --check --diff the change is made.",
        "Enter         the phones download their files, and the site is shown from outside",
        "Ctrl-C        stop the simulation",
    ]


def command(site: CustomerSite, playbook: str) -> str:
    """A shell command, for the clone's folder, that runs a playbook on this site."""
    arguments = [near(Path(each)) if each.startswith("/") else each for each in site.arguments()]
    return shlex.join([".venv/bin/ansible-playbook", *arguments, f"playbooks/{playbook}"])


def near(path: Path) -> str:
    """The path as seen from the clone's folder."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


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
    options = argparse.ArgumentParser(prog="python -m lab.demo")
    options.add_argument("product", nargs="?", default="threecx", help="the PBX of the site (default: %(default)s)")
    options.add_argument("--keep", action="store_true", help="leave the site running until Ctrl-C")
    sys.exit(main(**vars(options.parse_args())))
