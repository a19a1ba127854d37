"""A parent registers a child in the cabinet: the form, the certificate's picture, the signature, the child's pages."""

from datetime import date
from uuid import UUID

import pytest

from esoz.cabinet.children.model import GROWN, NOT_BORN, read_child
from esoz.kernel.db import Connection
from tests.factories.scans import jpeg

from .conftest import Browser, Road, error, last_events

PATH = "/family/child"
TODAY = date(2026, 11, 22)
CHILD = {
    "last_name": "Савченко",
    "first_name": "Марічка",
    "second_name": "",
    "birth_date_day": "22",
    "birth_date_month": "11",
    "birth_date_year": "2020",
    "gender": "FEMALE",
    "birth_settlement": "Полтава",
    "birth_country": "Україна",
    "number": "1БК 123456",
    "issued_by": "Полтавський ДРАЦС",
    "issued_at_day": "1",
    "issued_at_month": "12",
    "issued_at_year": "2020",
    "secret": "ромашка",
}


@pytest.fixture
async def parent(patient: Browser, db: Connection) -> Browser:
    """Whose address and telephone are known."""
    phones = [{"type": "MOBILE", "number": "+380501112233"}]
    await db.execute("update persons set phones = $2 where id = $1", patient.world.patient.person_id, phones)
    return patient


async def written_down(parent: Browser) -> str:
    """The form sent; the path of the page that follows."""
    await parent.open(PATH)
    answer = await parent.post(PATH, **CHILD, form_token=parent.hidden("form_token"))
    assert answer.status_code == 303, parent.text
    return str(answer.headers["location"])


async def hand_in(parent: Browser, path: str) -> None:
    await parent.open(path)
    form = {"csrf": parent.csrf, "form_token": parent.hidden("form_token"), "type": "BIRTH_CERTIFICATE"}
    sent = await parent.client.post(f"{path}/scan", data=form, files={"scan": ("a.jpg", jpeg(), "image/jpeg")})
    assert sent.status_code == 303, sent.text


class TestWay:
    async def test_form_picture_and_signature_then_the_child_stands_in_the_family(
        self, parent: Browser, own: Connection
    ) -> None:
        path = await written_down(parent)
        assert path.startswith("/person/changes/")
        await parent.open(path)
        for words in ("Перевірте й підпишіть реєстрацію дитини", "Марічка", "1БК 123456", "Надішліть знімок свідоцтва"):
            assert words in parent.text, words
        await hand_in(parent, path)
        await parent.open(path)
        assert "Ви мати або батько дитини" in parent.text
        content = parent.hidden("content")
        signed = parent.world.patient.sign(parent.to_be_signed)
        token = parent.hidden("form_token")
        answer = await parent.post(f"{path}/sign", content=content, signed_content=signed, form_token=token)
        assert answer.headers["location"] == "/family", parent.text
        await parent.open("/family")
        assert "Савченко Марічка" in parent.text and "Дитину зареєстровано" in parent.text

    async def test_given_up_then_back_in_the_family_without_a_child(self, parent: Browser) -> None:
        path = await written_down(parent)
        await parent.open(path)
        answer = await parent.post(f"{path}/give-up", form_token=parent.hidden("form_token"))
        assert answer.headers["location"] == "/family"
        await parent.open("/family")
        assert "Марічка" not in parent.text and "Зареєструвати дитину" in parent.text

    async def test_form_then_the_parent_s_surname_and_where_the_child_will_live(
        self, parent: Browser, own: Connection
    ) -> None:
        await parent.open(PATH)
        assert "Телефонуватимуть Вам: +380501112233" in parent.text
        assert [event for event, _ in await last_events(own, 1)] == ["child_registration.read"]

    async def test_parent_without_telephone_then_said_what_to_add(self, patient: Browser, db: Connection) -> None:
        await db.execute("update persons set phones = '[]' where id = $1", patient.world.patient.person_id)
        await patient.open(PATH)
        assert "Спершу додайте їх" in patient.text and "/person/change/contacts" in patient.page.text

    async def test_faults_then_beside_their_fields_and_what_was_typed_stays(self, parent: Browser) -> None:
        await parent.open(PATH)
        await parent.post(PATH, **(CHILD | {"number": "", "gender": ""}), form_token=parent.hidden("form_token"))
        assert parent.page.status_code == 422
        assert 'id="number-error"' in parent.page.text and "Полтавський ДРАЦС" in parent.page.text

    async def test_refused_by_central_then_in_words_and_what_was_typed_stays(self, parent: Browser, road: Road) -> None:
        await parent.open(PATH)
        road.answers["POST /api/pis/person/wards"] = error(409, "request_conflict", "Such person already exists")
        await parent.post(PATH, **CHILD, form_token=parent.hidden("form_token"))
        assert parent.page.status_code == 422
        assert "ЕСОЗ не прийняла даних дитини" in parent.text and "Марічка" in parent.page.text
        assert "Дитину з таким свідоцтвом уже зареєстровано" in parent.text and "Якщо це Ви" not in parent.text

    async def test_sent_twice_then_one_request(self, parent: Browser, db: Connection) -> None:
        await parent.open(PATH)
        token = parent.hidden("form_token")
        for _ in range(2):
            await parent.open(PATH)
            await parent.post(PATH, **CHILD, form_token=token)
        asked = await db.fetchval(
            "select count(*) from person_requests where confirmed_by = $1", UUID(str(parent.world.patient.person_id))
        )
        assert asked == 1


class TestForm:
    def read(self, **changes: str) -> tuple[dict[str, str], dict[str, str]]:
        return read_child(CHILD | changes, TODAY)

    def test_whole_then_values_without_faults(self) -> None:
        values, faults = self.read()
        assert faults == {}
        assert values["birth_date"] == "2020-11-22" and values["number"] == "1БК 123456"

    @pytest.mark.parametrize(
        ("year", "day", "fault"),
        [("2012", "22", GROWN), ("2012", "23", None), ("2026", "22", None), ("2026", "23", NOT_BORN)],
    )
    def test_birthday_then_at_its_edges(self, year: str, day: str, fault: str | None) -> None:
        issued = {"issued_at_day": "22", "issued_at_month": "11", "issued_at_year": "2026"}
        _, faults = self.read(birth_date_year=year, birth_date_day=day, **issued)
        assert faults.get("birth_date") == fault and set(faults) <= {"birth_date"}

    def test_nothing_typed_then_every_field_told_once(self) -> None:
        _, faults = read_child({}, TODAY)
        assert {"last_name", "first_name", "birth_date", "gender", "birth_settlement", "number", "secret"} <= set(
            faults
        )

    def test_certificate_older_than_the_child_then_said_beside_its_date(self) -> None:
        _, faults = self.read(issued_at_year="2019")
        assert set(faults) == {"issued_at"}
