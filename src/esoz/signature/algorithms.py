"""Which hash a signature algorithm uses, and the parameters of DSTU 4145 keys."""

from . import curves, der, hashes, oids
from . import der_writer as w
from .curves import Curve
from .errors import Unreadable, Unsupported
from .gost28147 import DEFAULT_SBOX

# Some signers leave out the last arc of the Kupyna identifiers; both forms are read.
_DSTU_HASHES = {
    oids.DSTU_4145: oids.GOST_34311,
    oids.DSTU_4145_BIG_ENDIAN: oids.GOST_34311,
    oids.DSTU_4145_KUPYNA_256: oids.KUPYNA_256,
    oids.DSTU_4145_KUPYNA_256.removesuffix(".1"): oids.KUPYNA_256,
    oids.DSTU_4145_KUPYNA_384: oids.KUPYNA_384,
    oids.DSTU_4145_KUPYNA_384.removesuffix(".1"): oids.KUPYNA_384,
    oids.DSTU_4145_KUPYNA_512: oids.KUPYNA_512,
    oids.DSTU_4145_KUPYNA_512.removesuffix(".1"): oids.KUPYNA_512,
}
_HASHES = _DSTU_HASHES | {
    oids.ECDSA_SHA1: oids.SHA1,
    oids.ECDSA_SHA224: oids.SHA224,
    oids.ECDSA_SHA256: oids.SHA256,
    oids.ECDSA_SHA384: oids.SHA384,
    oids.ECDSA_SHA512: oids.SHA512,
    oids.RSA_SHA1: oids.SHA1,
    oids.RSA_SHA256: oids.SHA256,
    oids.RSA_SHA384: oids.SHA384,
    oids.RSA_SHA512: oids.SHA512,
}
_DSTU_BY_HASH = {
    oids.GOST_34311: oids.DSTU_4145,
    oids.KUPYNA_256: oids.DSTU_4145_KUPYNA_256,
    oids.KUPYNA_384: oids.DSTU_4145_KUPYNA_384,
    oids.KUPYNA_512: oids.DSTU_4145_KUPYNA_512,
}
_ECDSA_BY_HASH = {
    oids.SHA256: oids.ECDSA_SHA256,
    oids.SHA384: oids.ECDSA_SHA384,
    oids.SHA512: oids.ECDSA_SHA512,
}
_RSA_BY_HASH = {oids.SHA256: oids.RSA_SHA256, oids.SHA384: oids.RSA_SHA384, oids.SHA512: oids.RSA_SHA512}


def hash_of(signature: str, digest: str | None = None) -> str:
    """The hash of a signature algorithm; CMS may name only the key algorithm and the digest apart.

    The hash follows the signature algorithm and never the key: keys of Kupyna certificates keep the GOST name.
    """
    if signature in _HASHES:
        return _HASHES[signature]
    if digest is not None and signature in (oids.EC_PUBLIC_KEY, oids.RSA, oids.RSA_PSS):
        return digest
    raise Unsupported(f"signature algorithm {signature}")


def is_dstu(signature: str) -> bool:
    """Whether the algorithm is DSTU 4145 with any hash."""
    return signature in _DSTU_HASHES


def dstu_with(digest: str) -> str:
    """DSTU 4145 with this hash."""
    return _named(_DSTU_BY_HASH, digest)


def ecdsa_with(digest: str) -> str:
    """ECDSA with this hash."""
    return _named(_ECDSA_BY_HASH, digest)


def rsa_with(digest: str) -> str:
    """RSA PKCS#1 v1.5 with this hash."""
    return _named(_RSA_BY_HASH, digest)


def _named(table: dict[str, str], digest: str) -> str:
    if digest not in table:
        raise Unsupported(f"signing with hash {digest}")
    return table[digest]


def read_identifier(node: der.Node) -> tuple[str, der.Node | None]:
    """AlgorithmIdentifier: the identifier and its parameters (NULL counts as none)."""
    fields = node.fields()
    algorithm = fields.take().oid()
    parameters = fields.take() if fields else None
    fields.finish()
    return algorithm, None if parameters is None or parameters.tag == der.NULL else parameters


def read_signature(node: der.Node) -> tuple[str, str | None]:
    """AlgorithmIdentifier of a signature; for RSASSA-PSS also the hash in its parameters (RFC 4055, 3.1)."""
    algorithm, parameters = read_identifier(node)
    if algorithm != oids.RSA_PSS:
        return algorithm, None
    chosen = None if parameters is None else parameters.fields().take_context(0)
    return algorithm, oids.SHA1 if chosen is None else read_identifier(chosen.only())[0]


def identifier(algorithm: str, *parameters: bytes) -> bytes:
    """AlgorithmIdentifier, encoded."""
    return w.sequence(w.oid(algorithm), *parameters)


def read_dstu_parameters(node: der.Node | None) -> tuple[Curve, bytes]:
    """DSTU4145Params: the curve, named or explicit, and the S-box (the default one when absent)."""
    if node is None:
        raise Unreadable("a DSTU key without parameters")
    if node.tag == der.OID:
        # Bouncy Castle names the curve without the structure around it.
        return curves.by_oid(node.oid()), DEFAULT_SBOX
    fields = node.fields()
    domain = fields.take()
    curve = curves.by_oid(domain.oid()) if domain.tag == der.OID else _read_explicit(domain)
    dke = fields.take_if(der.OCTET_STRING)
    return curve, DEFAULT_SBOX if dke is None else dke.octets()


def _read_explicit(node: der.Node) -> Curve:
    """ECBinary: numbers in the usual byte order, field elements from either end."""
    fields = node.fields()
    version = fields.take_context(0)
    if version is not None and version.unwrap(der.INTEGER).integer() != 0:
        raise Unsupported("ECBinary of another version")
    polynomial = fields.take().fields()
    exponents = [polynomial.take(der.INTEGER).integer()]
    middle = polynomial.take()
    exponents += [middle.integer()] if middle.tag == der.INTEGER else [node.integer() for node in middle.children]
    a = fields.take(der.INTEGER).integer()
    b = fields.take(der.OCTET_STRING).octets()
    # The order is an ordinary INTEGER, but some encoders forget the zero before a set high bit.
    order = int.from_bytes(fields.take(der.INTEGER).content, "big")
    base = fields.take(der.OCTET_STRING).octets()
    return curves.explicit(tuple(exponents), a, b, order, base)


def dstu_parameters(curve: Curve, sbox: bytes | None) -> bytes:
    """DSTU4145Params with the curve written out, as most centres do; no S-box when it is None."""
    field = curve.field
    middle = [w.integer(k) for k in sorted(field.exponents)]
    domain = w.sequence(
        w.sequence(w.integer(field.m), middle[0] if len(middle) == 1 else w.sequence(*middle)),
        w.integer(curve.a),
        w.octet_string(curve.b.to_bytes(field.size, "little")),
        w.integer(curve.order),
        w.octet_string(curve.compress(curve.base)),
    )
    return w.sequence(domain, w.octet_string(sbox) if sbox else b"")


def digest_for(signature: str, message: bytes, sbox: bytes) -> bytes:
    """The digest that a DSTU 4145 signature of this algorithm covers."""
    return hashes.digest(hash_of(signature), message, sbox)
