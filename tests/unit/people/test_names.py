"""Names by language as pure rules."""

from dataclasses import replace

import pytest

from esoz.central.people import Name, PersonDetails, called, has_names, names_of
from esoz.central.people.model import name_in, short_name, with_others
from esoz.kernel.work import Signer
from tests.unit.people.test_rules import ADULT, faults

UKRAINIAN = Name(language="uk", first_name="Суреш", last_name="Кумар")
LATIN = Name(language="en", first_name="Suresh", last_name="Kumar")
ALONE = Name(language="en", first_name="Suresh", no_last_name=True)


def somebody(*names: Name) -> PersonDetails:
    return called(ADULT, names)


# PS-29
class TestFaults:
    @pytest.mark.parametrize(
        "names",
        [
            (UKRAINIAN,),
            (LATIN,),
            (ALONE,),
            (LATIN, UKRAINIAN),
            (Name(language="en", first_name="Zoë", last_name="O’Şen-Łuć"),),
        ],
    )
    def test_names_when_in_letters_of_their_languages_then_none(self, names):
        assert faults(somebody(*names)) == []

    @pytest.mark.parametrize(
        ("name", "part"),
        [
            (Name(language="uk", first_name="Suresh", last_name="Кумар"), "first_name"),
            (Name(language="en", first_name="Suresh", last_name="Кумар"), "last_name"),
            (Name(language="en", first_name="Suresh", last_name="Kumar", second_name="7"), "second_name"),
            (Name(language="en", first_name="-", last_name="Kumar"), "first_name"),
            (Name(language="en", first_name="x" * 256, last_name="Kumar"), "first_name"),
            (Name(language="en", first_name="Suresh"), "last_name"),
            (Name(language="en", first_name="Suresh", last_name="Kumar", no_last_name=True), "last_name"),
            (Name(language="de", first_name="Suresh", last_name="Kumar"), "language"),
        ],
    )
    def test_name_when_not_as_it_must_be_then_named_at_its_place(self, name, part):
        assert [place for place, _ in faults(somebody(UKRAINIAN, name))][-1] == f"$.person.names[1].{part}"

    def test_language_when_told_twice_then_named(self):
        assert faults(somebody(LATIN, ALONE)) == [("$.person.names[1].language", "No duplicate values.")]

    # PS-13
    def test_passport_when_of_another_country_then_has_numbers_of_its_own(self):
        (paper,) = ADULT.documents
        foreign = replace_country(paper, "IN", "Z 1234567")
        assert faults(replace(ADULT, documents=(foreign,))) == []
        assert [
            place for place, _ in faults(replace(ADULT, documents=(replace_country(foreign, "UA", "Z 1234567"),)))
        ] == ["$.person.documents[0].number"]


def replace_country(paper, country, number):
    return type(paper)(paper.type, number, paper.issued_by, paper.issued_at, issuing_country=country)


# PS-29
class TestViews:
    def test_three_fields_when_there_is_a_ukrainian_name_then_hold_it(self):
        person = somebody(LATIN, UKRAINIAN)
        assert (person.first_name, person.last_name, person.name_language) == ("Суреш", "Кумар", "uk")

    def test_three_fields_when_only_latin_then_hold_it(self):
        person = somebody(LATIN)
        assert (person.first_name, person.last_name, person.name_language) == ("Suresh", "Kumar", "en")

    def test_last_name_when_there_is_none_then_a_dash_that_compares_as_nothing(self):
        assert somebody(ALONE).last_name == "-"
        assert names_of(replace(ADULT, last_name="-"))[0].no_last_name

    def test_names_when_told_in_three_fields_then_ukrainian(self):
        assert names_of(ADULT) == (
            Name(language="uk", first_name="Петро", last_name="Іванов", second_name="Миколайович"),
        )
        assert name_in(ADULT, "en") is None

    def test_short_name_when_no_last_name_then_the_first_whole(self):
        assert short_name(("-", "Суреш", None)) == "Суреш"
        assert short_name(("Петров", "Андрій", "Іванович")) == "Петров А.І."


# PS-29
class TestChangeOfOneName:
    def test_other_languages_then_stay(self):
        assert with_others(somebody(UKRAINIAN, LATIN), ADULT) == (*names_of(ADULT), LATIN)

    def test_same_name_then_nothing_changes(self):
        person = somebody(LATIN)
        told = replace(ADULT, first_name="Suresh", last_name="Kumar", second_name=None)
        assert with_others(person, told) == (LATIN,)
        assert with_others(somebody(ALONE), replace(told, last_name="-")) == (ALONE,)

    def test_same_name_spelled_otherwise_then_as_it_is_told(self):
        written = Name(language="uk", first_name="Дем'ян", last_name="Гнатюк-петренко")
        told = replace(ADULT, first_name="Дем’ян", last_name="Гнатюк-Петренко", second_name=None)
        right = Name(language="uk", first_name="Дем’ян", last_name="Гнатюк-Петренко")
        assert with_others(somebody(LATIN, written), told) == (LATIN, right)

    def test_same_name_with_a_letter_of_another_language_then_as_it_was(self):
        written = Name(language="uk", first_name="Олена", last_name="Кіс")
        told = replace(ADULT, first_name="Олена", last_name="Kiс", second_name=None)  # K, i are Latin
        assert with_others(somebody(written, LATIN), told) == (written, LATIN)

    def test_all_names_told_then_these(self):
        assert with_others(somebody(UKRAINIAN, LATIN), somebody(ALONE)) == (ALONE,)

    def test_nothing_known_by_language_then_three_fields_are_all(self):
        assert with_others(ADULT, replace(ADULT, last_name="Петренко")) == ()


def signer(surname, given):
    return Signer(None, None, surname, given, is_stamp=False, serial_number="1", signed_at=None)


# CB-2, PS-29
@pytest.mark.parametrize(
    ("names", "surname", "given", "fits"),
    [
        ((UKRAINIAN, LATIN), "КУМАР", "Суреш", True),
        ((UKRAINIAN, LATIN), "KUMAR", "SURESH", True),
        ((UKRAINIAN, LATIN), "KUMAR", "Petro", False),
        ((ALONE,), "SURESH", "SURESH", True),
        ((ALONE,), "-", "SURESH", True),
        ((ALONE,), "Kumar", "Petro", False),
        ((LATIN,), "", "SURESH", False),
    ],
)
def test_certificate_when_compared_then_with_every_name(names, surname, given, fits):
    assert has_names(somebody(*names), signer(surname, given)) is fits
