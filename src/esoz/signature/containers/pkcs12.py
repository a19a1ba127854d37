"""PKCS#12 (.pfx, .p12) with Ukrainian or international encryption."""

import hmac
from collections.abc import Callable, Iterable

from .. import der, oids
from .. import der_writer as w
from ..algorithms import identifier, read_identifier
from ..errors import Unreadable, UnsupportedKeyFile, WrongPassword
from . import encryption
from .contents import Contents
from .passwords import Secret, Work, spellings

_MAC_ROUNDS = 10_000
_LONGEST_MAC_KEY = 64


def is_container(node: der.Node) -> bool:
    """Whether a structure begins as PFX does: version 3, then ContentInfo."""
    try:
        fields = node.fields()
        return fields.take(der.INTEGER).integer() == 3 and fields.take(der.SEQUENCE).fields().take().oid() == oids.DATA
    except Unreadable:
        return False


def read(node: der.Node, secret: Secret) -> Contents:
    """Everything inside; `WrongPassword` when the authentication code does not fit."""
    fields = node.fields()
    fields.take(der.INTEGER)
    safe = _content(fields.take())
    if fields:
        _must_have_mac(fields.take(), safe, secret)
    contents = Contents()
    for item in der.read(safe).expect(der.SEQUENCE).children:
        with contents.piece():
            _read_safe(item, secret, contents)
    contents.must_open()
    return contents


def _read_safe(item: der.Node, secret: Secret, contents: Contents) -> None:
    parts = item.fields()
    kind = parts.take().oid()
    if kind == oids.DATA:
        _read_bags(parts.take(0xA0).only().octet_string(), secret, contents)
    elif kind == oids.ENCRYPTED_DATA:
        _read_bags(_decrypted(parts.take(0xA0).only(), secret), secret, contents)
    else:
        raise UnsupportedKeyFile(f"a part of PKCS#12 of the type {kind}")


def _content(node: der.Node) -> bytes:
    fields = node.fields()
    if fields.take().oid() != oids.DATA:
        raise Unreadable("PFX without data")
    return fields.take(0xA0).only().octet_string()


def _must_have_mac(node: der.Node, content: bytes, secret: Secret) -> None:
    fields = node.fields()
    digest_info = fields.take().fields()
    algorithm, parameters = read_identifier(digest_info.take())
    expected = digest_info.take().octet_string()
    salt = fields.take().octet_string()
    rounds = fields.take(der.INTEGER).integer() if fields else 1
    if algorithm == oids.PBMAC1:
        mac = _pbmac1(parameters, secret, content)
    elif parameters is not None:
        raise UnsupportedKeyFile(f"an authentication code {algorithm} with parameters")
    else:
        mac = secret.pkcs12_mac(algorithm, salt, rounds, content)
    if not hmac.compare_digest(mac, expected):
        raise WrongPassword("PFX MAC")


def _pbmac1(parameters: der.Node | None, secret: Secret, content: bytes) -> bytes:
    """RFC 9579: all the settings stand in the parameters; the salt and the rounds beside them mean nothing."""
    if parameters is None:
        raise Unreadable("PBMAC1 without parameters")
    fields = parameters.fields()
    derivation, mac = fields.take(), read_identifier(fields.take())[0]
    return secret.pbmac1(mac, encryption.derive(derivation, secret, _key_length(derivation)), content)


def _key_length(derivation: der.Node) -> int:
    """How long the key of an authentication code is: PBKDF2 must name it here (RFC 9579, 5)."""
    settings = read_identifier(derivation)[1]
    lengths = [] if settings is None else [node for node in settings.children[2:] if node.tag == der.INTEGER]
    if not lengths or not 0 < lengths[-1].integer() <= _LONGEST_MAC_KEY:
        raise UnsupportedKeyFile("an authentication code whose key has no length")
    return lengths[-1].integer()


def _decrypted(node: der.Node, secret: Secret) -> bytes:
    """EncryptedData."""
    fields = node.fields()
    fields.take(der.INTEGER)
    inner = fields.take().fields()
    inner.take(der.OID)
    algorithm = inner.take()
    encrypted = inner.take_context(0)
    plain = encryption.decrypt(algorithm, b"" if encrypted is None else encrypted.octets(), secret)
    return encryption.must_be_structure(plain)


def _read_bags(data: bytes, secret: Secret, contents: Contents) -> None:
    _read_bag_nodes(der.read(data).expect(der.SEQUENCE), secret, contents)


def _read_bag_nodes(bags: der.Node, secret: Secret, contents: Contents) -> None:
    for bag in bags.children:
        with contents.piece():
            _read_bag(bag, secret, contents)


def _read_bag(bag: der.Node, secret: Secret, contents: Contents) -> None:
    fields = bag.fields()
    kind = fields.take().oid()
    value = fields.take(0xA0).only()
    if kind == oids.PKCS12_KEY_BAG:
        contents.add_key(value.raw, secret.work)
    elif kind == oids.PKCS12_SHROUDED_KEY_BAG:
        contents.add_key(read_encrypted_key(value, secret), secret.work)
    elif kind == oids.PKCS12_NESTED_BAG:
        _read_bag_nodes(value, secret, contents)
    elif kind == oids.PKCS12_CERTIFICATE_BAG:
        parts = value.fields()
        if parts.take().oid() == oids.X509_CERTIFICATE:
            contents.add_certificate(parts.take(0xA0).only().octet_string())


def read_encrypted_key(node: der.Node, secret: Secret) -> bytes:
    """EncryptedPrivateKeyInfo: the PrivateKeyInfo inside."""
    fields = node.fields()
    algorithm = fields.take()
    return encryption.must_be_structure(encryption.decrypt(algorithm, fields.take().octet_string(), secret))


def write(
    pairs: Iterable[tuple[bytes, list[bytes]]],
    password: str,
    random: Callable[[int], bytes],
    *,
    gost: bool = False,
) -> bytes:
    """Keys, each with its certificates, the key's own first: PBES2 and a MAC with SHA-256 (or GOST 34.311)."""
    bags: list[bytes] = []
    written: set[bytes] = set()
    for number, (key, certificates) in enumerate(pairs, 1):
        algorithm, encrypted = encryption.encrypt(key, password, random, gost=gost)
        mark = w.sequence(w.oid(oids.LOCAL_KEY_ID), w.set_of(w.octet_string(bytes((number,)))))
        bags.append(_bag(oids.PKCS12_SHROUDED_KEY_BAG, w.sequence(algorithm, w.octet_string(encrypted)), mark))
        for place, certificate in enumerate(certificates):
            if certificate not in written:
                written.add(certificate)
                value = w.sequence(w.oid(oids.X509_CERTIFICATE), w.explicit(0, w.octet_string(certificate)))
                bags.append(_bag(oids.PKCS12_CERTIFICATE_BAG, value, b"" if place else mark))
    safe = w.sequence(_data(w.sequence(*bags)))
    digest, salt = oids.GOST_34311 if gost else oids.SHA256, random(32)
    secret = next(spellings(password, Work()))
    mac = secret.pkcs12_mac(digest, salt, _MAC_ROUNDS, safe)
    info = w.sequence(identifier(digest, w.null()), w.octet_string(mac))
    return w.sequence(w.integer(3), _data(safe), w.sequence(info, w.octet_string(salt), w.integer(_MAC_ROUNDS)))


def _data(content: bytes) -> bytes:
    return w.sequence(w.oid(oids.DATA), w.explicit(0, w.octet_string(content)))


def _bag(kind: str, value: bytes, attributes: bytes) -> bytes:
    return w.sequence(w.oid(kind), w.explicit(0, value), w.set_of(attributes) if attributes else b"")
