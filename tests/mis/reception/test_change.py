"""What is registered of a patient is changed: what was and what will be; what the form has no place for stays."""

from typing import Any, ClassVar
from uuid import UUID

import pytest

from esoz.kernel.db import Database
from esoz.mis.app import Mis
from esoz.mis.reception.registration.commands.signing import deliver
from esoz.mis.reception.registration.model.carried import with_the_rest
from tests.emptying import empty_tables
from tests.factories.world import World
from tests.mis.conftest import Browser, Consent, come_in

from .conftest import HOME, Desk, filled


@pytest.fixture
async def office(mis: Mis, browser: Browser, consent: Consent, connected: World, central_database: Database) -> Desk:
    """The doctor of the patient, who may see the personal data."""
    await come_in(browser, consent, "DOCTOR", connected.doctor)
    async with central_database.connection() as db:
        await empty_tables(db, "messages", "person_requests")
        settlement = await db.fetchval("select id from settlements order by id limit 1")
    return Desk(browser, connected.doctor, mis, central_database, settlement, mis.services.clock)  # type: ignore[arg-type]  # the tests set the clock


async def opened(desk: Desk, connected: World) -> UUID:
    person = connected.persons[0]
    line = f"{person.last_name} {person.first_name} {person.birth_date:%d.%m.%Y}"
    await desk.browser.get("/patients", q=line)
    return person.id


async def begun(desk: Desk, person_id: UUID) -> UUID:
    await desk.browser.get(f"/patients/{person_id}/change")
    await desk.browser.send(f"/patients/{person_id}/change")
    assert desk.browser.path.endswith("/edit"), desk.browser.text
    return UUID(desk.browser.path.split("/")[2])


class TestDoctor:
    async def test_new_street_then_shown_side_by_side_and_changed_in_central(
        self, office: Desk, connected: World
    ) -> None:
        person_id = await opened(office, connected)
        id = await begun(office, person_id)
        await office.browser.send(f"{HOME}/{id}/edit", street="Нова Лісова", email="nova@poshta.ua")
        assert office.browser.path == f"{HOME}/{id}/check", office.browser.text
        assert "Було" in office.browser.text and "Нова Лісова" in office.browser.text
        assert office.browser.text.count("зміна") >= 2
        await office.browser.send(f"{HOME}/{id}/check")
        phone = await office.at_central("select recipient from messages order by inserted_at desc limit 1")
        await office.browser.send(f"{HOME}/{id}/confirm", code=await office.code(phone))
        await office.sign(id)
        await deliver(office.mis.services)
        assert await office.state(id) == "done"
        assert await office.at_central("select email from persons where id = $1", person_id) == "nova@poshta.ua"
        await office.browser.get(f"{HOME}/{id}")
        assert "Дані змінено в ЕСОЗ" in office.browser.text

    async def test_begun_already_then_offered_to_go_on_with(self, office: Desk, connected: World) -> None:
        person_id = await opened(office, connected)
        id = await begun(office, person_id)
        page = await office.browser.get(f"/patients/{person_id}/change")
        assert f"{HOME}/{id}" in page.text and "Продовжити розпочату" in office.browser.text

    async def test_personal_data_read_for_the_form_leave_a_line(self, office: Desk, connected: World) -> None:
        person_id = await opened(office, connected)
        lines = "select count(*) from audit_events where event = 'registration.personal_data_read' and patient_id = $1"
        before = await office.value(lines, person_id)
        await begun(office, person_id)
        assert await office.value(lines, person_id) == before + 1

    async def test_form_of_somebody_registered_has_no_way_to_confirm(self, office: Desk, connected: World) -> None:
        id = await begun(office, await opened(office, connected))
        page = await office.browser.get(f"{HOME}/{id}/edit")
        assert 'name="method"' not in page.text
        assert (await office.browser.client.get(f"{HOME}/{id}/confidant")).status_code == 409


class TestRegistrar:
    async def test_to_whom_central_shows_no_data_then_told_to_copy_them_and_changed_all_the_same(
        self, desk: Desk
    ) -> None:
        values = filled(desk.settlement)
        person_id = await desk.register(values)
        id = await begun(desk, person_id)
        assert "не показує Вам персональних даних" in desk.browser.text
        changed = {name: text for name, text in values.items() if not name.startswith("method")}
        await desk.browser.send(f"{HOME}/{id}/edit", **(changed | {"last_name": "Щербань"}))
        assert desk.browser.path == f"{HOME}/{id}/check", desk.browser.text
        await desk.browser.send(f"{HOME}/{id}/check")
        await desk.browser.send(f"{HOME}/{id}/confirm", code=await desk.code(values["method_phone"]))
        await desk.sign(id)
        await deliver(desk.mis.services)
        assert await desk.state(id) == "done"
        assert await desk.at_central("select last_name from persons where id = $1", person_id) == "Щербань"
        await desk.browser.get(f"/patients/{person_id}")
        assert "Щербань" in desk.browser.text

    async def test_another_way_that_is_none_of_theirs_then_the_form_is_shown_again_with_why(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        person_id = await desk.register(values)
        id = await begun(desk, person_id)
        changed = {name: text for name, text in values.items() if not name.startswith("method")}
        await desk.browser.send(f"{HOME}/{id}/edit", **changed)
        await desk.browser.send(f"{HOME}/{id}/check", authorize_with=str(UUID(int=9)))
        assert desk.browser.path == f"{HOME}/{id}/edit" and "Такого способу підтвердження" in desk.browser.text


class TestWhatStays:
    PHONE: ClassVar[dict[str, str]] = {"type": "MOBILE", "number": "+380501112233"}
    HOME_PHONE: ClassVar[dict[str, str]] = {"type": "LAND_LINE", "number": "+380441112233"}

    def told(self, **changes: Any) -> dict[str, Any]:
        contact = {"last_name": "Їжак", "first_name": "Остап", "phones": [self.PHONE]}
        return {"addresses": [{"type": "RESIDENCE"}], "phones": [self.PHONE], "emergency_contact": contact} | changes

    def test_addresses_and_telephones_of_other_kinds(self) -> None:
        before = self.told(
            addresses=[{"type": "RESIDENCE", "street": "Стара"}, {"type": "REGISTRATION"}],
            phones=[{**self.PHONE, "number": "+380990000000"}, self.HOME_PHONE],
        )
        whole = with_the_rest(self.told(), before)
        assert whole["addresses"] == [{"type": "RESIDENCE"}, {"type": "REGISTRATION"}]
        assert whole["phones"] == [self.PHONE, self.HOME_PHONE]

    @pytest.mark.parametrize(
        ("number", "before", "kind"),
        [
            ("+380501112233", HOME_PHONE, "MOBILE"),  # a mobile one in the place of that of the house
            ("+380441112233", HOME_PHONE, "LAND_LINE"),  # the same as before
            ("+380441112233", PHONE, "LAND_LINE"),
            ("+380731112233", PHONE, "MOBILE"),
            ("+380501112233", {"type": "LAND_LINE", "number": "+380501112233"}, "LAND_LINE"),  # as it was told
        ],
    )
    def test_kind_of_the_only_telephone(self, number: str, before: dict[str, str], kind: str) -> None:
        told = self.told(phones=[{"type": "MOBILE", "number": number}])
        assert with_the_rest(told, self.told(phones=[before]))["phones"] == [{"type": kind, "number": number}]

    def test_patronymic_of_whom_to_call_while_it_is_the_same_one(self) -> None:
        contact = {"last_name": "Їжак", "first_name": "Остап", "second_name": "Іванович", "phones": [self.PHONE]}
        assert with_the_rest(self.told(), self.told(emergency_contact=contact))["emergency_contact"] == contact
        other = {**contact, "first_name": "Олена"}
        assert "second_name" not in with_the_rest(self.told(), self.told(emergency_contact=other))["emergency_contact"]

    def test_telephone_that_was_taken_away_is_away(self) -> None:
        told = self.told()
        del told["phones"]
        assert "phones" not in with_the_rest(told, self.told())
