"""«Підписати все»: records and prescriptions with one opening of the key, each answered by itself."""

import base64
import re
from uuid import UUID

import httpx
import pytest

from esoz.mis.app import Mis
from esoz.mis.care.batch import queries
from esoz.mis.documents.sync.model import State
from esoz.sdk import CentralUnavailable
from tests.factories.world import Caller, World

from ..conftest import Browser, Post, Wire
from ..test_visits import begin_visit, episode_of, fill_in, open_episode, state_of
from .conftest import begin, to_signature


@pytest.fixture
async def visits(doctor: Browser, mis: Mis, patient_id: UUID, post: Post, encounter_id: UUID) -> list[str]:
    """Two records that wait for the signature, beside an encounter of today."""
    opening = await open_episode(doctor, patient_id)
    await post.carry()
    ids = []
    for _ in range(2):
        ids.append(await begin_visit(doctor, patient_id, await episode_of(mis, opening)))
        await fill_in(doctor, ids[-1])
    return ids


@pytest.fixture
async def rx(doctor: Browser, patient_id: UUID, encounter_id: UUID, medication_id: UUID) -> str:
    """A prescription that waits for the signature; its id."""
    path = await begin(doctor, patient_id, encounter_id, medication_id)
    await to_signature(doctor, path)
    return path.rsplit("/", 1)[-1]


def offered(page: httpx.Response) -> dict[str, bytes]:
    """Address → the bytes that the page gives to be signed."""
    found = re.findall(r'data-kep-address="([^"]+)" data-kep-result="result-\d+" value="([^"]+)"', page.text)
    return {address: base64.b64decode(content) for address, content in found}


async def sign_one(doctor: Browser, address: str, signed: str) -> dict[str, object]:
    """What the signer's script does for each line."""
    csrf = doctor.page.text.split('name="csrf" value="')[1].split('"')[0] if doctor.page else ""
    answer = await doctor.client.post(address, data={"csrf": csrf, "signed_content": signed})
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def upload(doctor: Browser, *files: tuple[str, bytes]) -> httpx.Response:
    csrf = doctor.page.text.split('name="csrf" value="')[1].split('"')[0] if doctor.page else ""
    several = [("signed_file", file) for file in files]
    return await doctor.client.post("/sign-all", data={"csrf": csrf}, files=several, follow_redirects=True)


def file_of(caller: Caller, name: str, content: bytes) -> tuple[str, bytes]:
    return name, base64.b64decode(caller.sign(content))


class TestOneByOne:
    async def test_records_and_a_prescription_then_each_is_signed_and_told(
        self, doctor: Browser, mis: Mis, connected: World, visits: list[str], rx: str, post: Post
    ) -> None:
        page = await doctor.get("/sign-all")
        documents = offered(page)
        assert set(documents) == {*(f"/sign-all/documents/{each}" for each in visits), f"/sign-all/prescriptions/{rx}"}
        told = {
            address: await sign_one(doctor, address, connected.doctor.sign(content))
            for address, content in documents.items()
        }
        assert all(answer["done"] for answer in told.values())
        assert told[f"/sign-all/prescriptions/{rx}"]["text"] == "Рецепт виписано."
        assert [await state_of(mis, each) for each in visits] == [State.QUEUED, State.QUEUED]
        await doctor.get("/sign-all")
        assert doctor.path == "/sync"
        assert "Немає записів і рецептів, що очікують" in doctor.text
        for _ in visits:
            await post.carry()
        assert [await state_of(mis, each) for each in visits] == [State.ACCEPTED, State.ACCEPTED]

    async def test_a_prescription_waits_then_its_list_leads_here(self, doctor: Browser, rx: str) -> None:
        page = await doctor.get("/prescriptions")
        assert 'href="/sign-all"' in page.text
        assert f"/sign-all/prescriptions/{rx}" in offered(await doctor.get("/sign-all"))

    async def test_again_then_told_that_it_is_signed(
        self, doctor: Browser, connected: World, visits: list[str], rx: str
    ) -> None:
        for address, content in offered(await doctor.get("/sign-all")).items():
            signed = connected.doctor.sign(content)
            await sign_one(doctor, address, signed)
            assert (await sign_one(doctor, address, signed))["done"] is True

    async def test_by_somebody_else_then_told_whose_and_it_still_waits(
        self, doctor: Browser, mis: Mis, connected: World, visits: list[str]
    ) -> None:
        address = f"/sign-all/documents/{visits[0]}"
        content = offered(await doctor.get("/sign-all"))[address]
        answer = await sign_one(doctor, address, connected.foreign_doctor.sign(content))
        assert answer["done"] is False
        assert "Ключ належить іншій людині" in str(answer["text"])
        assert await state_of(mis, visits[0]) is State.READY

    async def test_when_central_is_away_then_told_and_the_prescription_is_not_lost(
        self, doctor: Browser, connected: World, wire: Wire, rx: str
    ) -> None:
        address = f"/sign-all/prescriptions/{rx}"
        content = offered(await doctor.get("/sign-all"))[address]
        wire.is_cut = True
        answer = await sign_one(doctor, address, connected.doctor.sign(content))
        wire.is_cut = False
        assert "ЕСОЗ" in str(answer["text"])
        await doctor.get(f"/prescriptions/{rx}")
        assert doctor.page is not None
        assert doctor.page.status_code == 200

    async def test_a_record_of_somebody_else_then_not_found(self, doctor: Browser, visits: list[str]) -> None:
        await doctor.get("/sign-all")
        csrf = doctor.page.text.split('name="csrf" value="')[1].split('"')[0] if doctor.page else ""
        strange = "/sign-all/documents/00000000-0000-7000-8000-00000000dead"
        assert (await doctor.client.post(strange, data={"csrf": csrf, "signed_content": "MA=="})).status_code == 404


class TestUpload:
    async def test_of_some_files_then_these_are_signed_and_the_rest_is_told(
        self, doctor: Browser, mis: Mis, connected: World, visits: list[str], rx: str
    ) -> None:
        documents = offered(await doctor.get("/sign-all"))
        files = [
            file_of(connected.doctor, f"{number}.p7s", documents[address])
            for number, address in enumerate((f"/sign-all/documents/{visits[1]}", f"/sign-all/prescriptions/{rx}"))
        ]
        answer = await upload(doctor, *files)
        assert answer.url.path == "/sign-all/done"
        assert "Підписано: 2 з 3" in answer.text
        assert "файлу з підписом не було" in answer.text
        assert [await state_of(mis, each) for each in visits] == [State.READY, State.QUEUED]

    async def test_with_a_wrong_file_then_named_and_nothing_is_signed(
        self, doctor: Browser, mis: Mis, connected: World, visits: list[str]
    ) -> None:
        documents = offered(await doctor.get("/sign-all"))
        right = file_of(connected.doctor, "right.p7s", documents[f"/sign-all/documents/{visits[0]}"])
        answer = await upload(doctor, right, ("wrong.p7s", b"something else"))
        assert answer.status_code == 422
        assert "Файл wrong.p7s: " in answer.text
        assert await state_of(mis, visits[0]) is State.READY


class TestStates:
    async def test_one_prescription_alone_waits_then_the_desk_and_the_queue_offer_it(
        self, doctor: Browser, rx: str
    ) -> None:
        for path in ("/", "/sync"):
            await doctor.get(path)
            assert "Підписати все: 1" in doctor.text, path

    async def test_central_is_away_then_never_told_that_all_is_signed(
        self, doctor: Browser, rx: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(*_: object) -> None:
            raise CentralUnavailable("away")

        monkeypatch.setattr(queries, "to_sign", away)
        await doctor.get("/sign-all")
        assert "Рецепти очікують підпису, але ЕСОЗ зараз не відповідає" in doctor.text
        assert "Готово" not in doctor.text
