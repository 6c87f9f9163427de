# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a declaration to the plain data that each module is given, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.diff_text import plain
from ansible_collections.voipsec.hardening.plugins.module_utils.site.credentials import compile_credentials
from ansible_collections.voipsec.hardening.plugins.module_utils.site.host import (
    compile_antivirus,
    compile_antivirus_mail,
    compile_pbx_host,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.manual_controls import compile_manual_controls
from ansible_collections.voipsec.hardening.plugins.module_utils.site.model import Declaration
from ansible_collections.voipsec.hardening.plugins.module_utils.site.phones import (
    compile_phone_registrations,
    compile_phone_service,
    compile_phones,
    compile_provisioning,
    compile_template_phones,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router import compile_router
from ansible_collections.voipsec.hardening.plugins.module_utils.site.router_system import compile_router_system
from ansible_collections.voipsec.hardening.plugins.module_utils.site.threecx import (
    compile_threecx_extensions,
    compile_threecx_guard,
    compile_threecx_security,
)
from ansible_collections.voipsec.hardening.plugins.module_utils.site.yeastar import (
    compile_yeastar,
    compile_yeastar_extensions,
    compile_yeastar_security,
)

COMPILERS: dict[str, Callable[[Declaration], Any]] = {
    "router": compile_router,
    "router_system": compile_router_system,
    "phones": compile_phones,
    "template_phones": compile_template_phones,
    "provisioning": compile_provisioning,
    "credentials": compile_credentials,
    "antivirus": compile_antivirus,
    "antivirus_mail": compile_antivirus_mail,
    "pbx_host": compile_pbx_host,
    "threecx_security": compile_threecx_security,
    "threecx_extensions": compile_threecx_extensions,
    "threecx_guard": compile_threecx_guard,
    "yeastar": compile_yeastar,
    "yeastar_security": compile_yeastar_security,
    "yeastar_extensions": compile_yeastar_extensions,
    "phone_registrations": compile_phone_registrations,
    "phone_service": compile_phone_service,
    "manual_controls": compile_manual_controls,
    "declaration": plain,
}


WITHOUT_DECLARATION: dict[str, Callable[[None], Any]] = {
    "provisioning": compile_provisioning,
    "antivirus": compile_antivirus,
    "antivirus_mail": compile_antivirus_mail,
    "pbx_host": compile_pbx_host,
}
"""For roles that can be used without a declaration: what has a default."""


def compile_for(what: str, declaration: Declaration | None) -> Any:
    """Plain data; raises HardeningError where the declaration is valid but cannot be expressed there.

    None is a play without a declaration, which only the names of WITHOUT_DECLARATION allow.
    """
    if what not in COMPILERS:
        raise HardeningError(f"{what!r} cannot be compiled from the declaration; valid are {', '.join(COMPILERS)}.")
    if declaration is not None:
        return COMPILERS[what](declaration)
    if what not in WITHOUT_DECLARATION:
        raise HardeningError(
            f"{what!r} needs a declaration; optional=true is valid for {', '.join(WITHOUT_DECLARATION)}."
        )
    return WITHOUT_DECLARATION[what](None)
