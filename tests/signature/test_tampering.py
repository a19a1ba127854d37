"""Flip a bit anywhere, cut anywhere: the container is refused, and always by an error of the family."""

import random
from collections.abc import Iterator

import pytest

from esoz.signature import (
    Certificate,
    RevocationList,
    SignatureError,
    TrustList,
    WrongPassword,
    open_key_file,
    revocation_list,
    sign,
    verify,
    write_jks,
    write_pkcs12,
)

from .centre import NOW, YEAR, centre, doctor_of

PASSWORD = "пароль 1"


def flipped(data: bytes, step: int = 1, bits: int = 8) -> Iterator[bytes]:
    """Copies with one bit changed: so many bits of every byte, or of every step-th one."""
    chance = random.Random(len(data))
    for position in range(0, len(data), step):
        for bit in chance.sample(range(8), bits):
            variant = bytearray(data)
            variant[position] ^= 1 << bit
            yield bytes(variant)


def cut(data: bytes, step: int) -> list[bytes]:
    """Copies that end too early, and one that ends too late."""
    return [data[:size] for size in range(0, len(data), step)] + [data + b"\1"]


def means_the_same(variant: bytes, data: bytes, trust: TrustList) -> bool:
    """Whether a changed container verifies; then it must say the same thing as the one it was made from."""
    try:
        result = verify(variant, trust, at=NOW)
    except SignatureError:
        return False
    assert result == verify(data, trust, at=NOW)
    return True


# A DSTU verification costs a hundred ECDSA ones, hence the steps.
@pytest.mark.parametrize(("scheme", "step", "bits"), [("ecdsa", 1, 8), ("dstu-gost", 11, 1), ("dstu-kupyna", 13, 1)])
def test_signature_when_a_bit_is_flipped_or_the_end_cut_then_is_refused_or_means_the_same(
    scheme: str, step: int, bits: int
) -> None:
    doctor, trust = doctor_of(scheme), centre(scheme).trust
    data = sign(b'{"a": 1}', doctor.key, doctor.certificate, at=NOW)
    for variant in cut(data, 5 * step):
        with pytest.raises(SignatureError):
            verify(variant, trust, at=NOW)
    kept = sum(means_the_same(variant, data, trust) for variant in flipped(data, step, bits))
    # Only numbers of versions, the list of announced digests and the kinds of strings in the issuer's name.
    assert kept < len(data) * bits / step / 20


def test_certificate_when_a_bit_is_flipped_then_leads_nowhere() -> None:
    doctor, trust = doctor_of("ecdsa"), centre("ecdsa").trust
    for variant in flipped(doctor.certificate.der):
        with pytest.raises(SignatureError):
            trust.chain(Certificate.parse(variant))


def test_revocation_list_when_a_bit_is_flipped_then_is_refused() -> None:
    authority = centre("ecdsa")
    data = revocation_list(authority, {}, at=NOW, next_update=NOW + YEAR, number=1)
    for variant in flipped(data):
        with pytest.raises(SignatureError):
            RevocationList.parse(variant).must_be_signed_by(authority.issuing.certificate)


@pytest.mark.parametrize("scheme", ["dstu-gost", "ecdsa"])
def test_java_store_when_a_bit_is_flipped_then_does_not_open(scheme: str) -> None:
    doctor = doctor_of(scheme)
    data = write_jks(doctor.key, doctor.chain[:2], PASSWORD, random=random.Random(1).randbytes)
    for variant in (*flipped(data, 2), *cut(data, 40)):
        with pytest.raises(SignatureError):
            open_key_file(variant, PASSWORD)


def test_pkcs12_when_a_bit_is_flipped_then_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esoz.signature.containers.pkcs12._MAC_ROUNDS", 5)
    doctor = doctor_of("dstu-kupyna")
    data = write_pkcs12(doctor.key, doctor.chain, PASSWORD, random=random.Random(1).randbytes)
    for variant in (*flipped(data, bits=2), *cut(data, 40)):
        with pytest.raises(SignatureError):
            open_key_file(variant, PASSWORD)


def test_random_bytes_are_refused_by_every_reader() -> None:
    chance = random.Random(5)
    trust = TrustList([])
    for _ in range(300):
        data = b"\x30\x80" * chance.randrange(3) + chance.randbytes(chance.randrange(60))
        readers = (
            lambda data=data: verify(data, trust, at=NOW),
            lambda data=data: Certificate.parse(data),
            lambda data=data: RevocationList.parse(data),
            lambda data=data: open_key_file(data, "x"),
        )
        for reader in readers:
            with pytest.raises(SignatureError):
                reader()


def test_key_file_with_the_wrong_password_says_so() -> None:
    doctor = doctor_of("ecdsa")
    for data in (write_jks(doctor.key, [], PASSWORD), write_pkcs12(doctor.key, [], PASSWORD)):
        with pytest.raises(WrongPassword):
            open_key_file(data, PASSWORD + "1")
