"""What is not in central: a queue narrowed and as a file, a clinic's work by worker, the evening's mail."""

import asyncio
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from esoz.mis.documents.unsent.commands import remind
from esoz.mis.documents.unsent.model import is_time
from tests.factories.world import World

from .conftest import NOW, Browser, Consent, come_in, email_of

BRONCHITIS, COUGH = "Епізод закрито.", "Диагноз відсутній."
EVENING = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)  # 18:05 in Kyiv


def refusal(words: str, *, rule: str = "") -> dict[str, Any]:
    faults = [["$.episode", rule, words]] if rule else []
    return {"status": 409, "type": "request_conflict", "message": words, "request_id": "r", "faults": faults}


async def write(mis: Mis, role: str, state: str, **changes: object) -> UUID:
    """A document of a user, as if it had been written on a day before."""
    id = uuid4()
    async with mis.services.database.connection() as db:
        user = await db.fetchrow(
            "select u.id, w.clinic_id from users u join workplaces w on w.user_id = u.id where email = $1",
            email_of(role),
        )
        columns: dict[str, object] = {
            "id": id,
            "kind": "encounter",
            "clinic_id": user["clinic_id"],
            "user_id": user["id"],
            "patient_id": uuid4(),
            "record_id": uuid4(),
            "title": "Прийом",
            "service_date": date(2026, 11, 20),
            "form": {},
            "method": "POST",
            "path": "/",
            "found_at": "/",
            "unsigned": {},
            "found_as": {},
            "state": state,
            "created_at": NOW - timedelta(days=2),
            "updated_at": NOW - timedelta(days=1),
        } | changes
        places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        await db.execute(f"insert into documents ({', '.join(columns)}) values ({places})", *columns.values())
    return id


async def rows_of(browser: Browser, path: str, **query: str) -> list[list[str]]:
    """Lines of a file under its heads."""
    answer = await browser.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()[1:]]


class TestQueue:
    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ({}, {"A01", "A02", "A03", "A04"}),
            ({"title": "Направлення"}, {"A03"}),
            ({"title": "Нема такого"}, set()),
            ({"from": "2026-11-21"}, {"A01", "A02", "A03"}),
            ({"to": "2026-11-20"}, {"A04"}),
            ({"from": "2026-11-19", "to": "2026-11-19"}, {"A04"}),
            ({"from": "2026-11-20", "to": "2026-11-20"}, set()),
            ({"to": "9999-12-31"}, {"A01", "A02", "A03", "A04"}),
            ({"reason": "Такої причини немає"}, set()),
            ({"state": "draft"}, {"A03"}),
        ],
    )
    async def test_narrowed_then_the_page_and_the_file_tell_the_same(
        self, doctor: Browser, mis: Mis, query: dict[str, str], codes: Collection[str]
    ) -> None:
        await write(mis, "DOCTOR", "refused", code="A01", refusal=refusal("Some refusal"))
        await write(mis, "DOCTOR", "refused", code="A02", refusal=refusal("Other refusal", rule="invalid"))
        await write(mis, "DOCTOR", "draft", code="A03", title="Направлення")
        # A minute after midnight in Kyiv, when it is still the day before in UTC.
        await write(mis, "DOCTOR", "accepted", code="A04", updated_at=datetime(2026, 11, 18, 22, 1, tzinfo=UTC))
        await doctor.get("/sync", **query)
        assert {code for code in ("A01", "A02", "A03", "A04") if code in doctor.text} == codes
        assert {row[2] for row in await rows_of(doctor, "/sync/list.csv", **query)} == codes

    async def test_by_a_reason_as_it_is_offered_then_what_was_refused_so(self, doctor: Browser, mis: Mis) -> None:
        await write(mis, "DOCTOR", "refused", code="A01", refusal=refusal("Episode is closed"))
        await write(mis, "DOCTOR", "refused", code="A02", refusal=refusal("Nobody has explained this", rule="invalid"))
        page = (await doctor.get("/sync")).text
        reasons = page.split('name="reason"')[1].split("</select>")[0].split('<option value="')[2:]
        told = [each.split('"')[0] for each in reasons]
        assert len(told) == 2
        found = [[row[2] for row in await rows_of(doctor, "/sync/list.csv", reason=each)] for each in told]
        assert sorted(found) == [["A01"], ["A02"]]
        lines = await rows_of(doctor, "/sync/list.csv", state="refused")
        assert {row[6] for row in lines} == set(told) and {row[8] for row in lines} == {"05.12.2026"}

    async def test_day_that_is_none_then_said_beside_its_field_and_all_is_shown(
        self, doctor: Browser, mis: Mis
    ) -> None:
        await write(mis, "DOCTOR", "draft", code="A03")
        await doctor.get("/sync", **{"from": "2026-02-30"})
        assert "Введіть справжню дату." in doctor.text and "A03" in doctor.text


class TestByWorker:
    @pytest.fixture
    async def owner(self, browser: Browser, consent: Consent, connected: World, head: UUID) -> Browser:
        return await come_in(browser, consent, "OWNER", connected.owner)

    async def test_then_who_has_how_much_and_until_when(self, owner: Browser, mis: Mis) -> None:
        for state in ("draft", "draft", "ready", "queued", "refused", "accepted", "discarded"):
            await write(mis, "DOCTOR", state)
        await write(mis, "DOCTOR", "draft", service_date=date(2026, 9, 30), created_at=NOW - timedelta(days=60))
        await write(mis, "DOCTOR", "draft", is_blank=True)
        await write(mis, "RECEPTIONIST", "draft", service_date=None)
        await write(mis, "PHARMACIST", "refused")
        rows = await rows_of(owner, "/unsent/list.csv")
        assert [row[1:8] for row in rows] == [
            ["3", "1", "1", "1", "6", "1", "05.12.2026"],
            ["1", "0", "0", "0", "0", "0", ""],
        ]
        assert rows[0][8] == "23.09.2026 13:00"
        await owner.get("/unsent")
        assert "6 записів, передайте до 05.12.2026" in owner.text and "1 запис уже не оплатять" in owner.text
        assert owner.text.count("Ковальчук Ґалина Їжаківна") == 3  # two rows, and who is signed in

    async def test_by_name_then_only_who_is_called_so(self, owner: Browser, mis: Mis) -> None:
        await write(mis, "DOCTOR", "draft")
        assert len(await rows_of(owner, "/unsent/list.csv", name="КОВАЛЬ")) == 1
        assert await rows_of(owner, "/unsent/list.csv", name="%") == []
        await owner.get("/unsent", name="Петренко")
        assert "Такого працівника з непереданими записами немає." in owner.text

    async def test_of_someone_who_has_left_then_still_shown(self, owner: Browser, mis: Mis) -> None:
        clinic_id = await self._clinic_of(mis, "DOCTOR")
        await write(mis, "PHARMACIST", "draft", clinic_id=clinic_id)  # works elsewhere now
        assert len(await rows_of(owner, "/unsent/list.csv")) == 1

    @staticmethod
    async def _clinic_of(mis: Mis, role: str) -> UUID:
        async with mis.services.database.connection() as db:
            found: UUID = await db.fetchval(
                "select clinic_id from workplaces w join users u on u.id = w.user_id where email = $1", email_of(role)
            )
        return found

    async def test_nothing_unsent_then_said(self, owner: Browser, mis: Mis) -> None:
        await write(mis, "DOCTOR", "accepted")
        await owner.get("/unsent")
        assert "Усе передано до ЕСОЗ." in owner.text


class TestMail:
    async def told(self, mis: Mis) -> list[tuple[str, str]]:
        async with mis.services.database.connection() as db:
            rows = await db.fetch("delete from messages returning recipient, body")
        return sorted((row["recipient"], row["body"]) for row in rows)

    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), False),
            (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), True),
            (datetime(2026, 11, 22, 18, 59, tzinfo=UTC), True),
            (datetime(2026, 11, 22, 19, 0, tzinfo=UTC), False),
            (datetime(2026, 7, 22, 15, 0, tzinfo=UTC), True),  # summer
        ],
    )
    def test_told_in_the_evening_of_kyiv(self, moment: datetime, expected: bool) -> None:
        assert is_time(moment) is expected

    async def test_something_waits_then_one_mail_a_day_with_numbers_and_no_patient(
        self, mis: Mis, clock: FixedClock
    ) -> None:
        for state in ("draft", "ready", "refused", "queued", "accepted"):
            await write(mis, "DOCTOR", state)
        await write(mis, "RECEPTIONIST", "queued")  # its author has nothing to do
        await remind(mis.services)
        assert await self.told(mis) == []  # noon
        clock.forward(EVENING - clock.now())
        await asyncio.gather(*(remind(mis.services) for _ in range(4)))
        [(recipient, body)] = await self.told(mis)
        assert recipient == email_of("DOCTOR") and body.startswith("Заклад PRIMARY_CARE\n")
        assert "не передано до ЕСОЗ: 3." in body and "Чернеток: 1. Очікують підпису: 1." in body
        assert "передайте до 05.12.2026. Уже не оплатять: 0." in body and "/sync/mail" in body
        await remind(mis.services)
        assert await self.told(mis) == []
        clock.forward(timedelta(days=1))
        await remind(mis.services)
        assert len(await self.told(mis)) == 1

    async def test_not_wanted_then_none_until_it_is_wanted_again(
        self, doctor: Browser, mis: Mis, clock: FixedClock
    ) -> None:
        await write(mis, "DOCTOR", "draft")
        await doctor.get("/sync/mail")
        await doctor.send("/sync/mail", mail="maybe")
        assert "Оберіть, чи надсилати лист." in doctor.text
        await doctor.send("/sync/mail", mail="no")
        assert "Збережено." in doctor.text
        clock.forward(EVENING - clock.now())
        await remind(mis.services)
        assert await self.told(mis) == []
        async with mis.services.database.connection() as db:
            await db.execute("delete from unsent_mails_unwanted")
        await remind(mis.services)
        assert len(await self.told(mis)) == 1

    async def test_who_may_not_come_in_any_more_then_no_mail(self, mis: Mis, clock: FixedClock) -> None:
        await write(mis, "DOCTOR", "draft")
        async with mis.services.database.connection() as db:
            await db.execute("update users set is_active = false where email = $1", email_of("DOCTOR"))
        clock.forward(EVENING - clock.now())
        await remind(mis.services)
        assert await self.told(mis) == []
