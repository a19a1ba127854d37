"""X.509 certificates of Ukrainian trust providers: identity, key, purposes, validity."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache

from . import algorithms, budget, der, extensions, oids
from .errors import SignatureError, Unreadable, Unsupported, WrongSignature
from .keys import PrivateKey, PublicKey, is_same, read_public_key
from .pem import unarmor

# What reading a certificate costs, in units of `budget`.
_READING = 5
_REMEMBERED = 2048  # certificates of signers, some 10 kB each when they were read
_SHORT = 1024  # bytes of a name that is worth remembering
_USUAL_SIZE = 8192  # bytes; anybody may send larger ones, and those are not remembered


class KeyUsage(StrEnum):
    """What a key may be used for, in the order of the bits (RFC 5280, 4.2.1.3)."""

    DIGITAL_SIGNATURE = "digital_signature"
    NON_REPUDIATION = "non_repudiation"
    KEY_ENCIPHERMENT = "key_encipherment"
    DATA_ENCIPHERMENT = "data_encipherment"
    KEY_AGREEMENT = "key_agreement"
    KEY_CERT_SIGN = "key_cert_sign"
    CRL_SIGN = "crl_sign"
    ENCIPHER_ONLY = "encipher_only"
    DECIPHER_ONLY = "decipher_only"


@dataclass(frozen=True)
class Name:
    """A distinguished name: its received bytes and its attributes in order."""

    raw: bytes
    attributes: tuple[tuple[str, str], ...]

    @staticmethod
    def read(node: der.Node) -> "Name":
        """RDNSequence."""
        return _name_of(node.raw) if len(node.raw) <= _SHORT else Name._read(node)

    @staticmethod
    def _read(node: der.Node) -> "Name":
        attributes = []
        for relative in node.expect(der.SEQUENCE).children:
            for pair in relative.expect(der.SET).children:
                fields = pair.fields()
                kind, value = fields.take().oid(), fields.take()
                attributes.append((kind, " ".join(value.text().split()) if not value.is_constructed else ""))
        return Name(node.raw, tuple(attributes))

    def get(self, kind: str) -> str | None:
        """The first attribute of a kind, None when absent or empty."""
        return next((value for name, value in self.attributes if name == kind and value), None)


@lru_cache(maxsize=2048)
def _name_of(raw: bytes) -> Name:
    """Issuers are few and named in every certificate and signature."""
    return Name._read(der.read(raw))


@dataclass(frozen=True)
class Identity:
    """Who stands behind a certificate, in the words of the certificate."""

    common_name: str | None = None
    surname: str | None = None
    given_name: str | None = None
    organization: str | None = None
    organizational_unit: str | None = None
    title: str | None = None
    locality: str | None = None
    country: str | None = None
    drfo: str | None = None
    edrpou: str | None = None
    unzr: str | None = None
    is_seal: bool = False

    @property
    def is_legal(self) -> bool:
        """Whether an organisation stands behind the certificate: its seal, or no person is named."""
        return self.is_seal or not (self.surname or self.given_name or self.drfo)


@dataclass(frozen=True)
class Extension:
    """An extension as it was received."""

    oid: str
    is_critical: bool
    value: bytes


class Certificate:
    """A parsed certificate. Equal certificates have equal bytes."""

    def __init__(self, node: der.Node, *, cost: int = _READING) -> None:
        budget.spend(cost)
        self.der = node.raw
        outer = node.fields()
        self._signed = outer.take(der.SEQUENCE)
        outer_algorithm, self.signature_digest = algorithms.read_signature(outer.take())
        self._signature = outer.take(der.BIT_STRING).whole_bits()
        outer.finish()
        fields = self._signed.fields()
        version = fields.take_context(0)
        self.version = 1 if version is None else version.unwrap(der.INTEGER).integer() + 1
        # Some serial numbers are negative by mistake; they are compared as they are.
        self.serial_number = fields.take(der.INTEGER).integer()
        self.signature_algorithm = algorithms.read_signature(fields.take())[0]
        if self.signature_algorithm != outer_algorithm:
            raise Unreadable("two signature algorithms in one certificate")
        self.issuer = Name.read(fields.take())
        validity = fields.take().fields()
        self.not_before: datetime = validity.take().time()
        self.not_after: datetime = validity.take().time()
        validity.finish()
        self.subject = Name.read(fields.take())
        self._spki = fields.take(der.SEQUENCE)
        fields.take_context(1)
        fields.take_context(2)
        extensions = fields.take_context(3)
        fields.finish()
        self.extensions = () if extensions is None else read_extensions(extensions.only())

    @staticmethod
    def parse(data: bytes) -> "Certificate":
        """A certificate in DER or PEM; `Unreadable` when it is anything else."""
        return Certificate(der.read(unarmor(data)))

    def __reduce__(self) -> tuple[Callable[[bytes], "Certificate"], tuple[bytes]]:
        return Certificate.parse, (self.der,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and other.der == self.der

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return f"<Certificate {self.serial_number:x}>"

    @cached_property
    def fingerprint(self) -> bytes:
        """SHA-256 of the whole certificate."""
        return hashlib.sha256(self.der).digest()

    @cached_property
    def public_key(self) -> PublicKey:
        """The key; `Unsupported` when its algorithm is unknown."""
        return read_public_key(self._spki)

    @property
    def spki(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return self._spki.raw

    @cached_property
    def public_bits(self) -> bytes:
        """The content of the public key's BIT STRING: what says whether a private key belongs here."""
        fields = self._spki.fields()
        fields.take()
        return fields.take(der.BIT_STRING).whole_bits()

    def certifies(self, key: PrivateKey) -> bool:
        """Whether the certificate is of this key; one whose key cannot be read is of none."""
        try:
            return self.public_bits == key.public_bits or is_same(self.public_key, key.public)
        except SignatureError:
            return False

    def extension(self, oid: str) -> bytes | None:
        """The value of an extension, None when absent."""
        return next((extension.value for extension in self.extensions if extension.oid == oid), None)

    @cached_property
    def key_identifier(self) -> bytes | None:
        """SubjectKeyIdentifier. Only a hint, hence malformed ones (they exist) count as absent."""
        value = self.extension(oids.SUBJECT_KEY_IDENTIFIER)
        try:
            return None if value is None else der.read(value).octets()
        except Unreadable:
            return None

    @cached_property
    def authority_key_identifier(self) -> bytes | None:
        """The key identifier of the issuer; a hint as well."""
        return read_key_identifier(self.extension(oids.AUTHORITY_KEY_IDENTIFIER))

    @cached_property
    def key_usage(self) -> frozenset[KeyUsage] | None:
        """The allowed uses, None when the certificate does not restrict them."""
        value = self.extension(oids.KEY_USAGE)
        if value is None:
            return None
        bits = der.read(value).expect(der.BIT_STRING).bits()
        if len(bits) > 2:
            # Some encoders write a 32-bit number: the byte of uses is the last one.
            bits = bits.lstrip(b"\0")
        return frozenset(use for i, use in enumerate(KeyUsage) if i // 8 < len(bits) and bits[i // 8] << i % 8 & 0x80)

    @cached_property
    def extended_key_usage(self) -> frozenset[str]:
        """Object identifiers of further purposes."""
        value = self.extension(oids.EXTENDED_KEY_USAGE)
        return frozenset() if value is None else frozenset(node.oid() for node in der.read(value).children)

    @cached_property
    def _constraints(self) -> tuple[bool, int | None] | None:
        value = self.extension(oids.BASIC_CONSTRAINTS)
        if value is None:
            return None
        fields = der.read(value).fields()
        authority = fields.take_if(der.BOOLEAN)
        length = fields.take_if(der.INTEGER)
        return authority is not None and authority.boolean(), None if length is None else length.integer()

    @property
    def is_authority(self) -> bool:
        """Whether the certificate may issue others."""
        may_sign = self.key_usage is None or KeyUsage.KEY_CERT_SIGN in self.key_usage
        if self._constraints is None:
            # Roots of before 2010 have no BasicConstraints; then the key usage must say it.
            return self.key_usage is not None and may_sign
        return self._constraints[0] and may_sign

    @property
    def path_length(self) -> int | None:
        """How many authorities may stand below this one, None when any."""
        return None if self._constraints is None else self._constraints[1]

    @property
    def may_sign(self) -> bool:
        """Whether the key may sign documents."""
        uses = {KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION}
        return self.key_usage is None or bool(self.key_usage & uses)

    @property
    def is_self_issued(self) -> bool:
        """Whether issuer and subject are the same."""
        return self.issuer.attributes == self.subject.attributes

    def must_be_signed_by(self, issuer: "Certificate") -> None:
        """`WrongSignature` unless `issuer` signed this certificate (the S-box is the issuer's)."""
        if issuer.subject.attributes != self.issuer.attributes:
            raise WrongSignature("another issuer")
        issuer.public_key.verify(self.signature_algorithm, self.signature_digest, self._signed.raw, self._signature)

    def must_be_understood(self) -> None:
        """`Unsupported` when a critical extension sets a condition that this library does not check."""
        for extension in self.extensions:
            if extension.is_critical and extension.oid not in extensions.UNDERSTOOD:
                raise Unsupported(f"critical extension {extension.oid}")

    @cached_property
    def statements(self) -> frozenset[str]:
        """Identifiers of the statements of a qualified certificate."""
        return extensions.statements(self.extension(oids.QC_STATEMENTS))

    @property
    def is_qualified(self) -> bool:
        """Whether the issuer states that the certificate is qualified, in the Ukrainian or the European form."""
        return bool(self.statements & {oids.QUALIFIED_STATEMENT, oids.QC_COMPLIANCE})

    @property
    def is_on_device(self) -> bool:
        """Whether the issuer states that the key is kept in a qualified device (a token, a card, a cloud HSM)."""
        return oids.QC_DEVICE in self.statements

    def urls(self, method: str) -> tuple[str, ...]:
        """Addresses of OCSP (`oids.ACCESS_OCSP`) or timestamps (`oids.ACCESS_TIMESTAMPS`), as the issuer wrote them."""
        kinds = (oids.AUTHORITY_INFORMATION_ACCESS, oids.SUBJECT_INFORMATION_ACCESS)
        return tuple(url for kind in kinds for url in extensions.access_urls(self.extension(kind), method))

    @property
    def list_urls(self) -> tuple[str, ...]:
        """Addresses of revocation lists, full ones first."""
        return self.full_list_urls + extensions.list_urls(self.extension(oids.FRESHEST_CRL))

    @property
    def full_list_urls(self) -> tuple[str, ...]:
        """Addresses of full revocation lists."""
        return extensions.list_urls(self.extension(oids.CRL_DISTRIBUTION_POINTS))

    @cached_property
    def identity(self) -> Identity:
        """The person or organisation, from the subject and the Ukrainian directory attributes."""
        directory = self._directory_attributes()
        get = self.subject.get
        return Identity(
            common_name=get(oids.COMMON_NAME),
            surname=get(oids.SURNAME),
            given_name=get(oids.GIVEN_NAME),
            organization=get(oids.ORGANIZATION),
            organizational_unit=get(oids.ORGANIZATIONAL_UNIT),
            title=get(oids.TITLE),
            locality=get(oids.LOCALITY),
            country=get(oids.COUNTRY),
            drfo=directory.get(oids.DRFO) or _coded(get(oids.SERIAL_NUMBER), "TINUA-"),
            edrpou=directory.get(oids.EDRPOU) or _coded(get(oids.ORGANIZATION_IDENTIFIER), "NTRUA-"),
            unzr=directory.get(oids.UNZR),
            is_seal=oids.SEAL_USAGE in self.extended_key_usage or oids.QC_TYPE_SEAL in self.statements,
        )

    def _directory_attributes(self) -> dict[str, str]:
        """SubjectDirectoryAttributes with one text each: ДРФО, ЄДРПОУ, УНЗР."""
        value = self.extension(oids.SUBJECT_DIRECTORY_ATTRIBUTES)
        found: dict[str, str] = {}
        for attribute in der.read(value).children if value is not None else ():
            fields = attribute.fields()
            kind, values = fields.take().oid(), fields.take(der.SET).children
            if values and not values[0].is_constructed and (text := values[0].text().strip()):
                found.setdefault(kind, text)
        return found


@lru_cache(maxsize=_REMEMBERED)
def _read(data: bytes) -> Certificate:
    # The same people sign all day: their certificates, with keys and identities in them, are read once.
    return Certificate(der.read(data), cost=0)


def readable(nodes: Iterable[der.Node]) -> tuple["Certificate", ...]:
    """The certificates among what came along; anything else proves nothing and is passed over."""
    found = []
    for node in nodes:
        try:
            budget.spend(_READING)  # each time: what a container may cost does not depend on who came before
            raw = node.raw
            found.append(_read(raw) if len(raw) <= _USUAL_SIZE else Certificate(der.read(raw), cost=0))
        except SignatureError:
            continue
    return tuple(found)


def read_key_identifier(value: bytes | None) -> bytes | None:
    """The key in AuthorityKeyIdentifier, None when absent or malformed."""
    try:
        identifier = None if value is None else der.read(value).fields().take_context(0)
        return None if identifier is None else identifier.octets()
    except Unreadable:
        return None


def _coded(text: str | None, prefix: str) -> str | None:
    """The code after an ETSI EN 319 412-1 prefix."""
    return text.removeprefix(prefix) or None if text is not None and text.startswith(prefix) else None


def read_extensions(node: der.Node) -> tuple[Extension, ...]:
    """Extensions in order; one given twice is `Unreadable`."""
    extensions = []
    for item in node.expect(der.SEQUENCE).children:
        fields = item.fields()
        oid = fields.take().oid()
        critical = fields.take_if(der.BOOLEAN)
        value = fields.take(der.OCTET_STRING).octets()
        fields.finish()
        extensions.append(Extension(oid, critical is not None and critical.boolean(), value))
    if len({extension.oid for extension in extensions}) != len(extensions):
        raise Unreadable("an extension given twice")
    return tuple(extensions)
