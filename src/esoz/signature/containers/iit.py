"""The old key container of IIT (Key-6.dat before 2016)."""

import hmac

from .. import der, gost34311, oids
from ..errors import Unreadable, WrongPassword
from ..gost28147 import cipher

_PASSES = 10_000


def is_container(node: der.Node) -> bool:
    """Whether a structure begins as the container does."""
    try:
        return node.fields().take(der.SEQUENCE).fields().take().oid() == oids.IIT_CONTAINER
    except Unreadable:
        return False


def decrypt(node: der.Node, password: bytes) -> bytes:
    """PrivateKeyInfo inside; `WrongPassword` when the authentication code does not fit.

    SEQUENCE { SEQUENCE { oid, SEQUENCE { mac OCTET STRING (4), pad OCTET STRING OPTIONAL } }, data OCTET STRING }
    """
    fields = node.fields()
    settings = fields.take(der.SEQUENCE).fields()
    settings.take(der.OID)
    pair = settings.take(der.SEQUENCE).fields()
    mac = pair.take().octet_string()
    padding = pair.take_if(der.OCTET_STRING)
    pad = b"" if padding is None else padding.octets()
    data = fields.take().octet_string()
    key = derive(password)
    plain = cipher().decrypt_ecb(key, data + pad)
    if len(mac) != 4 or not hmac.compare_digest(cipher().mac(key, plain), mac):
        raise WrongPassword("IIT container")
    return plain[: len(data)]


def derive(password: bytes) -> bytes:
    """GOST 34.311 applied 10,000 times."""
    return gost34311.repeated(password, _PASSES)
