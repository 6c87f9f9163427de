# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random credentials from the system's cryptographic source, through passlib's generator, until they satisfy the
policy."""

from __future__ import annotations

import string
from collections.abc import Callable, Collection, Sequence

from ansible_collections.voipsec.hardening.plugins.module_utils.core import HardeningError
from ansible_collections.voipsec.hardening.plugins.module_utils.redaction import Secret
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets import policy
from ansible_collections.voipsec.hardening.plugins.module_utils.secrets.credential_store import FIELDS, ExtensionSecrets

try:
    from passlib.pwd import genword
except ImportError as error:
    PASSLIB_MISSING: ImportError | None = error
else:
    PASSLIB_MISSING = None

Word = Callable[[int, str], str]
"""A random word of a length from an alphabet, every character equally likely."""


def random_word(length: int, alphabet: str) -> str:
    """From the system's cryptographic source (passlib uses random.SystemRandom)."""
    if PASSLIB_MISSING is not None:
        raise HardeningError(
            "the Python package libpass (import name passlib) is not installed for the Python that runs ansible; "
            "install the collection's requirements.txt."
        ) from PASSLIB_MISSING
    return str(genword(length=length, chars=alphabet))


def extension_secrets(
    number: str,
    password_length: int,
    pin_length: int,
    name: str = "",
    word: Word = random_word,
    used: Sequence[ExtensionSecrets] = (),
) -> ExtensionSecrets:
    """All credentials of one extension. Words that the policy refuses, or that are in use, are drawn again: of a
    million PINs one does come twice."""
    refused = {getattr(each, field).reveal() for each in used for field in FIELDS}

    def password(length: int) -> Secret:
        return _password(length, number, name, word, refused)

    return ExtensionSecrets(
        auth_id=_draw(
            lambda: _auth_id(word), lambda text: ["it contains the extension number"] if number in text else [], refused
        ),
        sip_password=password(password_length),
        voicemail_pin=_draw(
            lambda: word(pin_length, string.digits), lambda text: policy.pin_problems(text, number), refused
        ),
        phone_admin_password=password(policy.PHONE_PASSWORD_LENGTH),
        phone_user_password=password(policy.PHONE_PASSWORD_LENGTH),
        web_password=password(policy.PHONE_PASSWORD_LENGTH),
    )


def provisioning_password(word: Word = random_word) -> Secret:
    """The password with which the customer's phones fetch their files."""
    return _password(policy.PROVISIONING_PASSWORD_LENGTH, "", "", word)


def _password(length: int, number: str, name: str, word: Word, refused: Collection[str] = ()) -> Secret:
    lengths = policy.Lengths(length, length)
    return _draw(
        lambda: word(length, policy.ALPHANUMERIC),
        lambda text: policy.password_problems(text, lengths, number, name),
        refused,
    )


def _auth_id(word: Word) -> str:
    """A letter first: a name of digits alone could be taken for an extension."""
    return word(1, string.ascii_lowercase) + word(policy.AUTH_ID_LENGTH - 1, string.ascii_lowercase + string.digits)


def _draw(draw: Callable[[], str], problems: Callable[[str], list[str]], refused: Collection[str] = ()) -> Secret:
    for _attempt in range(1000):
        text = draw()
        if text not in refused and not problems(text):
            return Secret(text)
    raise HardeningError("no random value satisfies the credential policy; this points to a broken random source.")
