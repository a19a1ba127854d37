"""PEM with and without text around, with headers, broken."""

import pytest

from esoz.signature import Certificate, Unreadable, open_key_file
from esoz.signature.command_line.files import armored
from esoz.signature.pem import blocks, is_pem, unarmor

from .centre import centre, doctor_of


def test_text_around_the_armour_does_not_matter() -> None:
    root = centre("ecdsa").root.certificate
    for text in (b"", b"\r\n", "subject=CN = Центр\n\n".encode(), b"Bag Attributes\n    friendlyName: x\n"):
        data = text + armored("TRUSTED CERTIFICATE", root.der) + b"trailing text\n"
        assert Certificate.parse(data) == root


def test_windows_line_ends_are_read() -> None:
    root = centre("ecdsa").root.certificate
    assert Certificate.parse(armored("CERTIFICATE", root.der).replace(b"\n", b"\r\n")) == root


def test_der_that_holds_the_mark_of_pem_is_not_pem() -> None:
    data = b"\x30\x0b-----BEGIN "
    assert not is_pem(data)
    assert unarmor(data) == data


@pytest.mark.parametrize("body", [b"", b"\n!\n-----END X-----", b"\nA\n-----END X-----"])
def test_broken_armour_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        unarmor(b"-----BEGIN X-----" + body)


def test_every_piece_is_given_with_its_label() -> None:
    doctor = doctor_of("ecdsa")
    data = armored("PRIVATE KEY", doctor.key.pkcs8) + armored("CERTIFICATE", doctor.certificate.der)
    assert [block.label for block in blocks(data)] == ["PRIVATE KEY", "CERTIFICATE"]
    assert open_key_file(data, "").signing[1] == doctor.certificate


def test_many_openings_without_an_end_cost_linear_time() -> None:
    with pytest.raises(Unreadable):
        unarmor(b"-----BEGIN A-----\n" * 20_000)
