"""The record on paper: PDF/UA, in Ukrainian, whatever stands in it."""

# ruff: noqa: F811  central's fixtures are imported, and asked for by the same names

import pytest

from esoz.cabinet.own_data import printed
from tests.central.records.conftest import catalogued, chart, drug, known_codes, opened, written  # noqa: F401  its fixtures

from .conftest import error, last_events
from .test_patient_summary import NOW, PERSON, WORDS, condition, observation

PATH = "/own-data/record.pdf"


@pytest.fixture
def content(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What was given to the typesetter."""
    given: list[dict[str, object]] = []
    real = printed.typeset

    def spy(template: bytes, content: dict[str, object]) -> bytes:
        given.append(content)
        return real(template, content)

    monkeypatch.setattr(printed, "typeset", spy)
    return given


class TestPaper:
    async def test_whole_record_then_accessible_pdf_with_every_kind(
        self, patient, written, prescribing, content, own, world
    ):
        rx = await prescribing.prescribe()
        answer = await patient.open(PATH)
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
        assert b"pdfuaid:part" in answer.content
        assert "medychna-kartka-2026-11-22.pdf" in answer.headers["content-disposition"]
        (given,) = content
        titles = [part["title"] for part in given["parts"]]
        assert titles[:4] == ["Алергії та непереносимість", "Діагнози", "Рецепти", "Прийоми"]
        assert given["missing"] == [] and len(titles) == 17
        assert rx["request_number"] in str(given["parts"])
        assert await last_events(own, 1) == [("own_data.printed", world.patient.person_id)]

    async def test_nothing_written_then_a_sheet_that_says_so(self, patient, content):
        answer = await patient.open(PATH)
        assert answer.content.startswith(b"%PDF")
        assert content[0]["allergies"] == printed.NO_ALLERGIES and len(content[0]["missing"]) == 17

    async def test_part_refused_then_no_sheet(self, patient, road):
        road.answers["GET /api/pis/person/medical_events/encounters"] = error(403, "forbidden", "Access denied")
        await patient.open(PATH)
        assert patient.page.status_code == 403

    def test_more_than_a_sheet_holds_then_the_newest_and_a_word_about_it(self, content):
        records = {"person": PERSON, "conditions": [condition(number) for number in range(printed.MOST + 1)]}
        printed.record_sheet(records, WORDS, NOW.date())
        (part,) = content[0]["parts"]
        assert len(part["rows"]) == printed.MOST and content[0]["is_cut"] is True

    def test_taken_back_then_said(self, content):
        records = {"person": PERSON, "observations": [observation(1, status="entered_in_error", comment="💊 \x00")]}
        assert printed.record_sheet(records, WORDS, NOW.date()).startswith(b"%PDF")
        (part,) = content[0]["parts"]
        assert part["rows"][0]["notes"] == [printed.TAKEN_BACK]
