"""Who read my record: every event in words, filters, going on, complaining."""

import importlib
import pkgutil
import re
from datetime import timedelta
from enum import StrEnum
from html import unescape

import pytest

import esoz.central
from esoz.cabinet.readings import queries
from esoz.cabinet.readings.model import reading
from esoz.cabinet.readings.sentences import REFUSED, SENTENCES, UNKNOWN, Kind, sentence
from esoz.central.care_teams.model import Event as TeamEvent

from .conftest import NOW, last_events

# Events of central that never carry a patient: users, clients, registers.
NOT_OF_PATIENTS = {
    *TeamEvent,
    "places.searched",
    "composition_configurations.viewed",
    "reimbursement_report.downloaded",
    "reimbursement_report.summed",
    "access_complaints.read",
    "contact_centre.searched",
    "contact_centre.cases_forgotten",
    "contact_centre.papers_listed",
    "person_requests.ended",
    "uploads.forgotten",
    "session.started",
    "session.refused",
    "session.ended",
    "app.authorized",
    "token.issued",
    "nonce.issued",
    "password.changed",
    "password.reminded",
    "password_reset.asked",
    "sign_in_code.refused",
    "sign_in_code.sent",
    "authentication_factor.asked",
    "authentication_factor.set",
    "role.given",
    "role.read",
    "role.taken",
    "token.revoked",
    "user.blocked",
    "user.unblocked",
    "broker.blocked",
    "broker.keys_refreshed",
    "broker.unblocked",
    "client.blocked",
    "client.read",
    "client.unblocked",
    "connection.changed",
    "connection.created",
    "connection.deleted",
    "connection.read",
    "connection.secret_refreshed",
    "mis.applied",
    "mis.changed",
    "mis.entered",
    "mis.moved",
    "mis_versions.changed",
    "mis_register.read",
    "mis_test.recorded",
    "information.added",
    "information.changed",
    "program_services.read",
    "services.imported",
    "services.read",
    "verification.completed",
    "verification.read",
    "verification.refused",
    "verification.started",
    "user.read",
    "user.created",
    "client.created",
    "broker.created",
    "dictionaries.read",
    "dictionaries.imported",
    "diagnoses_groups.read",
    "diagnoses_groups.imported",
    "addresses.read",
    "addresses.imported",
    "legal_entities.read",
    "legal_entity.read",
    "legal_entity.created",
    "related_legal_entities.read",
    "legal_entity.updated",
    "legal_entity.verified",
    "legal_entity.closed",
    "legal_entity.suspended",
    "state_register.imported",
    "divisions.read",
    "division.read",
    "division.created",
    "division.updated",
    "division.activated",
    "division.deactivated",
    "licenses.read",
    "license.created",
    "license.updated",
    "employees.read",
    "employee.read",
    "employee.hired",
    "employee.updated",
    "employee.dismissed",
    "employee_requests.read",
    "employee_request.read",
    "employee_request.created",
    "employee_request.approved",
    "employee_request.rejected",
    "employee_requests.expired",
    "party_verifications.read",
    "party_verification.read",
    "party_verification.changed",
    "healthcare_services.read",
    "healthcare_service.read",
    "healthcare_service.created",
    "healthcare_service.updated",
    "healthcare_service.activated",
    "healthcare_service.deactivated",
    "employee_roles.read",
    "employee_role.read",
    "employee_role.created",
    "employee_role.deactivated",
    "employee_roles.ended",
    "declarations.ended",
    "equipment_list.read",
    "equipment.read",
    "equipment.created",
    "equipment.status_changed",
    "equipment.availability_changed",
    "black_list.added",
    "black_list.ended",
    "black_list.read",
    "civil_acts.imported",
    "device_definition.read",
    "device_definitions.imported",
    "device_definitions.read",
    "division.drug_control_changed",
    "legal_entity.activated",
    "legal_entity.merged",
    "legal_entity.unverified",
    "licensed_places.imported",
    "mountain_settlements.imported",
    "patient.sign_up_read",
    "token.repeated",
    "medical_program.read",
    "contracts.imported",
    "medication_request.searched",
    "medical_program.made",
    "program_medication.imported",
    "medical_program.ended",
    "drug.read",
    "pharmacy_assortment.told",
    "catalogue_price.imported",
    "catalogue_price.read",
    "drug.imported",
    "statistics.read",
    "doctor.read",
    "doctors.listed",
    "doctors.searched",
    "device_request.searched",
    "event.read",
    "events.read",
    "forbidden_group.read",
    "forbidden_groups.imported",
    "forbidden_groups.read",
    "public_register.read",
    "emergency_dispense.cancelled",
    "emergency_dispense.created",
    "emergency_dispense.read",
    "emergency_dispenses.read",
    "medication_dispenses.counted",
    "paper_dispense.cancelled",
    "paper_dispense.created",
    "paper_dispenses.read",
    "paper_prescription.cancelled",
    "paper_prescription.created",
    "paper_prescription.read",
    "paper_prescriptions.read",
    "pharmacy_medications.read",
    "war_territories.imported",
    "war_territories.read",
    *("wholesale_request.cancelled", "wholesale_request.created", "wholesale_request.read", "wholesale_requests.read"),
    *("wholesale_supplies.read", "wholesale_supply.cancelled", "wholesale_supply.created"),
}


def central_events() -> set[str]:
    """Every value of every `Event` of central's contexts."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(esoz.central.__path__, "esoz.central."):
        event = getattr(importlib.import_module(module.name), "Event", None)
        if isinstance(event, type) and issubclass(event, StrEnum):
            found |= {str(each) for each in event}
    return found


class TestSentences:
    def test_every_event_of_central_then_has_a_sentence_or_never_concerns_a_patient(self):
        events = central_events()
        assert len(events) > 60
        assert events - SENTENCES.keys() - NOT_OF_PATIENTS == set()

    def test_every_sentence_then_belongs_to_an_event_of_central(self):
        assert set(SENTENCES) - central_events() == set()

    def test_each_then_is_one_sentence_of_its_own(self):
        words = [text for _, text in SENTENCES.values()]
        assert len(set(words)) == len(words)
        assert all(text.endswith(".") and text[0].isupper() for text in words)

    def test_refusal_of_any_operation_then_says_that_it_was_not_allowed(self):
        assert sentence("API-007-027-0009.refused") == REFUSED

    def test_event_of_a_later_central_then_shown_all_the_same(self):
        assert sentence("genome.sequenced") == UNKNOWN

    def test_done_and_refused_of_one_event_then_differ(self):
        item = {"at": "2026-11-22T10:00:00Z", "event": "medication_request.read", "is_own": False}
        assert reading(item | {"outcome": "done"}).kind is Kind.READ
        assert reading(item | {"outcome": "forbidden"}).kind is Kind.REFUSED


async def seen(db, world, at, event="medical_record.viewed", *, own=False, user=None):
    """A line of central's audit log."""
    who = world.patient if own else world.doctor
    await db.execute(
        "insert into audit_events (id, at, request_id, operation, event, resource_id, patient_id, user_id, client_id,"
        " person_id, outcome) values (gen_random_uuid(), $1, 'r', 'o', $2, 'x', $3, $4, $5, $6, 'done')",
        at,
        event,
        world.patient.person_id,
        user or who.user_id,
        who.client_id,
        world.patient.person_id if own else None,
    )


class TestLog:
    async def test_then_sentence_name_position_organisation_and_time(self, patient, db, world, own):
        await seen(db, world, NOW - timedelta(hours=1))
        await patient.open("/readings")
        for words in (
            "22 листопада 2026 року",
            "Переглянуто Ваші медичні записи.",
            "11:00",
            "Юрченко Тетяна Миколаївна, ",
            "КНП «Центр первинної допомоги «Калина»",
        ):
            assert words in patient.text, words
        assert "P7" not in patient.text
        assert await last_events(own, 1) == [("access_log.read", world.patient.person_id)]

    async def test_my_own_acts_then_only_when_asked_for(self, patient):
        await patient.open("/person")
        await patient.open("/readings")
        assert "Відкрито Ваші персональні дані в кабінеті." not in patient.text
        await patient.open("/readings", own="yes")
        assert "Відкрито Ваші персональні дані в кабінеті. Ви" in patient.text

    async def test_signing_in_then_an_own_act_that_may_still_be_complained_about(self, patient):
        await patient.open("/readings")
        assert "Вхід до кабінету" not in patient.text
        await patient.open("/readings", own="yes")
        assert "patient.signed_in" in patient.page.text

    async def test_by_days_then_both_ends_are_included_in_kyiv(self, patient, db, world):
        await seen(db, world, NOW.replace(day=20, hour=22, minute=30), "patient_summary.viewed")  # 21.11 in Kyiv
        await seen(db, world, NOW.replace(day=20, hour=21, minute=30), "job.viewed")  # 20.11
        await patient.open("/readings", **{"from": "2026-11-21", "to": "2026-11-21"})
        assert "медичний підсумок" in patient.text
        assert "Перевірено, чи прийняла" not in patient.text
        await patient.open("/readings", **{"from": "2026-11-20", "to": "2026-11-20"})
        assert "медичний підсумок" not in patient.text
        assert "Перевірено, чи прийняла" in patient.text

    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [
            ("2026-02-30", "", "Введіть справжню дату."),
            ("2026-11-22", "2026-11-21", "Кінець періоду раніше за його початок."),
        ],
    )
    async def test_days_of_nonsense_then_says_which(self, patient, first, last, words):
        await patient.open("/readings", **{"from": first, "to": last})
        assert patient.page.status_code == 422
        assert words in patient.text

    async def test_more_than_a_page_then_going_on_shows_each_line_once(self, patient, db, world):
        apart = [NOW - timedelta(minutes=40 * place) for place in range(1, 61)]
        for at in apart:
            await seen(db, world, at)
        times = []
        await patient.open("/readings")
        while True:
            times += found(patient)
            onward = link(patient, "Раніші записи")
            if onward is None:
                break
            await patient.open(onward)
        wanted = [at.isoformat() for at in apart]
        assert times[: len(wanted)] == wanted
        assert len(times) == len(set(times))

    async def test_a_visit_then_it_stays_on_one_page_whatever_came_between(self, patient, db, world):
        for place in range(1, 15):
            await seen(db, world, NOW - timedelta(minutes=40 * place))
        for minutes in range(30):  # the fifteenth visit, in which a pharmacist has been meanwhile
            at = NOW - timedelta(minutes=600 + minutes)
            await seen(db, world, at, user=(world.pharmacist if minutes % 3 else world.doctor).user_id)
        await seen(db, world, NOW - timedelta(minutes=700), "job.viewed")
        await patient.open("/readings")
        assert len(found(patient)) == 14 + 30 and visits_on(patient) == 2
        await patient.open(link(patient, "Раніші записи"))
        assert "Перевірено, чи прийняла" in patient.text

    async def test_hundreds_of_my_own_lines_then_those_of_others_are_found_below_them(self, patient, db, world):
        await seen(db, world, NOW - timedelta(days=2))
        for minutes in range(320):
            await seen(db, world, NOW - timedelta(minutes=1 + minutes), "person.own_record_read", own=True)
        await patient.open("/")
        assert "Переглянуто Ваші медичні записи." in patient.text

    async def test_by_words_then_only_lines_that_have_them_all(self, patient, db, world):
        await seen(db, world, NOW - timedelta(hours=1))
        await seen(db, world, NOW - timedelta(hours=2), "patient_summary.viewed")
        await patient.open("/readings", words="юрченко ПІДСУМОК")
        assert "медичний підсумок" in patient.text
        assert "Переглянуто Ваші медичні записи." not in patient.text
        await patient.open("/readings", words="нікого такого")
        assert "Таких записів немає. Змініть слова або дні." in patient.text

    async def test_going_on_then_back_to_the_newest(self, patient, db, world):
        for place in range(1, 40):
            await seen(db, world, NOW - timedelta(minutes=40 * place))
        await patient.open("/readings", words="юрченко")
        assert link(patient, "Найновіші записи") is None
        await patient.open(link(patient, "Раніші записи"))
        await patient.open(link(patient, "Найновіші записи"))
        assert found(patient)[0] == (NOW - timedelta(minutes=40)).isoformat()
        assert "words=" in link(patient, "Раніші записи")

    async def test_nobody_else_then_says_so(self, patient):
        await patient.open("/readings", **{"from": "2026-01-01", "to": "2026-01-02"})
        assert "Записів про інших людей немає." in patient.text

    async def test_a_visit_of_many_lines_then_told_once_by_the_weightiest_and_opens_to_all(self, patient, db, world):
        at = NOW - timedelta(hours=1)
        for seconds, event in enumerate(("job.viewed", "encounter_package.stored", "medical_record.viewed")):
            await seen(db, world, at + timedelta(seconds=70 * seconds), event)
        await patient.open("/readings")
        assert visits_on(patient) == 1
        head, lines = patient.text.split("Показати 3 записи", 1)
        assert "До Вашої медичної картки внесено записи про прийом. Юрченко Тетяна Миколаївна" in head
        assert "11:00–11:02" in head and "Переглянуто Ваші медичні записи." not in head
        assert lines.count("Підозріло?") == 3 and "Перевірено, чи прийняла" in lines

    async def test_hundreds_of_lines_without_a_pause_then_the_whole_log_is_told_page_by_page(
        self, patient, db, world, monkeypatch
    ):
        monkeypatch.setattr(queries, "LARGEST", 5)
        monkeypatch.setattr(queries, "MOST", 3)
        moments = [NOW - timedelta(minutes=place) for place in range(1, 41)]
        for at in moments:
            await seen(db, world, at)
        times = []
        await patient.open("/readings")
        for _page in range(20):
            times += found(patient)
            onward = link(patient, "Раніші записи")
            if onward is None:
                break
            await patient.open(onward)
        assert set(times) >= {at.isoformat() for at in moments}


def visits_on(patient) -> int:
    """How many visits of several lines the page tells."""
    return patient.page.text.count('<details class="govuk-details')


def found(patient) -> list[str]:
    return re.findall(r'<time datetime="([^"]+)"', patient.page.text)


def link(patient, words) -> str | None:
    for address, text in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]*)', patient.page.text):
        if text == words:
            return unescape(address)
    return None
