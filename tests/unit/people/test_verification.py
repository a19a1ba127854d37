"""What registers say of a person, as pure rules."""

import pytest

from esoz.central.people.model.verification import overall

V, N, NEEDED, NOT_NEEDED = "VERIFIED", "NOT_VERIFIED", "VERIFICATION_NEEDED", "VERIFICATION_NOT_NEEDED"


# PS-30
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((V, V), V),
        ((V, NOT_NEEDED), V),
        ((V, N, NEEDED), "CHANGES_NEEDED"),
        ((V, NEEDED), NEEDED),
        ((V, "IN_REVIEW"), NEEDED),
        ((NOT_NEEDED,), NEEDED),
        ((), NEEDED),
    ],
)
def test_word_about_a_person_follows_from_those_of_all_registers(words, expected):
    assert overall({str(number): {"verification_status": word} for number, word in enumerate(words)}) == expected
