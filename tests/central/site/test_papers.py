"""The contact centre asks somebody for papers, looks at what came, and says whether it is right."""

from typing import Any

import httpx
import pytest

from esoz.central import people
from esoz.central.site import contact_centre, papers
from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Dependencies, Work
from tests.central.answers import answered
from tests.central.conftest import OneConnection
from tests.central.person_requests.test_own import hand_in
from tests.factories.people import make_adult
from tests.factories.scans import jpeg
from tests.factories.world import Caller

from .conftest import Browser
from .test_contact_centre import opened

WORDS = "Надішліть знімок паспорта, номер записано нечітко"
FAULT = "Номер паспорта не збігається"
QUEUE = papers.PATH


@pytest.fixture
async def door(database: OneConnection, dependencies: Dependencies, clock: FixedClock) -> Any:
    transport = httpx.ASGITransport(UploadDoor(database, dependencies, clock, "https://api.test"))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        yield client


async def asked(operator: Browser, patient: Caller, db: Connection, words: str = WORDS) -> str:
    """The patient is asked for papers; the address of their card."""
    assert patient.person_id is not None
    page = await opened(operator, await people.find_person(db, patient.person_id))
    place = page.url.path
    await operator.send(f"{place}/ask", comment=words)
    return place


async def came(patient: Caller, door: httpx.AsyncClient) -> None:
    (link,) = answered(await patient.post("/api/pis/documents", {}), 201)["data"]
    assert await hand_in(door, link["url"]) == 200
    answered(await patient.patch("/api/pis/documents/actions/complete", {}))


async def word(patient: Caller) -> dict[str, Any]:
    shown = answered(await patient.get("/api/pis/person/verification"))["data"]["person_verification"]
    found: dict[str, Any] = shown["details"]["nhs"]
    return found


async def events(patient: Caller) -> list[str]:
    return [row["event"] for row in answered(await patient.get("/api/pis/access_log"))["data"]]


# CC-7
class TestAsk:
    async def test_in_words_then_the_patient_reads_them(
        self, operator: Browser, patient: Caller, db: Connection
    ) -> None:
        place = await asked(operator, patient, db)
        assert papers.ASKED in (await operator.get(place)).text
        told = await word(patient)
        assert (told["verification_status"], told["verification_comment"]) == ("VERIFICATION_NEEDED", WORDS)
        assert "contact_centre.papers_asked" in await events(patient)

    async def test_too_short_then_said_at_the_field_and_nobody_is_asked(
        self, operator: Browser, patient: Caller, db: Connection
    ) -> None:
        assert patient.person_id is not None
        page = await opened(operator, await people.find_person(db, patient.person_id))
        answer = await operator.send(f"{page.url.path}/ask", comment="паспорт")
        assert answer.status_code == 422 and papers.NO_COMMENT in answer.text and "паспорт</textarea>" in answer.text
        shown = answered(await patient.get("/api/pis/person/verification"))["data"]["person_verification"]
        assert "nhs" not in shown["details"]

    async def test_twice_then_what_came_is_not_thrown_away(
        self, operator: Browser, patient: Caller, db: Connection
    ) -> None:
        place = await asked(operator, patient, db)
        links = answered(await patient.post("/api/pis/documents", {}), 201)["data"]
        await operator.send(f"{place}/ask", comment=WORDS)
        assert answered(await patient.post("/api/pis/documents", {}), 201)["data"] == links

    async def test_of_another_case_then_not_there(
        self, operator: Browser, patient: Caller, work: Work, db: Connection
    ) -> None:
        other = await make_adult(work)
        place = await asked(operator, patient, db)
        answer = await operator.send(place.replace(str(patient.person_id), str(other.id)) + "/ask", comment=WORDS)
        assert answer.headers["location"] == contact_centre.PATH
        assert (await people.find_person(db, other.id)).verification_details.get(people.NHS) is None

    async def test_the_dead_then_refused_in_words(self, operator: Browser, patient: Caller, db: Connection) -> None:
        assert patient.person_id is not None
        page = await opened(operator, await people.find_person(db, patient.person_id))
        await db.execute("update persons set status = 'inactive', is_active = false where id = $1", patient.person_id)
        await operator.send(f"{page.url.path}/ask", comment=WORDS)
        assert papers.NOT_ACTIVE in (await operator.get(str(page.url))).text

    async def test_administrator_then_refused(self, administrator: Browser) -> None:
        assert (await administrator.get(QUEUE)).status_code == 403


# CC-7
class TestJudge:
    @pytest.fixture
    async def card(
        self, operator: Browser, patient: Caller, door: httpx.AsyncClient, db: Connection
    ) -> tuple[str, str]:
        """The address of the card that the queue opens, and of the judgement."""
        await asked(operator, patient, db)
        await came(patient, door)
        queue = (await operator.get(QUEUE)).text
        assert f"{QUEUE}/{patient.person_id}/case" in queue
        place = (await operator.send(f"{QUEUE}/{patient.person_id}/case")).headers["location"].partition("#")[0]
        id = await db.fetchval("select id from own_papers where status = 'COMPLETED'")
        return place, f"{place}/papers/{id}"

    async def test_scan_then_seen_and_told_to_the_patient(
        self, operator: Browser, patient: Caller, card: tuple[str, str]
    ) -> None:
        assert f"{card[0]}/scans/PASSPORT" in (await operator.get(card[0])).text
        answer = await operator.get(f"{card[0]}/scans/PASSPORT")
        assert (answer.content, answer.headers["content-type"]) == (jpeg(), "image/jpeg")
        assert (await operator.get(f"{card[0]}/scans/NATIONAL_ID")).status_code == 404
        assert "contact_centre.scan_read" in await events(patient)

    async def test_right_then_verified_and_gone_from_the_queue(
        self, operator: Browser, patient: Caller, card: tuple[str, str]
    ) -> None:
        assert (await operator.send(card[1], judgement="right")).headers["location"] == QUEUE
        assert (await word(patient))["verification_status"] == "VERIFIED"
        assert "Документів, які чекають перевірки, немає" in (await operator.get(QUEUE)).text
        assert "contact_centre.papers_judged" in await events(patient)
        assert (await operator.get(f"{card[0]}/scans/PASSPORT")).status_code == 404

    async def test_wrong_then_the_patient_reads_why_and_sends_others(
        self, operator: Browser, patient: Caller, card: tuple[str, str]
    ) -> None:
        await operator.send(card[1], judgement="wrong", fault=FAULT)
        told = await word(patient)
        assert (told["verification_status"], told["verification_comment"]) == ("NOT_VERIFIED", FAULT)
        assert len(answered(await patient.post("/api/pis/documents", {}), 201)["data"]) == 1

    async def test_wrong_without_words_or_no_choice_then_said_at_the_field(
        self, operator: Browser, patient: Caller, card: tuple[str, str]
    ) -> None:
        answer = await operator.send(card[1], judgement="wrong", fault="")
        assert answer.status_code == 422 and papers.NO_FAULT in answer.text
        answer = await operator.send(card[1])
        assert answer.status_code == 422 and papers.NO_CHOICE in answer.text
        assert (await word(patient))["verification_status"] == "IN_REVIEW"

    async def test_twice_then_the_first_judgement_stays(
        self, operator: Browser, patient: Caller, card: tuple[str, str]
    ) -> None:
        await operator.send(card[1], judgement="right")
        await operator.get(card[0])
        await operator.send(card[1], judgement="wrong", fault=FAULT)
        assert papers.ALREADY in (await operator.get(card[0])).text
        assert (await word(patient))["verification_status"] == "VERIFIED"
