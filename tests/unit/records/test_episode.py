"""The states of an episode and what they allow."""

from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from esoz.central.records.model import MOVES, Diagnosis, EpisodeStatus
from esoz.central.records.model.episode import (
    Change,
    NewEpisode,
    canceled,
    closed,
    closing_faults,
    diagnosed,
    must_be_managed_by,
    new_episode_faults,
    updated,
)
from esoz.central.records.model.staff import Doctor, care_manager_faults
from esoz.kernel.errors import Conflict
from esoz.kernel.fhir import concept, reference
from tests.factories import records as build

from .conftest import NOW

REASON = concept("eHealth/episode_closing_reasons", "resolved")
LATER = NOW + timedelta(hours=1)
USER = uuid4()
FOREIGN = build.ref("legal_entity", uuid4())


def in_status(episode, status):
    return msgspec.structs.replace(episode, status=status)


def test_moves_when_read_then_every_status_is_there():
    assert set(MOVES) == set(EpisodeStatus)


# EP-1
class TestNew:
    def faults(self, visiting, **changes):
        new = msgspec.convert(build.new_episode(visiting, **changes), NewEpisode)
        return [fault.entry for fault in new_episode_faults(new, legal_entity_id=visiting.clinic, now=NOW)]

    @pytest.mark.parametrize(
        ("changes", "entries"),
        [
            ({}, []),
            ({"status": "closed"}, ["$.status"]),
            ({"type": {"system": "eHealth/encounter_types", "code": "PHC"}}, ["$.type.system"]),
            ({"managing_organization": FOREIGN}, ["$.managing_organization.identifier.value"]),
            ({"period": {"start": build.moment(NOW)}}, []),
            ({"period": {"start": build.moment(NOW + timedelta(seconds=61))}}, ["$.period.start"]),
        ],
    )
    def test_when_a_field_is_wrong_then_it_is_named(self, visiting, changes, entries):
        assert self.faults(visiting, **changes) == entries

    @pytest.mark.parametrize(
        ("employee_type", "approved", "own", "message"),
        [
            ("DOCTOR", True, True, None),
            ("PHARMACIST", True, True, "Employee submitted as a care_manager is not a doctor"),
            ("DOCTOR", False, True, "Doctor submitted as a care_manager is not active"),
            ("DOCTOR", True, False, "Employee submitted as a care_manager does not belong to current legal entity"),
        ],
    )
    def test_care_manager_when_not_a_doctor_of_the_clinic_then_refused(self, employee_type, approved, own, message):
        clinic = uuid4()
        doctor = Doctor(uuid4(), clinic if own else uuid4(), employee_type, approved)
        assert [fault.description for fault in care_manager_faults(doctor, clinic)] == ([message] if message else [])

    def test_care_manager_when_unknown_then_refused(self):
        messages = [fault.description for fault in care_manager_faults(None, uuid4())]
        assert messages == ["Employee with such ID is not found"]


# EP-3
class TestClose:
    def test_when_active_then_closed_with_its_reason_in_the_history(self, episode):
        done = closed(episode, Change(REASON, LATER, USER), end=NOW, summary="Одужав")
        assert (done.status, done.period.end, done.closing_summary, done.status_reason, done.updated_at) == (
            EpisodeStatus.CLOSED,
            NOW,
            "Одужав",
            REASON,
            LATER,
        )
        lines = [(line.status, line.inserted_at, line.inserted_by, line.status_reason) for line in done.status_history]
        assert lines == [
            (EpisodeStatus.ACTIVE, NOW, None, None),
            (EpisodeStatus.CLOSED, LATER, USER, REASON),
        ]

    @pytest.mark.parametrize("status", [EpisodeStatus.CLOSED, EpisodeStatus.ENTERED_IN_ERROR])
    def test_when_not_active_then_conflict(self, episode, status):
        with pytest.raises(Conflict, match=f"Episode in status {status} can not be closed"):
            closed(in_status(episode, status), Change(REASON, NOW, USER), end=NOW, summary=None)

    @pytest.mark.parametrize(("after", "faults"), [(0, 0), (-1, 1), (1, 0)])
    def test_end_when_before_the_start_then_refused(self, episode, after, faults):
        end = episode.period.start + timedelta(seconds=after)
        found = closing_faults(episode, end, last_encounter=None, now=LATER)
        assert [fault.entry for fault in found] == ["$.period.end"] * faults

    @pytest.mark.parametrize(("after", "message"), [(0, None), (60, None), (61, "End date must be in past")])
    def test_end_when_in_the_future_then_refused(self, episode, after, message):
        found = closing_faults(episode, NOW + timedelta(seconds=after), last_encounter=None, now=NOW)
        assert [fault.description for fault in found] == ([message] if message else [])

    @pytest.mark.parametrize(("after", "faults"), [(0, 0), (-1, 1)])
    def test_end_when_before_the_last_encounter_then_refused(self, episode, after, faults):
        end = NOW + timedelta(seconds=after)
        found = closing_faults(episode, end, last_encounter=NOW, now=LATER)
        assert [fault.entry for fault in found] == ["$.period.end"] * faults


# EP-4
class TestCancel:
    @pytest.mark.parametrize("status", [EpisodeStatus.ACTIVE, EpisodeStatus.CLOSED])
    def test_when_active_or_closed_then_entered_in_error(self, episode, status):
        done = canceled(in_status(episode, status), Change(REASON, LATER, USER), letter="Не той пацієнт")
        assert (done.status, done.explanatory_letter) == (EpisodeStatus.ENTERED_IN_ERROR, "Не той пацієнт")

    def test_when_cancelled_already_then_conflict(self, episode):
        wrong = in_status(episode, EpisodeStatus.ENTERED_IN_ERROR)
        with pytest.raises(Conflict, match="Episode in status entered_in_error can not be canceled"):
            canceled(wrong, Change(REASON, NOW, USER), letter=None)


# EP-2
class TestUpdate:
    def test_when_only_the_name_is_given_then_the_doctor_stays(self, episode):
        done = updated(episode, name="Пневмонія", care_manager=None, now=LATER)
        assert (done.name, done.care_manager) == ("Пневмонія", episode.care_manager)

    def test_when_closed_then_conflict(self, episode):
        with pytest.raises(Conflict, match="Episode in status closed can not be updated"):
            updated(in_status(episode, EpisodeStatus.CLOSED), name="Інша", care_manager=None, now=NOW)

    def test_when_of_another_clinic_then_conflict(self, episode):
        with pytest.raises(Conflict, match="Managing_organization does not correspond to user's legal_entity"):
            must_be_managed_by(episode, uuid4())


# EP-5
class TestDiagnosed:
    def diagnosis(self, code):
        return Diagnosis(
            reference("condition", uuid4()), concept(build.ICPC2, code), concept("eHealth/diagnosis_roles", "primary")
        )

    def test_when_a_second_encounter_comes_then_its_diagnoses_are_current_and_both_are_remembered(self, episode):
        first, second = self.diagnosis("R80"), self.diagnosis("R81")
        one = diagnosed(episode, encounter=reference("encounter", uuid4()), diagnoses=[first], date=NOW, now=NOW)
        two = diagnosed(one, encounter=reference("encounter", uuid4()), diagnoses=[second], date=NOW, now=LATER)
        assert two.current_diagnoses == (second,)
        history = [(line.diagnoses, line.is_active) for line in two.diagnoses_history]
        assert history == [((first,), True), ((second,), True)]
        assert (two.codes, two.updated_at) == (["R81"], LATER)

    def test_when_an_encounter_has_none_then_the_current_ones_stay(self, episode):
        first = self.diagnosis("R80")
        one = diagnosed(episode, encounter=reference("encounter", uuid4()), diagnoses=[first], date=NOW, now=NOW)
        two = diagnosed(one, encounter=reference("encounter", uuid4()), diagnoses=[], date=NOW, now=LATER)
        assert (two.current_diagnoses, len(two.diagnoses_history)) == ((first,), 1)
