"""A second factor that the clinic requires, one that the head resets, and one that a new password does not go round."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from esoz.mis.sign_in.recovery.commands import send_asked
from tests.factories.world import World

from .conftest import NOW, Browser, Consent, come_in, email_of
from .signing_in import FACTOR, confirm, enrol, events, mails, password

STAFF = "/staff/second-factor"
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
async def owner(browser: Browser, consent: Consent, connected: World, head: UUID) -> Browser:
    """The head of the doctor's clinic at work."""
    return await come_in(browser, consent, "OWNER", connected.owner)


async def require(owner: Browser, day: date) -> None:
    await owner.get(STAFF)
    await owner.send(STAFF, **{"from": day.isoformat()})
    assert "Вимогу збережено" in owner.text


class TestRequired:
    async def test_from_its_day_then_nothing_but_the_enrolment_opens_until_it_is_done(
        self, owner: Browser, mis: Mis, clock: FixedClock, consent: Consent, connected: World
    ) -> None:
        await require(owner, TODAY + DAY)
        await owner.send("/sign-out")
        clock.forward(DAY)
        await password(owner)
        await owner.get("/patients")
        assert owner.path == FACTOR and "Ваш заклад вимагає другий фактор" in owner.text
        await enrol(owner, clock)
        await owner.get("/account")
        assert owner.path == "/account"

    async def test_the_day_before_then_told_on_the_desk(
        self, owner: Browser, consent: Consent, connected: World
    ) -> None:
        await require(owner, TODAY + DAY)
        await owner.send("/sign-out")
        await come_in(owner, consent, "DOCTOR", connected.doctor)
        assert owner.path == "/" and "З 23.11.2026 без нього робоче місце не відкриється" in owner.text

    async def test_then_the_password_that_is_over_is_changed_first(
        self, owner: Browser, mis: Mis, clock: FixedClock
    ) -> None:
        await require(owner, TODAY)
        await owner.send("/sign-out")
        clock.forward(91 * DAY)
        await password(owner)
        await owner.get("/account")
        assert owner.path == "/account/password"

    async def test_of_one_clinic_then_others_come_in_as_before(
        self, owner: Browser, consent: Consent, connected: World
    ) -> None:
        await require(owner, TODAY)
        await owner.send("/sign-out")
        await come_in(owner, consent, "PHARMACIST", connected.pharmacist)
        assert owner.path == "/pharmacy"

    async def test_without_a_day_then_required_no_more(self, owner: Browser, mis: Mis) -> None:
        await require(owner, TODAY)
        before = (await events(mis)).count("second_factor.required")
        await owner.send(STAFF, **{"from": ""})
        assert (await events(mis)).count("second_factor.required") == before + 1
        await owner.send("/sign-out")
        await password(owner)
        await owner.get("/account")
        assert owner.path == "/account"

    async def test_of_a_day_that_does_not_exist_then_told_at_the_field(self, owner: Browser) -> None:
        await owner.get(STAFF)
        answer = await owner.send(STAFF, **{"from": "2026-02-30"})
        assert answer.status_code == 422 and "справжню дату" in owner.text

    async def test_by_a_doctor_then_forbidden(self, doctor: Browser) -> None:
        assert (await doctor.get(STAFF)).status_code == 403


class TestColleagues:
    async def test_sought_by_name_then_only_they_are_shown(self, owner: Browser, people: dict[str, UUID]) -> None:
        await owner.get(f"{STAFF}?name=ковальчук+ґалина")
        assert "Ковальчук Ґалина" in owner.text
        await owner.get(f"{STAFF}?name=немає+такого")
        assert "Ковальчук Ґалина" not in owner.text.split("Нікого не знайдено")[1]

    async def test_many_then_paged_in_the_order_of_the_alphabet(
        self, owner: Browser, mis: Mis, connected: World
    ) -> None:
        names = ["Яценко", "Ґалаґан", "Галич", "Іваненко", "Зоря", *(f"Бондар{number:02d}" for number in range(25))]
        made = [uuid4() for _ in names]
        async with mis.services.database.transaction() as db:
            for user_id, name in zip(made, names, strict=True):
                await db.execute(
                    "insert into users (id, email, last_name, first_name, password_hash, password_set_at, inserted_at)"
                    " values ($1, $2, $3, 'Олег', 'x', $4, $4)",
                    user_id,
                    f"{user_id}@many.example",
                    name,
                    NOW,
                )
                await db.execute(
                    "insert into workplaces (id, user_id, clinic_id, role, employee_id)"
                    " values ($1, $1, $2, 'DOCTOR', $1)",
                    user_id,
                    connected.doctor.client_id,
                )
        try:
            await owner.get(f"{STAFF}?name=олег&page=1")
            assert "Бондар24" in owner.text and "Галич" not in owner.text
            await owner.get(f"{STAFF}?name=олег&page=2")
            places = [owner.text.index(name) for name in ("Галич", "Ґалаґан", "Зоря", "Іваненко", "Яценко")]
            assert places == sorted(places)
        finally:
            async with mis.services.database.transaction() as db:
                await db.execute("delete from workplaces where user_id = any($1)", made)
                await db.execute("delete from users where id = any($1)", made)


class TestReset:
    async def test_by_the_head_then_the_password_is_enough_sessions_end_and_the_person_is_told(
        self,
        doctor: Browser,
        mis: Mis,
        clock: FixedClock,
        consent: Consent,
        connected: World,
        head: UUID,
        people: dict[str, UUID],
    ) -> None:
        await enrol(doctor, clock)
        old = doctor.client.cookies["__Host-esoz_mis"]
        doctor.client.cookies.clear()
        await come_in(doctor, consent, "OWNER", connected.owner)
        await doctor.get(f"{STAFF}?name=ковальчук+ґалина")  # others may have filled the page
        assert "Ковальчук Ґалина" in doctor.text and "Скинути" in doctor.text
        await doctor.get(f"{STAFF}/{people['DOCTOR']}")
        await doctor.send(f"{STAFF}/{people['DOCTOR']}")
        assert "сеанси працівника завершено" in doctor.text
        assert (email_of("DOCTOR"), "Керівник скинув Ваш другий фактор") in await mails(mis)
        assert "second_factor.reset" in await events(mis)
        doctor.client.cookies.clear()
        doctor.client.cookies.set("__Host-esoz_mis", old)
        await doctor.get("/account")
        assert doctor.path == "/sign-in"
        await password(doctor)
        assert doctor.path == "/"

    @pytest.mark.parametrize("whose", ["PHARMACIST", "own"])
    async def test_of_another_clinic_or_ones_own_then_not_found(
        self, owner: Browser, people: dict[str, UUID], head: UUID, whose: str
    ) -> None:
        assert (await owner.get(f"{STAFF}/{people.get(whose, head)}")).status_code == 404

    async def test_confirmation_then_not_asked_of_another_path(self, owner: Browser) -> None:
        """What was proved for one change serves the next for five minutes, and leads back to where it was asked."""
        await owner.get(f"{FACTOR}/codes/new")
        await confirm(owner)
        assert owner.path == f"{FACTOR}/codes/new"


async def test_new_password_by_mail_then_the_code_is_asked_for_and_wrong_ones_are_not_forgiven(
    doctor: Browser, mis: Mis, clock: FixedClock
) -> None:
    await enrol(doctor, clock)
    await doctor.send("/sign-out")
    await password(doctor)
    for _ in range(3):
        await doctor.send("/sign-in/code", code="000000")
    await doctor.get("/recover")
    await doctor.send("/recover", email=email_of("DOCTOR"))
    await send_asked(mis.services)
    async with mis.services.database.connection() as db:
        body = await db.fetchval("select body from messages where body like '%/recover/%' and body not like '%Коли:%'")
    link = re.findall(r"/recover/\S+", body)[0]
    await doctor.get(link)
    await doctor.send(link, new="Жовтогарячий-77", again="Жовтогарячий-77")
    await doctor.send("/sign-in", email=email_of("DOCTOR"), password="Жовтогарячий-77")
    assert doctor.path == "/sign-in/code"
    await doctor.send("/sign-in/code", code="000000")
    assert "Коди призупинено" in doctor.text
