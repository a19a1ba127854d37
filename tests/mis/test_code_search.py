"""Looking for a code in a dictionary: by its beginning, by words, on either keyboard."""

import re

import pytest

from esoz import spec
from esoz.mis.base.dictionaries import Dictionaries, Value, _everyday
from tests.house.test_apostrophes import STRAIGHT

# A word in two alphabets, and the look-alike letters of one written with those of the other.
SCRIPTS = re.compile("[A-Za-z][а-яіїєґ]|[а-яіїєґА-ЯІЇЄҐ][A-Za-z]")
ICPC2, ICD10 = "eHealth/ICPC2/condition_codes", "eHealth/ICD10_AM/condition_codes"
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


@pytest.fixture(scope="module")
def published() -> Dictionaries:
    found = Dictionaries()
    for name in (ICPC2, ICD10, "eHealth/ICPC2/reasons"):
        known = spec.dictionary(name).values
        found.put(name, [Value(each.code, each.description, each.is_active) for each in known])
    return found


class TestEverydayWords:
    @pytest.mark.parametrize(
        ("name", "typed", "first"),
        [
            (ICPC2, "ГРВІ", "R74"),
            (ICD10, "грві", "J06.9"),
            (ICPC2, "гіпертензія", "K86"),
            (ICD10, "гіперт", "I10"),
            (ICD10, "ангіна", "J03.9"),
            (ICPC2, "болить горло", "R21"),
            (ICPC2, "отит", "H71"),
            (ICPC2, "кон'юнктивіт", "F70"),
            (ICPC2, "J06.9", "R74"),  # a code of the other classification
            (ICD10, "U71", "N30.9"),
            (ICPC2, "R05", "R05"),
            (ICPC2, "бронхіп", "R78"),  # with a slip
            (ICD10, "пневмонея", "J12.1"),
        ],
    )
    def test_then_the_likeliest_code_comes_first(
        self, published: Dictionaries, name: str, typed: str, first: str
    ) -> None:
        assert [code for code, _ in published.search(name, typed)][:1] == [first], published.search(name, typed)[:5]

    @pytest.mark.parametrize("typed", ["щось незрозуміле", "зззззз", "<b>", "аа"])
    def test_that_resemble_nothing_then_nothing_is_found(self, published: Dictionaries, typed: str) -> None:
        assert published.search(ICPC2, typed) == []

    def test_codes_that_are_used_go_first_but_never_before_the_very_code(self, published: Dictionaries) -> None:
        used = {"R74": 3, "R78": 9}
        found = [code for code, _ in published.search(ICPC2, "R7", used=used)]
        assert found[:2] == ["R78", "R74"]
        assert published.search(ICPC2, "R74", used=used)[0][0] == "R74"

    def test_every_code_of_the_table_is_published(self, published: Dictionaries) -> None:
        """U07.1 is newer than the open list of diseases; it is offered where central has it."""
        columns = {"icpc2": (ICPC2, "eHealth/ICPC2/reasons"), "icd10": (ICD10,)}
        for row in _everyday():
            assert row["words"] and all(row["words"])
            for column, names in columns.items():
                for code in row[column]:
                    assert code == "U07.1" or any(published.has(name, code) for name in names), code
