"""Rules of a signed registration."""

import pytest

from esoz.central.registration.model import must_be_signed_for, owner_type
from esoz.kernel.errors import Rejected
from esoz.kernel.work import Signer


def signer(edrpou: str | None, drfo: str | None) -> Signer:
    return Signer(drfo, edrpou, "Власник", "Олена", is_stamp=False, serial_number="1", signed_at=None)


@pytest.mark.parametrize(
    ("edrpou", "drfo", "code"),
    [
        ("44445555", "3180000011", "44445555"),
        (None, "3180000011", "3180000011"),
        (None, "АА123456", "АА123456"),
    ],
)
def test_signer_of_this_entity_then_taken(edrpou, drfo, code):
    must_be_signed_for(signer(edrpou, drfo), code)


# LE-5
@pytest.mark.parametrize(
    ("edrpou", "drfo", "words"),
    [
        (None, None, "EDRPOU and DRFO is empty in digital sign"),
        (" ", None, "EDRPOU and DRFO is empty in digital sign"),
        ("123", None, "Invalid edrpou"),
        ("11112222", "3180000011", "EDRPOU does not match legal_entity edrpou"),
        (None, "3180000011", "DRFO does not match signer drfo"),
    ],
)
def test_signer_of_another_then_refused_with_its_words(edrpou, drfo, words):
    with pytest.raises(Rejected) as refusal:
        must_be_signed_for(signer(edrpou, drfo), "44445555")
    assert [fault.description for fault in refusal.value.invalid] == [words]


def test_owner_of_a_pharmacy_when_asked_then_its_own_type():
    assert (owner_type("PHARMACY"), owner_type("OUTPATIENT")) == ("PHARMACY_OWNER", "OWNER")
