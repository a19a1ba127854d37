"""Nobody signs what stands in unsigned attributes and beside the certificates, so anybody may put anything there."""

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esoz.signature import Level, SignatureError, TrustList, Unreadable, cms, der, examine, oids, verify
from esoz.signature import der_writer as w
from esoz.signature.signing import attribute
from tests.fuzz.mutations import mutated

from .centre import NOW, centre, doctor_of
from .test_augmenting import made

# Proofs of others: what is wrong with one of them says nothing about the signature.
PROOFS = (
    oids.CERTIFICATE_REFS,
    oids.REVOCATION_REFS,
    oids.CERTIFICATE_VALUES,
    oids.REVOCATION_VALUES,
    oids.TIMESTAMP_OVER_VALIDATION,
    oids.TIMESTAMP_OVER_REFS,
    *oids.ARCHIVE_TIMESTAMPS_OLD,
)
# Further signatures: a wrong one must be said.
SIGNATURES = (oids.SIGNATURE_TIMESTAMP, oids.ARCHIVE_TIMESTAMP, oids.COUNTER_SIGNATURE)
UNKNOWN = "1.2.3"

LEAVES = st.builds(
    lambda tag, content: bytes((tag, len(content))) + content,
    st.sampled_from([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x0C, 0x17, 0x18, 0x80, 0x81, 0x82, 0x86]),
    st.sampled_from([b"", b"\0", b"\x2a\x03", b"\0\xff", b"260102030405Z", b"20260102030405Z", b"\x30\0"]),
)
STRUCTURES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda tag, children: bytes((tag,)) + w.sequence(*children)[1:],
        st.sampled_from([0x30, 0x30, 0x31, 0x24, 0xA0, 0xA1, 0xA2, 0xA3]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@cache
def container(level: Level) -> bytes:
    return made(level, centre("ecdsa"), doctor_of("ecdsa"))


def with_unsigned(data: bytes, *attributes: bytes) -> bytes:
    """The container with further unsigned attributes at its signature, as anybody can make it."""
    (info,) = cms.read(data).signers
    present = info.unsigned.node
    fields = [node.raw for node in info.node.children if node is not present]
    kept = [] if present is None else [node.raw for node in present.children]
    *before, _infos = (node.raw for node in cms.parts(data))
    signer = w.sequence(*fields, w.explicit(1, *kept, *attributes))
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, w.sequence(*before, w.set_of(signer))))


def with_beside(data: bytes, number: int, *values: bytes) -> bytes:
    """The container with more in the field of certificates (0) or of revocation lists (1)."""
    *before, infos = cms.parts(data)
    present = {node.context: node.content for node in before if node.context is not None}
    present[number] = present.get(number, b"") + b"".join(values)
    sets = [w.explicit(place, present[place]) for place in sorted(present)]
    body = w.sequence(*(node.raw for node in before if node.context is None), *sets, infos.raw)
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, body))


def is_judged(data: bytes) -> bool:
    """Whether it is accepted; anything else than an answer or a refusal of the family is an error of the test."""
    try:
        return bool(verify(data, centre("ecdsa").trust, at=NOW).signers)
    except SignatureError:
        return False


class TestAnything:
    @settings(max_examples=150, deadline=None)
    @given(kind=st.sampled_from([*PROOFS, UNKNOWN]), values=st.lists(STRUCTURES, max_size=3))
    def test_in_a_proof_leaves_the_signature_valid(self, kind: str, values: list[bytes]) -> None:
        for level in (Level.BES, Level.T):
            data = with_unsigned(container(level), w.sequence(w.oid(kind), w.set_of(*values)))
            assert is_judged(data)

    @settings(max_examples=150, deadline=None)
    @given(number=st.sampled_from([0, 1]), values=st.lists(STRUCTURES, max_size=3))
    def test_beside_the_certificates_leaves_the_signature_valid(self, number: int, values: list[bytes]) -> None:
        assert is_judged(with_beside(container(Level.T), number, *values))

    @settings(max_examples=150, deadline=None)
    @given(kind=st.sampled_from(SIGNATURES), values=st.lists(STRUCTURES, min_size=1, max_size=3))
    def test_in_place_of_a_further_signature_is_refused(self, kind: str, values: list[bytes]) -> None:
        data = with_unsigned(container(Level.BES), w.sequence(w.oid(kind), w.set_of(*values)))
        assert not is_judged(data)

    @pytest.mark.parametrize("kind", [oids.CERTIFICATE_VALUES, oids.REVOCATION_VALUES, oids.REVOCATION_REFS])
    def test_bent_out_of_an_honest_proof_leaves_the_signature_valid(self, kind: str) -> None:
        chance = random.Random(kind)
        (info,) = cms.read(container(Level.XL)).signers
        (honest,) = info.unsigned.all(kind)
        for _ in range(200):
            bent = mutated(honest.raw, chance)
            try:
                der.read(bent)
            except SignatureError:
                continue
            assert is_judged(with_unsigned(container(Level.T), attribute(kind, bent)))

    @pytest.mark.parametrize("kind", SIGNATURES)
    def test_bent_out_of_an_honest_further_signature_is_judged(self, kind: str) -> None:
        chance = random.Random(kind)
        (info,) = cms.read(container(Level.A)).signers
        honest = next(iter(info.unsigned.all(kind)), info.node)
        for _ in range(200):
            is_judged(
                with_unsigned(container(Level.BES), w.sequence(w.oid(kind), w.set_of(mutated(honest.raw, chance))))
            )


class TestCertificateOfTheSameNumber:
    @pytest.mark.parametrize("place", range(0, 60, 7))
    def test_beside_the_own_one_leaves_the_signature_valid(self, place: int) -> None:
        """A byte of its key or of its signature changed: it names the same issuer and number."""
        own = doctor_of("ecdsa").certificate.der
        twin = own[: -1 - place] + bytes((own[-1 - place] ^ 1,)) + own[len(own) - place :]
        data = with_beside(container(Level.BES), 0)
        before, after = data.index(own), data.index(own) + len(own)
        assert is_judged(with_beside(container(Level.BES), 0, twin))
        # And before the own one.
        swapped = with_beside(data[:before] + twin + data[after:], 0, own)
        assert is_judged(swapped)


class TestBrokenCertificate:
    def test_in_a_signature_is_passed_over(self) -> None:
        report = examine(with_beside(container(Level.BES), 0, w.sequence(w.sequence())), centre("ecdsa").trust, at=NOW)
        assert report.is_valid

    def test_in_a_bundle_of_a_trust_list_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "bundle.p7b").write_bytes(with_beside(container(Level.BES), 0, w.sequence(w.sequence())))
        with pytest.raises(Unreadable):
            TrustList.from_folder(tmp_path)


class TestEmptyEvidence:
    @pytest.mark.parametrize("name", ["crls-empty-sequence", "crls-empty-other", "values-empty"])
    def test_of_others_is_judged(self, vectors: Path, name: str) -> None:
        (finding,) = examine((vectors / f"faults/{name}.p7s").read_bytes(), TrustList([]), at=NOW).findings
        assert {fault.code for fault in finding.reasons} <= {"untrusted", "expired", "not_yet_valid"}
