"""Medicines of one visit: a line for each, one check, one opening of the key; and how little has to be typed."""

import base64
import re
from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest

from esoz.kernel.db import Connection
from esoz.mis.app import Mis
from tests.factories.prescriptions import AMOXICILLIN
from tests.factories.world import World

from ..conftest import Browser, Wire
from .conftest import reasons, sign

LINE = "1 т. 3 р/д 5 дн"
MOST_SCREENS, MOST_FIELDS = 3, 6


@pytest.fixture
async def medicines(of_central: Connection, medication_id: UUID) -> list[UUID]:
    """Three medicines of the register, amoxicillin in capsules first."""
    others = await of_central.fetch(
        "select d.id from innm_dosages d where d.name <> $1 and d.form in ('TABLET', 'CAPSULE', 'COATED_TABLET',"
        " 'FILM_COATED_TABLET') and exists (select from program_medications p where p.innm_dosage_id = d.id)"
        " order by d.name limit 2",
        AMOXICILLIN,
    )
    found = [medication_id, *(UUID(str(row["id"])) for row in others)]
    assert len(found) == 3
    return found


@pytest.fixture
def new(patient_id: UUID, encounter_id: UUID) -> str:
    """The first screen, as a visit leads to it."""
    return f"/patients/{patient_id}/prescriptions/new?encounter={encounter_id}"


@pytest.fixture
def together(patient_id: UUID, encounter_id: UUID) -> str:
    return f"/patients/{patient_id}/encounters/{encounter_id}/prescriptions"


def rows(medicines: list[UUID], *lines: str) -> dict[str, object]:
    """The fields of the first screen."""
    found: dict[str, object] = {}
    for number, (medicine, line) in enumerate(zip(medicines, lines, strict=True), 1):
        end = "" if number == 1 else f"_{number}"
        found |= {f"drug{end}": medicine, f"how{end}": line}
    return found


def typed(values: Mapping[str, object]) -> int:
    """How many fields a person filled in: what the page had already is none."""
    return len([name for name in values if name != "encounter"])


def asked(browser: Browser) -> dict[str, bytes]:
    """Address → the bytes that the page gives to be signed."""
    assert browser.page is not None
    found = re.findall(r'data-kep-address="([^"]+)" data-kep-result="result-\d+" value="([^"]+)"', browser.page.text)
    return {address: base64.b64decode(content) for address, content in found}


async def sign_one(browser: Browser, address: str, signed: str) -> httpx.Response:
    assert browser.page is not None
    csrf = browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    return await browser.client.post(address, data={"csrf": csrf, "signed_content": signed})


async def states(mis: Mis, encounter_id: UUID) -> list[str]:
    async with mis.services.database.connection() as db:
        found = await db.fetch(
            "select state from prescriptions where encounter_id = $1 order by created_at, id", encounter_id
        )
    return [row["state"] for row in found]


class TestOneMedicine:
    async def test_from_the_visit_then_three_screens_and_two_fields_to_a_prescription(
        self, doctor: Browser, mis: Mis, connected: World, encounter_id: UUID, *, medication_id: UUID, new: str
    ) -> None:
        screens, fields = ["new"], rows([medication_id], LINE)
        await doctor.get(new)
        await doctor.send(**fields)
        screens.append(doctor.path.rsplit("/", 1)[-1])
        assert "По 1 капс. 3 рази на день протягом 5 днів, перорально." in doctor.text
        assert "з 22.11.2026 до 26.11.2026" in doctor.text
        await doctor.send(f"{doctor.path.removesuffix('/check')}/make", **reasons(doctor))
        screens.append(doctor.path.rsplit("/", 1)[-1])
        await sign(doctor, connected.doctor)
        assert "Рецепт виписано" in doctor.text and await states(mis, encounter_id) == ["issued"]
        assert screens == ["new", "check", "sign"] and len(screens) <= MOST_SCREENS and typed(fields) <= MOST_FIELDS

    async def test_line_that_is_not_understood_then_told_at_its_field_and_kept(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, *, medication_id: UUID, new: str
    ) -> None:
        await doctor.get(new)
        answer = await doctor.send(**rows([medication_id], "1 т 1 раз на тиждень"))
        assert (
            answer.status_code == 422
            and 'href="#how"' in answer.text
            and "Не зрозуміло: «1 раз на тиждень»" in doctor.text
        )
        assert 'value="1 т 1 раз на тиждень"' in answer.text and await states(mis, encounter_id) == []

    async def test_no_such_medicine_then_told_at_its_field(self, doctor: Browser, new: str) -> None:
        await doctor.get(new)
        answer = await doctor.send(drug="00000000-0000-4000-8000-000000000000", how=LINE)
        assert answer.status_code == 422 and "немає в програмах" in doctor.text

    async def test_without_an_answer_of_central_then_what_was_typed_is_kept(
        self, doctor: Browser, wire: Wire, medication_id: UUID, *, new: str
    ) -> None:
        await doctor.get(new)
        wire.is_cut = True
        answer = await doctor.send(**rows([medication_id], LINE))
        wire.is_cut = False
        assert answer.status_code == 503


class TestSeveral:
    async def test_three_medicines_then_one_check_and_one_page_of_signatures(
        self, doctor: Browser, mis: Mis, connected: World, encounter_id: UUID, *, patient_id: UUID,
        medicines: list[UUID], new: str, together: str,
    ) -> None:  # fmt: skip
        fields = rows(medicines, LINE, LINE, LINE)
        await doctor.get(new)
        await doctor.send(**fields)
        assert doctor.path == together and typed(fields) <= MOST_FIELDS, doctor.text
        assert doctor.text.count("По 1 ") == 3
        await doctor.send(together, **reasons(doctor))
        assert doctor.path == f"/patients/{patient_id}/sign-all", doctor.text
        assert doctor.page is not None and f'href="/patients/{patient_id}/prescriptions"' in doctor.page.text
        documents = asked(doctor)
        assert len(documents) == 3 and await states(mis, encounter_id) == ["made"] * 3
        told = [
            (await sign_one(doctor, address, connected.doctor.sign(content))).json()
            for address, content in documents.items()
        ]
        assert [each["text"] for each in told] == ["Рецепт виписано."] * 3
        assert await states(mis, encounter_id) == ["issued"] * 3
        await doctor.get(f"/patients/{patient_id}/sign-all")
        assert doctor.path == f"/patients/{patient_id}/prescriptions" and "очікують Вашого підпису" in doctor.text
        await doctor.get(together)
        assert doctor.path.endswith("/prescriptions/new")

    async def test_without_answers_to_doubts_then_none_is_made(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, *, medicines: list[UUID], new: str, together: str
    ) -> None:
        await doctor.get(new)
        await doctor.send(**rows(medicines[:2], LINE, "10 т. 8 р/д 5 дн"))
        answer = await doctor.send(together)
        assert answer.status_code == 422 and "Оберіть, чому призначаєте так" in doctor.text
        assert await states(mis, encounter_id) == ["draft", "draft"]

    async def test_one_line_missing_then_told_and_nothing_is_begun(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, *, medicines: list[UUID], new: str
    ) -> None:
        await doctor.get(new)
        answer = await doctor.send(**rows(medicines[:2], LINE, ""))
        assert (
            answer.status_code == 422
            and 'href="#how_2"' in answer.text
            and '<details class="govuk-details" open>' in answer.text
        )
        assert await states(mis, encounter_id) == []

    async def test_sent_twice_then_each_is_made_once(
        self, doctor: Browser, mis: Mis, encounter_id: UUID, *, medicines: list[UUID], new: str, together: str
    ) -> None:
        await doctor.get(new)
        await doctor.send(**rows(medicines[:2], LINE, LINE))
        answers = reasons(doctor)
        page = doctor.page
        await doctor.send(together, **answers)
        doctor.page = page
        await doctor.send(together, **answers)
        assert await states(mis, encounter_id) == ["made", "made"] and len(asked(doctor)) == 2

    async def test_answer_of_one_is_lost_then_the_other_is_made_and_a_second_try_makes_no_second(
        self,
        doctor: Browser,
        mis: Mis,
        encounter_id: UUID,
        *,
        medicines: list[UUID],
        new: str,
        together: str,
        wire: Wire,
    ) -> None:
        await doctor.get(new)
        await doctor.send(**rows(medicines[:2], LINE, LINE))
        answers, lost = reasons(doctor), iter([True])
        wire.loses_answer = lambda request: (
            request.method == "POST" and request.url.path.endswith("/medication_request_requests") and next(lost, False)
        )
        answer = await doctor.send(together, **answers)
        assert answer.status_code == 503 and await states(mis, encounter_id) == ["draft", "made"]
        wire.loses_answer = lambda _request: False
        await doctor.send(together, **reasons(doctor))
        assert await states(mis, encounter_id) == ["made", "made"] and len(asked(doctor)) == 2

    async def test_of_another_patient_then_not_there(
        self, doctor: Browser, connected: World, encounter_id: UUID, *, medicines: list[UUID], new: str
    ) -> None:
        await doctor.get(new)
        await doctor.send(**rows(medicines[:2], LINE, LINE))
        answer = await doctor.get(f"/patients/{connected.persons[1].id}/encounters/{encounter_id}/prescriptions")
        assert answer.status_code == 404 or medicines[0].hex not in answer.text
