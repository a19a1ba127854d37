"""Positions: for each role those that it may have, found by the words that people use."""

from datetime import timedelta

import pytest

from esoz import spec
from esoz.mis.base.dictionaries import Dictionaries, Value
from esoz.mis.base.workplace import hired_as
from esoz.mis.clinic.staff.model import positions
from esoz.spec.employees import POSITIONS

from .conftest import Door, Hired, Office
from .test_inviting import Desk, filled

CLINICS = ("MSP", "PRIMARY_CARE", "OUTPATIENT", "PHARMACY", "EMERGENCY", "MSP_LIMITED")
OFFERED = sorted({(clinic, role) for clinic in CLINICS for role in hired_as(clinic)})


@pytest.fixture(scope="module")
def books() -> Dictionaries:
    found = Dictionaries()
    listed = spec.dictionary("POSITION").values
    found.put("POSITION", [Value(each.code, each.description, each.is_active) for each in listed])
    return found


def first(text: str, role: str, books: Dictionaries) -> str:
    """The words that come first for a text."""
    found = positions.search(text, positions.offered(role, books).items())
    return found[0][1].partition(" ")[2] if found else ""


class TestOffered:
    @pytest.mark.parametrize(("clinic", "role"), OFFERED)
    def test_of_every_role_that_a_clinic_hires_then_some_and_all_are_known(
        self, clinic: str, role: str, books: Dictionaries
    ) -> None:
        offered = positions.offered(role, books)
        assert list(offered) == list(POSITIONS[role]) and offered
        assert positions.is_searched(role) == (len(offered) > positions.MOST_LISTED)

    @pytest.mark.parametrize(("clinic", "role"), OFFERED)
    def test_of_every_role_when_searched_by_its_own_words_then_found_first(
        self, clinic: str, role: str, books: Dictionaries
    ) -> None:
        for code, words in positions.offered(role, books).items():
            assert first(words, role, books) == words, code
            assert first(code, role, books) == words, code

    def test_of_a_nurse_then_a_nurse_s_and_of_a_receptionist_no_doctor_s(self, books: Dictionaries) -> None:
        assert "Сестра медична" in positions.offered("ASSISTANT", books).values()
        assert list(positions.offered("RECEPTIONIST", books).values()) == ["Працівник реєстратури"]
        assert not any("Лікар" in words for words in positions.offered("LABORANT", books).values())

    def test_that_somebody_has_already_then_stays_open(self, books: Dictionaries) -> None:
        assert "P5" not in positions.offered("ASSISTANT", books)
        assert list(positions.offered("ASSISTANT", books, "P5"))[-1] == "P5"
        assert "P999" not in positions.offered("ASSISTANT", books, "P999")


class TestSearched:
    @pytest.mark.parametrize(
        ("said", "role", "found"),
        [
            ("медсестра", "ASSISTANT", "Сестра медична"),
            ("сімейна медсестра", "ASSISTANT", ""),
            ("медична сестра опер", "ASSISTANT", "Сестра медична операційна"),
            ("акушер", "ASSISTANT", "Акушерка"),
            ("хірург", "SPECIALIST", "Лікар-хірург"),
            ("КАРДІО", "SPECIALIST", "Лікар-кардіолог"),
            ("лор", "SPECIALIST", "Лікар-отоларинголог"),
            ("вухо-горло-ніс", "SPECIALIST", "Лікар-отоларинголог"),
            ("окуліст", "SPECIALIST", "Лікар-офтальмолог"),
            ("УЗД", "SPECIALIST", "Лікар з ультразвукової діагностики"),
            ("невролог", "SPECIALIST", "Лікар-невролог дитячий"),
            ("здоров'я", "SPECIALIST", "Лікар пункту охорони здоров’я"),
            ("провізор", "PHARMACIST", "Провізор"),
            ("", "SPECIALIST", ""),
            ("медсестра", "SPECIALIST", ""),
        ],
    )
    def test_by_everyday_words_then_the_best_fit_first(
        self, said: str, role: str, found: str, books: Dictionaries
    ) -> None:
        assert first(said, role, books) == found


@pytest.fixture
async def desk(office: Office, door: Door) -> Desk:
    hired = await office.hire("HR")
    return Desk(office, hired, await door.enter(hired))


class TestForm:
    async def test_of_a_receptionist_then_one_position_chosen_already(self, desk: Desk) -> None:
        page = await desk.browser.get("/staff/new", role="RECEPTIONIST")
        assert '<option value="P15" selected>' in page.text and 'value="P7"' not in page.text

    async def test_another_role_s_position_then_told_at_the_field(self, desk: Desk) -> None:
        await desk.browser.get("/staff/new", role="DOCTOR")
        page = await desk.browser.send("/staff/new", **filled() | {"position": "P174"})
        assert page.status_code == 422 and "Для цієї ролі такої посади немає" in desk.browser.text
        assert 'href="#position"' in page.text

    async def test_of_a_nurse_when_found_without_scripts_then_offered_and_what_was_typed_is_kept(
        self, desk: Desk
    ) -> None:
        await desk.browser.get("/staff/new", role="ASSISTANT")
        values = filled() | {"position": "", "position_text": "медсестра"}
        page = await desk.browser.send("/staff/new", find="position", **values)
        assert page.status_code == 200 and 'value="P174"' in page.text and "DD123543" in page.text

    async def test_found_while_typing_then_only_those_of_the_role(self, desk: Desk) -> None:
        found = await desk.browser.client.get("/staff/positions", params={"role": "ASSISTANT", "q": "медсестра"})
        assert found.json()[0] == {"value": "P174", "text": "P174 Сестра медична"}
        assert (
            await desk.browser.client.get("/staff/positions", params={"role": "OWNER", "q": "а"})
        ).status_code == 404

    async def test_of_another_table_when_changed_then_kept(self, desk: Desk, office: Office) -> None:
        laborant: Hired = await office.hire("LABORANT", speciality="VIROLOGY")  # hired as P7 by another system
        office.clock.forward(timedelta(seconds=31))
        await desk.browser.get("/staff")
        page = await desk.browser.get(f"/staff/{laborant.employee_id}/change")
        assert '<option value="P7" selected>' in page.text
