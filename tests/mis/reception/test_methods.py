"""Ways in which a patient confirms: listed, added, named, ended, each with the patient's word."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from esoz.mis.reception.methods.commands import forget_old
from esoz.mis.reception.methods.forms import read
from tests.factories.scans import jpeg
from tests.mis.conftest import Wire

from .conftest import Desk, filled


async def patient(desk: Desk, **changes: str) -> tuple[UUID, str]:
    """Somebody registered a moment ago, and the telephone of their codes."""
    values = filled(desk.settlement, **changes)
    return await desk.register(values), values["method_phone"]


async def asked(desk: Desk, person_id: UUID, **values: str) -> str:
    """A new way, asked for; the page where it is confirmed."""
    await desk.browser.get(f"/patients/{person_id}/ways/new")
    await desk.browser.send(f"/patients/{person_id}/ways/new", **values)
    return desk.browser.path


class TestAdd:
    async def test_another_telephone_then_confirmed_itself_and_then_by_the_old_one(self, desk: Desk) -> None:
        person_id, old = await patient(desk)
        new = f"+38063{old[-7:]}"
        path = await asked(desk, person_id, type="OTP", phone_number=f"0{new[4:]}", alias="робочий")
        assert "підтвердьте новий телефон" in desk.browser.text and new in desk.browser.text
        await desk.browser.send(f"{path}/phone", code=await desk.code(new))
        assert "*****" in desk.browser.text
        await desk.browser.send(f"{path}/confirm", code=await desk.code(old))
        assert desk.browser.path == f"/patients/{person_id}/ways" and "Зміну записано" in desk.browser.text
        assert "робочий" in desk.browser.text
        found = await desk.at_central(
            "select count(*) from authentication_methods where person_id = $1 and is_active", person_id
        )
        assert found == 2

    async def test_papers_of_who_has_no_telephone_then_scans(self, desk: Desk) -> None:
        person_id, _phone = await patient(desk)
        async with desk.central.connection() as db:
            await db.execute(
                "update authentication_methods set type = 'OFFLINE', phone_number = null where person_id = $1",
                person_id,
            )
        path = await asked(desk, person_id, type="OTP", phone_number="+380639998877")
        await desk.browser.send(f"{path}/phone", code=await desk.code("+380639998877"))
        await desk.browser.send(f"{path}/confirm")
        assert "Додайте спершу всі скани" in desk.browser.text
        await _scan(desk, path, 1, b"%PDF")
        for number in range(1, 3):
            assert (await _scan(desk, path, number, jpeg())).status_code == 303
        await desk.browser.get(path)
        await desk.browser.send(f"{path}/confirm")
        assert "Зміну записано" in desk.browser.text

    async def test_the_same_again_then_refused_with_words(self, desk: Desk) -> None:
        person_id, phone = await patient(desk)
        await asked(desk, person_id, type="OTP", phone_number=phone)
        assert "Такий спосіб у людини вже є" in desk.browser.text

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"type": ""}, "type"),
            ({"type": "NA"}, "type"),
            ({"type": "OTP", "phone_number": ""}, "phone_number"),
            ({"type": "OTP", "phone_number": "123"}, "phone_number"),
            ({"type": "THIRD_PERSON", "value": "x", "alias": "мама"}, "value"),
            ({"type": "THIRD_PERSON", "value": "own"}, "alias"),
            ({"type": "OFFLINE", "alias": "я" * 256}, "alias"),
        ],
    )
    def test_fault_then_told_at_its_field(self, values: dict[str, str], field: str) -> None:
        assert list(read(values, ["own"])[1]) == [field]

    def test_telephone_as_people_type_it(self) -> None:
        change, faults = read({"type": "OTP", "phone_number": "050 123-45-67"}, [])
        assert not faults and change == {"type": "OTP", "phone_number": "+380501234567"}


async def _scan(desk: Desk, path: str, number: int, content: bytes) -> httpx.Response:
    page = await desk.browser.client.get(path)
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    files = {"scan": ("скан.jpg", content, "image/jpeg")}
    return await desk.browser.client.post(f"{path}/scan", data={"csrf": csrf, "number": str(number)}, files=files)


class TestChange:
    async def test_named_then_the_name_stands_in_the_list(self, desk: Desk) -> None:
        person_id, phone = await patient(desk)
        way = await _way(desk, person_id)
        await desk.browser.get(f"/patients/{person_id}/ways/{way}/name")
        await desk.browser.send(f"/patients/{person_id}/ways/{way}/name", alias="")
        assert "Введіть назву" in desk.browser.text
        await desk.browser.send(f"/patients/{person_id}/ways/{way}/name", alias="власний")
        path = desk.browser.path
        wrong = "1000" if await desk.code(phone) != "1000" else "1001"
        await desk.browser.send(f"{path}/confirm", code=wrong)
        assert "Код неправильний" in desk.browser.text
        await desk.browser.send(f"{path}/confirm", code=await desk.code(phone))
        assert "власний" in desk.browser.text

    async def test_the_only_one_is_not_ended(self, desk: Desk) -> None:
        person_id, _phone = await patient(desk)
        page = await desk.browser.get(f"/patients/{person_id}/ways")
        assert "Єдиний спосіб завершити не можна" in desk.browser.text and "/end" not in page.text
        way = await _way(desk, person_id)
        await desk.browser.get(f"/patients/{person_id}/ways/{way}/end")
        await desk.browser.send(f"/patients/{person_id}/ways/{way}/end")
        assert "єдиний спосіб підтвердження" in desk.browser.text

    async def test_one_of_two_is_ended_by_the_word_of_the_patient(self, desk: Desk) -> None:
        person_id, phone = await patient(desk)
        path = await asked(desk, person_id, type="OFFLINE")
        await desk.browser.send(f"{path}/confirm", code=await desk.code(phone))
        desk.clock.forward(_minutes(2))
        offline = await desk.at_central(
            "select id from authentication_methods where person_id = $1 and type = 'OFFLINE'", person_id
        )
        await desk.browser.get(f"/patients/{person_id}/ways/{offline}/end")
        await desk.browser.send(f"/patients/{person_id}/ways/{offline}/end")
        await desk.browser.send(f"{desk.browser.path}/confirm", code=await desk.code(phone))
        assert "Зміну записано" in desk.browser.text and "Єдиний спосіб" in desk.browser.text

    async def test_answer_to_the_code_is_lost_then_the_same_code_goes_on(self, desk: Desk, wire: Wire) -> None:
        person_id, phone = await patient(desk)
        path = await asked(desk, person_id, type="OFFLINE")
        code = await desk.code(phone)
        wire.loses_answer = lambda request: request.url.path.endswith("/approve")
        assert (await desk.browser.send(f"{path}/confirm", code=code)).status_code == 503
        wire.loses_answer = lambda _request: False
        await desk.browser.get(path)
        await desk.browser.send(f"{path}/confirm", code=code)
        assert "Зміну записано" in desk.browser.text


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


async def _way(desk: Desk, person_id: UUID) -> UUID:
    found = await desk.at_central("select id from authentication_methods where person_id = $1", person_id)
    assert isinstance(found, UUID)
    return found


class TestWhoseItIs:
    async def test_request_of_another_clinic_or_patient_is_not_found(self, desk: Desk) -> None:
        person_id, _phone = await patient(desk)
        path = await asked(desk, person_id, type="OFFLINE")
        other, _ = await desk.register(filled(desk.settlement)), ""
        id = path.rpartition("/")[2]
        assert (await desk.browser.client.get(f"/patients/{other}/ways/requests/{id}")).status_code == 404
        async with desk.mis.services.database.connection() as db:
            await db.execute(
                "update method_requests set clinic_id = (select id from clinics where id <> clinic_id limit 1)"
            )
        assert (await desk.browser.client.get(path)).status_code == 404

    async def test_way_that_is_not_theirs_is_not_found(self, desk: Desk) -> None:
        person_id, _phone = await patient(desk)
        for page in ("name", "end"):
            answer = await desk.browser.client.get(f"/patients/{person_id}/ways/{UUID(int=3)}/{page}")
            assert answer.status_code == 404

    async def test_day_later_then_forgotten(self, desk: Desk) -> None:
        person_id, _phone = await patient(desk)
        await asked(desk, person_id, type="OFFLINE")
        desk.clock.forward(_minutes(60 * 24 + 1))
        await forget_old(desk.mis.services)
        assert await desk.value("select count(*) from method_requests") == 0
