"""Password-based encryption of key files: PBES2, what came before it, and what this library writes itself."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .. import der, gost34311, oids
from .. import der_writer as w
from ..algorithms import identifier, read_identifier
from ..arguments import text
from ..errors import Unreadable, UnsupportedKeyFile, WrongPassword
from ..gost28147 import DEFAULT_SBOX, cipher
from .ciphers import CIPHERS, DES, DOUBLE_DES, TRIPLE_DES, BlockCipher, rc2_cipher, rc4
from .passwords import Secret

_WRITTEN_ROUNDS = 100_000
_WRITTEN_GOST_ROUNDS = 10_000

# The hash and the cipher of PBES1; RC2 has 64 bits there.
_PBES1 = {
    oids.PBE_MD5_DES: ("md5", DES),
    oids.PBE_MD5_RC2: ("md5", rc2_cipher(8)),
    oids.PBE_SHA1_DES: ("sha1", DES),
    oids.PBE_SHA1_RC2: ("sha1", rc2_cipher(8)),
}
_PKCS12 = {
    oids.PKCS12_PBE_3DES: TRIPLE_DES,
    oids.PKCS12_PBE_2DES: DOUBLE_DES,
    oids.PKCS12_PBE_RC2_128: rc2_cipher(16),
    oids.PKCS12_PBE_RC2_40: rc2_cipher(5),
}
_PKCS12_STREAM = {oids.PKCS12_PBE_RC4_128: 16, oids.PKCS12_PBE_RC4_40: 5}
_OLD = frozenset({*_PBES1, *_PKCS12, *_PKCS12_STREAM, oids.JCEKS_PBE_MD5_3DES})


class _Scheme(NamedTuple):
    """A password encryption with its salt and rounds, as all of them before PBES2 have."""

    name: str
    salt: bytes
    rounds: int


def decrypt(algorithm: der.Node, encrypted: bytes, secret: Secret) -> bytes:
    """The plain bytes; `WrongPassword` when the padding tells so, `UnsupportedKeyFile` for unknown schemes."""
    name, parameters = read_identifier(algorithm)
    if parameters is None:
        raise UnsupportedKeyFile(f"password encryption {name} without parameters")
    if name == oids.PBES2:
        return _decrypt_pbes2(parameters, encrypted, secret)
    if name not in _OLD:
        raise UnsupportedKeyFile(f"password encryption {name}")
    fields = parameters.fields()
    scheme = _Scheme(name, fields.take().octet_string(), fields.take(der.INTEGER).integer())
    if name in _PBES1:
        digest, opened_by = _PBES1[name]
        derived = secret.pbkdf1(digest, scheme.salt, scheme.rounds)
        return opened_by.opened(derived[:8], derived[8:], encrypted)
    if name == oids.JCEKS_PBE_MD5_3DES:
        derived = secret.jceks(scheme.salt, scheme.rounds)
        return TRIPLE_DES.opened(derived[:24], derived[24:], encrypted)
    return _decrypt_pkcs12(scheme, encrypted, secret)


def _decrypt_pkcs12(scheme: _Scheme, encrypted: bytes, secret: Secret) -> bytes:
    """RFC 7292, appendix C."""
    if scheme.name in _PKCS12_STREAM:
        return rc4(secret.pkcs12_key(1, scheme.salt, scheme.rounds, _PKCS12_STREAM[scheme.name]), encrypted)
    chosen = _PKCS12[scheme.name]
    key = secret.pkcs12_key(1, scheme.salt, scheme.rounds, chosen.key_size)
    return chosen.opened(key, secret.pkcs12_key(2, scheme.salt, scheme.rounds, chosen.block), encrypted)


def _decrypt_pbes2(parameters: der.Node, encrypted: bytes, secret: Secret) -> bytes:
    """RFC 8018, 6.2; GOST 28147 in feedback mode, everything else in CBC."""
    fields = parameters.fields()
    derivation = fields.take()
    name, settings = read_identifier(fields.take())
    if settings is None or (name != oids.GOST_28147_CFB and name not in CIPHERS):
        raise UnsupportedKeyFile(f"cipher {name}")
    if name == oids.GOST_28147_CFB:
        key = derive(derivation, secret, 32)
        gost = settings.fields()
        iv, dke = gost.take().octet_string(), gost.take_if(der.OCTET_STRING)
        return cipher(DEFAULT_SBOX if dke is None else dke.octets()).decrypt_cfb(key, iv, encrypted)
    chosen: BlockCipher = CIPHERS[name]
    return chosen.opened(derive(derivation, secret, chosen.key_size), settings.octets(), encrypted)


def derive(derivation: der.Node, secret: Secret, size: int) -> bytes:
    """A key by PBKDF2 or scrypt with the settings of the file; the length that it may name changes nothing."""
    name, parameters = read_identifier(derivation)
    if parameters is None or name not in (oids.PBKDF2, oids.SCRYPT):
        raise UnsupportedKeyFile(f"key derivation {name}")
    fields = parameters.fields()
    salt = fields.take().octet_string()
    first = fields.take(der.INTEGER).integer()
    if name == oids.SCRYPT:
        return secret.scrypt(salt, first, fields.take(der.INTEGER).integer(), fields.take(der.INTEGER).integer(), size)
    fields.take_if(der.INTEGER)
    prf = read_identifier(fields.take())[0] if fields else oids.HMAC_SHA1
    return secret.pbkdf2(prf, salt, first, size)


def must_be_structure(plain: bytes) -> bytes:
    """Decrypted DER as it is: a stream cipher has no other sign of a wrong password, and padding is right by chance."""
    try:
        return der.read(plain).expect(der.SEQUENCE).raw
    except Unreadable as error:
        raise WrongPassword("the decrypted bytes are no structure") from error


def encrypt(plain: bytes, password: str, random: Callable[[int], bytes], *, gost: bool = False) -> tuple[bytes, bytes]:
    """The algorithm identifier and the encrypted bytes: PBES2 with AES-256, or as IIT does it with GOST 28147."""
    salt, password = random(32), text(password, "password")
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
