"""Looking for a code in a dictionary: by its beginning, by words, on either keyboard."""

import re

import pytest

from esoz import spec
from esoz.mis.base.dictionaries import Dictionaries, Value
from tests.house.test_apostrophes import STRAIGHT

# A word in two alphabets, and the look-alike letters of one written with those of the other.
SCRIPTS = re.compile("[A-Za-z][а-яіїєґ]|[а-яіїєґА-ЯІЇЄҐ][A-Za-z]")
OTHER_KEYBOARD = str.maketrans("аеіосрху", "aeiocpxy") | str.maketrans("aeiocpxy", "аеіосрху")


class TestCodes:
    @pytest.fixture
    def codes(self) -> Dictionaries:
        found = Dictionaries()
        found.put(
            "d",
            [
                Value("R05", "Кашель", True),
                Value("R78", "Гострий бронхіт", True),
                Value("A1", "Запалення обʼємне", True),
                Value("R99", "Скасований кашель", False),
            ],
        )
        return found

    def test_by_the_beginning_of_a_code_also_in_cyrillic_letters(self, codes: Dictionaries) -> None:
        assert codes.search("d", "а1") == [("A1", "A1 Запалення об’ємне")]

    @pytest.mark.parametrize("typed", ["меланома in situ", "МЕЛАНОМА іn SITU", "мeлaнoмa \u0456n situ"])
    def test_a_word_in_two_alphabets_is_found_by_either(self, typed: str) -> None:
        found = Dictionaries()
        found.put("d", [Value("D03.0", "Меланома \u0456n situ губи", True), Value("B20", "Хвороба HTLV", True)])
        assert [code for code, _ in found.search("d", typed)] == ["D03.0"]

    @pytest.mark.parametrize("typed", ["HTLV", "НТLV", "htlv", "\u041220", "b20", "В20 х"])
    def test_latin_words_and_codes_are_found_on_either_keyboard(self, typed: str) -> None:
        found = Dictionaries()
        found.put("d", [Value("D03.0", "Меланома \u0456n situ губи", True), Value("B20", "Хвороба HTLV", True)])
        assert [code for code, _ in found.search("d", typed.removesuffix(" х"))] == ["B20"]

    def test_every_published_diagnosis_is_found_by_its_own_words_in_the_other_alphabet(self) -> None:
        """Each word of the list, its look-alike letters on the other keyboard, finds its code."""
        book = spec.dictionary("eHealth/ICD10_AM/condition_codes")
        mixed = [each for each in book.values if SCRIPTS.search(each.description)]
        found = Dictionaries()
        found.put("d", [Value(each.code, each.description, True) for each in mixed])
        for each in mixed:
            typed = each.description.translate(OTHER_KEYBOARD)
            assert each.code in [code for code, _ in found.search("d", typed, limit=len(mixed))], typed

    def test_by_words_in_any_order(self, codes: Dictionaries) -> None:
        assert [code for code, _ in codes.search("d", "бронхіт гост")] == ["R78"]

    def test_an_apostrophe_of_another_kind_is_the_same(self, codes: Dictionaries) -> None:
        assert [code for code, _ in codes.search("d", "об'ємне")] == ["A1"]

    def test_words_of_the_published_lists_are_shown_with_the_letter_apostrophe(self) -> None:
        found = Dictionaries()
        for name in spec.dictionary_names():
            found.put(name, [Value(each.code, each.description, True) for each in spec.dictionary(name).values])
            assert not any(STRAIGHT.search(words) for _code, words in found.choices(name)), name
        assert found.describe("eHealth/vaccination_routes", "intramuscular") == "внутрішньом’язово"
        assert found.describe("eHealth/report_origins", "related person") == "зі слів пов’язаної особи"

    def test_what_is_no_longer_active_is_described_but_not_offered(self, codes: Dictionaries) -> None:
        assert [code for code, _ in codes.search("d", "кашель")] == ["R05"]
        assert codes.describe("d", "R99") == "Скасований кашель"
        assert not codes.has("d", "R99")
