"""Documents of medical records as a MIS would make them, and states of a record reached through the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from esoz.kernel.jobs import Worker
from tests.factories.world import Caller

ICPC2 = "eHealth/ICPC2/condition_codes"
ICD10_AM = "eHealth/ICD10_AM/condition_codes"
Document = dict[str, Any]


def ref(kind: str, id: UUID | str) -> Document:
    return {"identifier": {"type": {"coding": [{"system": "eHealth/resources", "code": kind}]}, "value": str(id)}}


def concept(system: str, code: str) -> Document:
    return {"coding": [{"system": system, "code": code}]}


def without_words(document: Any) -> Any:
    """A document without the words that the server adds to references."""
    if isinstance(document, dict):
        return {name: without_words(value) for name, value in document.items() if name != "display_value"}
    return [without_words(each) for each in document] if isinstance(document, list) else document


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Visiting:
    """Everything a package refers to: who, where, when, and ids chosen by the client."""

    now: datetime
    clinic: UUID
    doctor: UUID
    division: UUID | None = None
    episode: UUID = field(default_factory=uuid4)
    visit: UUID = field(default_factory=uuid4)
    encounter: UUID = field(default_factory=uuid4)
    condition: UUID = field(default_factory=uuid4)
    observation: UUID = field(default_factory=uuid4)
    immunization: UUID = field(default_factory=uuid4)
    allergy: UUID = field(default_factory=uuid4)

    @property
    def started(self) -> datetime:
        return self.now - timedelta(hours=1)

    def period(self) -> Document:
        return {"start": moment(self.started), "end": moment(self.now - timedelta(minutes=30))}


def new_episode(visiting: Visiting, **changes: object) -> Document:
    """The body that opens an episode."""
    return {
        "id": str(visiting.episode),
        "type": {"system": "eHealth/episode_types", "code": "PHC"},
        "status": "active",
        "name": "Гострий бронхіт",
        "managing_organization": ref("legal_entity", visiting.clinic),
        "period": {"start": moment(visiting.now - timedelta(days=1))},
        "care_manager": ref("employee", visiting.doctor),
    } | changes


def encounter(visiting: Visiting, **changes: object) -> Document:
    """An encounter of primary care with one diagnosis."""
    document: Document = {
        "id": str(visiting.encounter),
        "status": "finished",
        "period": visiting.period(),
        "visit": ref("visit", visiting.visit),
        "episode": ref("episode", visiting.episode),
        "class": {"system": "eHealth/encounter_classes", "code": "PHC"},
        "type": concept("eHealth/encounter_types", "service_delivery_location"),
        "performer": ref("employee", visiting.doctor),
        "reasons": [concept("eHealth/ICPC2/reasons", "A02")],
        "diagnoses": [diagnosis(visiting.condition)],
        "actions": [concept("eHealth/ICPC2/actions", "A31")],
    }
    if visiting.division is not None:
        document["division"] = ref("division", visiting.division)
    return document | changes


def diagnosis(condition: UUID, role: str = "primary") -> Document:
    return {
        "condition": ref("condition", condition),
        "role": concept("eHealth/diagnosis_roles", role),
        "rank": 1,
    }


def condition(visiting: Visiting, **changes: object) -> Document:
    """Influenza, told by the doctor."""
    return {
        "id": str(visiting.condition),
        "primary_source": True,
        "context": ref("encounter", visiting.encounter),
        "code": concept(ICPC2, "R80"),
        "clinical_status": "active",
        "verification_status": "confirmed",
        "onset_date": moment(visiting.now - timedelta(days=2)),
        "asserter": ref("employee", visiting.doctor),
    } | changes


def observation(visiting: Visiting, **changes: object) -> Document:
    """A temperature, measured by the doctor."""
    return {
        "id": str(visiting.observation),
        "status": "valid",
        "primary_source": True,
        "context": ref("encounter", visiting.encounter),
        "categories": [concept("eHealth/observation_categories", "vital-signs")],
        "code": concept("eHealth/LOINC/observation_codes", "8310-5"),
        "issued": moment(visiting.started),
        "effective_date_time": moment(visiting.started),
        "value_quantity": {"value": 38.5, "system": "eHealth/ucum/units", "code": "Cel", "unit": "Cel"},
        "performer": ref("employee", visiting.doctor),
    } | changes


def immunization(visiting: Visiting, **changes: object) -> Document:
    """A vaccine given long ago, as the patient tells."""
    return {
        "id": str(visiting.immunization),
        "status": "completed",
        "not_given": False,
        "vaccine_code": concept("eHealth/vaccine_codes", "BCG"),
        "context": ref("encounter", visiting.encounter),
        "date": moment(visiting.now - timedelta(days=4000)),
        "primary_source": False,
        "report_origin": concept("eHealth/immunization_report_origins", "patient"),
    } | changes


def allergy(visiting: Visiting, **changes: object) -> Document:
    """An allergy, as the patient tells."""
    return {
        "id": str(visiting.allergy),
        "clinical_status": "active",
        "verification_status": "confirmed",
        "type": "allergy",
        "category": "food",
        "criticality": "low",
        "context": ref("encounter", visiting.encounter),
        "code": concept("eHealth/allergy_intolerance_codes", "default_allergy_intolerance"),
        "onset_date_time": moment(visiting.now - timedelta(days=400)),
        "asserted_date": moment(visiting.started),
        "primary_source": False,
        "report_origin": concept("eHealth/report_origins", "patient"),
    } | changes


def package(
    visiting: Visiting, *, encounter_changes: Mapping[str, object] | None = None, **lists: Sequence[Document]
) -> Document:
    """A whole package: an encounter, a condition and an observation unless told otherwise."""
    document: Document = {
        "encounter": encounter(visiting, **(encounter_changes or {})),
        "conditions": [condition(visiting)],
        "observations": [observation(visiting)],
    }
    return {name: value for name, value in (document | lists).items() if value}


class Chart:
    """One doctor writing one patient's record through the API; jobs are performed at once."""

    def __init__(self, doctor: Caller, worker: Worker, person_id: UUID) -> None:
        assert doctor.employee_id is not None
        self.doctor, self.worker, self.person_id = doctor, worker, person_id
        self.path = f"/api/patients/{person_id}"
        self.visiting = Visiting(doctor.now, doctor.client_id, doctor.employee_id, doctor.division_id)

    def again(self) -> Visiting:
        """Another encounter of the same episode, with ids of its own."""
        of = self.visiting
        return Visiting(of.now, of.clinic, of.doctor, of.division, episode=of.episode)

    async def outcome(self, accepted: httpx.Response) -> httpx.Response:
        """The job of an accepted request, performed."""
        assert accepted.status_code == 202, accepted.text
        while await self.worker.perform_one():
            pass
        return await self.doctor.get(f"/api{accepted.json()['data']['links'][0]['href']}")

    async def open(self, **changes: object) -> httpx.Response:
        body = new_episode(self.visiting, **changes)
        return await self.outcome(await self.doctor.post(f"{self.path}/episodes", body))

    def body(self, content: Document, *, signer: Caller | None = None, visiting: Visiting | None = None) -> Document:
        """The request with the signed package and its visit."""
        of = visiting or self.visiting
        signed = (signer or self.doctor).sign(content)
        return {"visit": {"id": str(of.visit), "period": of.period()}, "signed_data": signed}

    async def send(self, content: Document, *, visiting: Visiting | None = None) -> httpx.Response:
        body = self.body(content, visiting=visiting)
        return await self.outcome(await self.doctor.post(f"{self.path}/encounter_package", body))

    async def act(self, action: str, body: Document) -> httpx.Response:
        """PATCH of the episode: `/actions/close`, or nothing for its fields."""
        path = f"{self.path}/episodes/{self.visiting.episode}{action}"
        return await self.outcome(await self.doctor.patch(path, body))
