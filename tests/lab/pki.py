# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority for the lab, with good and deliberately bad server certificates."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DEFAULT_NAMES = ("provision.example.net", "localhost")
DEFAULT_ADDRESSES = ("127.0.0.1",)
WRONG_NAME = "somewhere-else.example.org"
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class KeyPair:
    """Where a certificate and its private key are."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Pki:
    """Everything a lab server may present, and the authority that signed it."""

    authority: LabCA
    server: KeyPair
    wrong_name: KeyPair
    expired: KeyPair

    @property
    def ca_file(self) -> Path:
        """The certificate a client has to trust."""
        return self.authority.files.certificate

    def certificate(self, kind: str) -> KeyPair:
        """Find one by its name: server, wrong-name or expired."""
        return {"server": self.server, "wrong-name": self.wrong_name, "expired": self.expired}[kind]


class LabCA:
    """A certificate authority kept in a directory as ca.pem and ca.key."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files = KeyPair(directory / "ca.pem", directory / "ca.key")
        self._certificate = x509.load_pem_x509_certificate(self.files.certificate.read_bytes())
        key = serialization.load_pem_private_key(self.files.key.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{self.files.key} is not an elliptic curve key")
        self._key = key

    @classmethod
    def create(cls, directory: Path | str, common_name: str = "Lab CA") -> LabCA:
        """Make a new authority in a directory (made if needed, for the owner only)."""
        directory = Path(directory)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(common_name)
        now = dt.datetime.now(dt.UTC)
        usage = _key_usage(key_cert_sign=True, crl_sign=True)
        certificate = (
            _builder(name, name, key.public_key(), now - _DAY, now + 3650 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        _write(directory, "ca", certificate, key)
        return cls(directory)

    def issue(
        self,
        file_name: str,
        names: Iterable[str] = (),
        addresses: Iterable[str] = (),
        not_before: dt.datetime | None = None,
        not_after: dt.datetime | None = None,
    ) -> KeyPair:
        """Write file_name.pem and file_name.key for a server with these names and addresses."""
        dns, ips = list(names), list(addresses)
        if not dns and not ips:
            raise ValueError("a server certificate needs a name or an address")
        now = dt.datetime.now(dt.UTC)
        key = ec.generate_private_key(ec.SECP256R1())
        san = [*map(x509.DNSName, dns), *(x509.IPAddress(ipaddress.ip_address(ip)) for ip in ips)]
        authority_key = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        certificate = (
            _builder(
                _name((dns + ips)[0]),
                self._certificate.subject,
                key.public_key(),
                not_before or now - _DAY,
                not_after or now + 365 * _DAY,
            )
            .add_extension(x509.SubjectAlternativeName(san), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_key), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )
        return _write(self.directory, file_name, certificate, key)


def make_pki(
    directory: Path | str,
    names: Iterable[str] = DEFAULT_NAMES,
    addresses: Iterable[str] = DEFAULT_ADDRESSES,
) -> Pki:
    """Make an authority with a good, a wrong-name and an expired server certificate."""
    names, addresses = tuple(names), tuple(addresses)
    authority = LabCA.create(directory)
    now = dt.datetime.now(dt.UTC)
    return Pki(
        authority=authority,
        server=authority.issue("server", names, addresses),
        wrong_name=authority.issue("wrong-name", [WRONG_NAME]),
        expired=authority.issue("expired", names, addresses, now - 30 * _DAY, now - _DAY),
    )


def load_pki(directory: Path | str) -> Pki:
    """Read back what make_pki wrote."""
    directory = Path(directory)
    pairs = [
        KeyPair(directory / f"{kind}.pem", directory / f"{kind}.key") for kind in ("server", "wrong-name", "expired")
    ]
    return Pki(LabCA(directory), *pairs)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    not_before: dt.datetime,
    not_after: dt.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )


def _key_usage(digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(directory: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> KeyPair:
    pair = KeyPair(directory / f"{name}.pem", directory / f"{name}.key")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    # The mode is set as the file is made, so that the key is never readable by others for a moment.
    pair.key.unlink(missing_ok=True)
    with os.fdopen(os.open(pair.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(pem)
    pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return pair
