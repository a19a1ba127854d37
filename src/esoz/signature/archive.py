"""What archive timestamps cover (CAdES-A): the document, the signature, and an index of all that proves it."""

from collections.abc import Iterable

from . import cms, der, hashes, oids
from . import der_writer as w
from .algorithms import identifier, read_identifier
from .errors import Unreadable, WrongContent
from .gost28147 import DEFAULT_SBOX


def covered(signed: cms.SignedData, info: cms.SignerInfo, document: hashes.Message, index: bytes, digest: str) -> bytes:
    """What a timestamp `0.4.0.1733.2.4` covers (ETSI EN 319 122-1, 5.5.3).

    `index` is the ats-hash-index of the token, encoded; `digest` the algorithm of its imprint.
    """
    return w.oid(signed.content_type) + document.digest(digest) + _signed_fields(info) + index


def covered_without_index(signed: cms.SignedData, info: cms.SignerInfo, document: hashes.Message, digest: str) -> bytes:
    """The same for a token without an index, as UAPKI makes it.

    The index is left out because it would list everything: certificates, revocation lists and the unsigned attributes
    but archive timestamps, hashed as the signer does. SignerInfo has a header around its fields.
    """
    index = _index(signed, _attributes(info, but=oids.ARCHIVE_TIMESTAMP), info.digest_algorithm)
    content = document.digest(digest)
    return w.oid(signed.content_type) + content + w.sequence(_signed_fields(info)) + index


def _signed_fields(info: cms.SignerInfo) -> bytes:
    """SignerInfo up to its unsigned attributes."""
    return b"".join(node.raw for node in info.node.children if node is not info.unsigned.node)


def index_of(signed: cms.SignedData, info: cms.SignerInfo, digest: str) -> bytes:
    """ats-hash-index-v3 over all that the container holds now."""
    return _index(signed, [kind + value for kind, value in _values(info)], digest)


def _index(signed: cms.SignedData, unsigned: list[bytes], digest: str) -> bytes:
    parts = (
        [choice.raw for choice in signed.certificate_choices],
        [node.raw for node in signed.revocations],
        unsigned,
    )
    lists = (w.sequence(*(w.octet_string(hashes.digest(digest, item)) for item in part)) for part in parts)
    return w.sequence(identifier(digest), *lists)


def has_index(token: cms.SignerInfo) -> bool:
    """Whether a token says what it covers."""
    return bool(token.unsigned.all(oids.ARCHIVE_INDEX_V3) or token.unsigned.all(oids.ARCHIVE_INDEX))


def must_cover(signed: cms.SignedData, info: cms.SignerInfo, token: cms.SignerInfo) -> bytes:
    """The index of a token, encoded; `WrongContent` when something that it lists is no longer in the container."""
    newer, older = token.unsigned.one(oids.ARCHIVE_INDEX_V3), token.unsigned.one(oids.ARCHIVE_INDEX)
    index = newer or older
    if index is None:
        raise Unreadable("an archive timestamp without its index")
    fields = index.fields()
    first = fields.take_if(der.SEQUENCE)
    # The older form may leave out the algorithm; then the first field is already a list of digests.
    is_algorithm = first is not None and any(child.tag == der.OID for child in first.children[:1])
    digest = read_identifier(first)[0] if first is not None and is_algorithm else oids.SHA256
    listed = [first] if first is not None and not is_algorithm else []
    while fields:
        listed.append(fields.take(der.SEQUENCE))
    present = (
        [choice.raw for choice in signed.certificate_choices],
        [node.raw for node in signed.revocations],
        [kind + value for kind, value in _values(info)] if newer is not None else _attributes(info),
    )
    if len(listed) != len(present):
        raise Unreadable("an index of an archive timestamp with missing lists")
    for wanted, items in zip(listed, present, strict=True):
        digests = {hashes.digest(digest, item, DEFAULT_SBOX) for item in items}
        if not {node.octets() for node in wanted.children} <= digests:
            raise WrongContent("what an archive timestamp covers is no longer there")
    return index.raw


def _values(info: cms.SignerInfo) -> Iterable[tuple[bytes, bytes]]:
    """Every value of the unsigned attributes with its encoded kind."""
    node = info.unsigned.node
    for attribute in node.children if node is not None else ():
        fields = attribute.fields()
        kind = fields.take()
        for value in fields.take(der.SET).children:
            yield kind.raw, value.raw


def _attributes(info: cms.SignerInfo, but: str = "") -> list[bytes]:
    """The unsigned attributes whole, as the index of before 2016 listed them."""
    node = info.unsigned.node
    found = node.children if node is not None else ()
    return [attribute.raw for attribute in found if attribute.fields().take().oid() != but]
