"""Who speaks for a registered patient: added, by other papers, no more; each confirmed, signed, done by central."""

import base64
import itertools
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from esoz.mis.reception.confidants.commands import forget_old
from esoz.mis.reception.confidants.forms import read_papers
from esoz.signature import sign as sign_cades
from tests.emptying import empty_tables
from tests.factories.scans import jpeg
from tests.factories.world import World
from tests.mis.conftest import PASSWORD, Browser, Consent, Wire, come_in, email_of

from .conftest import Desk, filled

PAPER = {
    "relation_type": "CONFIDANT_CERTIFICATE",
    "relation_number": "АБ 12",
    "relation_issued_by": "Орган опіки",
    "relation_issued_at": "2020-01-15",
}
GUARDIAN = {"first_name": "Віра", "second_name": "Іванівна", "birth_date": "1970-02-01"}
NUMBERS = itertools.count()


@pytest.fixture
async def desk(desk: Desk, browser: Browser, consent: Consent, connected: World) -> Desk:
    """A doctor: the published table lets no registrar change who speaks for a patient."""
    async with desk.central.connection() as db:
        await empty_tables(db, "relationship_requests")
    await browser.client.post("/sign-out")
    browser.client.cookies.clear()
    await come_in(browser, consent, "DOCTOR", connected.doctor)
    desk.caller = connected.doctor
    return desk


def unlike(**changes: str) -> dict[str, str]:
    """A surname that nobody else has: crowds of namesakes are another test's matter."""
    letters = "".join("абвгдежикл"[int(digit)] for digit in str(next(NUMBERS)))
    return {"last_name": f"Опіка{letters}"} | changes


async def two(desk: Desk) -> tuple[UUID, UUID, str]:
    """A patient, who is to speak for them, and the telephone of the patient's codes."""
    values = filled(desk.settlement, **unlike())
    patient = await desk.register(values)
    return patient, await desk.register(filled(desk.settlement, **unlike(**GUARDIAN))), values["method_phone"]


async def asked(desk: Desk, patient: UUID, guardian: UUID, **values: str) -> str:
    """Up to the codes and the scans; the path of the request."""
    path = f"/patients/{patient}/confidants/new/{guardian}"
    await desk.browser.get(path)
    await desk.browser.send(path, **PAPER | values)
    return desk.browser.path


async def scan(desk: Desk, path: str, number: int, content: bytes) -> httpx.Response:
    page = await desk.browser.client.get(path)
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    files = {"scan": ("скан.jpg", content, "image/jpeg")}
    return await desk.browser.client.post(f"{path}/scan", data={"csrf": csrf, "number": str(number)}, files=files)


async def confirmed(desk: Desk, path: str, phone: str, scans: Iterable[int] = (1,)) -> None:
    for number in scans:
        assert (await scan(desk, path, number, jpeg())).status_code == 303
    await desk.browser.get(path)
    await desk.browser.send(f"{path}/confirm", code=await desk.code(phone))


async def signed(desk: Desk, path: str) -> httpx.Response:
    content = await desk.value("select content from confidant_requests where id = $1", UUID(path.rpartition("/")[2]))
    key = desk.caller.key
    document = sign_cades(content, key.key, key.certificate, at=desk.clock.now())
    return await desk.browser.send(f"{path}/sign", signed_content=base64.b64encode(document).decode())


async def speaking(desk: Desk) -> tuple[UUID, UUID, str, UUID]:
    """Somebody speaks for the patient already; the id of the right too."""
    patient, guardian, phone = await two(desk)
    path = await asked(desk, patient, guardian)
    await confirmed(desk, path, phone)
    await signed(desk, path)
    right = await desk.at_central(
        "select id from confidant_person_relationships where person_id = $1 and is_active", patient
    )
    desk.clock.forward(timedelta(minutes=2))
    return patient, guardian, phone, right


class TestAdd:
    async def test_found_papers_code_scan_and_signature_then_speaks(self, desk: Desk) -> None:
        patient, guardian, phone = await two(desk)
        await desk.browser.get(f"/patients/{patient}/confidants")
        assert "Представників у пацієнта немає" in desk.browser.text
        born = f"{date.fromisoformat(GUARDIAN['birth_date']):%d.%m.%Y}"
        last_name = await desk.at_central("select last_name from persons where id = $1", guardian)
        names = {name: GUARDIAN[name] for name in ("first_name", "second_name")}
        await desk.browser.get(f"/patients/{patient}/confidants/new", **names, last_name=last_name, birth_date=born)
        assert f"/confidants/new/{guardian}" in desk.browser.page.text
        path = await asked(desk, patient, guardian)
        assert "Посвідчення опікуна" in desk.browser.text and "*****" in desk.browser.text
        await desk.browser.send(f"{path}/confirm", code=await desk.code(phone))
        assert "Додайте спершу всі скани" in desk.browser.text
        await confirmed(desk, path, phone)
        assert "Перевірте її й підпишіть" in desk.browser.text and "АБ 12" in desk.browser.text
        await signed(desk, path)
        assert desk.browser.path == f"/patients/{patient}/confidants" and "Зміну записано" in desk.browser.text
        assert "Посвідчення опікуна" in desk.browser.text
        assert await desk.value("select about = '' and content is null from confidant_requests")

    async def test_both_papers_wrong_then_each_fault_says_of_which(self, desk: Desk) -> None:
        patient, guardian, _phone = await two(desk)
        await asked(desk, patient, guardian, relation_number="", second_number="5")
        assert desk.browser.page.status_code == 422
        assert "Другий документ: вид" in desk.browser.text and 'value="5"' in desk.browser.page.text

    async def test_left_halfway_then_the_list_leads_back_to_it(self, desk: Desk) -> None:
        patient, guardian, _phone = await two(desk)
        path = await asked(desk, patient, guardian)
        await desk.browser.get(f"/patients/{patient}/confidants")
        assert "Розпочато" in desk.browser.text and path in desk.browser.page.text

    async def test_asked_anew_then_the_one_before_is_over(self, desk: Desk) -> None:
        patient, guardian, _phone = await two(desk)
        before = await asked(desk, patient, guardian)
        desk.clock.forward(timedelta(minutes=2))
        after = await asked(desk, patient, guardian, relation_number="АБ 13")
        assert before != after
        assert (await desk.browser.client.get(before)).status_code == 404

    async def test_already_speaks_then_told(self, desk: Desk) -> None:
        patient, guardian, _phone, _right = await speaking(desk)
        await asked(desk, patient, guardian)
        assert "вже є представником" in desk.browser.text

    async def test_child_then_not_chosen(self, desk: Desk) -> None:
        patient, guardian, _phone = await two(desk)
        young = desk.clock.now().date() - timedelta(days=16 * 366)
        async with desk.mis.services.database.connection() as db:
            await db.execute("update patients set birth_date = $2 where person_id = $1", guardian, young)
        await desk.browser.get(f"/patients/{patient}/confidants/new/{guardian}")
        assert desk.browser.path.endswith("/confidants/new") and "лише повнолітня" in desk.browser.text

    async def test_wrong_code_then_told_at_its_field(self, desk: Desk) -> None:
        patient, guardian, phone = await two(desk)
        path = await asked(desk, patient, guardian)
        await scan(desk, path, 1, b"%PDF")
        await scan(desk, path, 1, jpeg())
        await desk.browser.get(path)
        wrong = "1000" if await desk.code(phone) != "1000" else "1001"
        await desk.browser.send(f"{path}/confirm", code=wrong)
        assert "Код неправильний" in desk.browser.text
        await desk.browser.send(f"{path}/confirm", code="12")
        assert "чотири цифри" in desk.browser.text


class TestLostAnswers:
    async def test_to_the_code_then_the_second_try_goes_on(self, desk: Desk, wire: Wire) -> None:
        patient, guardian, phone = await two(desk)
        path = await asked(desk, patient, guardian)
        await scan(desk, path, 1, jpeg())
        await desk.browser.get(path)
        wire.loses_answer = lambda request: request.url.path.endswith("/approve")
        assert (await desk.browser.send(f"{path}/confirm", code=await desk.code(phone))).status_code == 503
        wire.loses_answer = lambda _request: False
        await desk.browser.get(path)
        await desk.browser.send(f"{path}/confirm", code=await desk.code(phone))
        assert "підпишіть своїм ключем" in desk.browser.text

    async def test_to_the_signature_then_signed_again_it_is_done_once(self, desk: Desk, wire: Wire) -> None:
        patient, guardian, phone = await two(desk)
        path = await asked(desk, patient, guardian)
        await confirmed(desk, path, phone)
        wire.loses_answer = lambda request: request.url.path.endswith("/sign")
        assert (await signed(desk, path)).status_code == 503
        wire.loses_answer = lambda _request: False
        await desk.browser.get(path)
        desk.clock.forward(timedelta(seconds=1))
        await signed(desk, path)
        assert "Зміну записано" in desk.browser.text
        assert (
            await desk.at_central("select count(*) from confidant_person_relationships where person_id = $1", patient)
            == 1
        )


class TestRight:
    async def test_other_papers_then_they_stand_in_the_list(self, desk: Desk) -> None:
        patient, _guardian, phone, right = await speaking(desk)
        path = f"/patients/{patient}/confidants/{right}/renew"
        await desk.browser.get(path)
        second = {"second_type": "COURT_DECISION", "second_number": "7", "second_issued_by": "Суд"}
        await desk.browser.send(path, **PAPER, **second, second_issued_at="2021-03-01")
        request = desk.browser.path
        await confirmed(desk, request, phone, (1, 2))
        await signed(desk, request)
        assert "Рішення суду" in desk.browser.text

    async def test_ended_then_nobody_speaks(self, desk: Desk) -> None:
        patient, _guardian, phone, right = await speaking(desk)
        path = f"/patients/{patient}/confidants/{right}/end"
        await desk.browser.get(path)
        assert "Який документ припиняє представництво" in desk.browser.text
        await desk.browser.send(path, **PAPER | {"relation_type": "COURT_DECISION"})
        request = desk.browser.path
        await confirmed(desk, request, phone)
        await signed(desk, request)
        assert "Представників у пацієнта немає" in desk.browser.text


class TestWhoseItIs:
    async def test_of_another_patient_or_clinic_then_not_found(self, desk: Desk) -> None:
        patient, guardian, _phone = await two(desk)
        path = await asked(desk, patient, guardian)
        id = path.rpartition("/")[2]
        assert (await desk.browser.client.get(f"/patients/{guardian}/confidants/requests/{id}")).status_code == 404
        for page in ("renew", "end"):
            answer = await desk.browser.client.get(f"/patients/{patient}/confidants/{UUID(int=3)}/{page}")
            assert answer.status_code == 404
        async with desk.mis.services.database.connection() as db:
            await db.execute(
                "update confidant_requests set clinic_id = (select id from clinics where id <> clinic_id limit 1)"
            )
        assert (await desk.browser.client.get(path)).status_code == 404

    async def test_day_later_then_forgotten(self, desk: Desk) -> None:
        patient, guardian, _phone = await two(desk)
        await asked(desk, patient, guardian)
        desk.clock.forward(timedelta(days=1, minutes=1))
        await forget_old(desk.mis.services)
        assert await desk.value("select count(*) from confidant_requests") == 0

    async def test_registrar_then_sees_and_changes_nothing(self, desk: Desk, browser: Browser) -> None:
        patient, guardian, _phone, _right = await speaking(desk)
        browser.client.cookies.clear()
        await browser.get("/sign-in")
        await browser.send("/sign-in", email=email_of("RECEPTIONIST"), password=PASSWORD)
        page = await browser.get(f"/patients/{patient}/confidants")
        assert "Посвідчення опікуна" in browser.text and "/renew" not in page.text
        assert (await browser.client.get(f"/patients/{patient}/confidants/new/{guardian}")).status_code == 403


class TestForm:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"relation_type": ""}, "relation_type"),
            ({"relation_type": "ODD"}, "relation_type"),
            ({"relation_number": ""}, "relation_number"),
            ({"relation_number": "1" * 256}, "relation_number"),
            ({"relation_issued_at": "2999-01-01"}, "relation_issued_at"),
            ({"relation_active_to": "2020-01-01"}, "relation_active_to"),
            ({"second_number": "7"}, "second_type"),
        ],
    )
    async def test_fault_then_told_at_its_field(self, desk: Desk, changes: dict[str, str], field: str) -> None:
        books = desk.mis.services.dictionaries
        faults = read_papers(PAPER | changes, books, date(2026, 11, 30))[1]
        assert next(iter(faults)) == field

    async def test_the_same_kind_twice_then_told(self, desk: Desk) -> None:
        books = desk.mis.services.dictionaries
        again = {name.replace("relation", "second"): value for name, value in PAPER.items()}
        papers, faults = read_papers(PAPER | again, books, date(2026, 11, 30))
        assert list(faults) == ["second_type"] and len(papers) == 2
