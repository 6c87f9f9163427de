# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Would the tests notice a wrong line? Small changes to the pure cores, and whether any unit or safety test fails.

    make mutants                                  every core in CORES
    make mutants MUTANTS="redaction.py sip/"      only paths that begin so, each survivor shown
    make mutants MUTANTS="--sample 100 sip/"      more changes of each file

The changes come from mutmut and from three operators of our own. They are sampled with a fixed seed, and each runs in
a process of its own that loads the changed file from memory: nothing is written to the clone. A change is tried on the
tests that run its line, the quickest first. 10 to 20 % of the survivors change nothing that matters.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib.machinery
import json
import math
import multiprocessing
import multiprocessing.connection
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any, cast

import coverage
import hypothesis
import libcst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.pragma_handling import get_ignored_lines

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "plugins/module_utils"
CORES: dict[str, tuple[str, ...]] = {
    "redaction.py": ("unit/core",),
    "nested.py": ("unit/core",),
    "diff_text.py": ("unit/core",),
    "secrets/credential_store.py": ("unit/secrets",),
    "secrets/policy.py": ("unit/secrets",),
    "secrets/vault_file.py": ("unit/secrets",),
    "sip/digest.py": ("unit/sip",),
    "sip/verdict.py": ("unit/sip",),
    "drayos/rules/plan.py": ("unit/drayos", "safety"),
    "drayos/rules/compare.py": ("unit/drayos", "safety"),
    "drayos/rules/filter.py": ("unit/drayos", "safety"),
    "drayos/rules/found.py": ("unit/drayos", "safety"),
    "drayos/profiles/placement.py": ("unit/drayos", "safety"),
    "drayos/nat/exposures.py": ("unit/drayos", "safety"),
    "drayos/nat/wanted.py": ("unit/drayos", "safety"),
    "drayos/rules/rule_forms.py": ("unit/drayos", "safety"),
    "site/router.py": ("unit/site",),
    "site/threecx.py": ("unit/site", "unit/threecx"),
    "site/parse_addresses.py": ("unit/site",),
    "site/checks_addresses.py": ("unit/site",),
    "site/countries.py": ("unit/site",),
    "pbx/plan.py": ("unit/pbx", "unit/threecx", "unit/yeastar"),
    "pbx/watch.py": ("unit/pbx", "unit/threecx", "unit/yeastar"),
    "pbx/credentials.py": ("unit/pbx", "unit/threecx", "unit/yeastar"),
    "threecx/ip_list.py": ("unit/threecx",),
    "threecx/outbound.py": ("unit/threecx",),
    "threecx/users.py": ("unit/threecx",),
    "threecx/guard.py": ("unit/threecx",),
    "threecx/countries.py": ("unit/threecx",),
    "yeastar/routes.py": ("unit/yeastar",),
    "yeastar/patterns.py": ("unit/yeastar",),
    "yeastar/extension.py": ("unit/yeastar",),
    "yealink/baseline.py": ("unit/yealink",),
    "yealink/audit/weak_values.py": ("unit/yealink",),
    "yealink/cfg.py": ("unit/yealink",),
    "yealink/dial_patterns.py": ("unit/yealink",),
    "pbx_host/firewall.py": ("unit/pbx_host",),
    "pbx_host/rules.py": ("unit/pbx_host",),
}
"""The files, below module_utils, whose mistakes would leave a site open, and the folders of tests that must notice."""
SEED = 1
PATIENCE = 20.0
"""Seconds that the tests of one change take without it; slower tests are left out."""
SLOWER = 4.0
"""A change whose tests take so many times as long, and some seconds more, hangs: noticed."""
WORDS = {0: "survived", None: "not tried"}
"""By how the tests of a change ended; all other ends mean that it was noticed."""


@dataclass
class Change:
    """One small change of one file."""

    core: str
    line: int
    source: str
    diff: str
    tests: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """What its tests take without the change."""

    @property
    def patience(self) -> float:
        """Seconds after which its tests are taken to hang."""
        return SLOWER * self.seconds + 15


@dataclass
class Measured:
    """What the tests of some folders do without any change."""

    lines: dict[str, dict[int, set[str]]]
    """Core, line number, and the tests that run the line. What runs at import has every test of its file."""
    seconds: dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("cores", nargs="*", help="beginnings of paths below plugins/module_utils")
    parser.add_argument("--sample", type=int, default=40, help="changes of each file, at most")
    parser.add_argument("--minutes", type=float, default=60, help="when to end, with what is known by then")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    multiprocessing.set_start_method("fork")
    end = time.monotonic() + options.minutes * 60
    chosen = [core for core in CORES if not options.cores or any(core.startswith(each) for each in options.cores)]
    if not chosen:
        parser.error("no such core; see CORES in tests/mutants/__main__.py")
    print(f"{len(chosen)} files: measuring which tests run which line", flush=True)
    groups = sorted({CORES[core] for core in chosen})
    with tempfile.TemporaryDirectory() as folder:
        outs = {group: Path(folder) / f"{number}.json" for number, group in enumerate(groups)}
        in_parallel([Job(_measure, (group, chosen, outs[group])) for group in groups], options.jobs)
        measured = {group: read_measured(group, out) for group, out in outs.items()}
    changes = [change for core in chosen for change in sampled(core, options.sample, measured[CORES[core]])]
    # Mixed, so that a run that is ended early has tried some of each file.
    random.Random(SEED).shuffle(changes)
    print(f"{len(changes)} changes, {options.jobs} at a time, {options.minutes:.0f} minutes at most", flush=True)
    codes = iter(in_parallel([Job(_try, (each,), each.patience) for each in changes if each.tests], options.jobs, end))
    results = [WORDS.get(next(codes), "killed") if change.tests else "no test" for change in changes]
    report(chosen, list(zip(changes, results, strict=True)), show=bool(options.cores))
    return 0


@dataclass
class Job:
    """What a process of its own does. Each is forked from this one, which has imported what is slow and nothing that
    is changed."""

    do: Callable[..., None]
    arguments: tuple[Any, ...]
    seconds: float | None = None
    """After these it is killed."""


def in_parallel(jobs: Sequence[Job], limit: int, end: float = math.inf) -> list[int | None]:
    """How each ended; None for those that had not begun at ``end`` (monotonic time)."""
    codes: list[int | None] = [None] * len(jobs)
    waiting = list(enumerate(jobs))[::-1]
    running: dict[int, tuple[multiprocessing.Process, float]] = {}
    while running or (waiting and time.monotonic() < end):
        while waiting and len(running) < limit and time.monotonic() < end:
            number, job = waiting.pop()
            child = multiprocessing.Process(target=job.do, args=job.arguments)
            child.start()
            running[number] = child, time.monotonic() + (job.seconds or math.inf)
        multiprocessing.connection.wait([child.sentinel for child, _until in running.values()], timeout=1)
        for number, (child, until) in list(running.items()):
            if child.is_alive() and time.monotonic() > until:
                with contextlib.suppress(ProcessLookupError):  # it has no group of its own yet
                    os.killpg(cast(int, child.pid), signal.SIGKILL)
                child.kill()
                child.join()
            if not child.is_alive():
                child.join()
                codes[number] = child.exitcode
                del running[number]
    return codes


def read_measured(folders: Sequence[str], out: Path) -> Measured:
    """What _measure has found."""
    if not out.exists():
        output = out.with_suffix(".log").read_text()
        sys.exit(f"the tests of {', '.join(folders)} fail without any change:\n{output}")
    found = json.loads(out.read_text())
    lines = {
        core: {int(line): set(tests) for line, tests in by_line.items()} for core, by_line in found["lines"].items()
    }
    return Measured(lines, found["seconds"])


class Watch:
    """A plugin of pytest: tells coverage which test is running, and remembers how long each took."""

    def __init__(self, watching: coverage.Coverage) -> None:
        self.watching = watching
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        name = item.nodeid.partition("[")[0]
        began = time.monotonic()
        self.watching.switch_context(name)
        yield
        self.watching.switch_context("")
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - began


def _measure(folders: Sequence[str], cores: Sequence[str], out: Path) -> None:
    paths = {str(SHIPPED / core): core for core in cores}
    watching = coverage.Coverage(data_file=None, include=list(paths), config_file=False)
    watch = Watch(watching)
    watching.start()
    code = _pytest(
        [str(ROOT / "tests" / folder) for folder in folders if (ROOT / "tests" / folder).exists()],
        [watch],
        out.with_suffix(".log"),
    )
    watching.stop()
    if code != pytest.ExitCode.OK:
        return
    data = watching.get_data()
    lines: dict[str, dict[int, list[str]]] = {}
    for path in data.measured_files():
        by_line = data.contexts_by_lineno(path)
        everybody = sorted({test for tests in by_line.values() for test in tests if test})
        core = paths[os.path.realpath(path)]
        lines[core] = {line: sorted(filter(None, tests)) or everybody for line, tests in by_line.items()}
    out.write_text(json.dumps({"lines": lines, "seconds": watch.seconds}))


def _pytest(arguments: Iterable[str], plugins: Sequence[object] = (), log: Path = Path(os.devnull)) -> int:
    """In a child: run tests here, and leave nothing behind but the log."""
    quiet = hypothesis.settings(
        database=None, derandomize=True, deadline=None, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate]
    )
    hypothesis.settings.register_profile("mutants", quiet)
    hypothesis.settings.load_profile("mutants")
    os.chdir(ROOT)
    os.setsid()  # a changed line may signal its whole group, which must not be ours
    with tempfile.TemporaryDirectory() as folder, log.open("w") as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
        always = ["-x", "-q", "-p", "no:testinfra", "-p", "no:cacheprovider", "-p", "no:xdist", "--basetemp", folder]
        return int(pytest.main([*always, *arguments], plugins=list(plugins)))


def drop_condition(node: libcst.If) -> Iterable[libcst.If]:
    """``if`` always, and never."""
    for word in ("True", "False"):
        yield node.with_changes(test=libcst.Name(word), whitespace_before_test=libcst.SimpleWhitespace(" "))


def drop_value(node: libcst.Return) -> Iterable[libcst.Return]:
    """``return`` of nothing."""
    if node.value is not None and not (isinstance(node.value, libcst.Name) and node.value.value == "None"):
        yield node.with_changes(value=libcst.Name("None"), whitespace_after_return=libcst.SimpleWhitespace(" "))


def drop_statement(node: libcst.Expr) -> Iterable[libcst.Pass]:
    """A call that is made for what it does, not made. A docstring is not touched."""
    if not isinstance(node.value, (libcst.SimpleString, libcst.ConcatenatedString)):
        yield libcst.Pass()


OPERATORS: list[tuple[Any, Any]] = [
    # The wording of messages is not what is measured here.
    *(pair for pair in mutators.mutation_operators if pair[1] is not mutators.operator_string),
    (libcst.If, drop_condition),
    (libcst.Return, drop_value),
    (libcst.Expr, drop_statement),
]


def sampled(core: str, size: int, measured: Measured) -> list[Change]:
    """Some changes of a file, the same ones on every run, with the tests that are to notice them."""
    path = SHIPPED / core
    text = path.read_text()
    wrapper = MetadataWrapper(libcst.parse_module(text))
    visitor = MutationVisitor(OPERATORS, get_ignored_lines(str(path), text, wrapper))
    module = wrapper.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    choice = random.Random(f"{SEED} {core}")
    picked = choice.sample(visitor.mutations, min(size, len(visitor.mutations)))
    changes = []
    for each in picked:
        source = cast(libcst.Module, module.deep_replace(each.original_node, each.mutated_node)).code
        lines = list(difflib.unified_diff(text.splitlines(), source.splitlines(), n=0, lineterm=""))[2:]
        if not lines:
            continue
        line = int(lines[0].split()[1].lstrip("-").partition(",")[0])
        span = positions.get(each.original_node)
        numbers = range(span.start.line, span.end.line + 1) if span else (line,)
        by_line = measured.lines.get(core, {})
        tests = set().union(*(by_line.get(number, set()) for number in (line, *numbers)))
        change = Change(core, line, source, "\n".join(lines))
        for test in sorted(tests, key=lambda test: measured.seconds[test]):
            if change.seconds + measured.seconds[test] > PATIENCE:
                break
            change.tests.append(test)
            change.seconds += measured.seconds[test]
        changes.append(change)
    return changes


def _try(change: Change) -> None:
    target = os.path.realpath(SHIPPED / change.core)
    as_it_is = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        path = loader.get_filename(name)
        if os.path.realpath(path) != target:
            return as_it_is(loader, name)
        return compile(change.source, path, "exec", dont_inherit=True)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]
    os._exit(_pytest(change.tests))


def report(cores: Sequence[str], results: Sequence[tuple[Change, str]], *, show: bool) -> None:
    """The score by file; survivors go into a file as well."""
    print(f"{'file':32} killed  score  no test runs the line")
    total = [0, 0]
    for core in cores:
        words = [word for change, word in results if change.core == core]
        killed, counted = words.count("killed"), len(words) - words.count("not tried")
        total = [total[0] + killed, total[1] + counted]
        score = f"{100 * killed // counted:3} %" if counted else "  - "
        print(f"{core:32} {killed:3}/{counted:<3} {score}  {words.count('no test') or ''}".rstrip())
    print(f"{'all':32} {total[0]:3}/{total[1]:<3} {100 * total[0] // max(total[1], 1):3} %")
    survivors = [
        f"{change.core}:{change.line} {word}\n{change.diff}\n"
        for change, word in sorted(results, key=lambda pair: (pair[0].core, pair[0].line))
        if word in ("survived", "no test")
    ]
    out = ROOT / ".cache/mutants.txt"
    out.write_text("\n".join(survivors))
    print(f"{len(survivors)} survivors are in {out.relative_to(ROOT)}")
    if show:
        print("\n".join(survivors))


if __name__ == "__main__":
    sys.exit(main())
