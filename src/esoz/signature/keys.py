"""Public and private keys: DSTU 4145 by our own arithmetic, ECDSA and RSA by `cryptography`."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from . import algorithms, budget, curves, der, dstu4145, hashes, oids
from . import der_writer as w
from .curves import Curve
from .errors import SignatureError, Unreadable, Unsupported, UnsupportedKeyFile, WeakSignature, WrongSignature
from .gost28147 import DEFAULT_SBOX
from .point import Point

# A wrong signature, and numbers that the library refuses to calculate with.
_REFUSED = (InvalidSignature, ValueError, UnsupportedAlgorithm)
# Shorter ones can be factored.
_SMALLEST_RSA = 2048
# NIST SP 800-56B allows exponents of up to 256 bits, everybody uses 17.
_LARGEST_RSA, _LARGEST_EXPONENT = 8192, 64


class PublicKey(ABC):
    """A key that verifies."""

    # The S-box of GOST 34.311 for everything this key signs.
    sbox: bytes = DEFAULT_SBOX

    def verify(self, algorithm: str, digest: str | None, message: bytes, signature: bytes) -> None:
        """`WrongSignature` unless `signature` is this key's, by `algorithm` (and the CMS `digest` algorithm)."""
        budget.spend(self.cost)
        self._verify(algorithm, digest, message, signature)

    @property
    @abstractmethod
    def cost(self) -> int:
        """What a verification costs, in units of `budget`."""

    @abstractmethod
    def _verify(self, algorithm: str, digest: str | None, message: bytes, signature: bytes) -> None: ...


@dataclass(frozen=True)
class DstuPublicKey(PublicKey):
    """A point of a binary curve with the S-box that belongs to it."""

    curve: Curve
    point: Point
    sbox: bytes = DEFAULT_SBOX

    @property
    def cost(self) -> int:
        return self.curve.field.m // 16

    def _verify(self, algorithm: str, digest: str | None, message: bytes, signature: bytes) -> None:
        if not algorithms.is_dstu(algorithm):
            raise WrongSignature("the signature algorithm does not fit the key")
        value = algorithms.digest_for(algorithm, message, self.sbox)
        if algorithm == oids.DSTU_4145_BIG_ENDIAN:
            signature = _dstu_forms(signature)[-1][::-1]
        if not any(dstu4145.verify(self.curve, self.point, value, form) for form in _dstu_forms(signature)):
            raise WrongSignature("DSTU 4145")


@dataclass(frozen=True)
class EcdsaPublicKey(PublicKey):
    """A key on a prime curve."""

    key: ec.EllipticCurvePublicKey

    @property
    def cost(self) -> int:
        # P-256 is the one that openssl has in assembler.
        return 3 if self.key.key_size <= 256 else self.key.key_size // 12

    def _verify(self, algorithm: str, digest: str | None, message: bytes, signature: bytes) -> None:
        if not algorithm.startswith("1.2.840.10045."):
            raise WrongSignature("the signature algorithm does not fit the key")
        chosen = hashes.standard_hash(algorithms.hash_of(algorithm, digest))
        try:
            self.key.verify(signature, message, ec.ECDSA(chosen))
        except _REFUSED as error:
            raise WrongSignature("ECDSA") from error


@dataclass(frozen=True)
class RsaPublicKey(PublicKey):
    """An RSA key; PKCS#1 v1.5, and PSS with a salt of any length."""

    key: rsa.RSAPublicKey

    @property
    def cost(self) -> int:
        return (self.key.key_size // 1024) ** 2 * self.key.public_numbers().e.bit_length() // 64 + 1

    def _verify(self, algorithm: str, digest: str | None, message: bytes, signature: bytes) -> None:
        if not algorithm.startswith("1.2.840.113549.1.1."):
            raise WrongSignature("the signature algorithm does not fit the key")
        if self.key.key_size < _SMALLEST_RSA:
            raise WeakSignature(f"an RSA key of {self.key.key_size} bits")
        chosen = hashes.standard_hash(algorithms.hash_of(algorithm, digest))
        scheme: padding.AsymmetricPadding = padding.PKCS1v15()
        if algorithm == oids.RSA_PSS:
            scheme = padding.PSS(padding.MGF1(chosen), padding.PSS.AUTO)
        try:
            self.key.verify(signature, message, scheme, chosen)
        except _REFUSED as error:
            raise WrongSignature("RSA") from error


def _dstu_forms(signature: bytes) -> list[bytes]:
    """The signature as it stands and, when it looks wrapped in an OCTET STRING, without the wrapping."""
    forms = [signature]
    if len(signature) > 2 and signature[0] == der.OCTET_STRING and signature[1] == len(signature) - 2:
        forms.append(signature[2:])
    return forms


def read_public_key(node: der.Node) -> PublicKey:
    """SubjectPublicKeyInfo."""
    fields = node.fields()
    algorithm, parameters = algorithms.read_identifier(fields.take())
    value = fields.take(der.BIT_STRING).whole_bits()
    if algorithms.is_dstu(algorithm):
        curve, sbox = algorithms.read_dstu_parameters(parameters)
        packed = der.read(value).expect(der.OCTET_STRING).octets()
        is_reversed = algorithm == oids.DSTU_4145_BIG_ENDIAN
        return DstuPublicKey(curve, _point(curve, packed[::-1] if is_reversed else packed), sbox)
    try:
        key = serialization.load_der_public_key(node.raw)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unsupported(f"public key {algorithm}") from error
    if isinstance(key, ec.EllipticCurvePublicKey):
        return EcdsaPublicKey(key)
    if isinstance(key, rsa.RSAPublicKey):
        return RsaPublicKey(_bounded(key))
    raise Unsupported(f"public key {algorithm}")


def _bounded(key: rsa.RSAPublicKey) -> rsa.RSAPublicKey:
    """The key, when its numbers are those of an honest one: one verification with larger ones takes seconds."""
    exponent = key.public_numbers().e.bit_length()
    if key.key_size > _LARGEST_RSA or exponent > _LARGEST_EXPONENT:
        raise Unsupported(f"an RSA key of {key.key_size} bits with an exponent of {exponent}")
    return key


def _point(curve: Curve, packed: bytes) -> Point:
    """A point in the byte order that the algorithm announces or, when it is none so, in the other one."""
    try:
        return curve.expand(packed)
    except Unreadable:
        return curve.expand(packed[::-1])


def is_same(one: PublicKey, other: PublicKey) -> bool:
    """Whether it is one key of DSTU 4145, in whatever byte order its certificate has it."""
    if not (isinstance(one, DstuPublicKey) and isinstance(other, DstuPublicKey)):
        return False
    return (one.curve, one.point) == (other.curve, other.point)


class PrivateKey(ABC):
    """A key that signs. Signing here is for the sandbox and for tests: people sign on their own devices."""

    # The hash to sign with when the certificate does not suggest one that fits the key.
    usual_digest: ClassVar[str] = oids.SHA256

    @property
    @abstractmethod
    def spki(self) -> bytes:
        """SubjectPublicKeyInfo of the public half."""

    @property
    @abstractmethod
    def pkcs8(self) -> bytes:
        """PrivateKeyInfo, not encrypted."""

    @abstractmethod
    def signature_algorithm(self, digest: str) -> bytes:
        """AlgorithmIdentifier of this key with a hash."""

    @abstractmethod
    def sign(self, digest: str, message: bytes) -> bytes:
        """The signature of a message, the same every time."""

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        return read_public_key(der.read(self.spki))

    @cached_property
    def public_bits(self) -> bytes:
        """The content of the public key's BIT STRING: equal for a key and its certificate."""
        return bits_of(self.spki)

    def may_hash_with(self, digest: str) -> bool:
        """Whether there is a signature algorithm of this key with this hash."""
        try:
            return bool(self.signature_algorithm(digest))
        except Unsupported:
            return False

    def identifier(self, digest: str) -> bytes:
        """SubjectKeyIdentifier of the public half."""
        return key_identifier(self.public_bits, digest)


def bits_of(spki: bytes) -> bytes:
    """The content of the BIT STRING of a SubjectPublicKeyInfo."""
    fields = der.read(spki).fields()
    fields.take(der.SEQUENCE)
    return fields.take(der.BIT_STRING).whole_bits()


def key_identifier(public_bits: bytes, digest: str) -> bytes:
    """SubjectKeyIdentifier: the hash of the public key with its OCTET STRING header (SHA-1 for others)."""
    chosen = digest if digest in (oids.GOST_34311, oids.KUPYNA_256) else oids.SHA1
    return hashes.digest(chosen, public_bits)


@dataclass(frozen=True)
class Dstu4145Key(PrivateKey):
    """A secret number for a curve."""

    curve: Curve
    secret: int = field(repr=False)
    sbox: bytes = DEFAULT_SBOX
    # Whether fresh random bytes take part in every signature; without them equal inputs give equal signatures.
    hedged: bool = field(default=True, compare=False)
    usual_digest: ClassVar[str] = oids.GOST_34311

    @staticmethod
    def generate(random: Callable[[int], bytes], number: int = 6, sbox: bytes = DEFAULT_SBOX) -> "Dstu4145Key":
        """A new key on a named curve (6 is m=257); everything it signs follows from the source of random bytes."""
        curve = curves.named(number)
        size = curve.signature_part + 8
        secret = int.from_bytes(random(size), "big") % (curve.order - 1) + 1
        return Dstu4145Key(curve, secret, sbox, hedged=False)

    @cached_property
    def spki(self) -> bytes:
        packed = self.curve.compress(dstu4145.public_key(self.curve, self.secret))
        return w.sequence(self._algorithm, w.bit_string(w.octet_string(packed)))

    @property
    def _algorithm(self) -> bytes:
        return algorithms.identifier(oids.DSTU_4145, algorithms.dstu_parameters(self.curve, self.sbox))

    @property
    def pkcs8(self) -> bytes:
        secret = self.secret.to_bytes(self.curve.signature_part, "little")
        return w.sequence(w.integer(0), self._algorithm, w.octet_string(secret))

    def signature_algorithm(self, digest: str) -> bytes:
        return algorithms.identifier(algorithms.dstu_with(digest))

    def sign(self, digest: str, message: bytes) -> bytes:
        noise = None if self.hedged else b""
        return dstu4145.sign(self.curve, self.secret, hashes.digest(digest, message, self.sbox), noise)


class _StandardKey(PrivateKey):
    """What ECDSA and RSA have in common: `cryptography` knows their encodings."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @cached_property
    def spki(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.DER, form)

    @property
    def pkcs8(self) -> bytes:
        plain = serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)


@dataclass(frozen=True)
class EcdsaKey(_StandardKey):
    """A private key on a prime curve."""

    key: ec.EllipticCurvePrivateKey

    @staticmethod
    def generate(random: Callable[[int], bytes]) -> "EcdsaKey":
        """A new P-256 key from a source of random bytes."""
        # The order of P-256 is above 2^255: 40 bytes make the remainder uniform enough (FIPS 186-5, A.2.1).
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        return EcdsaKey(ec.derive_private_key(int.from_bytes(random(40), "big") % (order - 1) + 1, ec.SECP256R1()))

    def signature_algorithm(self, digest: str) -> bytes:
        return algorithms.identifier(algorithms.ecdsa_with(digest))

    def sign(self, digest: str, message: bytes) -> bytes:
        return self.key.sign(message, ec.ECDSA(hashes.standard_hash(digest), deterministic_signing=True))


@dataclass(frozen=True)
class RsaKey(_StandardKey):
    """An RSA private key."""

    key: rsa.RSAPrivateKey

    def signature_algorithm(self, digest: str) -> bytes:
        return algorithms.identifier(algorithms.rsa_with(digest), w.null())

    def sign(self, digest: str, message: bytes) -> bytes:
        return self.key.sign(message, padding.PKCS1v15(), hashes.standard_hash(digest))


def read_private_keys(data: bytes) -> list[PrivateKey]:
    """PrivateKeyInfo (PKCS#8). An IIT container holds a second key, for key agreement, among the attributes.

    One of the two that cannot be read does not hide the other; raises what is wrong with the first when neither can.
    """
    fields = der.read(data).fields()
    fields.take(der.INTEGER)
    algorithm, parameters = algorithms.read_identifier(fields.take())
    value = fields.take().octet_string()
    if not algorithms.is_dstu(algorithm):
        return [read_standard_key(data)]
    attributes = fields.take_context(0)
    found: list[PrivateKey] = []
    faults: list[SignatureError] = []
    for read in (lambda: [_dstu_key(parameters, value)], lambda: [] if attributes is None else _second_key(attributes)):
        try:
            found += read()
        except SignatureError as fault:
            faults.append(fault)
    if not found:
        raise faults[0]
    return found


def read_standard_key(data: bytes) -> PrivateKey:
    """An ECDSA or RSA key in any form of DER: PKCS#8, PKCS#1, SEC1.

    Raises `UnsupportedKeyFile` for a key of another kind, `Unreadable` when it is none.
    """
    try:
        key = serialization.load_der_private_key(data, None)
    except UnsupportedAlgorithm as error:
        raise UnsupportedKeyFile("private key") from error
    except (ValueError, TypeError) as error:
        raise Unreadable("not a private key") from error
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return EcdsaKey(key)
    if isinstance(key, rsa.RSAPrivateKey):
        return RsaKey(key)
    raise UnsupportedKeyFile(f"private key {type(key).__name__}")


def _dstu_key(parameters: der.Node | None, value: bytes) -> Dstu4145Key:
    """The secret number, from its little end; Bouncy Castle writes an ECPrivateKey around it (RFC 5915)."""
    curve, sbox = algorithms.read_dstu_parameters(parameters)
    try:
        fields = der.read(value).fields()
        fields.take(der.INTEGER)
        secret = int.from_bytes(fields.take(der.OCTET_STRING).octets(), "big")
    except Unreadable:
        secret = int.from_bytes(value, "little")
    if not 0 < secret < curve.order:
        raise Unreadable("a private key outside its range")
    return Dstu4145Key(curve, secret, sbox)


_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _second_key(attributes: der.Node) -> list[PrivateKey]:
    """The key-agreement key: its curve and a bit string with the bits of every byte reversed."""
    found = {}
    for attribute in attributes.children:
        fields = attribute.fields()
        name = fields.take().oid()
        values = fields.take(der.SET).children
        if values:
            found[name] = values[0]
    if oids.IIT_SECOND_KEY not in found or oids.IIT_SECOND_KEY_CURVE not in found:
        return []
    return [_dstu_key(found[oids.IIT_SECOND_KEY_CURVE], found[oids.IIT_SECOND_KEY].bits().translate(_REVERSED))]
