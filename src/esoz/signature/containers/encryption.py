"""Password-based encryption of key files: PBES2 with AES or GOST 28147, and the key derivation of PKCS#12."""

import hashlib
import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .. import der, gost34311, hashes, oids
from .. import der_writer as w
from ..algorithms import identifier, read_identifier
from ..errors import Unreadable, Unsupported, WrongPassword
from ..gost28147 import DEFAULT_SBOX, cipher

# Beyond these a hostile file would keep the processor busy for minutes.
_MOST_ROUNDS = 5_000_000
_MOST_GOST_ROUNDS = 100_000
_WRITTEN_ROUNDS = 100_000
_WRITTEN_GOST_ROUNDS = 10_000

_PRF = {
    oids.HMAC_SHA1: "sha1",
    oids.HMAC_SHA256: "sha256",
    oids.HMAC_SHA384: "sha384",
    oids.HMAC_SHA512: "sha512",
}
# PKCS#12 (RFC 7292, appendix C) and PBES1 (RFC 8018, A.3).
_OLD_SCHEMES = ("1.2.840.113549.1.12.1.", "1.2.840.113549.1.5.3", "1.2.840.113549.1.5.6", "1.2.840.113549.1.5.10")
_AES_KEYS = {oids.AES_128_CBC: 16, oids.AES_192_CBC: 24, oids.AES_256_CBC: 32}


class ForeignEncryption(Unsupported):
    """A cipher of before PBES2, or triple DES: no Ukrainian program uses them, `cryptography` knows them."""


def decrypt(algorithm: der.Node, encrypted: bytes, password: str) -> bytes:
    """The plain bytes of PBES2; `WrongPassword` when the padding tells so, `Unsupported` for other schemes."""
    scheme, parameters = read_identifier(algorithm)
    if parameters is not None and scheme.startswith(_OLD_SCHEMES):
        settings = parameters.fields()
        settings.take(der.OCTET_STRING)
        _must_be_bounded(settings.take(der.INTEGER).integer(), _MOST_ROUNDS)
        raise ForeignEncryption(f"password encryption {scheme}")
    if scheme != oids.PBES2 or parameters is None:
        raise Unsupported(f"password encryption {scheme}")
    fields = parameters.fields()
    derivation, derivation_parameters = read_identifier(fields.take())
    scheme, scheme_parameters = read_identifier(fields.take())
    if derivation != oids.PBKDF2 or derivation_parameters is None or scheme_parameters is None:
        raise Unsupported(f"key derivation {derivation}")
    key = _derive(derivation_parameters, password, _AES_KEYS.get(scheme, 32))
    if scheme == oids.GOST_28147_CFB:
        settings = scheme_parameters.fields()
        iv = settings.take(der.OCTET_STRING).octets()
        dke = settings.take_if(der.OCTET_STRING)
        return cipher(DEFAULT_SBOX if dke is None else dke.octets()).decrypt_cfb(key, iv, encrypted)
    if scheme in _AES_KEYS:
        return _decrypt_aes(key, scheme_parameters.octets(), encrypted)
    if scheme == oids.DES_EDE3_CBC:
        raise ForeignEncryption(f"cipher {scheme}")
    raise Unsupported(f"cipher {scheme}")


def _must_be_bounded(rounds: int, most: int) -> None:
    if not 0 < rounds <= most:
        raise Unsupported(f"{rounds} rounds of key derivation")


def _derive(parameters: der.Node, password: str, size: int) -> bytes:
    """PBKDF2 with the pseudo-random function that the file names."""
    fields = parameters.fields()
    salt = fields.take(der.OCTET_STRING).octets()
    rounds = fields.take(der.INTEGER).integer()
    fields.take_if(der.INTEGER)
    prf = read_identifier(fields.take())[0] if fields else oids.HMAC_SHA1
    _must_be_bounded(rounds, _MOST_GOST_ROUNDS if prf == oids.HMAC_GOST_34311 else _MOST_ROUNDS)
    if prf == oids.HMAC_GOST_34311:
        return gost34311.pbkdf2(password.encode(), salt, rounds)
    if prf in _PRF:
        return hashlib.pbkdf2_hmac(_PRF[prf], password.encode(), salt, rounds, size)
    raise Unsupported(f"key derivation with {prf}")


def _decrypt_aes(key: bytes, iv: bytes, encrypted: bytes) -> bytes:
    if len(iv) != 16 or not encrypted or len(encrypted) % 16:
        raise Unreadable("AES data of a wrong length")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    padded = decryptor.update(encrypted) + decryptor.finalize()
    pad = padded[-1]
    if not 0 < pad <= 16 or padded[-pad:] != bytes((pad,)) * pad:
        raise WrongPassword("padding")
    return padded[:-pad]


def encrypt(plain: bytes, password: str, random: Callable[[int], bytes], *, gost: bool = False) -> tuple[bytes, bytes]:
    """The algorithm identifier and the encrypted bytes: PBES2 with AES-256, or as IIT does it with GOST 28147."""
    salt = random(32)
    if gost:
        key, iv = gost34311.pbkdf2(password.encode(), salt, _WRITTEN_GOST_ROUNDS), random(8)
        scheme = identifier(oids.GOST_28147_CFB, w.sequence(w.octet_string(iv), w.octet_string(DEFAULT_SBOX)))
        derivation = _derivation(salt, _WRITTEN_GOST_ROUNDS, oids.HMAC_GOST_34311)
        encrypted = cipher().encrypt_cfb(key, iv, plain)
    else:
        key, iv = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _WRITTEN_ROUNDS, 32), random(16)
        scheme = identifier(oids.AES_256_CBC, w.octet_string(iv))
        derivation = _derivation(salt, _WRITTEN_ROUNDS, oids.HMAC_SHA256)
        pad = 16 - len(plain) % 16
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        encrypted = encryptor.update(plain + bytes((pad,)) * pad) + encryptor.finalize()
    return identifier(oids.PBES2, w.sequence(derivation, scheme)), encrypted


def _derivation(salt: bytes, rounds: int, prf: str) -> bytes:
    parameters = w.sequence(w.octet_string(salt), w.integer(rounds), identifier(prf, w.null()))
    return identifier(oids.PBKDF2, parameters)


def pkcs12_mac(algorithm: str, password: str, salt: bytes, rounds: int, content: bytes) -> bytes:
    """The MAC of a PKCS#12 file (RFC 7292, appendix B, purpose 3)."""
    _must_be_bounded(rounds, _MOST_GOST_ROUNDS if algorithm == oids.GOST_34311 else _MOST_ROUNDS)
    if algorithm == oids.GOST_34311:
        key = _pkcs12_key(gost34311.digest, gost34311.BLOCK_SIZE, password, salt, rounds)
        return gost34311.hmac_digest(key, content)
    name = hashes.name_of(algorithm)
    block = hashlib.new(name).block_size
    key = _pkcs12_key(lambda message: hashlib.new(name, message).digest(), block, password, salt, rounds)
    return hmac.digest(key, content, name)


def _pkcs12_key(hashed: Callable[[bytes], bytes], block: int, password: str, salt: bytes, rounds: int) -> bytes:
    """One digest of key material is enough for a MAC, so the long form of the derivation is not needed."""
    secret = password.encode("utf-16-be") + b"\0\0"
    value = bytes((3,)) * block + _stretched(salt, block) + _stretched(secret, block)
    for _ in range(rounds):
        value = hashed(value)
    return value


def _stretched(data: bytes, block: int) -> bytes:
    """Repeated to whole blocks."""
    size = -(-len(data) // block) * block
    return (data * (size // len(data) + 1))[:size] if data else b""
