"""One comparison of what people spell in different ways, here and in the browser."""

import json
from pathlib import Path

import pytest

from esoz.kernel.spelling import plain_code, same_number

# The browser's signer compares the same pairs.
NUMBERS = json.loads((Path(__file__).parents[2] / "signer" / "test" / "numbers.json").read_text("utf-8"))


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
