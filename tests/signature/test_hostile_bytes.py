"""Change any byte of twenty containers: each variant is refused, or says exactly the same."""

import random
from collections.abc import Iterator
from functools import cache
from time import process_time

import pytest

from esoz.signature import (
    Authority,
    Level,
    SignatureError,
    SignedDocument,
    Subject,
    TrustList,
    Unreadable,
    add_signature,
    countersign,
    der,
    examine,
    oids,
    sign,
    verify,
)
from esoz.signature import der_writer as w
from esoz.signature.signing import attribute, signed_attributes, signed_data, signer_info

from .centre import NOW, SCHEMES, YEAR, centre, doctor_of
from .services import TimestampService
from .test_augmenting import CONTENT, SIGNED, made

KINDS = ("BES", "detached", "T", "XL", "parallel", "counter")
CONTAINERS = [*((scheme, kind) for scheme in SCHEMES for kind in KINDS), ("ecdsa", "A"), ("dstu-kupyna", "A")]
assert len(CONTAINERS) == 20

# A DSTU verification costs as much as many ECDSA ones; together more than 2,000 and more than 40,000.
FAST = {"ecdsa": 190, "dstu-gost": 55, "dstu-kupyna": 55}
NIGHTLY = {"ecdsa": 4500, "dstu-gost": 700, "dstu-kupyna": 700}


@cache
def container(scheme: str, kind: str) -> bytes:
    authority, doctor = centre(scheme), doctor_of(scheme)
    if kind in ("BES", "T", "XL", "A"):
        return made(Level(kind), authority, doctor)
    head = authority.issue(Subject("Українка", "Леся", "1111111111"), valid_from=NOW - YEAR, valid_to=NOW + YEAR)
    if kind == "detached":
        return sign(CONTENT, doctor.key, doctor.certificate, at=SIGNED, detached=True)
    add = add_signature if kind == "parallel" else countersign
    return add(made(Level.BES, authority, doctor), head.key, head.certificate, at=NOW)


def variants(data: bytes, count: int) -> Iterator[bytes]:
    """Copies with one byte replaced by another one, the same in every run."""
    chance = random.Random(len(data))
    for _ in range(count):
        variant = bytearray(data)
        variant[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        yield bytes(variant)


def meaning(result: SignedDocument) -> object:
    """Who signed what and when, by their own clock and by a timestamp that counts."""
    return result.content, [(signer.certificate, signer.signed_at, signer.chain) for signer in result.signers]


def must_be_refused_or_mean_the_same(scheme: str, kind: str, count: int) -> None:
    data, trust = container(scheme, kind), TrustList(centre(scheme).certificates)
    content = CONTENT if kind == "detached" else None
    honest = verify(data, trust, at=NOW, content=content)
    expected, levels = meaning(honest), [signer.level for signer in honest.signers]
    refused = 0
    for variant in variants(data, count):
        try:
            result = verify(variant, trust, at=NOW, content=content)
        except SignatureError:
            refused += 1
            continue
        assert meaning(result) == expected
        # A broken proof of others leaves the signature valid and its level lower.
        refused += levels != [signer.level for signer in result.signers]
    # What may change unnoticed: certificates and proofs that the trust list makes unnecessary, versions, kinds of
    # strings. That every bit of the rest matters is another test (test_tampering).
    assert refused > count / 5


@pytest.mark.parametrize(("scheme", "kind"), CONTAINERS)
def test_byte_when_changed_then_is_refused_or_means_the_same(scheme: str, kind: str) -> None:
    must_be_refused_or_mean_the_same(scheme, kind, FAST[scheme])


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "kind"), CONTAINERS)
def test_byte_when_changed_thousands_of_times_then_is_refused_or_means_the_same(scheme: str, kind: str) -> None:
    must_be_refused_or_mean_the_same(scheme, kind, NIGHTLY[scheme])


def test_numbers_of_variants_are_as_many_as_promised() -> None:
    counts = [sum(table[scheme] for scheme, _ in CONTAINERS) for table in (FAST, NIGHTLY)]
    assert counts[0] >= 2_000
    assert counts[1] >= 40_000


def test_container_full_of_namesakes_and_tokens_costs_little() -> None:
    """Thirty-two authorities of the right name and wrong keys, 64 signatures with 16 timestamps each."""
    authority, doctor = centre("ecdsa"), doctor_of("ecdsa")
    name = authority.root.certificate.subject.get(oids.ORGANIZATION) or ""
    namesakes = [
        Authority.create(name, scheme="ecdsa", random=random.Random(100 + number).randbytes, at=NOW - YEAR)
        for number in range(32)
    ]
    token = TimestampService.create(namesakes[0], at=NOW - YEAR / 2).stamp(b"x", at=NOW)
    kinds = (oids.SIGNATURE_TIMESTAMP, oids.ARCHIVE_TIMESTAMP)
    unsigned = [attribute(kind, token) for kind in kinds for _ in range(8)]
    attributes = signed_attributes(b"x", doctor.key, doctor.certificate, at=NOW, digest=authority.digest)
    info = signer_info(doctor.key, doctor.certificate, attributes, authority.digest, unsigned)
    infos = [info[:-1] + bytes((number,)) for number in range(64)]
    carried = [doctor.certificate, *(certificate for other in namesakes for certificate in other.certificates)]
    data = signed_data(oids.DATA, b"x", carried, infos, authority.digest)
    for listed in (authority.certificates[:1], authority.certificates):
        started = process_time()
        report = examine(data, TrustList(listed), at=NOW)
        assert process_time() - started < 10
        assert report.is_valid == (len(listed) == 2)


def test_hundreds_of_certificates_are_refused_at_once() -> None:
    doctor = doctor_of("ecdsa")
    data = sign(b"x", doctor.key, doctor.certificate, at=NOW)
    carried = [doctor.certificate.der] * 300
    fields = list(der.read(data).children[1].only().children)
    body = w.sequence(*(w.explicit(0, *carried) if node.context == 0 else node.raw for node in fields))
    with pytest.raises(Unreadable):
        verify(w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, body)), centre("ecdsa").trust, at=NOW)
