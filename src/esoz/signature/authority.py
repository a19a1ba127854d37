"""A small trust centre for the sandbox and for tests: a root and an issuing authority with Ukrainian attributes."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from . import der, hashes, oids
from . import der_writer as w
from .certificate import Certificate, KeyUsage
from .errors import Unreadable, Unsupported
from .keys import Dstu4145Key, EcdsaKey, PrivateKey, bits_of, key_identifier, read_private_keys
from .revocation import Revocation
from .trust import Chain, TrustList

Random = Callable[[int], bytes]

# The hash of everything an authority of this scheme signs, and the curve of its root (9 is m=431, as real roots).
_SCHEMES = {"dstu-gost": oids.GOST_34311, "dstu-kupyna": oids.KUPYNA_256, "ecdsa": oids.SHA256}
_ROOT_CURVE = 9
_PERSON_CURVE = 6
_ROOT_DAYS = 20 * 365
_AUTHORITY_DAYS = 10 * 365


@dataclass(frozen=True)
class Subject:
    """Whom a certificate is for: a person, a person of an organisation, or the seal of an organisation."""

    surname: str | None = None
    given_name: str | None = None
    drfo: str | None = None
    organization: str | None = None
    edrpou: str | None = None
    title: str | None = None
    is_seal: bool = False

    @property
    def common_name(self) -> str:
        """A person's full name or the name of the organisation."""
        person = " ".join(part for part in (self.surname, self.given_name) if part)
        return (self.organization if self.is_seal else person) or person or self.organization or ""


@dataclass(frozen=True)
class Issued:
    """A new certificate with its key and the authorities above it."""

    key: PrivateKey
    certificate: Certificate
    chain: Chain


@dataclass(frozen=True)
class Profile:
    """What makes one kind of certificate differ from another."""

    uses: frozenset[KeyUsage]
    purposes: tuple[str, ...] = ()
    is_authority: bool = False
    path_length: int | None = None
    directory: bytes = b""
    is_qualified: bool = False
    # Encoded extensions besides: the addresses of the centre's services.
    further: tuple[bytes, ...] = ()


_AUTHORITY_USES = frozenset({KeyUsage.KEY_CERT_SIGN, KeyUsage.CRL_SIGN})
_SIGNING_USES = frozenset({KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION})


class Authority:
    """Root, issuing authority and their keys. Everything follows from the source of random bytes."""

    def __init__(self, scheme: str, random: Random, root: Issued, issuing: Issued) -> None:
        self.scheme, self.root, self.issuing = scheme, root, issuing
        self.digest = _digest_of(scheme)
        self._random = random

    @staticmethod
    def create(name: str, *, scheme: str, random: Random, at: datetime, further: tuple[bytes, ...] = ()) -> "Authority":
        """A new centre, valid from `at`. Schemes: dstu-gost, dstu-kupyna, ecdsa; `Unsupported` for others.

        `further` are encoded extensions of the issuing authority: the addresses of the root's lists.
        """
        digest = _digest_of(scheme)
        root_key = _new_key(scheme, random, _ROOT_CURVE)
        profile = Profile(_AUTHORITY_USES, is_authority=True)
        root_name = _name([(oids.ORGANIZATION, name), (oids.COMMON_NAME, f"{name}. Кореневий центр")])
        validity = (at, at + timedelta(days=_ROOT_DAYS))
        root = _certify(_Request(root_name, root_key, root_name, root_key), digest, validity, profile)
        key = _new_key(scheme, random, _PERSON_CURVE)
        issuing_name = _name([(oids.ORGANIZATION, name), (oids.COMMON_NAME, name)])
        validity = (at, at + timedelta(days=_AUTHORITY_DAYS))
        profile = Profile(_AUTHORITY_USES, is_authority=True, path_length=0, further=further)
        issuing = _certify(_Request(issuing_name, key, root_name, root_key), digest, validity, profile)
        chain = (issuing, root)
        return Authority(scheme, random, Issued(root_key, root, (root,)), Issued(key, issuing, chain))

    @property
    def certificates(self) -> Chain:
        """What others must trust: the root and the issuing authority."""
        return self.root.certificate, self.issuing.certificate

    @property
    def root_alone(self) -> "Authority":
        """The root as an authority of its own: for what it says about the authority below it."""
        return Authority(self.scheme, self._random, self.root, self.root)

    @property
    def trust(self) -> TrustList:
        """A trust list of this centre alone."""
        return TrustList(self.certificates)

    def issue(
        self,
        subject: Subject,
        *,
        valid_from: datetime,
        valid_to: datetime,
        key: PrivateKey | None = None,
        unzr: str | None = None,
        further: tuple[bytes, ...] = (),
    ) -> Issued:
        """A signing certificate for a person or a seal; a new key unless one is given."""
        profile = _signing_profile(subject, unzr, further)
        return self.certify(_subject_name(subject), profile, validity=(valid_from, valid_to), key=key)

    def issue_for(
        self,
        subject: Subject,
        spki: bytes,
        *,
        validity: tuple[datetime, datetime],
        unzr: str | None = None,
        further: tuple[bytes, ...] = (),
    ) -> Certificate:
        """A signing certificate for a key that stays with its owner: `spki` is its public half, from a request."""
        request = _Request(
            _subject_name(subject), Applicant(spki), self.issuing.certificate.subject.raw, self.issuing.key
        )
        return _certify(request, self.digest, validity, _signing_profile(subject, unzr, further))

    def certify(
        self, name: bytes, profile: Profile, *, validity: tuple[datetime, datetime], key: PrivateKey | None = None
    ) -> Issued:
        """A certificate of any profile for an encoded name (services of the centre need this)."""
        key = key or _new_key(self.scheme, self._random, _PERSON_CURVE)
        request = _Request(name, key, self.issuing.certificate.subject.raw, self.issuing.key)
        certificate = _certify(request, self.digest, validity, profile)
        return Issued(key, certificate, (certificate, *self.issuing.chain))

    def save(self, folder: Path | str) -> None:
        """Write the certificates, the keys (not encrypted: this is a sandbox) and the scheme into a folder."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for name, issued in (("root", self.root), ("issuing", self.issuing)):
            (target / f"{name}.cer").write_bytes(issued.certificate.der)
            key_file = target / f"{name}.key"
            key_file.touch(mode=0o600)
            key_file.write_bytes(issued.key.pkcs8)
        (target / "authority.json").write_text(json.dumps({"scheme": self.scheme}))

    @staticmethod
    def load(folder: Path | str, *, random: Random) -> "Authority":
        """The centre that `save` wrote."""
        source = Path(folder)
        try:
            scheme = str(json.loads((source / "authority.json").read_text())["scheme"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable("authority.json") from error
        certificates = [Certificate.parse((source / f"{name}.cer").read_bytes()) for name in ("root", "issuing")]
        keys = [read_private_keys((source / f"{name}.key").read_bytes())[0] for name in ("root", "issuing")]
        root, issuing = certificates
        return Authority(scheme, random, Issued(keys[0], root, (root,)), Issued(keys[1], issuing, (issuing, root)))


@dataclass(frozen=True)
class Applicant:
    """The public half of somebody's key (SubjectPublicKeyInfo): all that a certificate needs of it."""

    spki: bytes

    def identifier(self, digest: str) -> bytes:
        """SubjectKeyIdentifier, as of a whole key."""
        return key_identifier(bits_of(self.spki), digest)


@dataclass(frozen=True)
class _Request:
    """Names are encoded; `issuer_key` signs."""

    subject: bytes
    key: PrivateKey | Applicant
    issuer: bytes
    issuer_key: PrivateKey


def _signing_profile(subject: Subject, unzr: str | None, further: tuple[bytes, ...]) -> Profile:
    purposes = (oids.SEAL_USAGE,) if subject.is_seal else ()
    directory = _directory(subject, unzr)
    return Profile(_SIGNING_USES, purposes, directory=directory, is_qualified=True, further=further)


def _digest_of(scheme: str) -> str:
    if scheme not in _SCHEMES:
        raise Unsupported(f"scheme {scheme}")
    return _SCHEMES[scheme]


def _new_key(scheme: str, random: Random, curve: int) -> PrivateKey:
    return EcdsaKey.generate(random) if scheme == "ecdsa" else Dstu4145Key.generate(random, curve)


def _certify(request: _Request, digest: str, validity: tuple[datetime, datetime], profile: Profile) -> Certificate:
    """Build and sign a certificate of version 3."""
    identifier = request.key.identifier(digest)
    issuer_identifier = request.issuer_key.identifier(digest)
    algorithm = request.issuer_key.signature_algorithm(digest)
    body = w.sequence(
        w.explicit(0, w.integer(2)),
        w.integer(_serial_number(issuer_identifier, identifier, validity)),
        algorithm,
        request.issuer,
        w.sequence(*map(w.time, validity)),
        request.subject,
        request.key.spki,
        w.explicit(3, w.sequence(*_extensions(profile, identifier, issuer_identifier))),
    )
    return Certificate(der.read(signed(body, request.issuer_key, digest)))


def signed(body: bytes, key: PrivateKey, digest: str, extra: bytes = b"") -> bytes:
    """SIGNED { body }: a certificate, a revocation list, an OCSP answer."""
    signature = key.sign(digest, body)
    if isinstance(key, Dstu4145Key):
        # DSTU signatures are wrapped in an OCTET STRING here; in CMS they are not.
        signature = w.octet_string(signature)
    return w.sequence(body, key.signature_algorithm(digest), w.bit_string(signature), extra)


def _serial_number(issuer: bytes, subject: bytes, validity: tuple[datetime, datetime]) -> int:
    """20 bytes that begin with the issuer's key identifier, its first bit cleared, as Ukrainian centres do."""
    seed = subject + b"".join(str(moment.timestamp()).encode() for moment in validity)
    tail = hashes.digest(oids.SHA256, seed)[:11]
    return int.from_bytes(bytes((issuer[0] & 0x7F | 0x01,)) + issuer[1:8] + b"\4" + tail, "big")


def _extensions(profile: Profile, identifier: bytes, issuer: bytes) -> Iterable[bytes]:
    yield extension(oids.SUBJECT_KEY_IDENTIFIER, w.octet_string(identifier))
    yield extension(oids.AUTHORITY_KEY_IDENTIFIER, w.sequence(w.implicit(0, issuer)))
    yield extension(oids.KEY_USAGE, _key_usage(profile.uses), critical=True)
    if profile.purposes:
        purposes = w.sequence(*map(w.oid, profile.purposes))
        yield extension(oids.EXTENDED_KEY_USAGE, purposes, critical=oids.TIME_STAMPING in profile.purposes)
    length = b"" if profile.path_length is None else w.integer(profile.path_length)
    constraints = w.sequence(w.boolean(True), length) if profile.is_authority else w.sequence()
    yield extension(oids.BASIC_CONSTRAINTS, constraints, critical=profile.is_authority)
    yield extension(oids.CERTIFICATE_POLICIES, w.sequence(w.sequence(w.oid(oids.QUALIFIED_POLICY))))
    if profile.is_qualified:
        yield extension(oids.QC_STATEMENTS, w.sequence(w.sequence(w.oid(oids.QUALIFIED_STATEMENT))))
    if profile.directory:
        yield extension(oids.SUBJECT_DIRECTORY_ATTRIBUTES, profile.directory)
    yield from profile.further


def extension(kind: str, value: bytes, *, critical: bool = False) -> bytes:
    """One extension, encoded."""
    return w.sequence(w.oid(kind), w.boolean(True) if critical else b"", w.octet_string(value))


def _key_usage(uses: frozenset[KeyUsage]) -> bytes:
    """A bit string without trailing zero bits."""
    bits = [use in uses for use in list(KeyUsage)[:8]]
    unused = bits[::-1].index(True)
    return w.bit_string(bytes((sum(bit << (7 - i) for i, bit in enumerate(bits)),)), unused)


def _name(attributes: Iterable[tuple[str, str | None]]) -> bytes:
    """RDNSequence; empty attributes are left out."""
    coded = {oids.COUNTRY, oids.SERIAL_NUMBER}
    pairs = []
    for kind, value in attributes:
        if value:
            text = w.printable(value) if kind in coded and value.isascii() else w.utf8(value)
            pairs.append(w.set_of(w.sequence(w.oid(kind), text)))
    return w.sequence(*pairs)


def service_name(organization: str, common_name: str) -> bytes:
    """The encoded name of a service of the centre."""
    return _name([(oids.ORGANIZATION, organization), (oids.COMMON_NAME, common_name), (oids.COUNTRY, "UA")])


def _subject_name(subject: Subject) -> bytes:
    person = not subject.is_seal
    return _name(
        [
            (oids.ORGANIZATION, subject.organization),
            (oids.TITLE, subject.title),
            (oids.COMMON_NAME, subject.common_name),
            (oids.SURNAME, subject.surname if person else None),
            (oids.GIVEN_NAME, subject.given_name if person else None),
            (oids.SERIAL_NUMBER, f"TINUA-{subject.drfo}" if person and subject.drfo else None),
            (oids.ORGANIZATION_IDENTIFIER, f"NTRUA-{subject.edrpou}" if subject.edrpou else None),
            (oids.COUNTRY, "UA"),
        ]
    )


def _directory(subject: Subject, unzr: str | None) -> bytes:
    """SubjectDirectoryAttributes with ДРФО (of a person only), ЄДРПОУ and УНЗР."""
    drfo = None if subject.is_seal else subject.drfo
    codes = ((oids.DRFO, drfo), (oids.EDRPOU, subject.edrpou), (oids.UNZR, unzr))
    attributes = [w.sequence(w.oid(kind), w.set_of(_code(code))) for kind, code in codes if code]
    return w.sequence(*attributes) if attributes else b""


def _code(text: str) -> bytes:
    """PrintableString, as centres write codes and as some readers demand; series of old passports are Cyrillic."""
    return w.printable(text) if text.isascii() else w.utf8(text)


def revocation_list(
    authority: Authority,
    revoked: Mapping[int, Revocation],
    *,
    at: datetime,
    next_update: datetime,
    number: int,
    base: int | None = None,
) -> bytes:
    """A signed list of serial numbers; a delta when `base`, the number of the full list, is given."""
    algorithm = authority.issuing.key.signature_algorithm(authority.digest)
    entries = [_revoked_entry(serial, revocation) for serial, revocation in sorted(revoked.items())]
    issuer = authority.issuing.key.identifier(authority.digest)
    extensions = [
        extension(oids.AUTHORITY_KEY_IDENTIFIER, w.sequence(w.implicit(0, issuer))),
        extension(oids.CRL_NUMBER, w.integer(number)),
    ]
    if base is not None:
        extensions.append(extension(oids.DELTA_CRL_INDICATOR, w.integer(base), critical=True))
    body = w.sequence(
        w.integer(1),
        algorithm,
        authority.issuing.certificate.subject.raw,
        w.time(at),
        w.time(next_update),
        w.sequence(*entries) if entries else b"",
        w.explicit(0, w.sequence(*extensions)),
    )
    return signed(body, authority.issuing.key, authority.digest)


def _revoked_entry(serial: int, revocation: Revocation) -> bytes:
    reason = b""
    if revocation.reason is not None:
        reason = w.sequence(extension(oids.CRL_REASON, w.enumerated(revocation.reason)))
    return w.sequence(w.integer(serial), w.time(revocation.since), reason)
