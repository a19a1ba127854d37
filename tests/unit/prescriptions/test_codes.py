"""Numbers and codes: shape, chance, secrecy, pauses."""

import os
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.central.prescriptions.model import codes

ONE, OTHER = UUID(int=1), UUID(int=2)
SECRET = b"a secret of the tests"


# MR-11
def test_number_then_its_published_shape() -> None:
    for _ in range(200):
        number = codes.new_number(os.urandom)
        assert codes.looks_like_number(number) and len(number) == 19


@pytest.mark.parametrize(
    "text",
    [
        "0000-243P-1X53-EH3",
        "0001-243P-1X53-EH38",
        "0000-243B-1X53-EH38",
        "0000-243p-1x53-eh38",
        "0000243P1X53EH38",
        "0000-243P-1X53-EH38-0000",
        "",
    ],
)
def test_what_is_no_number_then_not_taken_for_one(text: str) -> None:
    assert not codes.looks_like_number(text)


# MR-11
def test_alphabet_then_eighteen_symbols_of_2019() -> None:
    assert sorted(codes.ALPHABET) == sorted("0A1E2H3K4M5P6T7X89")


def test_drawing_then_bytes_past_the_last_whole_multiple_are_thrown_away() -> None:
    drawn = iter([255, 252, 251])
    assert codes.draw(codes.ALPHABET, lambda _: bytes([next(drawn)])) == codes.ALPHABET[251 % 18]
    every = Counter(codes.draw("abc", lambda _, byte=byte: bytes([byte])) for byte in range(255))
    assert every == {"a": 85, "b": 85, "c": 85}


# MR-12
def test_code_then_four_digits_and_the_first_no_zero() -> None:
    found = {codes.new_code(os.urandom) for _ in range(500)}
    assert all(len(code) == 4 and code.isdigit() and code[0] != "0" for code in found)
    assert len(found) > 300


def test_sealed_code_then_only_its_prescription_and_secret_open_it() -> None:
    sealed = codes.seal("4821", ONE, secret=SECRET, random=os.urandom)
    assert b"4821" not in sealed
    assert codes.unseal(sealed, ONE, secret=SECRET) == "4821"
    assert codes.seal("4821", ONE, secret=SECRET, random=os.urandom) != sealed
    for id, secret in ((OTHER, SECRET), (ONE, b"another")):
        with pytest.raises(ValueError, match="another secret"):
            codes.unseal(sealed, id, secret=secret)
    with pytest.raises(ValueError, match="another secret"):
        codes.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), ONE, secret=SECRET)


# MD-5
@pytest.mark.parametrize(
    ("candidate", "right"),
    [
        ("4821", True),
        ("4822", False),
        ("", False),
        ("48210", False),
        ("４８２１", False),
    ],
)
def test_comparing_then_exact(candidate: str, right: bool) -> None:
    assert codes.is_right(candidate, "4821") is right


@pytest.mark.parametrize(
    ("wrong", "minutes"),
    [
        (0, None),
        (1, None),
        (4, None),
        (5, 15),
        (6, None),
        (9, None),
        (10, 30),
        (15, 60),
        (20, 120),
        (25, 240),
    ],
)
def test_pause_after_wrong_codes_then_doubled_with_every_five(wrong: int, minutes: int | None) -> None:
    assert codes.pause_after(wrong) == (timedelta(minutes=minutes) if minutes else None)


def test_pauses_then_a_month_allows_fewer_than_seventy_guesses() -> None:
    waited, guesses = timedelta(), 0
    while waited < timedelta(days=31):
        guesses += 1
        waited += codes.pause_after(guesses) or timedelta()
    assert guesses < 70
    assert codes.pause_after(5000) == codes.LONGEST_PAUSE
