"""The worked example of the explanation is true: made anew it is the same, and its offsets are what the page says."""

from esoz.signature import cms, der, gost34311, unwrapped

from . import explained


def test_example_when_made_again_is_the_one_on_the_page() -> None:
    assert explained.written() == explained.made(), "run python -m tests.signature.explained"


def test_container_on_the_page_when_read_is_the_one_made() -> None:
    assert unwrapped(explained.written()["pem"].encode()) == explained.container()


def test_offsets_that_the_page_names_hold_what_it_says() -> None:
    data = explained.container()
    signed = cms.read(data)
    info, certificate = signed.signers[0], signed.certificates[0]

    def node(offset: int) -> der.Node:
        return der.Node(data, offset, len(data), 0)

    assert node(57).octets() == explained.DOCUMENT
    assert node(75).raw == certificate.der
    assert node(75).after == 890
    assert (node(125).raw, node(201).raw, node(346).raw) == (
        certificate.issuer.raw,
        certificate.subject.raw,
        certificate.spki,
    )
    assert node(88).integer() == node(947).integer() == certificate.serial_number
    assert b"1234567890" in node(765).raw
    attributes = node(983).raw
    assert (len(attributes), attributes[0]) == (252, 0xA0)
    certificate.public_key.verify(info.signature_algorithm, None, b"\x31" + attributes[1:], info.signature)
    assert node(1057).octets() == gost34311.digest(explained.DOCUMENT)
    assert node(1129).octets() == gost34311.digest(certificate.der)
    assert node(1250).octets() == info.signature
