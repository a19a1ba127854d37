"""The form of a conclusion by the settings of its kind, without pages."""

import json
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from esoz.mis.base.patient import Patient
from esoz.mis.conclusions.writing import forms
from esoz.mis.conclusions.writing.forms import Around, Visit
from esoz.mis.conclusions.writing.model.conclusions import Kind, before, moments_of, replaced_in, standing
from esoz.mis.conclusions.writing.model.marking import marked
from esoz.spec.compositions import Days, configurations

TODAY = date(2026, 11, 22)
KINDS = {each.key: each for each in (Kind(one.type, one.category, one.rules) for one in configurations())}
BIRTH, ILLNESS = "NEWBORN/LIVE_BIRTH", "TEMPORARY_DISABILITY/TD_ILLNESS"
MOTHER = Patient(uuid4(), "Савченко", "Тетяна", "Андріївна", date(1996, 11, 13), "FEMALE")


def around(*, day: date = TODAY, diagnoses: bool = True, observations: tuple[UUID, ...] = (), **changes) -> Around:
    named = [(uuid4(), "Грип")] if diagnoses else []
    given = {"earlier": (), "patient": MOTHER, "years": 30} | changes
    visits = {"1": Visit(str(uuid4()), day, named)}
    return Around(kinds=KINDS, visits=visits, today=TODAY, observations=observations, **given)


def read(kind: str, where: Around, **values: str):
    typed = {"kind": kind, "encounter": "1", "first": "2026-11-22", "last": "2026-11-26"} | values
    return forms.read(typed, where, str)


# CM-4, CM-6
@pytest.mark.parametrize(
    ("kind", "where", "fault"),
    [
        (BIRTH, around(), {"encounter": forms.NO_OBSERVATIONS}),
        (ILLNESS, around(diagnoses=False), {"encounter": forms.NO_DIAGNOSES}),
        (ILLNESS, around(day=TODAY - timedelta(days=8)), {"encounter": forms.OLD_ENCOUNTER % {"days": 7}}),
        (ILLNESS, around(years=13), {"kind": forms.NOT_FOR_AGE}),
    ],
)
def test_visit_or_patient_when_not_right_then_said(kind, where, fault):
    statement, faults = read(kind, where)
    assert statement is None
    assert faults == fault


def test_birth_when_measured_then_its_records_and_no_days():
    measured = uuid4()
    where = around(observations=(measured,))
    statement, faults = read(BIRTH, where)
    assert faults == {} and statement is not None
    assert (statement.days, statement.observations) == (None, (measured,))


def row(id: str, first: str, last: str, **relations: str) -> dict:
    period = {"start": f"{first}T10:00:00Z", "end": f"{last}T10:00:00Z"}
    told = [{"type": type, "identifier": {"value": value}} for type, value in relations.items()]
    concept = {"type": {"coding": [{"code": "T"}]}, "category": {"coding": [{"code": "C"}]}}
    return {"id": id, "title": id, "status": "FINAL", "event": [{"period": period}], "relates_to": told, **concept}


# CM-9
def test_days_of_earlier_ones_then_of_the_whole_chain():
    rows = [
        row("c", "2026-11-11", "2026-11-20", appends="b"),
        row("b", "2026-11-06", "2026-11-10", appends="a"),
        row("a", "2026-11-01", "2026-11-05"),
        row("old", "2026-11-01", "2026-11-09"),
        row("new", "2026-11-01", "2026-11-08", replaces="old"),
    ]
    earlier = standing(rows)
    assert {each.id for each in earlier} == {"a", "b", "c", "new"}
    assert replaced_in(rows) >= {"old"}
    goes_on = before(("appends", "c"), earlier)
    assert (goes_on.end, goes_on.days) == (date(2026, 11, 20), 20)
    instead = before(("replaces", "c"), earlier)
    assert (instead.replaced_first, instead.days) == (date(2026, 11, 11), 10)
    assert before(None, earlier).days == before(("appends", "nothing"), earlier).days == 0


def test_chain_that_bites_its_tail_then_counted_once():
    rows = [row("a", "2026-11-01", "2026-11-05", appends="b"), row("b", "2026-11-06", "2026-11-10", appends="a")]
    assert before(("appends", "a"), standing(rows)).days == 10


# CM-11
def test_what_takes_back_then_the_spelling_that_was_signed():
    named = {"identifier": {"type": {"coding": [{"code": "employee"}], "text": "Лікар"}, "value": "1"}}
    inner = {"code": "L", "valueCodeableConcept": {"code": {"coding": [{"code": "a"}]}}}
    number = {"code": "V", "valueDecimal": 300}
    shown = {
        "id": "1",
        "title": "T",
        "status": "FINAL",
        "author": {**named, "display_value": "Лікар"},
        "section": [
            {"title": "S", "author": [named["identifier"]], "entry": [], "empty_reason": [{"coding": [{"code": "X"}]}]}
        ],
        "extension": [{"valueCodeableConcept": {"code": {"coding": [{"code": "01."}]}, "extension": [inner, number]}}],
        "relates_to": [{"type": "replaces", "identifier": named["identifier"], "display_value": "T0"}],
        "context_episode_id": "2",
    }
    signed = json.loads(marked(shown, "default", "Помилка"))
    plain = {"identifier": {"type": {"coding": [{"code": "employee"}]}, "value": "1"}}
    assert signed["author"] == plain
    assert signed["section"] == [
        {"title": "S", "author": [plain], "entry": [], "empty_reason": {"coding": [{"code": "X"}]}}
    ]
    assert signed["relates_to"] == [{"type": "replaces", "resource_reference": plain}]
    assert signed["extension"][0]["value_codeable_concept"] == {
        "coding": [{"code": "01."}],
        "extension": [
            {"code": "L", "value_codeable_concept": {"coding": [{"code": "a"}]}},
            {"code": "V", "value_decimal": 300},
        ],
    }
    assert signed["status"] == "ENTERED_IN_ERROR" and "context_episode_id" not in signed


# CM-7: days are those of Kyiv, in the night of the clock change too
def test_days_when_signed_then_from_midnight_to_midnight_in_kyiv():
    start, end = moments_of(Days(date(2026, 10, 24), date(2026, 10, 25)))
    assert (start.isoformat(), end.isoformat()) == ("2026-10-23T21:00:00+00:00", "2026-10-25T21:59:00+00:00")
