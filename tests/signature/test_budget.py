"""One container may cost only so much, however its parts are arranged; one signature counts once."""

import random
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from esoz.signature import (
    Certificate,
    Level,
    RsaKey,
    Subject,
    TrustList,
    Unreadable,
    Unsupported,
    authority,
    budget,
    cms,
    der,
    examine,
    oids,
    sign,
    verify,
)
from esoz.signature import der_writer as w
from esoz.signature.algorithms import identifier
from esoz.signature.authority import Applicant, Profile
from esoz.signature.keys import read_public_key
from esoz.signature.signing import signed_attributes, signed_data, signer_info

from .centre import NOW, YEAR, centre, doctor_of
from .test_augmenting import made
from .test_unsigned import container, with_unsigned

VALIDITY = (NOW - YEAR, NOW + YEAR)


def spki(modulus: int, exponent: int) -> bytes:
    numbers = w.sequence(w.integer(modulus), w.integer(exponent))
    return w.sequence(identifier(oids.RSA, w.null()), w.bit_string(numbers))


class TestRsa:
    @pytest.mark.parametrize(
        ("bits", "exponent"), [(8193, 65537), (16384, 65537), (2048, (1 << 64) + 1), (2048, (1 << 2000) + 1)]
    )
    def test_key_of_giant_numbers_is_refused(self, bits: int, exponent: int) -> None:
        with pytest.raises(Unsupported):
            read_public_key(der.read(spki((1 << bits - 1) + 1, exponent)))

    @pytest.mark.parametrize(("bits", "exponent"), [(2048, 65537), (4096, 3), (8192, 65537), (2048, (1 << 63) + 1)])
    def test_key_of_usual_numbers_is_read(self, bits: int, exponent: int) -> None:
        assert read_public_key(der.read(spki((1 << bits - 1) + 1, exponent)))


@dataclass(frozen=True)
class Forger(RsaKey):
    """Signs nothing, at the length of the largest key."""

    def sign(self, digest: str, message: bytes) -> bytes:
        return bytes(1023) + b"\1"


def forged(name: bytes, key: bytes, issuer: bytes, forger: RsaKey, profile: Profile) -> Certificate:
    request = authority._Request(name, Applicant(key), issuer, forger)
    return authority._certify(request, oids.SHA256, VALIDITY, profile)


def expensive(signers: int) -> bytes:
    """Signers of an authority of which there are 32 with the largest RSA keys; none of them signed anything."""
    forger = Forger(rsa.generate_private_key(65537, 2048))
    name = authority._name([(oids.COMMON_NAME, "Центр")])
    uses = Profile(authority._AUTHORITY_USES, is_authority=True)
    chance = random.Random(1)
    moduli = (chance.getrandbits(8190) << 1 | 1 << 8191 | 1 for _ in range(32))
    above = [forged(name, spki(modulus, (1 << 63) + 1), name, forger, uses) for modulus in moduli]
    people, infos = [], []
    for number in range(signers):
        profile = authority._signing_profile(Subject("Х", str(number)), None, ())
        own = forged(authority._name([(oids.COMMON_NAME, str(number))]), forger.spki, name, forger, profile)
        attributes = signed_attributes(b"x", forger, own, at=NOW, digest=oids.SHA256)
        people.append(own)
        infos.append(signer_info(forger, own, attributes, oids.SHA256))
    # Those that may stand above come first: of all that came along only so many are tried.
    carried = w.explicit(0, *(found.der for found in (*above, *people)))
    body = cms.parts(signed_data(oids.DATA, b"x", [], infos, oids.SHA256))
    fields = [node.raw for node in body]
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, w.sequence(*fields[:3], carried, fields[3])))


class TestBudget:
    @pytest.mark.parametrize("signers", [1, 64])
    def test_many_signers_under_giant_authorities_cost_little(self, signers: int) -> None:
        data = expensive(signers)
        started = process_time()
        try:
            assert not examine(data, centre("ecdsa").trust, at=NOW).is_valid
        except Unreadable as fault:
            assert "costs more" in fault.detail
        assert process_time() - started < 2

    def test_exhaustion_refuses_the_container_and_is_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was not checked for want of budget must not be remembered as wrong."""
        trust, data = centre("ecdsa").trust, container(Level.BES)
        for units in range(0, 40, 3):
            monkeypatch.setattr(budget, "_UNITS", units)
            try:
                verify(data, trust, at=NOW)
            except Unreadable as fault:
                assert "costs more" in fault.detail
        monkeypatch.undo()
        assert verify(data, trust, at=NOW).signers

    def test_large_document_of_many_signers_is_hashed_once(self) -> None:
        """Sixteen megabytes, 64 signatures: their hashes alone would exceed the budget."""
        doctor, content = doctor_of("ecdsa"), bytes(16 << 20)
        digest = centre("ecdsa").digest
        infos = []
        for number in range(64):
            at = NOW.replace(second=number % 60, minute=number // 60)
            attributes = signed_attributes(content, doctor.key, doctor.certificate, at=at, digest=digest)
            infos.append(signer_info(doctor.key, doctor.certificate, attributes, digest))
        data = signed_data(oids.DATA, content, [doctor.certificate], infos, digest)
        assert len(verify(data, centre("ecdsa").trust, at=NOW).signers) == 64

    @pytest.mark.parametrize("scheme", ["dstu-gost", "dstu-kupyna"])
    def test_sixty_four_honest_signatures_with_all_their_proofs_are_valid(self, scheme: str) -> None:
        one = made(Level.XL, centre(scheme), doctor_of(scheme))
        infos = []
        for number in range(64):
            # A further unsigned attribute makes each of them different.
            other = cms.read(with_unsigned(one, w.sequence(w.oid("1.2.3"), w.set_of(w.integer(number)))))
            infos.append(other.signers[0].node.raw)
        fields = [node.raw for node in cms.parts(one)]
        body = w.sequence(*fields[:-1], w.set_of(*infos))
        (signer,) = verify(
            w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, body)), centre(scheme).trust, at=NOW
        ).signers
        assert signer.certificate == doctor_of(scheme).certificate
        assert signer.level == Level.XL


class TestOneSignature:
    def repeated(self, *infos: bytes) -> bytes:
        fields = [node.raw for node in cms.parts(container(Level.BES))]
        body = w.sequence(*fields[:-1], bytes((der.SET,)) + w.sequence(*infos)[1:])
        return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, body))

    def test_written_several_times_counts_once(self) -> None:
        own = cms.read(container(Level.BES)).signers[0].node.raw
        assert len(verify(self.repeated(own, own, own), centre("ecdsa").trust, at=NOW).signers) == 1

    def test_with_and_without_a_timestamp_counts_once_with_it(self) -> None:
        bare, stamped = (cms.read(container(level)).signers[0].node.raw for level in (Level.BES, Level.T))
        for infos in ((bare, stamped), (stamped, bare)):
            (signer,) = verify(self.repeated(*infos), centre("ecdsa").trust, at=NOW).signers
            assert signer.level == Level.T

    def test_wrong_beside_the_right_one_is_still_told(self) -> None:
        own = cms.read(container(Level.BES)).signers[0].node.raw
        assert not examine(self.repeated(own, own[:-1] + bytes((own[-1] ^ 1,))), centre("ecdsa").trust, at=NOW).is_valid

    def test_second_one_of_the_same_person_counts(self) -> None:
        doctor = doctor_of("ecdsa")
        both = [
            cms.read(sign(b"content", doctor.key, doctor.certificate, at=at)).signers[0].node.raw
            for at in (NOW, NOW - YEAR / 9)
        ]
        assert len(verify(self.repeated(*both), centre("ecdsa").trust, at=NOW).signers) == 2

    def test_of_others_three_times_counts_once(self, vectors: Path) -> None:
        report = examine((vectors / "faults/same-signer-3-times.p7s").read_bytes(), TrustList([]), at=NOW)
        assert len(report.findings) == 1
