"""Tables for spreadsheets: nothing in them is calculated, whoever wrote it."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from esoz.kernel.spreadsheets import as_table, harmless

SOURCE = Path(__file__).parent.parent.parent / "src" / "esoz"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_when_a_spreadsheet_would_calculate_it_then_shown_as_it_is(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("text", ["", "Амоксил = 500", "'=1", " 5-й"])
def test_text_when_it_is_only_text_then_untouched(text: str) -> None:
    assert harmless(text) == text


def test_table_then_numbers_stay_numbers_and_nothing_is_empty() -> None:
    found = as_table(["a", "b", "c"], [("-1", Decimal("-1.50"), None)]).decode("utf-8-sig")
    assert found == "a,b,c\r\n'-1,-1.50,\r\n"


def test_nobody_else_writes_tables() -> None:
    writes = re.compile(r"csv\.(writer|DictWriter)")
    found = [str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if writes.search(file.read_text("utf-8"))]
    assert found == ["kernel/spreadsheets.py"]
