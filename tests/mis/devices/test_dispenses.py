"""A pharmacist hands a device over by number and code, gives it up, says that it was a mistake; answers get lost."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.jobs import Worker
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from tests.central.prescriptions.conftest import seen_by
from tests.emptying import empty_tables
from tests.factories.devices import STRIPS, Dispensing, Document, Prescribing, sent_code, set_programme, stock_devices
from tests.factories.world import World

from ..conftest import CENTRAL_URL, Browser, Consent, Wire, come_in
from ..pharmacy.conftest import with_token

STRIP = STRIPS[0].id
HOME = "/pharmacy/devices"


@pytest.fixture
async def pharmacist(browser: Browser, consent: Consent, connected: World, mis: Mis) -> Browser:
    return await come_in(browser, consent, "PHARMACIST", connected.pharmacist)


@pytest.fixture
async def prescribing(
    central_database: Database,
    dependencies: Dependencies,
    clock: FixedClock,
    connected: World,
    wire: Wire,
    jobs: Worker,
) -> Prescribing:
    """The family doctor prescribes test strips to the patient."""
    async with central_database.transaction() as db:
        await dictionaries.load(db)
        await empty_tables(db, "device_requests", "device_dispenses")
        work = Work(NOBODY, clock.now(), db, dependencies)
        await stock_devices(work, connected.pharmacist, connected.other_pharmacist)
    doctor = await with_token(central_database, dependencies, clock, connected.doctor, "DOCTOR", "PRIMARY_CARE")
    client = httpx.AsyncClient(transport=httpx.ASGITransport(wire.inner.app), base_url=CENTRAL_URL)
    doctor, person_id = replace(doctor, client=client), connected.persons[0].id
    encounter_id = await seen_by(doctor, jobs, person_id)
    return Prescribing(doctor, jobs, person_id, UUID(str(encounter_id)), clock.now())


@pytest.fixture
async def asked(prescribing: Prescribing) -> Document:
    """A signed request of a hundred strips: two packages."""
    return await prescribing.made()


@pytest.fixture
async def code(central_database: Database, asked: Document) -> str:
    async with central_database.connection() as db:
        return await sent_code(db, asked["requisition"])


@pytest.fixture
async def theirs(
    central_database: Database,
    dependencies: Dependencies,
    clock: FixedClock,
    connected: World,
    prescribing: Prescribing,
) -> Dispensing:
    """A pharmacist of another pharmacy, with a system of another make."""
    caller = await with_token(
        central_database, dependencies, clock, connected.other_pharmacist, "PHARMACIST", "PHARMACY"
    )
    caller = replace(caller, client=prescribing.doctor.client)
    return Dispensing(caller, prescribing.worker, prescribing.person_id, clock.now())


@pytest.fixture
async def of_central(central_database: Database) -> AsyncIterator[Connection]:
    async with central_database.connection() as db:
        yield db


def lose(wire: Wire, end: str) -> None:
    """From now on answers to such requests are lost; none when `end` is empty."""
    wire.loses_answer = lambda request: bool(end) and request.method != "GET" and request.url.path.endswith(end)


async def perform(jobs: Worker) -> None:
    while await jobs.perform_one():
        pass


async def found(browser: Browser, asked: Document, code: str = "") -> httpx.Response:
    """From the one field of the counter to the form of the device."""
    await browser.get("/pharmacy")
    return await browser.send("/pharmacy", number=asked["requisition"], code=code)


def typed(packages: object = 2, amount: object = "650", **values: object) -> dict[str, object]:
    return {f"packages-{STRIP}": packages, f"amount-{STRIP}": amount} | values


async def held(browser: Browser, asked: Document, code: str, jobs: Worker, **values: object) -> None:
    """Devices that central holds for us, on the page where they are signed."""
    await found(browser, asked, code)
    await browser.send(f"{HOME}/number/{asked['requisition']}", **(typed() | values))
    assert "ЕСОЗ обробляє" in browser.text, browser.text
    await perform(jobs)
    await browser.get(browser.path)
    assert "Підпишіть відпуск" in browser.text, browser.text


async def signed(browser: Browser, world: World, *, path: str = "", **values: object) -> None:
    assert browser.page is not None
    offered = browser.page.text.split('data-kep-content value="')[1].split('"')[0]
    await browser.send(path or browser.path, signed_content=world.pharmacist.sign(base64.b64decode(offered)), **values)


async def handed_over(browser: Browser, asked: Document, code: str, jobs: Worker, world: World) -> None:
    await held(browser, asked, code, jobs)
    await signed(browser, world)
    await perform(jobs)
    await browser.get(browser.path)
    assert "За рецептом залишилося" in browser.text, browser.text


class TestRequest:
    async def test_when_the_number_is_of_a_device_then_the_one_field_of_the_counter_leads_to_it(
        self, pharmacist: Browser, asked: Document, code: str
    ) -> None:
        await found(pharmacist, asked, code)
        assert pharmacist.path == f"{HOME}/number/{asked['requisition']}"
        assert STRIPS[0].device_names[0].name in pharmacist.text and "100 шт." in pharmacist.text
        assert pharmacist.page is not None and f'value="{code}"' in pharmacist.page.text

    async def test_when_nobody_has_the_number_then_said_at_the_field(
        self, pharmacist: Browser, prescribing: Prescribing
    ) -> None:
        await pharmacist.get("/pharmacy")
        await pharmacist.send("/pharmacy", number="0000-AAAA-AAAA-AAAA", code="")
        assert "Рецепта з таким номером немає" in pharmacist.text

    async def test_when_it_is_revoked_then_nothing_can_be_handed_over(
        self, pharmacist: Browser, asked: Document, prescribing: Prescribing
    ) -> None:
        await prescribing.end(asked, "revoke")
        await found(pharmacist, asked)
        assert "За цим рецептом відпустити не можна" in pharmacist.text
        assert "Почати відпуск" not in pharmacist.text

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            (typed(""), "скільки упаковок"),
            (typed("1,5"), "ціле число упаковок"),
            (typed("-1"), "ціле число упаковок"),
            (typed("1e9"), "ціле число упаковок"),
            (typed("3"), "більше, ніж залишилося"),
            (typed("2", "0"), "суму в гривнях"),
            (typed("2", "багато"), "суму в гривнях"),
            (typed("2", "650", **{f"discount-{STRIP}": "649,99"}), "не може бути більшим"),
            (typed(code="12"), "чотири цифри"),
            (typed(payment_id="9" * 51), "задовгий"),
            (typed(division=str(uuid4())), "Оберіть підрозділ"),
        ],
    )
    async def test_when_the_form_is_wrong_then_said_at_the_field_and_nothing_is_held(
        self, pharmacist: Browser, asked: Document, code: str, of_central: Connection, values: dict, words: str
    ) -> None:
        await found(pharmacist, asked, code)
        await pharmacist.send(f"{HOME}/number/{asked['requisition']}", **values)
        assert pharmacist.page is not None and pharmacist.page.status_code == 422
        assert words in pharmacist.text
        assert await of_central.fetchval("select count(*) from device_dispenses") == 0

    async def test_when_the_code_is_wrong_then_the_tries_that_are_left_are_told(
        self, pharmacist: Browser, asked: Document, code: str
    ) -> None:
        await found(pharmacist, asked)
        wrong = "0000" if code != "0000" else "1111"
        await pharmacist.send(f"{HOME}/number/{asked['requisition']}", **typed(code=wrong))
        assert "Код не підходить" in pharmacist.text and "Залишилося спроб" in pharmacist.text


class TestDispense:
    async def test_when_signed_then_handed_over_and_nothing_is_left(
        self,
        pharmacist: Browser,
        asked: Document,
        code: str,
        jobs: Worker,
        connected: World,
        of_central: Connection,
        mis: Mis,
    ) -> None:
        await held(pharmacist, asked, code, jobs, payment_id="77-1")
        for shown in ("100 шт.", "77-1", "Сплачує пацієнт", "50,00"):
            assert shown in pharmacist.text, pharmacist.text
        await signed(pharmacist, connected)
        assert "ЕСОЗ обробляє" in pharmacist.text
        await perform(jobs)
        await pharmacist.get(pharmacist.path)
        assert "За рецептом залишилося: 0 шт." in pharmacist.text
        row = await of_central.fetchrow("select status, document from device_dispenses")
        assert row["status"] == "completed" and row["document"]["payment_id"] == "77-1"
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from device_dispenses") == 0
        await pharmacist.get(HOME)
        assert "Відпущено" in pharmacist.text, pharmacist.text
        assert "Не завершено" not in pharmacist.text

    async def test_when_the_form_comes_twice_then_one_dispense(
        self, pharmacist: Browser, asked: Document, code: str, jobs: Worker, of_central: Connection
    ) -> None:
        await found(pharmacist, asked, code)
        form, path = pharmacist.page, f"{HOME}/number/{asked['requisition']}"
        await pharmacist.send(path, **typed())
        first = pharmacist.path
        await pharmacist.get(f"{first}/step")
        assert "Зачекайте" in pharmacist.text
        pharmacist.page = form
        await pharmacist.send(path, **typed())
        assert pharmacist.path == first
        await perform(jobs)
        await pharmacist.get(f"{first}/step")
        assert pharmacist.path == first and "Підпишіть відпуск" in pharmacist.text
        assert await of_central.fetchval("select count(*) from device_dispenses") == 1

    async def test_when_central_refuses_the_hold_then_the_form_again_with_its_words(
        self, pharmacist: Browser, asked: Document, code: str, jobs: Worker, of_central: Connection
    ) -> None:
        await set_programme(of_central, license_types_allowed=["MSP"])
        await found(pharmacist, asked, code)
        await pharmacist.send(f"{HOME}/number/{asked['requisition']}", **typed())
        await perform(jobs)
        await pharmacist.get(pharmacist.path)
        await set_programme(of_central, license_types_allowed=None)
        assert "потрібна окрема ліцензія" in pharmacist.text, pharmacist.text
        assert pharmacist.page is not None and f'name="packages-{STRIP}"' in pharmacist.page.text
        await pharmacist.send(f"{HOME}/number/{asked['requisition']}", **typed(code=code))
        await perform(jobs)
        await pharmacist.get(pharmacist.path)
        assert "Підпишіть відпуск" in pharmacist.text

    async def test_when_given_up_then_all_is_left_again(
        self, pharmacist: Browser, asked: Document, code: str, jobs: Worker, prescribing: Prescribing
    ) -> None:
        await held(pharmacist, asked, code, jobs)
        path = pharmacist.path
        await pharmacist.send(f"{path}/release")
        await perform(jobs)
        await pharmacist.get(path)
        assert "Звільнено" in pharmacist.text and "Підписати й відпустити" not in pharmacist.text
        assert (await prescribing.shown(asked["id"]))["remaining_quantity"]["value"] == 100

    async def test_when_its_time_is_over_then_it_cannot_be_signed(
        self, pharmacist: Browser, asked: Document, code: str, jobs: Worker, clock: FixedClock
    ) -> None:
        await held(pharmacist, asked, code, jobs)
        clock.forward(timedelta(minutes=10))
        await pharmacist.get(pharmacist.path)
        assert "Звільнено" in pharmacist.text and "Підписати й відпустити" not in pharmacist.text

    async def test_when_it_is_another_pharmacys_then_not_found(
        self,
        pharmacist: Browser,
        asked: Document,
        code: str,
        prescribing: Prescribing,
        theirs: Dispensing,
    ) -> None:
        given = await theirs.give(asked["id"], 50, code)
        subject = prescribing.person_id
        for path in (f"{HOME}/{subject}/{given['id']}", f"{HOME}/{subject}/{given['id']}/mistake"):
            await pharmacist.get(path)
            assert pharmacist.page is not None and pharmacist.page.status_code == 404
        for path in (f"{HOME}/{subject}/{uuid4()}", f"{HOME}/{uuid4()}/{uuid4()}/mistake"):
            await pharmacist.get(path)
            assert pharmacist.page is not None and pharmacist.page.status_code == 404


class TestLostAnswers:
    async def test_when_the_answer_to_the_hold_is_lost_then_asked_again_it_is_the_same_one(
        self, pharmacist: Browser, asked: Document, code: str, jobs: Worker, wire: Wire, of_central: Connection
    ) -> None:
        await found(pharmacist, asked, code)
        lose(wire, "/device_dispenses")
        await pharmacist.send(f"{HOME}/number/{asked['requisition']}", **typed())
        lose(wire, "")
        assert "ЕСОЗ не відповіла" in pharmacist.text, pharmacist.text
        await pharmacist.send(f"{HOME}/number/{asked['requisition']}", **typed(code=code))
        await perform(jobs)
        await pharmacist.get(pharmacist.path)
        assert "Підпишіть відпуск" in pharmacist.text, pharmacist.text
        assert await of_central.fetchval("select count(*) from device_dispenses") == 1

    async def test_when_the_answer_to_the_signature_is_lost_then_it_is_sent_again_and_counts_once(
        self, pharmacist: Browser, asked: Document, code: str, jobs: Worker, wire: Wire, connected: World
    ) -> None:
        await held(pharmacist, asked, code, jobs)
        path = pharmacist.path
        lose(wire, "/actions/complete")
        await signed(pharmacist, connected)
        lose(wire, "")
        assert "відповіді ЕСОЗ не було" in pharmacist.text, pharmacist.text
        await pharmacist.send(f"{path}/send")
        await perform(jobs)
        await pharmacist.get(path)
        assert "За рецептом залишилося: 0 шт." in pharmacist.text


class TestMistake:
    async def test_when_signed_with_a_reason_then_it_may_be_had_again(
        self,
        pharmacist: Browser,
        asked: Document,
        code: str,
        jobs: Worker,
        connected: World,
        prescribing: Prescribing,
    ) -> None:
        await handed_over(pharmacist, asked, code, jobs, connected)
        path = pharmacist.path
        await pharmacist.get(f"{path}/mistake")
        assert "Помилковий відпуск" in pharmacist.text, pharmacist.text
        await pharmacist.send(f"{path}/mistake", reason="")
        assert "Оберіть причину" in pharmacist.text
        await pharmacist.send(f"{path}/mistake", reason="incorrect_patient")
        assert "Підписати й надіслати" in pharmacist.text and "100 шт." in pharmacist.text
        await signed(pharmacist, connected, path=f"{path}/mistake/sign", reason="incorrect_patient")
        await perform(jobs)
        await pharmacist.get(path)
        assert "Записано помилково" in pharmacist.text, pharmacist.text
        assert (await prescribing.shown(asked["id"]))["remaining_quantity"]["value"] == 100

    async def test_when_two_begin_at_once_then_one_mistake_is_told(
        self,
        pharmacist: Browser,
        asked: Document,
        code: str,
        jobs: Worker,
        connected: World,
        of_central: Connection,
        wire: Wire,
    ) -> None:
        await handed_over(pharmacist, asked, code, jobs, connected)
        path = pharmacist.path
        await pharmacist.get(f"{path}/mistake")
        await pharmacist.send(f"{path}/mistake", reason="incorrect_patient")
        form = pharmacist.page
        wire.seen.clear()
        for _ in range(2):
            pharmacist.page = form
            await signed(pharmacist, connected, path=f"{path}/mistake/sign", reason="incorrect_patient")
        assert len([each for each in wire.paths("PATCH") if each.endswith("/mark_in_error")]) == 1
        await perform(jobs)
        assert await of_central.fetchval("select status from device_dispenses") == "entered_in_error"


class TestJournal:
    async def test_by_state_and_day_and_as_a_file(
        self, pharmacist: Browser, asked: Document, code: str, jobs: Worker, connected: World
    ) -> None:
        await held(pharmacist, asked, code, jobs)
        await pharmacist.get(HOME)
        assert "Не завершено" in pharmacist.text
        await signed(await pharmacist_at(pharmacist), connected)
        await perform(jobs)
        await pharmacist.get(f"{HOME}?status=completed")
        assert STRIPS[0].device_names[0].name in pharmacist.text
        await pharmacist.get(f"{HOME}?status=stopped")
        assert "не відпускали" in pharmacist.text
        await pharmacist.get(f"{HOME}?from=x&to=2020-01-01")
        assert pharmacist.page is not None and pharmacist.page.status_code == 200
        await pharmacist.get(f"{HOME}/list.csv")
        assert pharmacist.page.headers["content-type"].startswith("text/csv")
        assert "650" in pharmacist.page.text and "600" in pharmacist.page.text


async def pharmacist_at(browser: Browser) -> Browser:
    """Gone on with what is not finished."""
    assert browser.page is not None
    path = next(
        part.split('"')[0]
        for part in browser.page.text.split('href="')
        if part.startswith(f"{HOME}/") and "csv" not in part
    )
    await browser.get(path)
    return browser
