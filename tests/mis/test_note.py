"""The information note: what it shows, to whom it gives the code, and that machines can read it."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from esoz.kernel.barcodes import QUIET, STOP, WIDTHS, barcode
from esoz.mis.care.prescriptions.model.note import (
    CannotPrint,
    Issuer,
    code_on_form,
    information_note,
    pays_patient,
    quantity,
    signatures,
    substances,
)

NUMBER = "0000-243P-1X53-EH38"
REQUEST = {
    "request_number": NUMBER,
    "intent": "order",
    "created_at": "2026-11-22",
    "dispense_valid_from": "2026-11-22",
    "dispense_valid_to": "2026-12-22",
    "person": {"short_name": "Савченко Т. А.", "age": 70},
    "medication_info": {
        "medication_name": "амоксицилін + клавуланова кислота 875 мг/125 мг таблетки",
        "medication_qty": 14,
        "dosage": {"denumerator_unit": "PILL"},
        "ingredients": [{"name_original": "amoxicillin"}, {"name_original": "clavulanic acid"}],
    },
    "medical_program": {"name": "Антибактеріальні лікарські засоби"},
    "dosage_instruction": [
        {"text": "1 табл. 2 р/д", "patient_instruction": "По 1 таблетці двічі на день під час їди, 7 днів"},
        {"text": "Запивати склянкою води"},
    ],
    "employee": {"party": {"last_name": "Шевчук", "first_name": "Ольга", "second_name": "Петрівна"}},
    "legal_entity": {"name": "КНП «Центр первинної допомоги «Калина»"},
    "division": {"name": "Амбулаторія № 1"},
}
ISSUER = Issuer("м. Київ, вул. Садова, 5", "+380 44 000 00 00")


def widths_of(svg: str) -> str:
    """Widths of bars and spaces as drawn."""
    bars = [(int(x), int(width)) for x, width in re.findall(r'x="(\d+)" width="(\d+)"', svg)]
    assert bars[0][0] == QUIET
    gaps = [after[0] - sum(before) for before, after in pairwise(bars)]
    drawn = [str(width) for bar, gap in zip(bars, [*gaps, 0], strict=True) for width in (bar[1], gap)]
    return "".join(drawn[:-1])


def decoded(svg: str) -> str:
    """What a reader of CODE128 sees; the check symbol must be right."""
    widths = widths_of(svg)
    assert widths.endswith(STOP)
    symbols = re.findall(r"\d{6}", widths.removesuffix(STOP))
    values = [WIDTHS.index(symbol) for symbol in symbols]
    *content, check = values
    assert check == (content[0] + sum(n * value for n, value in enumerate(content[1:], 1))) % 103
    assert content[0] == 104
    return "".join(chr(value + 32) for value in content[1:])


class TestBarcode:
    @pytest.mark.parametrize("text", [NUMBER, "0000-XTPM-KHEA-0189", "A", " ~"])
    def test_of_a_number_then_a_reader_sees_it(self, text: str) -> None:
        assert decoded(barcode(text)) == text

    def test_of_the_standards_example_then_its_check_symbol(self) -> None:
        """Wikipedia-B of the common example `PJJ123C` has the check value 55 in set B (start 104)."""
        values = [104, *(ord(letter) - 32 for letter in "PJJ123C")]
        expected = (values[0] + sum(n * value for n, value in enumerate(values[1:], 1))) % 103
        assert re.findall(r"\d{6}", widths_of(barcode("PJJ123C")).removesuffix(STOP))[-1] == WIDTHS[expected]

    def test_then_every_symbol_is_eleven_wide_and_its_own(self) -> None:
        assert len(WIDTHS) == len(set(WIDTHS)) == 106
        assert {sum(map(int, each)) for each in WIDTHS} == {11} and sum(map(int, STOP)) == 13

    def test_of_cyrillic_then_refused(self) -> None:
        with pytest.raises(ValueError, match="ASCII"):
            barcode("0000-АВСЕ")


class TestNote:
    def test_of_a_prescription_then_one_tagged_page(self) -> None:
        pdf = information_note(REQUEST, code="4821", issuer=ISSUER, printed_on=date(2026, 11, 22))
        assert pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") == 1
        assert b"pdfuaid" in pdf and b"uk" in pdf

    def test_without_number_then_refused(self) -> None:
        with pytest.raises(CannotPrint):
            information_note({**REQUEST, "request_number": None})

    def test_then_words_for_the_patient_come_first(self) -> None:
        assert list(signatures(REQUEST)) == [
            "По 1 таблетці двічі на день під час їди, 7 днів",
            "Запивати склянкою води",
        ]
        assert substances(REQUEST) == "amoxicillin, clavulanic acid"

    @pytest.mark.parametrize(
        ("value", "unit", "shown"),
        [
            (14, "PILL", "14\u00a0табл."),
            (20.0, "PILL", "20\u00a0табл."),
            (1.5, "BOTTLE", "1,5\u00a0фл."),
            (3, "SACHET", "3\u00a0саше"),
            (2, "ML", "2\u00a0фл."),
        ],
    )
    def test_then_the_quantity_in_words_of_people(self, value: float, unit: str, shown: str) -> None:
        info = {"medication_qty": value, "form": "TABLET", "dosage": {"denumerator_unit": unit}}
        assert quantity({"medication_info": info}) == shown


ODD = "\uf0b7 💊 1️⃣ 药 \x07\x1b\x00 \ud800 \u202e25\u202c " + "ж" * 300


def leaves(node: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Paths of all texts."""
    if isinstance(node, str):
        yield path
    elif isinstance(node, dict | list):
        for name, each in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(each, (*path, name))


def spoiled(path: tuple[object, ...]) -> dict[str, Any]:
    """The prescription with odd signs in one of its texts."""
    request: Any = deepcopy(REQUEST)
    node = request
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] += ODD
    return dict(request)


class TestOddTexts:
    @pytest.mark.parametrize("path", list(leaves(REQUEST)), ids=str)
    def test_in_any_field_then_the_note_is_printed(self, path: tuple[object, ...]) -> None:
        assert information_note(spoiled(path), code="4821", issuer=ISSUER).startswith(b"%PDF-")

    def test_in_what_the_clinic_adds_then_the_note_is_printed(self) -> None:
        assert information_note(REQUEST, code=ODD, issuer=Issuer(ODD, ODD)).startswith(b"%PDF-")


class TestCodeOnForm:
    def test_when_it_was_printed_then_found(self) -> None:
        assert code_on_form('<td><data id="verification-code" value="4821">4821</data></td>') == "4821"

    def test_when_a_message_went_out_then_none(self) -> None:
        assert code_on_form("<td>надіслано на Ваш телефон, 4821</td>") is None


PRICES = "https://central.example/prices/3c789e93-f2b7-5e1e-8fb3-29bd18e2e861"


# DR-12
class TestPrices:
    def test_with_an_address_then_one_page_with_one_picture_more(self) -> None:
        without, with_it = information_note(REQUEST, code="4821"), information_note(REQUEST, code="4821", prices=PRICES)
        assert with_it.count(b"/Type /Page\n") + with_it.count(b"/Type/Page/") == 1
        assert len(with_it) > len(without)

    @pytest.mark.parametrize(
        "odd", ["javascript:alert(1)", "https://", f"https://x/{'ж' * 9}", f"https://x/{'y' * 600}", ODD]
    )
    def test_with_an_odd_address_then_printed_without(self, odd: str) -> None:
        assert len(information_note(REQUEST, prices=odd)) == len(information_note(REQUEST))

    @pytest.mark.parametrize(
        ("changes", "pays"),
        [
            ({}, True),
            ({"medical_program": None}, True),
            ({"medical_program": {"funding_source": "PATIENT"}}, True),
            ({"medical_program": {"funding_source": "NHS"}}, False),
            ({"medical_program": {"funding_source": "LOCAL"}}, False),
            ({"intent": "plan", "medical_program": None}, False),
        ],
    )
    def test_then_only_for_what_the_patient_pays(self, changes: dict[str, Any], pays: bool) -> None:
        assert pays_patient(REQUEST | changes) is pays
