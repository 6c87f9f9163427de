# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that a YAML file of the inventory gives twice. ansible-core keeps the last, and only warns unless it is told to
fail (``duplicate_dict_key`` in ansible.cfg)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml
from ansible import constants

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST_FILE = 10_000_000


def repeated_keys(folder: Path) -> Iterator[tuple[str, str]]:
    """Place (file and line) and key, of every file beside an inventory. None where ansible-core has looked itself."""
    if constants.config.get_config_value("DUPLICATE_YAML_DICT_KEY") == "error":
        return
    for file in _files(folder):
        try:
            text = file.read_text(encoding="utf-8") if file.stat().st_size <= LARGEST_FILE else ""
            node = yaml.compose(text, Loader=LOADER)
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            continue  # a vault, or nothing that ansible-core could have read
        for line, key in _repeated(node):
            yield f"{file.relative_to(folder)}, line {line}", key


def _files(folder: Path) -> list[Path]:
    places = [folder, *(folder / name for name in ("group_vars", "host_vars"))]
    found = [file for place in places for file in place.glob("*.y*ml")]
    return sorted({*found, *(file for place in places[1:] for file in place.glob("*/*.y*ml"))})


def _repeated(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key.start_mark.line + 1, key.value
                seen.add(key.value)
            yield from _repeated(value)
