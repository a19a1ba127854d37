"""Lists of the pages: search, filters, pages, the Ukrainian order, what an empty one says."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.central import mis_register
from esoz.central.mis_register import Status
from esoz.kernel import rechecks
from esoz.kernel.db import Connection
from esoz.kernel.objects import Objects
from esoz.kernel.work import NOBODY, Signer, Work
from tests.central.answers import answered, faults
from tests.central.conftest import NOW
from tests.central.mis_register.test_register import GIVEN, tested
from tests.factories.world import Caller

from .conftest import Browser

NAMES = ("Ґанок", "Гілка", "Їжак", "Яр", "Європа", "Абрикос")
IN_ORDER = ["Абрикос", "Гілка", "Ґанок", "Європа", "Їжак", "Яр"]


async def register(work: Work, names: tuple[str, ...] = NAMES) -> None:
    """Systems that were tested, as they stand in the register."""
    for number, name in enumerate(names):
        entry = await mis_register.apply(work, replace(GIVEN, product=name, edrpou=f"{number:08}"))
        await work.db.execute("update mis_register set status = 'TESTED' where id = $1", entry.id)


def first_cells(page: str) -> list[str]:
    """What names the rows of the only table."""
    return [each.strip() for each in re.findall(r'<th\b[^>]*scope="row"[^>]*>\s*(?:<a[^>]*>)?([^<]+)', page)]


class TestRegister:
    async def test_names_stand_in_the_ukrainian_order(self, browser: Browser, work: Work) -> None:
        await register(work)
        assert [name for name in first_cells((await browser.get("/mis-register")).text) if name in NAMES] == IN_ORDER

    async def test_part_of_name_vendor_or_code_finds_and_wildcards_are_letters(
        self, browser: Browser, work: Work
    ) -> None:
        await register(work, ("Ґанок", "100% МІС"))
        for words, found in (
            ("ґан", ["Ґанок"]),
            ("00000001", ["100% МІС"]),
            ("розробник", ["100% МІС", "Ґанок"]),
            ("%", ["100% МІС"]),
            ("_", []),
        ):
            assert sorted(first_cells((await browser.get("/mis-register", name=words)).text)) == sorted(found)

    async def test_state_and_kind_choose_and_nonsense_chooses_nothing(self, browser: Browser, work: Work) -> None:
        await register(work, ("Ґанок",))
        assert first_cells((await browser.get("/mis-register", status="CONNECTED")).text) == ["test mis"]
        assert first_cells((await browser.get("/mis-register", legal_entity_type="PRIMARY_CARE")).text) == ["Ґанок"]
        assert "Таких систем немає" in (await browser.get("/mis-register", legal_entity_type="PHARMACY")).text
        page = await browser.get("/mis-register", status="SUBMITTED", legal_entity_type="'", page="0x1")
        assert sorted(first_cells(page.text)) == ["test mis", "Ґанок"]

    async def test_unpublished_applications_are_not_found_by_anybody(self, browser: Browser, work: Work) -> None:
        await mis_register.apply(work, replace(GIVEN, product="Ще таємна"))
        assert "Ще таємна" not in (await browser.get("/mis-register", name="таємна")).text

    async def test_pages_divide_and_keep_the_search(self, browser: Browser, work: Work) -> None:
        await register(work, tuple(f"Система {number:02}" for number in range(30)))
        page = (await browser.get("/mis-register", name="система")).text
        assert len(first_cells(page)) == 25
        assert re.search(r"name=[^\"]+page=2", page.replace("&amp;", "&"))
        assert len(first_cells((await browser.get("/mis-register", name="система", page="2")).text)) == 5
        past = (await browser.get("/mis-register", name="система", page="7")).text
        assert len(first_cells(past)) == 5  # the last page


class TestRegisterJson:
    async def test_pages_filters_and_shape(self, work: Work, doctor: Caller) -> None:
        await register(work)
        assert doctor.client is not None
        path = "/api/mis_register"
        body = answered(await doctor.client.get(path, params={"page_size": 2, "page": 2, "status": "TESTED"}))
        assert [each["name"] for each in body["data"]] == IN_ORDER[2:4]
        paging = {name: body["paging"][name] for name in ("page_number", "page_size", "total_entries", "total_pages")}
        assert paging == {"page_number": 2, "page_size": 2, "total_entries": 6, "total_pages": 3}
        body = answered(await doctor.client.get(path, params={"name": "їжак", "legal_entity_type": "PRIMARY_CARE"}))
        assert [each["name"] for each in body["data"]] == ["Їжак"]

    @pytest.mark.parametrize(("name", "value"), [("status", "SUBMITTED"), ("status", "nonsense"), ("order", "1")])
    async def test_what_is_not_offered_finds_nothing_or_is_refused(
        self, work: Work, doctor: Caller, name: str, value: str
    ) -> None:
        await mis_register.apply(work, GIVEN)
        assert doctor.client is not None
        response = await doctor.client.get("/api/mis_register", params={name: value})
        if value == "SUBMITTED":
            assert answered(response)["data"] == []
        else:
            assert faults(response)[0][0] == f"$.{name}"


class TestAdministration:
    async def test_newest_first_or_by_name_and_filtered(
        self,
        administrator: Browser,
        work: Work,
        db: Connection,
    ) -> None:
        await register(work)
        await db.execute("update mis_register set inserted_at = $1 where product = 'Їжак'", NOW + timedelta(days=1))
        assert first_cells((await administrator.get("/administration")).text)[0] == "Їжак"
        found = first_cells((await administrator.get("/administration", order="name", status="TESTED")).text)
        assert found == IN_ORDER
        assert "Таких систем немає" in (await administrator.get("/administration", status=Status.REJECTED)).text
        assert (await administrator.get("/administration", order="; drop table users")).status_code == 200


class TestInformation:
    async def test_words_and_section_choose_and_an_empty_answer_says_so(self, browser: Browser) -> None:
        page = (await browser.get("/information", words="пароль")).text
        assert "Навіщо регулярно змінювати пароль" in page
        assert "Контакт-центр НСЗУ" not in page
        page = (await browser.get("/information", section="CONTACT")).text
        assert "Контакт-центр НСЗУ" in page
        assert "Навіщо регулярно" not in page
        assert "Нічого не знайдено" in (await browser.get("/information", words="%")).text

    async def test_sections_come_in_their_order_and_titles_in_the_ukrainian_one(
        self, browser: Browser, db: Connection
    ) -> None:
        for title in ("Ґ новина", "Г новина", "Є новина"):
            await news(db, title)
        page = (await browser.get("/information")).text
        assert [page.index(each) for each in ("Контакт-центр НСЗУ", "Г новина", "Ґ новина", "Є новина", "Навіщо")] == (
            sorted(page.index(each) for each in ("Контакт-центр НСЗУ", "Г новина", "Ґ новина", "Є новина", "Навіщо"))
        )

    async def test_many_entries_are_divided(self, browser: Browser, db: Connection) -> None:
        for number in range(40):
            await news(db, f"Новина {number:02}")
        pages = [(await browser.get("/information", section="NEWS", page=number)).text for number in ("1", "2")]
        assert [len(re.findall("Новина [0-9]", page)) for page in pages] == [25, 15]

    async def test_administrator_finds_hidden_outdated_and_current(
        self,
        administrator: Browser,
        db: Connection,
    ) -> None:
        await news(db, "Прихована", is_shown=False)
        path = "/administration/information"
        assert first_cells((await administrator.get(path, state="HIDDEN")).text) == ["Прихована"]
        outdated = first_cells((await administrator.get(path, state="OUTDATED")).text)
        current = first_cells((await administrator.get(path, state="CURRENT")).text)
        assert "Консультація лікаря телефоном" in outdated
        assert "Контакт-центр НСЗУ" in current
        assert set(outdated).isdisjoint(current)
        assert "Нічого не знайдено" in (await administrator.get(path, words="нема такого")).text


async def news(db: Connection, title: str, *, is_shown: bool = True) -> None:
    await db.execute(
        "insert into information (id, section, title, body, checked_on, is_shown, inserted_at, updated_at)"
        " values (gen_random_uuid(), 'NEWS', $1, 'текст', $2, $3, $4, $4)",
        title,
        NOW.date(),
        is_shown,
        NOW,
    )


class TestSignatures:
    async def test_listed_opened_and_asked_again(
        self,
        administrator: Browser,
        work: Work,
        db: Connection,
    ) -> None:
        path = "/administration/signatures"
        assert "надавачі відповідали вчасно" in (await administrator.get(path)).text
        dependencies = replace(work.dependencies, objects=Objects.in_memory())
        signer = Signer("2222222222", None, "Кобилянська", "Ольга", False, "ab12", None, "Тестовий надавач")
        for number in range(26):
            await rechecks.note(Work(NOBODY, NOW, db, dependencies), b"document", f"{number:064x}", signer)
        assert len(first_cells((await administrator.get(path)).text)) == 25
        assert len(first_cells((await administrator.get(path, words="кобилян", page="2")).text)) == 1
        assert "Таких документів немає" in (await administrator.get(path, state="REVOKED")).text
        digest = f"{1:064x}"
        await db.execute("update signature_rechecks set state = 'UNANSWERED' where digest = $1", digest)
        page = await administrator.get(f"{path}/{digest}")
        assert "надавач не відповів" in page.text
        await administrator.send(f"{path}/{digest}/again")
        assert await db.fetchval("select state from signature_rechecks where digest = $1", digest) == "WAITING"
        await administrator.send(f"{path}/{digest}/again")
        assert "Зараз запитати не можна" in (await administrator.get(f"{path}/{digest}")).text
        assert (await administrator.get(f"{path}/nonsense")).status_code == 404

    async def test_closed_to_others(self, browser: Browser) -> None:
        assert (await browser.get("/administration/signatures")).headers["location"].startswith("/sign-in")


async def test_tested_and_connected_system_is_found_by_both_filters(browser: Browser, work: Work) -> None:
    mis_id: UUID = await tested(work)
    await mis_register.connect(work, mis_id)
    page = await browser.get("/mis-register", status="CONNECTED", legal_entity_type="PRIMARY_CARE")
    assert first_cells(page.text) == ["Нова МІС"]
