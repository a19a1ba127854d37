"""The patient's own medical record: every kind of record in words, visits with all that was made in them."""

# ruff: noqa: F811  central's fixtures are imported, and asked for by the same names

from uuid import uuid4

import pytest

from esoz.cabinet.record.model import KINDS, Line, Visit, Words
from esoz.cabinet.record.model.words import place
from esoz.central.records.api.own import KINDS as KINDS_OF_CENTRAL
from tests.central.records.conftest import catalogued, chart, drug, known_codes, opened, written  # noqa: F401  its fixtures
from tests.factories.records import Chart, package

from .conftest import Browser, Road, last_events

KIND_PATHS = [kind.path for kind in KINDS]
# What the page of each kind shows of the record that the factory makes.
SEEN = {
    "diagnoses": ("Грип (R80)", "активний", "20 листопада 2026"),
    "allergies": ("Рівень небезпеки: низький", "Вид: харчова"),
    "vaccinations": ("на основі бацили Кальметта-Герена", "10 грудня 2015"),
    "measurements": ("Температура тіла", "38,5 °C"),
    "examinations": ("Інша електрокардіографія [ЕКГ]", "Ритм синусовий", "КНП «Центр первинної допомоги «Калина»"),
    "procedures": ("Колоноскопія до сліпої кишки",),
    "conclusions": ("Стан задовільний",),
    "medicines": ("1 таблетка на добу",),
    "given-medicines": ("амоксицилін 500 мг капсули", "500 мг"),
    "risks": ("Вік",),
    "devices": ("Кардіостимулятор", "SN-1"),
    "implantations": ("12 листопада 2026",),
    "device-issues": ("Розряджена батарея",),
    "device-dispenses": ("1 штука",),
    "specimens": ("5 мл",),
}
WORDS = Words(lambda name, code: f"{name}:{code}", str, lambda value, unit: f"{value} {unit}".strip(), str, str)


def test_kinds_when_central_has_one_then_there_is_a_page() -> None:
    assert {kind.name for kind in KINDS} | {"encounters"} == set(KINDS_OF_CENTRAL)


@pytest.mark.parametrize("path", KIND_PATHS)
async def test_list_then_its_records_in_words(patient: Browser, written: Chart, path: str) -> None:
    await patient.open(f"/record/{path}")
    assert patient.page.status_code == 200
    for words in SEEN[path]:
        assert words in patient.text, words
    if path not in ("device-issues", "allergies", "vaccinations"):
        assert "Юрченко Тетяна Миколаївна" in patient.text
    for code in ("eHealth/", "confirmed", "active", "None", "{"):
        assert code not in patient.text


@pytest.mark.parametrize("path", [*KIND_PATHS, "visits"])
async def test_list_when_nothing_is_recorded_then_told(patient: Browser, path: str) -> None:
    await patient.open(f"/record/{path}")
    assert patient.page.status_code == 200
    assert "не записано" in patient.text


async def test_visit_then_all_that_was_made_in_it(patient: Browser, written: Chart) -> None:
    await patient.open("/record/visits")
    assert "Грип (R80)" in patient.text and "Амбулаторія № 1" in patient.text
    assert f'href="/record/visits/{written.visiting.encounter}"' in patient.page.text
    await patient.open(f"/record/visits/{written.visiting.encounter}")
    assert patient.page.status_code == 200
    for words in (
        "КНП «Центр первинної допомоги «Калина»",
        "Юрченко Тетяна Миколаївна",
        "22 листопада 2026 року, 11:00",
    ):
        assert words in patient.text, words
    for path, told in SEEN.items():
        for words in told:
            assert words in patient.text, (path, words)


async def test_first_page_then_the_latest_and_links_to_all(patient: Browser, written: Chart) -> None:
    for _ in range(6):
        later = written.again()
        await written.send(package(later), visiting=later)
    await patient.open("/record")
    assert "Усі прийоми (7)" in patient.text and "Показати всі (7)" in patient.text
    for path in KIND_PATHS:
        assert f'href="/record/{path}"' in patient.page.text or f'id="{path}"' in patient.page.text
    for part in ("38,5 °C", "Грип (R80)", "Прийомів ще не записано"):
        assert (part in patient.text) is (part != "Прийомів ще не записано")


class TestPages:
    async def test_second_page_then_the_rest(self, patient: Browser, written: Chart) -> None:
        ids = {str(written.visiting.encounter)}
        for _ in range(10):
            later = written.again()
            await written.send(package(later), visiting=later)
            ids.add(str(later.encounter))
        seen: set[str] = set()
        for number in ("1", "2"):
            await patient.open("/record/visits", page=number)
            seen |= {id for id in ids if id in patient.page.text}
        assert seen == ids

    @pytest.mark.parametrize("path", ["/record/visits", "/record/diagnoses"])
    async def test_odd_page_then_what_the_last_or_first_one_shows(
        self, patient: Browser, written: Chart, path: str
    ) -> None:
        await patient.open(path)
        first = patient.text
        for asked in ("0", "-1", "2", "99999", "9" * 40, "abc"):
            await patient.open(path, page=asked)
            assert patient.page.status_code == 200 and patient.text == first, asked


async def test_taken_back_then_said_and_never_hidden(patient: Browser, written: Chart, db) -> None:
    wrong = (
        "update {} set status = 'entered_in_error', document = jsonb_set(document, '{{{}}}', '\"entered_in_error\"')"
    )
    await db.execute(wrong.format("encounters", "status"))
    await db.execute(wrong.format("conditions", "verification_status"))
    for path in ("/record/visits", "/record/diagnoses"):
        await patient.open(path)
        assert "Внесено помилково" in patient.text
    await patient.open(f"/record/visits/{written.visiting.encounter}")
    assert "Лікар скасував цей запис" in patient.text


async def test_not_theirs_or_no_such_then_not_found(patient: Browser) -> None:
    for path in (f"visits/{uuid4()}", "visits/1", "encounters", "declarations"):
        assert (await patient.open(f"/record/{path}")).status_code == 404


async def test_read_then_a_line_in_the_journal(patient: Browser, written: Chart, own) -> None:
    await patient.open("/record/diagnoses")
    await patient.open("/record")
    assert [event for event, _ in await last_events(own, 2)] == ["medical_record.read"] * 2


async def test_central_does_not_answer_then_the_first_page_tells_it_in_its_places(
    patient: Browser, road: Road, written: Chart
) -> None:
    await patient.open("/record")
    road.losing = ["before /api/pis/person/medical_events/conditions"]
    await patient.open("/record")
    assert patient.page.status_code == 200
    assert "ЕСОЗ зараз не показує цих даних" in patient.text and "38,5 °C" in patient.text


class TestWords:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (None, ""),
            ("", ""),
            ("текст", "текст"),
            (True, "так"),
            (False, "ні"),
            (2, "2"),
            ({"value": 38.5, "code": "Cel", "system": "eHealth/ucum/units"}, "38.5 °C"),
            ({"value": 5, "code": "ng", "system": "eHealth/ucum/units"}, "5 eHealth/ucum/units:ng"),
            ({"value": 5, "code": "ng", "comparator": ">"}, ">5 eHealth/ucum/units:ng"),
            ({"value": 5}, "5"),
            ({"coding": [{"system": "s", "code": "1"}, {"system": "s", "code": "2"}]}, "s:1; s:2"),
            ({"coding": [{"system": "s", "code": "1"}], "text": "слова"}, "слова"),
            ({"system": "s", "code": "1"}, "s:1"),
            ({"numerator": {"value": 1, "code": "g"}, "denominator": {"value": 2, "code": "L"}}, "1 г / 2 л"),
            ({"low": {"value": 1}, "high": {"value": 2}}, "1–2"),
            ({"high": {"value": 2}}, "–2"),
            ({"start": "a", "end": "b"}, "a – b"),
            ({"start": "a"}, "a"),
            ({"identifier": {"value": "x"}, "display_value": "Лікар"}, "Лікар"),
            ({"reference": {"display_value": "Лікар"}}, "Лікар"),
            ({"identifier": {"value": "x"}}, ""),
            ([{"text": "один"}, {}, {"text": "два"}], "один; два"),
        ],
    )
    def test_value_then_as_people_read_it(self, value, words) -> None:
        assert WORDS.of(value) == words

    def test_bare_code_then_by_its_dictionary(self) -> None:
        assert WORDS.of("active", "states") == "states:active"

    def test_code_that_nobody_knows_then_once(self) -> None:
        unknown = Words(lambda _, code: code, str, lambda value, unit: f"{value}", str, str)
        assert unknown.coded({"coding": [{"system": "s", "code": "R80"}]}) == "R80"
        assert WORDS.coded({"coding": [{"system": "s", "code": "R80"}]}) == "s:R80 (R80)"

    def test_place_when_a_list_stands_between_then_its_first(self) -> None:
        document = {"a": [{"b": {"c": 1}}, {"b": {"c": 2}}], "e": []}
        assert [place(document, path) for path in ("a.b.c", "a.x", "e.b", "x.y")] == [1, None, None, None]


class TestMeasurement:
    def test_with_parts_then_each(self) -> None:
        kind = next(kind for kind in KINDS if kind.path == "measurements")
        parts = [
            {"code": {"text": name}, "value_quantity": {"value": n, "code": "%"}} for name, n in (("а", 1), ("б", 2))
        ]
        line = Line.of(kind, {"code": {"text": "в"}, "components": parts}, WORDS)
        assert line.value == "а 1 %; б 2 %"

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("value_string", "негативний", "негативний"),
            ("value_boolean", False, "ні"),
            ("value_codeable_concept", {"coding": [{"system": "s", "code": "A"}]}, "s:A"),
            ("value_date_time", "2026-11-22", "2026-11-22"),
            ("value_period", {"start": "a", "end": "b"}, "a – b"),
        ],
    )
    def test_of_any_type_then_told(self, field, value, words) -> None:
        kind = next(kind for kind in KINDS if kind.path == "measurements")
        assert Line.of(kind, {"code": {}, field: value}, WORDS).value == words


def test_visit_without_most_of_its_members_then_what_there_is() -> None:
    visit = Visit({"id": "1", "inserted_at": "2026-11-22T10:00:00Z"}, WORDS)
    assert (visit.start, visit.end, visit.doctor, visit.diagnoses) == ("2026-11-22T10:00:00Z", "", "", [])
