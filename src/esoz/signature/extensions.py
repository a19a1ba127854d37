"""Reads the extensions of certificates and revocation lists that lead elsewhere or qualify: URLs, statements."""

from . import der, oids
from .errors import Unreadable

# What this library acts upon, or what restricts nothing that it does. Any other critical extension is a condition
# that nobody checks, hence such a certificate is not believed (RFC 5280, 4.2).
UNDERSTOOD = frozenset(
    {
        oids.SUBJECT_DIRECTORY_ATTRIBUTES,
        oids.SUBJECT_KEY_IDENTIFIER,
        oids.KEY_USAGE,
        oids.PRIVATE_KEY_USAGE_PERIOD,
        oids.SUBJECT_ALTERNATIVE_NAME,
        oids.ISSUER_ALTERNATIVE_NAME,
        oids.BASIC_CONSTRAINTS,
        oids.CERTIFICATE_POLICIES,
        oids.CRL_DISTRIBUTION_POINTS,
        oids.FRESHEST_CRL,
        oids.AUTHORITY_KEY_IDENTIFIER,
        oids.EXTENDED_KEY_USAGE,
        oids.QC_STATEMENTS,
        oids.AUTHORITY_INFORMATION_ACCESS,
        oids.SUBJECT_INFORMATION_ACCESS,
    }
)

_URI = 6
_MOST_URLS = 16


def statements(value: bytes | None) -> frozenset[str]:
    """Identifiers of QCStatements, and of the types that QcType lists (ETSI EN 319 412-5)."""
    found: set[str] = set()
    for item in () if value is None else der.read(value).expect(der.SEQUENCE).children:
        fields = item.fields()
        kind = fields.take().oid()
        found.add(kind)
        if kind == oids.QC_TYPE and fields:
            found |= {node.oid() for node in fields.take(der.SEQUENCE).children}
    return frozenset(found)


def access_urls(value: bytes | None, method: str) -> tuple[str, ...]:
    """The addresses of one method in AuthorityInfoAccess or SubjectInfoAccess; a malformed hint counts as absent."""
    try:
        pairs = [node.children for node in der.read(value).children] if value is not None else []
        nodes = [pair[1] for pair in pairs if len(pair) == 2 and pair[0].oid() == method]
    except Unreadable:
        return ()
    return tuple(node.text() for node in nodes if node.context == _URI and not node.is_constructed)[:_MOST_URLS]


def list_urls(value: bytes | None) -> tuple[str, ...]:
    """The addresses in CRLDistributionPoints (or FreshestCRL)."""
    try:
        return tuple(_uris(der.read(value)))[:_MOST_URLS] if value is not None else ()
    except Unreadable:
        return ()


def _uris(node: der.Node) -> list[str]:
    """Every URI of a structure of names, in order."""
    if not node.is_constructed:
        return [node.text()] if node.context == _URI else []
    return [uri for child in node.children for uri in _uris(child)]
