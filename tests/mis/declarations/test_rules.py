"""Who may be chosen, what is read of central's printed form, what a person typed."""

from uuid import UUID, uuid4

import pytest

from esoz.kernel.pages.forms import Upload
from esoz.mis.care.declarations.forms import MOST_BYTES, NOT_JPEG, TOO_LARGE, read_choice, read_code, read_scans
from esoz.mis.care.declarations.model import (
    Block,
    Doctor,
    Place,
    Request,
    Scan,
    Way,
    as_pdf,
    is_primary_care,
    next_step,
    ranked,
    read_form,
)
from esoz.mis.care.declarations.wire import missing_of


def doctor(speciality: str = "FAMILY_DOCTOR", **changes: object) -> Doctor:
    facts = {"last_name": "Ґ", "first_name": "Ї", "second_name": "", "position": "P1", "count": 0, "limit": 1800}
    return Doctor(**{"employee_id": uuid4(), "speciality": speciality, **facts, **changes})


class TestChoice:
    # DC-5
    @pytest.mark.parametrize(
        ("speciality", "age", "takes"),
        [
            ("PEDIATRICIAN", 17, True),
            ("PEDIATRICIAN", 18, False),
            ("THERAPIST", 17, False),
            ("THERAPIST", 18, True),
            ("FAMILY_DOCTOR", 0, True),
            ("FAMILY_DOCTOR", 99, True),
            ("SURGEON", 40, False),
            ("", 40, False),
        ],
    )
    def test_age_on_both_sides_of_the_birthday(self, speciality: str, age: int, takes: bool) -> None:
        assert doctor(speciality).takes(age) is takes

    def test_own_first_then_free_then_full(self) -> None:
        full, free, own = doctor(count=1800), doctor(last_name="Я"), doctor(last_name="Яя")
        assert ranked([full, free, own, doctor("PEDIATRICIAN")], {own.employee_id}, 40) == [own, free, full]

    # DC-3
    def test_type_of_clinic(self) -> None:
        assert is_primary_care("PRIMARY_CARE") and is_primary_care("MSP") and not is_primary_care("OUTPATIENT")

    # DC-17
    def test_full_doctor_is_refused_but_for_their_own_patient(self) -> None:
        full = doctor(count=1800, division_id=uuid4())
        values = {"doctor": str(full.employee_id)}
        assert "doctor" in read_choice(values, [full], [], [], now_with="")[1]
        assert read_choice(values, [full], [], [], now_with=str(full.employee_id))[0] is not None

    def test_place_and_way_are_of_those_offered(self) -> None:
        chosen, place, way = doctor(division_id=uuid4()), Place(uuid4(), "Кабінет"), Way(uuid4(), "OTP", "+380")
        values = {"doctor": str(chosen.employee_id), "way": str(way.id)}
        taken, errors = read_choice(values, [chosen], [place], [way], now_with="")
        assert taken is not None and taken.division_id == chosen.division_id and taken.way == way.id and not errors
        taken, _ = read_choice(values | {"division": str(place.id)}, [chosen], [place], [way], now_with="")
        assert taken is not None and taken.division_id == place.id
        assert set(read_choice({"division": "x", "way": "x"}, [chosen], [place], [way], now_with="")[1]) == {
            "doctor",
            "division",
            "way",
        }
        nowhere = doctor()
        assert "division" in read_choice({"doctor": str(nowhere.employee_id)}, [nowhere], [], [], now_with="")[1]


# DC-1
@pytest.mark.parametrize(
    ("status", "channel", "step"),
    [
        ("NEW", "MIS", "confirm"),
        ("NEW", "PIS", "patient"),
        ("APPROVED", "MIS", "sign"),
        ("SIGNED", "MIS", ""),
        ("REJECTED", "PIS", ""),
        ("CANCELLED", "MIS", ""),
        ("EXPIRED", "MIS", ""),
    ],
)
def test_what_is_to_be_done_now(status: str, channel: str, step: str) -> None:
    id = UUID(int=1)
    found = Request(id=id, status=status, channel=channel, patient_id=id, employee_id=id, division_id=id)
    assert next_step(found) == step


# DC-15
def test_missing_scans_are_read_of_the_refusal() -> None:
    assert missing_of("Documents person.tax_id, person.PASSPORT is not uploaded") == {
        "person.tax_id",
        "person.PASSPORT",
    }
    assert missing_of("incorrect status") == frozenset()


# DC-11
def test_scan_is_named_by_whose_paper_it_is() -> None:
    paper = Scan("confidant_person.PRIMARY.RELATIONSHIP.BIRTH_CERTIFICATE", "")
    assert (paper.whose, paper.paper, paper.dictionary) == (
        "Законний представник",
        "BIRTH_CERTIFICATE",
        "DOCUMENT_RELATIONSHIP_TYPE",
    )
    assert Scan("person.no_tax_id", "").paper == "відмітка про відмову від РНОКПП"


@pytest.mark.parametrize(("typed", "code"), [("1234", 1234), (" 12 34 ", 1234), ("12-34", 1234), ("123456", 123456)])
def test_code_as_it_is_told_aloud(typed: str, code: int) -> None:
    assert read_code(typed) == (code, "")


@pytest.mark.parametrize("typed", ["", "1", "1234567", "12a4", "１２３４", "-1234.5"])
def test_no_code(typed: str) -> None:
    assert read_code(typed)[0] is None


def test_scans_are_judged_before_they_are_sent() -> None:
    scans = [Scan("person.PASSPORT", ""), Scan("person.tax_id", ""), Scan("person.unzr", "")]
    files = {
        "scan-1": [Upload("a.jpg", "", b"\xff\xd8\xff" + bytes(MOST_BYTES))],
        "scan-2": [Upload("a.pdf", "", b"%PDF")],
        "scan-9": [Upload("a.jpg", "", b"\xff\xd8\xff")],
    }
    assert read_scans(scans, files) == ({}, {"scan-1": TOO_LARGE, "scan-2": NOT_JPEG})


class TestPrintedForm:
    def test_every_word_and_nothing_that_runs(self) -> None:
        form = (
            "<!doctype html><html><head><title>ні</title><style>ні</style></head><body onload='x()'><h1>Декларація</h1>"
            "<script>alert(1)</script><p>№ <b>0001</b> &lt;i&gt;</p><h2>Пацієнт</h2><table><tr><th>Ім’я</th><td>Ї</td>"
            "</tr><tr><td>без кінця<td>так</table><p>Підпис<br>Дата"
        )
        assert read_form(form) == [
            Block("Декларація", 1),
            Block("№ 0001 <i>"),
            Block("Пацієнт", 2),
            Block(rows=[["Ім’я", "Ї"], ["без кінця", "так"]]),
            Block("Підпис"),
            Block("Дата"),
        ]

    @pytest.mark.parametrize(
        ("form", "blocks"),
        [
            ("", []),
            ("сам текст", [Block("сам текст")]),
            ("<table>", []),
            ("<td>сам</td>", [Block("сам")]),
            ("<table><td>без рядка", [Block(rows=[["без рядка"]])]),
            ("</table></tr></p></script>так", [Block("так")]),
            ("<script>ні", []),
            ("<table><table><tr><td>а</table>б</table>в", [Block(rows=[["а", "б"]]), Block("в")]),
        ],
    )
    def test_odd(self, form: str, blocks: list[Block]) -> None:
        assert read_form(form) == blocks

    def test_on_paper_whatever_the_text(self) -> None:
        form = (
            "<h1>А</h1><table><tr><td>#let x = 1</td><td>$ * _ \\ \u202e</td><td>3</td></tr><tr><td>а</td></tr></table>"
        )
        assert as_pdf(form, "0001-XXXX").startswith(b"%PDF")
        assert as_pdf("", "").startswith(b"%PDF")
