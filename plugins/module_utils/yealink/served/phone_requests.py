# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone asks a provisioning server for, in which order, and how it introduces itself (yealink.md 1.3, 1.4, 4.5).

Pure: requests are yielded and their answers sent back, so whoever drives this does the fetching.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.decoded import decoded
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_boot import applies, is_whole
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.audit.found_lines import FoundText, read_lines
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.cfg import HEADER
from ansible_collections.voipsec.hardening.plugins.module_utils.yealink.firmware import STATIC_SINCE, Model

_NUMBERS = """
T19P=53 T19P_E2=53 T20P=7 T21P=52 T21P_E2=52 T22P=5 T23P=44 T23G=44 T26P=4 T27P=45 T27G=69 T28P=0 T29G=46 T31=123
T31P=123 T31G=123 T31W=172 T32G=32 T33P=124 T33G=124 T34W=171 T38G=38 T40P=54 T40G=76 T41P=36 T41S=68 T42G=29 T42S=67
T42U=116 T43U=107 T44W=174 T46G=28 T46S=66 T46U=108 T48G=35 T48S=65 T48U=109 T49G=51 T52S=74 T53=95 T53W=95 T54S=70
T54W=96 T56A=56 T57W=97 T58A=58 T58V=58 T58W=150 T73W=183 T73U=186 T74W=184 T74U=187 T77U=188 T85W=196 T87W=197
T88V=192 T88W=192 VP530=23 VP59=91 CP860=37 CP920=78 CP925=148 CP960=73 CP965=143 W52P=25 W56P=25 W60B=77 W70B=146
AX83H=180 AX86R=182
"""
"""yealink.md 1.4. The W75, W80 and W90 are left out, since sources disagree or are silent about them (G12)."""
NUMBERS = {name: int(number) for name, _sign, number in (item.partition("=") for item in _NUMBERS.split())}
_MAC_WITHOUT_COLONS = ("T56A", "T58A", "T58V", "T58W")
"""yealink.md 4.5: those with Android."""
MAX_FILES = 32
"""Of one phone. A boot file that includes more is not of this world."""
NOT_THERE, FOUND = 404, 200


@dataclass(frozen=True)
class Answer:
    """What came of one request. Status 0: no answer at all, and ``problem`` says why."""

    url: str
    status: int
    content: bytes = field(default=b"", repr=False)
    problem: str = ""


@dataclass
class Taken:
    """What the phone would have at the end."""

    files: list[tuple[str, FoundText]] = field(default_factory=list)
    """Address and lines of each configuration file, in the order in which they are applied."""
    overwrite: bool = False
    """overwrite_mode: what is in no file goes back to its factory default (yealink.md 1.3)."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Address and what was wrong with it."""
    aborted: bool = False
    """The phone gives up and keeps what it has."""


def user_agent(model: Model, version: str | None, mac: str) -> str:
    """As the phone's own (yealink.md 4.5). Without a declared version a likely one is sent."""
    version = version or f"{model.prefixes[0] if model.prefixes else '66'}.{model.newest}.0.15"
    name = model.name if model.dect or model.name.startswith(("CP", "AX")) else f"SIP-{model.name}"
    colons = ":".join(mac[at : at + 2] for at in range(0, 12, 2))
    return f"Yealink {name} {version} {mac if model.name in _MAC_WITHOUT_COLONS else colons}"


def common_file(model: Model) -> str | None:
    """Name of the file for all phones of a model."""
    number = NUMBERS.get(model.name)
    return None if number is None else f"y{number:012d}.cfg"


def requests(url: str, mac: str, model: Model, firmware: int) -> Generator[str, Answer, Taken]:
    """The addresses of one run. Send back each one's answer; the value at the end is what the phone has then."""
    taken = Taken()
    last = urlsplit(url).path.rpartition("/")[2]
    if last.endswith(".cfg"):  # a whole file's address is fetched as it stands (yealink.md 2.4)
        yield from _files([url], taken)
        return taken
    if last.endswith(".boot"):
        answer = yield url
        yield from _boot(url, answer, model, taken)
        return taken
    directory = url if url.endswith("/") else f"{url}/"
    if firmware >= STATIC_SINCE:  # boot files came with V81 (yealink.md 1.2)
        for name in (f"{mac}.boot", "y000000000000.boot"):
            answer = yield directory + name
            if answer.status != NOT_THERE:
                yield from _boot(directory + name, answer, model, taken)
                return taken
    common = common_file(model)
    if common is None:
        taken.problems.append((directory, f"the common file of a {model.name} is not known, so it was not asked for"))
    yield from _files([directory + name for name in (common, f"{mac}.cfg") if name], taken)
    return taken


def _files(urls: list[str], taken: Taken) -> Generator[str, Answer, None]:
    for url in urls[:MAX_FILES]:
        answer = yield url
        if answer.status == NOT_THERE:
            continue
        if not _arrived(answer, taken):
            return
        text = _text(answer, taken)
        if text:
            taken.files.append((url, text))
    if len(urls) > MAX_FILES:
        taken.problems.append((urls[-1], f"more than {MAX_FILES} files; the rest was not fetched"))


def _boot(url: str, answer: Answer, model: Model, taken: Taken) -> Generator[str, Answer, None]:
    if not _arrived(answer, taken):
        return
    text = _text(answer, taken)
    if text is None:
        return
    # What a phone does without the line is not documented. Taken for 0, after which less is promised.
    taken.overwrite = text.overwrite is not None and text.overwrite[1] == "1"
    includes = [include for include in text.includes if applies(include, model.name)]
    refused = [include for include in includes if not is_whole(include)]
    if refused:
        numbers = ", ".join(str(include.number) for include in refused)
        taken.problems.append((url, f"line {numbers}: does not end in .cfg, so the phone does not fetch it"))
    host = urlsplit(url).netloc
    targets = [_joined(url, include.target) for include in includes if include not in refused]
    ours = [target for target in targets if _host(target) == host]
    if len(ours) < len(targets):
        taken.problems.append((url, "includes files of another server, which were not fetched"))
        taken.aborted = True  # what they set is not known
    yield from _files(ours, taken)


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return ""  # no address, so of no host that is asked


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _arrived(answer: Answer, taken: Taken) -> bool:
    """Anything but a file or its absence ends the run (yealink.md 4.5)."""
    if answer.status == NOT_THERE:
        taken.problems.append((answer.url, "is not there"))
    elif answer.status != FOUND:
        taken.problems.append((answer.url, answer.problem or f"is answered with status {answer.status}"))
        taken.aborted = True
    return answer.status == FOUND


def _text(answer: Answer, taken: Taken) -> FoundText | None:
    """The lines, where the phone takes the file (yealink.md 1.1)."""
    content = decoded(answer.content)
    text = read_lines(content.text)
    if content.binary or text.encrypted:
        taken.problems.append((answer.url, "is encrypted or no text, and cannot be read here"))
        taken.aborted = True
        return None
    if not answer.content.startswith(HEADER.encode("ascii")) or text.header != 1:
        taken.problems.append((answer.url, "has no header in its first line, so the phone ignores it"))
        return None
    return text
