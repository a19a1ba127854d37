"""A patient is asked to show papers, and does so in the cabinet."""

import httpx
import pytest

from esoz.central import people, person_requests
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.scans import jpeg
from tests.factories.world import World

from .conftest import Browser, last_events

PATH = "/person/papers"
WORDS = "Надішліть знімок паспорта, номер нечіткий"


@pytest.fixture
async def asked(patient: Browser, world: World, work: Work) -> Browser:
    assert world.patient.person_id
    wanted = people.papers_wanted("MANUAL", WORDS, work.now)
    await person_requests.ask_for_papers(work, world.patient.person_id, wanted)
    return patient


async def sends(patient: Browser, content: bytes, type: str = "PASSPORT") -> httpx.Response:
    await patient.open(PATH)
    form = {"csrf": patient.csrf, "type": type}
    return await patient.client.post(PATH, data=form, files={"scan": ("a.jpg", content, "image/jpeg")})


# PS-41
class TestPapers:
    async def test_asked_then_the_reason_is_read_and_the_page_is_linked(self, asked: Browser) -> None:
        await asked.open("/person")
        assert WORDS in asked.text and f'href="{PATH}"' in asked.page.text
        await asked.open(PATH)
        assert WORDS in asked.text and "Надіслати знімок" in asked.text

    async def test_last_scan_then_somebody_looks_at_them(self, asked: Browser, own: Connection, db: Connection) -> None:
        answer = await sends(asked, jpeg())
        assert answer.headers["location"] == "/person"
        await asked.open("/person")
        assert "Усі знімки отримано" in asked.text and WORDS not in asked.text
        assert await db.fetchval("select status from own_papers") == "COMPLETED"
        assert "own_papers.scan_sent" in [event for event, _person in await last_events(own, 4)]
        # The form again, as after a lost answer.
        await asked.open(PATH)
        assert "зараз не потрібні" in asked.text

    async def test_no_picture_then_said_at_the_field(self, asked: Browser, db: Connection) -> None:
        answer = await sends(asked, b"%PDF-1.4")
        assert answer.status_code == 422 and 'id="scan-PASSPORT-error"' in answer.text
        assert await db.fetchval("select count(*) from uploads where object is not null") == 0

    async def test_paper_that_nobody_asked_for_then_not_found(self, asked: Browser) -> None:
        assert (await sends(asked, jpeg(), type="NATIONAL_ID")).status_code == 404

    async def test_when_nobody_asks_then_said_so_and_nothing_is_taken(self, patient: Browser) -> None:
        await patient.open("/person")
        assert PATH not in patient.page.text
        assert (await sends(patient, jpeg())).headers["location"] == "/person"
        await patient.open("/person")
        assert "зараз не потрібні" in patient.text
