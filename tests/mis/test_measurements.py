"""The line of measurements: what is understood, what is told as not understood, what may go to central."""

from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from esoz import spec
from esoz.mis.app import Mis
from esoz.mis.base.dictionaries import Dictionaries
from esoz.mis.care.visits import forms, model, wire

from .conftest import NOW, Browser, form_of
from .test_visit_form import ENCOUNTER, EPISODE, FORM, PLACE, VISIT, codes, faults, visit_of
from .test_visits import begin_visit, episode_of, open_episode

__all__ = ["codes"]

AT = ("systolic", "130"), ("diastolic", "80")


def told(line: str) -> list[tuple[str, str]]:
    """Field and value of what was understood; fails when anything was not."""
    found = model.read_line(line)
    assert found.is_clear, found
    return [(vital.field, str(value)) for vital, value in found.values]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", []),
        ("АТ 130/80", [*AT]),
        ("AT130/80", [*AT]),  # the other keyboard
        ("тиск: 130 / 80 мм рт. ст.", [*AT]),
        ("130/80", [*AT]),
        ("38.2", [("temperature", "38.2")]),
        ("T-38,2", [("temperature", "38.2")]),
        ("т 38", [("temperature", "38")]),
        ("t° = 36.60 °C", [("temperature", "36.6")]),
        ("37,1 градуса", [("temperature", "37.1")]),
        ("ЧСС 78 уд./хв., ЧД 16/хв", [("pulse", "78"), ("breathing", "16")]),
        ("78 уд/хв", [("pulse", "78")]),
        ("SpO₂ 97%", [("saturation", "97")]),
        ("сатурація 97. Талія 92", [("saturation", "97"), ("waist", "92")]),
        ("цукор 5,6 ммоль/л; HbA1c 6,5 %", [("glucose", "5.6"), ("hba1c", "6.5")]),
        ("зріст 1,72 м", [("height", "172")]),
        ("вага 3450 г", [("weight", "3.45")]),
        ("81,25 кг", [("weight", "81.25")]),
        ("пульс 78\nвага 81", [("pulse", "78"), ("weight", "81")]),
        ("вага 81 пульс 78", [("pulse", "78"), ("weight", "81")]),
    ],
)
def test_line_when_it_is_clear_then_read(line: str, found: list[tuple[str, str]]) -> None:
    assert told(line) == found


def test_line_when_everything_is_in_it_then_read_in_the_order_of_the_table() -> None:
    line = "АТ 130/80, пульс 78, t 38.2, вага 81, зріст 172, SpO2 97, глюкоза 5,6"
    assert told(line) == [
        ("temperature", "38.2"),
        *AT,
        ("pulse", "78"),
        ("saturation", "97"),
        ("glucose", "5.6"),
        ("height", "172"),
        ("weight", "81"),
    ]


@pytest.mark.parametrize(
    ("line", "unread"),
    [
        ("38", "38"),  # whose is it
        ("5,6", "5,6"),
        ("97 %", "97 %"),
        ("172 см", "172 см"),
        ("пульс 78, 80", "80"),
        ("пульс 78,80", "пульс 78,80"),
        ("пульс багато", "пульс багато"),
        ("глюкоза 101 мг/дл", "мг/дл"),
        ("пульс 78 кг", "пульс 78 кг"),
        ("t 37.25", "t 37.25"),
        ("пульс 78/80", "пульс 78/80"),
        ("вага 1234567", "вага 1234567"),
        ("кіт 5,6", "кіт"),
        ("t 1e9", "e"),
        ("t NaN", "t NaN"),
        ("АТ ١٢٠/٨٠", "АТ ١٢٠/٨٠"),
        ("<script>", "<script>"),
    ],
)
def test_line_when_something_is_not_understood_then_told_and_not_guessed(line: str, unread: str) -> None:
    assert unread in model.read_line(line).unread


@pytest.mark.parametrize("sign", ["İ", "ß", "\x00", "﷽", "9" * 300, "/" * 300, "t" * 300, " " * 500, "1/" * 250])
def test_line_when_it_is_odd_then_read_all_the_same(sign: str) -> None:
    assert not model.read_line(sign).values
    assert model.read_line(f"пульс 78, {sign}").values


def test_line_when_a_name_stands_twice_then_neither_value_counts() -> None:
    line = model.read_line("пульс 78, t 37, чсс 80")
    assert [vital.field for vital in line.twice] == ["pulse"]
    assert [vital.field for vital, _value in line.values] == ["temperature"]


def test_values_when_written_as_a_line_then_read_back_the_same() -> None:
    line = model.read_line("130/80 t 38,2 пульс 78 ЧД 16 сатурація 97 цукор 5,6 гг 6,5 зріст 172 вага 81,25 талія 92")
    assert len(line.values) == len(model.VITALS)
    assert model.read_line(model.as_line(line.values)) == line


def test_body_mass_index_when_weight_and_height_are_there_then_to_one_place() -> None:
    values = {vital.field: value for vital, value in model.read_line("зріст 172 вага 81").values}
    assert str(model.body_mass_index(values)) == "27.4"
    assert model.body_mass_index({"weight": values["weight"]}) is None


class TestForm:
    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("x", forms.NOT_READ),
            ("АТ 130", forms.PAIR),
            ("пульс 70 пульс 80", forms.TOLD_TWICE),
            ("80/200", forms.PRESSURE),
            ("80/80", forms.PRESSURE),
            ("81/80", None),
            ("п" * 501, forms.LONG_LINE),
        ],
    )
    def test_of_a_line_that_is_not_right_then_a_fault(self, codes: Dictionaries, line: str, fault: str | None) -> None:
        assert faults({**FORM, "measured": line}, codes, NOW).get("measured") == fault

    @pytest.mark.parametrize("vital", model.VITALS, ids=lambda vital: vital.field)
    def test_a_measurement_outside_its_limits_then_named_with_them(
        self, codes: Dictionaries, vital: model.Vital
    ) -> None:
        def fault(value: object) -> str | None:
            lines = {"systolic": f"{value}/30", "diastolic": f"300/{value}"}
            line = lines.get(vital.field, f"{vital.names[0] if vital.names else ''} {value}")
            return faults({**FORM, "measured": line.replace(".", ",")}, codes, NOW).get("measured")

        step = 1 if vital.least >= 1 else Decimal("0.1")
        assert fault(vital.least - step) == fault(vital.most + 1) == vital.outside
        assert fault(vital.least) is None and fault(vital.most) in {None, forms.PRESSURE}
        for said in (vital.label, str(vital.least).replace(".", ","), str(vital.most), vital.suffix.strip(".")):
            assert said in vital.outside

    def test_of_what_central_has_no_code_for_then_told(self, codes: Dictionaries) -> None:
        poor = Dictionaries()
        poor.take(codes)
        poor.put(model.OBSERVATIONS, [])
        assert faults({**FORM, "measured": "SpO2 97"}, poor, NOW) == {"measured": forms.NOT_TAKEN}

    def test_of_a_draft_with_a_field_for_each_then_they_become_the_line(self, codes: Dictionaries) -> None:
        kept = {**FORM, "temperature": "36,6", "systolic": "120", "diastolic": "80", "pulse": "x"}
        form = forms.with_line(kept)
        assert form["measured"] == "АТ 120/80, температура тіла 36,6" and "systolic" not in form
        assert faults(form, codes, NOW) == {}
        assert forms.with_line(FORM) == FORM

    def test_every_measurement_then_its_code_and_unit_are_published(self, codes: Dictionaries) -> None:
        visit = visit_of({**FORM, "measured": "130/80 t 38,2 SpO2 97"}, codes)
        content = wire.build(visit, ENCOUNTER, episode_id=EPISODE, visit_id=VISIT, place=PLACE)
        observations = msgspec.json.decode(content)["observations"]
        assert [each["value_quantity"]["code"] for each in observations] == ["Cel", "mm[Hg]", "mm[Hg]", "%"]
        units = {value.code for value in spec.dictionary(wire.UNITS).values}
        known = {value.code for value in spec.dictionary(model.OBSERVATIONS).values}
        assert {vital.unit for vital in model.VITALS} <= units and {vital.code for vital in model.VITALS} <= known


async def test_line_when_typed_then_the_page_tells_how_it_is_understood(
    doctor: Browser, mis: Mis, patient_id: UUID
) -> None:
    document_id = await begin_visit(doctor, patient_id, await episode_of(mis, await open_episode(doctor, patient_id)))
    assert doctor.page
    csrf = form_of(doctor.page.text, f"/visits/{document_id}")[1]["csrf"]
    path = f"/visits/{document_id}/measurements"
    answer = await doctor.client.post(path, data={"csrf": csrf, "measured": "АТ 130/80, щось, t 43,9, вага 250"})
    assert answer.status_code == 200 and "<html" not in answer.text
    for words in ("Тиск систолічний", "130", "щось", "Не зрозуміло", "Незвичне значення", "43,9"):
        assert words in answer.text
    assert (await doctor.client.post(path, data={"measured": "t 37"})).status_code == 403
    empty = await doctor.client.post(path, data={"csrf": csrf})
    assert empty.status_code == 200 and "<li>" not in empty.text
