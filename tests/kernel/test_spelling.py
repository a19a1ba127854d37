"""One comparison of what people spell in different ways, here and in the browser."""

import json
import unicodedata
from pathlib import Path

import pytest

from esoz.kernel.spelling import composed_bytes, has_name, plain_code, same_name, same_number, spellings

# The browser's signer compares the same pairs.
NUMBERS = json.loads((Path(__file__).parents[2] / "signer" / "test" / "numbers.json").read_text("utf-8"))


# One name in two spellings: apostrophes, hyphens, case, alphabets, signs put together, signs that nobody sees.
SAME_NAMES = [
    *(("Мар'яненко", f"МАР{sign}ЯНЕНКО") for sign in '’ʼ`"´‘′ʹ‛＇ˈ”'),
    ("Дем'яненко", "Демяненко"),
    ("Абу  Салем", "Абу\u00a0Салем "),
    *(("Нечуй-Левицький", f"нечуй{sign}левицький") for sign in (" ", " - ", "–", "‑", "—", " – ", "−")),
    ("Їжакевич Андрій", unicodedata.normalize("NFD", "їжакевич андрій")),
    ("Савченко", "Caвчeнкo"),
    ("Іваненко", "Iваненко"),
    ("ХОМА", "XOMA"),
    ("Солов'ївка", "Солов\u200b’ï\u00adвка"),
    ("Білозір'я", "Білозі\u0301р`я"),
    ("Київ", "\ufeffКиїв\u2060"),
]
OTHER_NAMES = [
    ("Іванов", "Иванов"),
    ("Гнат", "Ґнат"),
    ("Анна Марія", "Аннамарія"),
    ("Іваненко", "Їваненко"),
    ("Коваль", "Ковальчук"),
    ("", ""),
    (" - ", "'"),
    ("Коваль", None),
]


# SG-6, PS-16
class TestNames:
    @pytest.mark.parametrize(("one", "other"), SAME_NAMES)
    def test_same_name_when_only_the_spelling_differs_then_is_the_same(self, one: str, other: str) -> None:
        assert same_name(one, other) and same_name(other, one)

    @pytest.mark.parametrize(("one", "other"), OTHER_NAMES)
    def test_same_name_when_another_or_none_then_is_not(self, one: str, other: str | None) -> None:
        assert not same_name(one, other) and not same_name(other, one)

    @pytest.mark.parametrize(
        ("names", "name", "there"),
        [
            ("Ольга Юліанівна", "ОЛЬГА", True),
            ("Анна–Марія Іванівна", "Анна Марія", True),
            ("Ольга Юліанівна", "Юліанівна", True),
            ("Ольга Юліанівна", "Оль", False),
            ("Ольга", "Ольга Юліанівна", False),
            ("Ольга", "", False),
            (None, "Ольга", False),
        ],
    )
    def test_has_name_when_asked_then_whole_words_decide(self, names: str | None, name: str, there: bool) -> None:
        assert has_name(names, name) is there


# SG-4, EM-11
class TestNumbers:
    @pytest.mark.parametrize(("one", "other"), NUMBERS["same"])
    def test_same_number_when_only_the_spelling_differs_then_is_the_same(self, one: str, other: str) -> None:
        assert same_number(one, other) and same_number(other, one)

    @pytest.mark.parametrize(("one", "other"), [*NUMBERS["different"], (None, None), (None, "КС000017")])
    def test_same_number_when_another_or_none_then_is_not(self, one: str | None, other: str | None) -> None:
        assert not same_number(one, other) and not same_number(other, one)


def test_plain_code_when_typed_on_the_other_keyboard_then_latin_letters() -> None:
    assert plain_code(" авс–de 12") == plain_code("ABCDE-12") == "ABCDE12"


# Decomposed letters as they are and as escapes, in any mixture; what must not change stands beside them.
COMPOSED = [
    ('{"a": "и\u0306"}', '{"a": "й"}'),
    (r'{"a": "\u0438\u0306 и\u0306"}', '{"a": "й й"}'),
    (r'{"a": "и\u0306", "b": "\u0022\\u0306\u0022", "n": 0.30000000000000004}', None),
    ('{"и\u0306": 1}', '{"й": 1}'),
]


class TestComposed:
    @pytest.mark.parametrize(("given", "kept"), COMPOSED)
    def test_composed_bytes_when_letters_are_put_together_then_one_sign(self, given: str, kept: str | None) -> None:
        kept = kept or r'{"a": "й", "b": "\u0022\\u0306\u0022", "n": 0.30000000000000004}'
        assert composed_bytes(given.encode()).decode() == kept

    @pytest.mark.parametrize("raw", [b"", b'{"a": "\xff\\u0306"}', b'{"a": "\\ud83d\\u03"}', "{'й'}".encode(), b"\xef"])
    def test_composed_bytes_when_nothing_to_compose_or_not_readable_then_as_it_came(self, raw: bytes) -> None:
        assert composed_bytes(raw) == raw

    def test_spellings_when_plain_then_one_and_else_the_prepared_one_first(self) -> None:
        assert list(spellings("Dovhyi parol 1")) == ["Dovhyi parol 1"]
        assert next(iter(spellings("Довгии\u0306\u00a0пароль"))) == "Довгий пароль"
