# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a declaration to the plain data that each module is given, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.reconcile import plain
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration


def _router(declaration: Declaration) -> Any:
    from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router

    return compile_router(declaration)


def _phones(declaration: Declaration) -> Any:
    from ansible_collections.voipsec.hardening.plugins.module_utils.site.phones import compile_phones

    return compile_phones(declaration)


def _credentials(declaration: Declaration) -> Any:
    from ansible_collections.voipsec.hardening.plugins.module_utils.site.credentials import compile_credentials

    return compile_credentials(declaration)


def _antivirus(declaration: Declaration) -> Any:
    """Empty where none is declared."""
    return plain(declaration.antivirus) if declaration.antivirus else {}


COMPILERS: dict[str, Callable[[Declaration], Any]] = {
    "router": _router,
    "phones": _phones,
    "credentials": _credentials,
    "antivirus": _antivirus,
    "declaration": plain,
}
"""Imported when they are used: a site without phones needs nothing of theirs."""


def compile_for(what: str, declaration: Declaration) -> Any:
    """Plain data; raises HardeningError where the declaration is valid but cannot be expressed there."""
    if what not in COMPILERS:
        raise HardeningError(f"{what!r} cannot be compiled from the declaration; valid are {', '.join(COMPILERS)}.")
    try:
        return COMPILERS[what](declaration)
    except ValueError as error:  # router.CompileError, which is imported only where it can be raised
        raise HardeningError(str(error)) from error
