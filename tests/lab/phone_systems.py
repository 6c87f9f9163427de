# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A customer's phone system, whichever it is: one face for the simulated PBXs, for labs and tests that do not care."""

from __future__ import annotations

import abc
import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.xapi import Faults as ThreeCXFaults
from lab.xapi import SimulatedPbx
from lab.yeastar import PSeriesFaults, SimulatedPSeries, fixtures
from lab.yeastar.s_series import SimulatedSSeries, SSeriesFaults


@dataclass(frozen=True)
class Stored:
    """What the PBX has of an extension; secrets in clear, it is a lab."""

    auth_id: str
    sip_password: str
    pin: str
    registered: bool


class PhoneSystem(abc.ABC):
    """One simulated PBX."""

    group = ""
    """The inventory's group."""
    device: Any
    """The simulated PBX itself, a context manager."""
    user = ""
    key = ""

    @abc.abstractmethod
    def stored(self, number: str) -> Stored:
        """An extension as the PBX has it."""

    @abc.abstractmethod
    def register(self, number: str, auth_id: str, password: str, address: str, mac: str) -> bool:
        """A phone registers; whether it may."""

    @abc.abstractmethod
    def cut(self, *, before: int | None = None, after: int | None = None) -> None:
        """From this request on the line is cut: before it is carried out, or after."""

    @abc.abstractmethod
    def looks(self) -> str:
        """What a guesser and a thief of calls find, in a sentence."""

    def about(self) -> str:
        """What it is."""
        return self.group

    def mend(self) -> None:
        """The line is good again."""
        self.cut()

    def leftovers(self) -> list[str]:
        """What a run should not have left behind, in words."""
        return []

    def by_hand(self, controls: Sequence[Mapping[str, Any]], folder: Path) -> None:
        """A person does what the checklist says, as far as it matters here."""
        del controls, folder

    def wait_until_tokens_end(self) -> None:
        """Half an hour passes."""
        return

    def variables(self) -> dict[str, Any]:
        """For the inventory."""
        prefix = self.group
        return {
            "ansible_host": self.device.host,
            "ansible_port": self.device.port,
            "ansible_user": self.user,
            "ansible_password": self.key,
            f"{prefix}_tls_ca_file": str(self.device.ca_file),
            f"{prefix}_registration_poll": 0.2,
            f"{prefix}_binding_lifetime": 1.0,
        }


class ThreeCX(PhoneSystem):
    """A 3CX V20."""

    group = "threecx"

    def __init__(self, folder: Path, declared: Mapping[str, Any], release: str = "20.0.10") -> None:
        self.device = SimulatedPbx(release, folder=folder)
        # The PBX sees the controller where the site is managed from.
        self.device.caller_address = declared["site"]["management"][0].split("/")[0]
        self.user, self.key = self.device.client_id, self.device.client_secret

    def stored(self, number: str) -> Stored:
        row = self.device.user(number)
        return Stored(row["AuthID"], row["AuthPassword"], row["VMPIN"], bool(row["IsRegistered"]))

    def register(self, number: str, auth_id: str, password: str, address: str, mac: str) -> bool:
        return self.device.register(number, auth_id, password, address, mac)

    def cut(self, *, before: int | None = None, after: int | None = None) -> None:
        self.device.faults = ThreeCXFaults(cut_before=before, cut_after=after)

    def about(self) -> str:
        return f"3CX {self.device.release}"

    def looks(self) -> str:
        state = self.device.state
        guessed = sum(row["AuthPassword"] == "1234" for row in state["Users"])
        codes = len(state["CountryCodes"]["CountryCodes"])
        console = "declared networks" if state["ConsoleRestrictions"]["AccessRestricted"] else "everybody"
        return (
            f"the 3CX has {len(state['Users'])} extensions, {guessed} with the password 1234; {codes} countries can be "
            f"dialled; its Admin Console is open to {console}"
        )

    def leftovers(self) -> list[str]:
        guards = [row for row in self.device.state["Blocklist"] if "while credentials" in row["Description"]]
        return [f"a guard is left: {row['IPAddrMask']}" for row in guards]


class YeastarP(PhoneSystem):
    """A Yeastar P-Series that has the declared phones in its list."""

    group = "yeastar"

    def __init__(self, folder: Path, declared: Mapping[str, Any], firmware: str = "37.23.0.123") -> None:
        self.device = SimulatedPSeries(firmware, folder=folder)
        self.user, self.key = self.device.client_id, self.device.client_secret
        route = self.device.state["outbound_routes"][0]
        for entry in declared["extensions"]:
            self.device.add_extensions(1, first=int(entry["number"]))
            row = self.device.extension(entry["number"])
            member = {"id": row["id"], "ext_number": entry["number"], "ext_name": entry["name"], "type": "extension"}
            route["ext_list"].append(member)
        for place, entry in enumerate(declared["extensions"], start=200):
            if entry.get("phone"):
                mac = entry["phone"]["mac"]
                text = ":".join(mac[start : start + 2] for start in range(0, 12, 2))
                row = self.device.extension(entry["number"])
                self.device.state["phones"].append(fixtures.phone(place, text, entry["phone"]["model"], row, ""))

    def stored(self, number: str) -> Stored:
        row = self.device.extension(number)
        registered = row["online_status"]["sip_phone"]["status"] == 1
        return Stored(row["reg_name"], row["reg_password"], row["vm_pin"], registered)

    def register(self, number: str, auth_id: str, password: str, address: str, mac: str) -> bool:
        return self.device.register(number, auth_id, password, address, "Yealink SIP-T46U 108.86.0.118", mac)

    def cut(self, *, before: int | None = None, after: int | None = None) -> None:
        self.device.faults = PSeriesFaults(cut_before=before, cut_after=after)

    def leftovers(self) -> list[str]:
        return [f"{len(self.device.live_tokens)} tokens are left"] if len(self.device.live_tokens) > 1 else []

    def about(self) -> str:
        return f"Yeastar P-Series {self.device.model}, firmware {self.device.firmware}"

    def looks(self) -> str:
        rows = self.device.state["extensions"]
        guessed = sum(row["reg_password"] == f"{row['number']}1234" for row in rows)
        numbers = {"France": "0033140506070", "Latvia": "0037125551234", "a satellite": "0088212345678"}
        reached = [name for name, number in numbers.items() if self.device.dial("201", number).startswith("trunk")]
        return (
            f"the Yeastar has {len(rows)} extensions, {guessed} with their number and 1234 as password; "
            f"{sum(row['allow_reg_remotely'] for row in rows)} may register from anywhere; of France, Latvia and a "
            f"satellite an extension can dial {', '.join(reached)}"
        )

    def by_hand(self, controls: Sequence[Mapping[str, Any]], folder: Path) -> None:
        for path in sorted(folder.glob("*.csv")):
            self.device.import_file(path.stem, path.read_bytes().decode())

    def wait_until_tokens_end(self) -> None:
        self.device.advance(1801)


class YeastarS(PhoneSystem):
    """A Yeastar S-Series."""

    group = "yeastar"

    def __init__(self, folder: Path, declared: Mapping[str, Any]) -> None:
        self.device = SimulatedSSeries(folder=folder)
        self.user, self.key = self.device.username, self.device.password
        for entry in declared["extensions"]:
            self.device.add_extensions(1, first=int(entry["number"]))

    def stored(self, number: str) -> Stored:
        row = self.device.extension(number)
        return Stored(row["registername"], row["registerpassword"], row["vmsecret"], row["status"] == "Registered")

    def register(self, number: str, auth_id: str, password: str, address: str, mac: str) -> bool:
        return self.device.register(number, auth_id, password, address)

    def cut(self, *, before: int | None = None, after: int | None = None) -> None:
        self.device.faults = SSeriesFaults(cut_before=before, cut_after=after)

    def leftovers(self) -> list[str]:
        return [f"{len(self.device.live_tokens)} tokens are left"] if len(self.device.live_tokens) > 1 else []

    def about(self) -> str:
        return f"Yeastar S-Series, firmware {self.device.firmware}"

    def looks(self) -> str:
        rows = self.device.state["extensions"]
        guessed = sum(row["registerpassword"] == f"{row['number']}abc" for row in rows)
        return f"the Yeastar has {len(rows)} extensions, {guessed} with their number and abc as password"

    def by_hand(self, controls: Sequence[Mapping[str, Any]], folder: Path) -> None:
        firewall = next(each for each in controls if each["control"] == "firewall")
        networks = [
            ipaddress.IPv4Network(line.split()[1]) for line in firewall["settings"] if line.startswith("accept")
        ]
        self.device.accept(str(address) for network in networks if network.prefixlen >= 22 for address in network)

    def wait_until_tokens_end(self) -> None:
        self.device.advance(1801)


KINDS: dict[str, Callable[..., PhoneSystem]] = {
    "threecx": ThreeCX,
    "yeastar_appliance": YeastarP,
    "yeastar_software": lambda folder, declared, firmware="83.24.0.30": YeastarP(folder, declared, firmware),
    "yeastar_cloud": lambda folder, declared, firmware="84.21.0.117": YeastarP(folder, declared, firmware),
    "yeastar_s": YeastarS,
}
"""By the declaration's pbx.product."""
