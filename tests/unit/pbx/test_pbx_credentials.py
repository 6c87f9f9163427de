# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the declared extensions' credentials come from the vault file to a PBX's module, and which of them do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError, RunContext
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx import credentials
from ansible_collections.voipsec.hardening.plugins.module_utils.pbx.credentials import handed_over, prepare
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Masker, Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import (
    FIELDS,
    CustomerSecrets,
    ExtensionSecrets,
)


def secrets_of(number: str) -> ExtensionSecrets:
    return ExtensionSecrets(**{name: Secret(f"{number}-{name}-long-enough") for name in FIELDS})


VAULT = {number: secrets_of(number) for number in ("201", "202", "203")}


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault file with three extensions; how it is read is another test's business."""
    path = tmp_path / "credentials.vault.txt"
    path.write_text("$ANSIBLE_VAULT;")

    def load(asked: str, _cipher: Any) -> CustomerSecrets:
        assert asked == str(path)
        return CustomerSecrets(VAULT, Secret("provisioning-password"))

    monkeypatch.setattr(credentials, "load_for_devices", load)
    return path


def prepared(
    path: Path | str | None,
    *numbers: str,
    check_mode: bool = False,
    warn: Callable[[str], None] = pytest.fail,
    masker: Masker | None = None,
    **more: Any,
) -> dict[str, Any]:
    params = {
        "state": "merged",
        "credentials_file": None if path is None else str(path),
        "credentials": None,
        "extensions": [{"number": number} for number in numbers],
        **more,
    }
    return prepare(params, RunContext(check_mode, masker or Masker(), warn))


def test_the_declared_extensions_get_all_their_credentials_and_no_others_do(vault: Path) -> None:
    params = prepared(vault, "201", "203")
    assert handed_over(params) == {"201": VAULT["201"], "203": VAULT["203"]}
    bundle = json.loads(params["credentials"])
    assert bundle["201"] == {name: f"201-{name}-long-enough" for name in FIELDS}
    assert params["extensions"] == [{"number": "201"}, {"number": "203"}], "the other options stay"


def test_every_value_of_the_vault_is_masked(vault: Path) -> None:
    masker = Masker()
    prepared(vault, "201", masker=masker)
    for number in VAULT:
        for name in FIELDS:
            assert masker.clean(f"x {number}-{name}-long-enough y") == "x ******** y"


def test_an_extension_without_credentials_stops_the_run_but_not_a_check(vault: Path) -> None:
    with pytest.raises(HardeningError, match=r"holds no credentials of 204, 301\. The role voipsec\.hardening\.cred"):
        prepared(vault, "301", "201", "204")
    params = prepared(vault, "301", "201", check_mode=True)
    assert set(handed_over(params)) == {"201"}


def test_before_the_first_run_a_check_goes_without_credentials_and_says_so(tmp_path: Path) -> None:
    warnings: list[str] = []
    params = prepared(tmp_path / "none", "201", check_mode=True, warn=warnings.append)
    assert handed_over(params) == {}
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{tmp_path / 'none'} ")
    with pytest.raises(HardeningError, match="does not exist"):
        prepared(tmp_path / "none", "201")


@pytest.mark.parametrize("more", [{"state": "gathered"}, {"credentials": "{}"}, {"credentials_file": None}])
def test_when_the_vault_is_not_opened(more: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(credentials, "load_for_devices", lambda *_arguments: pytest.fail("opened"))
    params = prepared(tmp_path / "vault", "201", **more)
    assert handed_over(params) == {}


def test_nothing_declared_is_nothing_handed_over(vault: Path) -> None:
    assert handed_over(prepared(vault, extensions=None)) == {}
    assert handed_over({}) == {}


def test_what_is_handed_over_does_not_print(vault: Path) -> None:
    assert "long-enough" not in repr(handed_over(prepared(vault, "201")))
