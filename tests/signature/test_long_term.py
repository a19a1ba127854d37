"""A level above T is claimed by attributes that anybody can add: it counts only when what stands in them proves it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar

import pytest

from esoz.signature import Finding, Level, TrustList, cms, der, examine, hashes, oids
from esoz.signature import der_writer as w
from esoz.signature.command_line import messages
from esoz.signature.long_term import Proofs
from esoz.signature.signing import attribute

from .centre import NOW, SCHEMES, centre, doctor_of
from .test_augmenting import CONTENT, made, stamp
from .test_unsigned import container, with_unsigned

KINDS = (oids.CERTIFICATE_REFS, oids.REVOCATION_REFS, oids.CERTIFICATE_VALUES, oids.REVOCATION_VALUES)


@cache
def proofs() -> dict[str, der.Node]:
    """The four attributes of an honest XL."""
    (info,) = cms.read(container(Level.XL)).signers
    return {kind: info.unsigned.all(kind)[0] for kind in KINDS}


def judged(values: dict[str, bytes]) -> Finding:
    """An honest T with these attributes: still valid, whatever they are."""
    data = with_unsigned(container(Level.T), *(attribute(kind, value) for kind, value in values.items()))
    report = examine(data, centre("ecdsa").trust, at=NOW)
    (finding,) = report.findings
    assert finding.is_valid
    assert report.level == finding.signer.level
    return finding


def changed(**of_kind: bytes | None) -> dict[str, bytes]:
    """The honest attributes with some of them replaced, or left out."""
    names = dict(zip(("certificate_refs", "revocation_refs", "certificates", "statements"), KINDS, strict=True))
    replaced = {names[name]: value for name, value in of_kind.items()}
    found = {kind: replaced.get(kind, proofs()[kind].raw) for kind in KINDS}
    return {kind: value for kind, value in found.items() if value is not None}


def statements(*, answers: Iterable[bytes] = (), lists: Iterable[bytes] = ()) -> bytes:
    return w.sequence(w.explicit(0, w.sequence(*lists)), w.explicit(1, w.sequence(*answers)))


def honest(kind: int) -> list[bytes]:
    """Lists (0) or answers (1) of the honest values."""
    parts = {part.context: part.only() for part in proofs()[oids.REVOCATION_VALUES].children}
    return [node.raw for node in parts[kind].children]


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]


BROKEN: dict[str, Callable[[], dict[str, bytes]]] = {
    "answer with a wrong signature": lambda: changed(
        revocation_refs=None, statements=statements(answers=[flipped(honest(1)[0], 30)], lists=honest(0))
    ),
    "answer that is not the one referred to": lambda: changed(
        statements=statements(answers=[flipped(honest(1)[0], len(honest(1)[0]) - 1)], lists=honest(0))
    ),
    "answer that cannot be read": lambda: changed(
        revocation_refs=None, statements=statements(answers=[w.sequence(w.sequence())], lists=honest(0))
    ),
    "no answer about the signer": lambda: changed(revocation_refs=None, statements=statements(lists=honest(0))),
    "list with a wrong signature": lambda: changed(
        revocation_refs=None, statements=statements(answers=honest(1), lists=[flipped(honest(0)[0], -3)])
    ),
    "no statements at all": lambda: changed(statements=w.sequence()),
    "references of nothing": lambda: changed(certificate_refs=w.sequence()),
    "references that cannot be read": lambda: changed(revocation_refs=w.sequence(w.null())),
    "certificate that cannot be read": lambda: changed(
        certificates=w.sequence(*(node.raw for node in proofs()[oids.CERTIFICATE_VALUES].children), w.sequence())
    ),
    "certificate that is referred to and missing": lambda: changed(certificates=w.sequence()),
}


class TestXL:
    def test_of_honest_attributes_is_that(self) -> None:
        signer = judged(changed()).signer
        assert (signer.level, signer.doubts) == (Level.XL, ())

    @pytest.mark.parametrize("name", BROKEN)
    def test_of_broken_attributes_is_t_with_the_reason(self, name: str) -> None:
        signer = judged(BROKEN[name]()).signer
        assert signer.level == Level.T
        assert signer.doubts

    def test_with_any_byte_of_an_answer_changed_is_t(self) -> None:
        answer = honest(1)[0]
        for place in range(4, len(answer), 29):
            broken = statements(answers=[flipped(answer, place)], lists=honest(0))
            assert judged(changed(statements=broken)).signer.level == Level.T

    def test_of_others_with_a_broken_answer_is_t_with_the_reason(self, vectors: Path) -> None:
        """The certificate of its timestamp service is not in it, so nothing but the form can be told."""
        report = examine((vectors / "faults/xl-broken-ocsp.p7s").read_bytes(), TrustList([]), at=NOW)
        assert report.level == Level.T
        assert report.findings[0].signer.doubts


class TestC:
    REFERENCES: ClassVar = {"certificates": None, "statements": None}

    def test_of_honest_references_is_that(self) -> None:
        assert judged(changed(**self.REFERENCES)).signer.level == Level.C

    @pytest.mark.parametrize("broken", [w.sequence(), w.null(), w.sequence(w.integer(1))])
    def test_of_broken_references_is_t(self, broken: bytes) -> None:
        assert judged(changed(**self.REFERENCES, certificate_refs=broken)).signer.level == Level.T


class TestX:
    def over(self, kind: str, message: bytes) -> dict[str, bytes]:
        token = stamp(centre("ecdsa"), NOW - timedelta(minutes=1))(message)
        return changed(certificates=None, statements=None) | {kind: token}

    def message(self, *, with_signature: bool) -> bytes:
        (info,) = cms.read(container(Level.T)).signers
        attributes = [w.oid(kind) + w.set_of(proofs()[kind].raw) for kind in KINDS[:2]]
        (stamped,) = info.unsigned.node.children
        return (info.signature + stamped.content if with_signature else b"") + b"".join(attributes)

    @pytest.mark.parametrize(
        ("kind", "with_signature"), [(oids.TIMESTAMP_OVER_VALIDATION, True), (oids.TIMESTAMP_OVER_REFS, False)]
    )
    def test_of_a_timestamp_over_the_references_is_that(self, kind: str, with_signature: bool) -> None:
        assert judged(self.over(kind, self.message(with_signature=with_signature))).signer.level == Level.X

    def test_of_a_timestamp_over_something_else_is_c(self) -> None:
        assert judged(self.over(oids.TIMESTAMP_OVER_REFS, CONTENT)).signer.level == Level.C


def test_reason_has_a_sentence_for_people() -> None:
    assert messages.say("level_lowered", "uk") != messages.say("level_lowered", "en")


class TestMade:
    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_values_are_exactly_those_of_the_references(self, scheme: str) -> None:
        """UAPKI refuses other numbers of them, and real XL of IIT leaves the signer out of both."""
        doctor = doctor_of(scheme)
        (info,) = cms.read(made(Level.XL, centre(scheme), doctor)).signers
        found = Proofs.read(info)
        digests = [
            hashes.digest(name, certificate.der)
            for (name, _), certificate in zip(found.certificate_references, found.certificates, strict=True)
        ]
        assert digests == [digest for _, digest in found.certificate_references]
        whole = [
            hashes.digest(name, statement.forms[1])
            for (name, _), statement in zip(found.statement_references, found.statements, strict=True)
            if len(statement.forms) > 1
        ]
        assert set(whole) <= {digest for _, digest in found.statement_references}
        assert whole
        assert doctor.certificate not in found.certificates
