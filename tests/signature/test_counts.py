"""Counts in a container are bounded before anything is calculated: 4.5 MB of parts cost no more than their counting."""

import re
from collections.abc import Callable

import pytest

from esoz.gateways import key_certificates
from esoz.kernel.errors import Rejected
from esoz.signature import Unreadable, budget, certificate, cms, der, oids, verify
from esoz.signature import der_writer as w
from esoz.signature.signing import signed_attributes, signed_data, signer_info

from .centre import NOW, centre, doctor_of

SCHEME = "dstu-gost"
BYTES = 4_500_000


def built(certificates: int, signers: int) -> bytes:
    doctor, digest = doctor_of(SCHEME), centre(SCHEME).digest
    attributes = signed_attributes(b"x", doctor.key, doctor.certificate, at=NOW, digest=digest)
    info = signer_info(doctor.key, doctor.certificate, attributes, digest)
    fields = [node.raw for node in cms.parts(signed_data(oids.DATA, b"x", [], [info], digest))]
    carried = w.explicit(0, *(doctor.certificate.der for _ in range(certificates)))
    infos = w.tlv(der.SET, info * signers)
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, w.sequence(*fields[:3], carried, infos)))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was read of the parts."""
    seen: list[str] = []

    def watched(module: object, name: str) -> None:
        real: Callable[..., object] = getattr(module, name)

        def note(*args: object, **named: object) -> object:
            seen.append(name)
            return real(*args, **named)

        monkeypatch.setattr(module, name, note)

    watched(cms, "read_signer")
    watched(budget, "spend")
    return seen


class TestBeforeAnything:
    @pytest.mark.parametrize(("certificates", "signers"), [(5000, 1), (1, 3000), (2500, 1500), (257, 1), (1, 65)])
    def test_too_many_parts_then_refused_unread(self, parsed: list[str], certificates: int, signers: int) -> None:
        data, trust = built(certificates, signers), centre(SCHEME).trust
        parsed.clear()
        with pytest.raises(Unreadable, match=r"signatures|certificates"):
            verify(data, trust, at=NOW)
        assert len(parsed) <= signers if signers <= cms.MOST_SIGNERS else not parsed

    def test_too_many_parts_then_nobody_looks_for_the_signer_in_them(self, parsed: list[str]) -> None:
        trust, documents = centre(SCHEME).trust, [built(5000, 1), built(1, 3000)]
        parsed.clear()
        assert [key_certificates.signer_of(each, trust.certificates) for each in documents] == [None, None]
        assert "spend" not in parsed

    def test_as_many_as_may_be_then_judged(self) -> None:
        assert verify(built(256, 64), centre(SCHEME).trust, at=NOW).signers

    @pytest.mark.parametrize("values", [b"\x05\x00" * (BYTES // 2), w.integer(1) * (BYTES // 3)], ids=["nulls", "ones"])
    def test_structure_of_a_million_values_then_counted_no_further_than_needed(
        self, values: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[int] = []
        real = der.Node.__init__

        def note(self: der.Node, *args: object) -> None:
            made.append(1)
            real(self, *args)  # type: ignore[arg-type]  # whatever the real one takes

        monkeypatch.setattr(der.Node, "__init__", note)
        for data in (w.sequence(values), w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, w.sequence(values)))):
            with pytest.raises(Unreadable):
                verify(data, centre(SCHEME).trust, at=NOW)
        assert len(made) < 4 * der.MOST_CHILDREN


class TestFilesOfCertificates:
    def test_pem_that_never_ends_then_read_once(self) -> None:
        with pytest.raises(Rejected):
            key_certificates.read(b"-----BEGIN CERTIFICATE-----" * (BYTES // 27))

    def test_blocks_of_pem_then_each_is_found(self) -> None:
        blocks = [b"-----BEGIN A-----\nAAAA\n-----END A-----", b"-----BEGIN B-----\nBBBB\n-----END B-----"]
        assert key_certificates._blocks(b"text\n" + b"\n".join(blocks) + b"\n-----BEGIN C-----\nCC") == blocks
        assert key_certificates._blocks(b"no pem") == [b"no pem"]

    def test_bundle_that_costs_more_than_any_honest_one_then_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(budget, "_UNITS", certificate._READING * 3)
        with pytest.raises(Rejected) as refused:
            key_certificates.read(built(100, 1))
        assert re.search("пошкоджений", refused.value.invalid[0].description)
