"""A prescription handed to somebody else: shown once, for hours, to whoever has the link; nothing in clear at rest."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape

import httpx
import pytest

from esoz.cabinet.shares import commands
from tests.factories.prescriptions import sent_code

from .conftest import BASE_URL

LINK = re.compile(rf'value="{re.escape(BASE_URL)}(/s/[^"]+)"')


class Stranger:
    """Somebody without a sign-in, in a browser of their own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client, self.html = client, ""

    async def look(self, path: str) -> int:
        answer = await self.client.get(path)
        self.html = answer.text
        return answer.status_code

    def form(self) -> dict[str, str]:
        return {
            name: unescape(found[1])
            for name in ("csrf", "opener")
            if (found := re.search(rf'name="{name}" value="([^"]*)"', self.html))
        }

    async def show(self, path: str, form: dict[str, str] | None = None) -> int:
        answer = await self.client.post(path, data=form or self.form())
        self.html = answer.text
        return answer.status_code


@pytest.fixture
async def stranger(cabinet) -> AsyncIterator[Stranger]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(cabinet), base_url=BASE_URL) as client:
        yield Stranger(client)


async def send(patient, **fields: str) -> httpx.Response:
    return await patient.post("/shares/new", form_token=patient.hidden("form_token"), **fields)


async def shared(patient, made: dict) -> str:
    """The path of a fresh link; the page with it is open."""
    await patient.open("/shares/new", rx=made["id"])
    await send(patient, rx=made["id"])
    await patient.open(patient.page.headers["location"])
    found = LINK.search(patient.page.text)
    assert found, patient.text
    return found[1]


class TestOpening:
    async def test_opened_then_number_and_code_and_nothing_of_the_patient(self, patient, prescribing, db, stranger):
        made = await prescribing.prescribe()
        path = await shared(patient, made)
        assert await stranger.look(path) == 200
        assert made["request_number"] not in stranger.html
        assert await stranger.show(path) == 200
        plain = stranger.html.replace("<wbr>", "")
        code = await sent_code(db, made["request_number"])
        assert (
            made["request_number"] in plain
            and code in plain
            and "Амоксицилін" in plain
            and "починається на «Т»" in plain
        )
        for word in ("Савченко", "Тетяна", "Юрченко", "Калина"):
            assert word not in plain

    async def test_looked_at_by_a_messenger_then_not_used_up(self, patient, prescribing, stranger):
        path = await shared(patient, await prescribing.prescribe())
        for _ in range(3):
            assert await stranger.look(path) == 200

    async def test_by_a_second_one_then_refused_and_the_patient_sees_when(
        self, patient, prescribing, stranger, own, world, clock
    ):
        path = await shared(patient, await prescribing.prescribe())
        await stranger.look(path)
        first = stranger.form()
        await stranger.look(path)  # another page of the same browser is another one
        assert await stranger.show(path, first) == 200
        about = await own.fetchval("select patient_id from audit_events where event = 'share.opened' order by id desc")
        assert about == world.patient.person_id
        assert await stranger.look(path) == 404 and "вже відкривали" in stranger.html
        assert await stranger.show(path, first | {"opener": "f" * 32}) == 404
        await patient.open("/shares")
        assert "Відкрито" in patient.text and "відкрито 22 листопада 2026 року" in patient.text

    async def test_reload_or_double_click_then_the_same_for_a_few_minutes(self, patient, prescribing, stranger, clock):
        path = await shared(patient, await prescribing.prescribe())
        await stranger.look(path)
        form = stranger.form()
        assert await stranger.show(path, form) == 200
        clock.forward(timedelta(minutes=9))
        assert await stranger.show(path, form) == 200
        clock.forward(timedelta(minutes=1))
        assert await stranger.show(path, form) == 404

    async def test_over_or_ended_then_nothing(self, patient, prescribing, stranger, clock, own):
        made = await prescribing.prescribe()
        path = await shared(patient, made)
        await stranger.look(path)
        form = stranger.form()
        await patient.post(f"{patient.page.url.path}/end")
        assert await stranger.show(path, form) == 404 and "Попросіть нове" in stranger.html
        path = await shared(patient, made)
        await stranger.look(path)
        form = stranger.form()
        clock.forward(timedelta(hours=24))
        assert await stranger.show(path, form) == 404
        rows = await own.fetch("select content from shares where ended_at is not null")
        assert [row["content"] for row in rows] == [None]

    @pytest.mark.parametrize("secret", ["x", "%00", "AAAAAAAAAAAAAAAAAAAAAAAA", "a" * 500])
    async def test_unknown_then_not_found(self, cabinet, stranger, secret: str):
        assert await stranger.look(f"/s/{secret}") == 404

    async def test_link_after_link_then_too_many(self, cabinet, stranger):
        answers = {await stranger.look("/s/AAAAAAAAAAAAAAAAAAAAAAAA") for _ in range(31)}
        assert answers == {404, 429}


class TestMaking:
    async def test_at_rest_then_neither_number_nor_code_nor_secret(self, patient, prescribing, db, own):
        made = await prescribing.prescribe()
        path = await shared(patient, made)
        code = await sent_code(db, made["request_number"])
        row = await own.fetchrow("select * from shares")
        kept = b"".join(value for value in row.values() if isinstance(value, bytes))
        for secret in (made["request_number"], code, path.removeprefix("/s/"), "Амоксицилін"):
            assert secret.encode() not in kept

    async def test_sent_twice_then_one_share(self, patient, prescribing, own):
        made = await prescribing.prescribe()
        await patient.open("/shares/new", rx=made["id"])
        page = patient.page
        await send(patient, rx=made["id"])
        where = patient.page.headers["location"]
        patient.page = page
        await send(patient, rx=made["id"])
        assert patient.page.headers["location"] == where
        assert await own.fetchval("select count(*) from shares") == 1

    async def test_taken_back_meanwhile_then_no_share(self, patient, prescribing, own):
        made = await prescribing.prescribe()
        await patient.open("/shares/new", rx=made["id"])
        await prescribing.reject(made["id"])
        await send(patient, rx=made["id"])
        assert patient.page.headers["location"] == "/prescriptions"
        assert await own.fetchval("select count(*) from shares") == 0

    async def test_twenty_wait_then_no_more(self, patient, prescribing, monkeypatch):
        monkeypatch.setattr(commands, "MOST_OPEN", 1)
        made = await prescribing.prescribe()
        await shared(patient, made)
        await patient.open("/shares/new", rx=made["id"])
        await send(patient, rx=made["id"])
        assert patient.page.headers["location"] == "/shares"

    async def test_somebody_elses_then_not_found(self, patient):
        assert (await patient.open("/shares/00000000-0000-4000-8000-000000000001")).status_code == 404
        assert (await patient.open("/shares/new", rx="00000000-0000-4000-8000-000000000001")).status_code == 404


async def test_old_ones_then_forgotten(patient, prescribing, own, cabinet, clock):
    await shared(patient, await prescribing.prescribe())
    await commands.forget(cabinet.services)
    assert await own.fetchval("select content is not null from shares")
    clock.forward(timedelta(hours=24))
    await commands.forget(cabinet.services)
    assert await own.fetchval("select content is null and secret is null from shares")


async def test_secret_of_the_installation_changed_meanwhile_then_over_and_the_list_opens(patient, prescribing, own):
    await shared(patient, await prescribing.prescribe())
    path = patient.page.url.path
    await own.execute("update shares set secret = $1, names = $1", b"sealed under another secret, long enough")
    await patient.open(path)
    assert patient.page.status_code == 200 and "Строк минув" in patient.text and not LINK.search(patient.page.text)
    await patient.open("/shares")
    assert patient.page.status_code == 200 and "Строк минув" in patient.text
