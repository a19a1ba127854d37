"""What the holder reads: prescriptions, notices, who looked, own data; and every page with odd queries."""

import pytest

from esoz.kernel.db import Connection
from esoz.sandbox.door.readings import reading
from esoz.sandbox.identities import Identity
from tests.diia.conftest import Road, Screen
from tests.factories.prescriptions import sent_code
from tests.factories.world import World

PAGES = ("/", "/doctor", "/doctors", "/prescriptions", "/notices", "/readings", "/person", "/holder", "/esoz")


class TestPrescriptions:
    async def test_written_then_number_code_and_qr(
        self, screen: Screen, declared: Identity, prescribing, db: Connection
    ):
        made = await prescribing.prescribe()
        code = await sent_code(db, made["request_number"])
        await screen.enter(declared)
        await screen.open("/")
        assert made["request_number"] in screen.text
        await screen.open(f"/prescriptions/{made['id']}")
        assert made["request_number"] in screen.text and code in screen.text
        image = await screen.open(f"/prescriptions/{made['id']}/qr.svg")
        assert image.headers["content-type"] == "image/svg+xml" and b"<svg" in image.content

    async def test_of_another_person_then_not_found(self, screen: Screen, undeclared: Identity, prescribing):
        made = await prescribing.prescribe()
        await screen.enter(undeclared)
        assert (await screen.open(f"/prescriptions/{made['id']}")).status_code == 404
        await screen.open("/prescriptions")
        assert "Рецептів ще немає" in screen.text


class TestNotices:
    async def test_sent_then_shown_newest_first_and_nobody_elses(self, screen: Screen, declared: Identity, road: Road):
        road.messages = [
            {"at": "2026-11-20T08:00:00+00:00", "recipient": declared.phone, "body": "перше", "channel": "sms"},
            {"at": "2026-11-21T08:00:00+00:00", "recipient": declared.phone, "body": "друге", "channel": "sms"},
            {"at": "2026-11-21T08:00:00+00:00", "recipient": f"{declared.phone}9", "body": "чуже", "channel": "sms"},
        ]
        await screen.enter(declared)
        await screen.open("/notices")
        assert screen.text.index("друге") < screen.text.index("перше") and "чуже" not in screen.text
        await screen.open("/")
        assert "друге" in screen.text

    async def test_none_then_said(self, screen: Screen, declared: Identity):
        await screen.enter(declared)
        await screen.open("/notices")
        assert "Сповіщень немає" in screen.text

    async def test_inbox_away_then_home_shows_the_rest(self, screen: Screen, declared: Identity, road: Road):
        road.is_inbox_cut = True
        await screen.enter(declared)
        assert (await screen.open("/")).status_code == 200
        assert "ЕСОЗ зараз не показує цих даних" in screen.text and "Декларація" in screen.text
        assert (await screen.open("/notices")).status_code == 503


class TestReadings:
    async def test_doctor_looked_then_their_name_and_clinic(self, screen: Screen, declared: Identity, world: World):
        await world.doctor.get(f"/api/persons/{world.patient.person_id}/declaration")
        await screen.enter(declared)
        await screen.open("/readings")
        assert "Калина" in screen.text and "Декларація з лікарем" in screen.text

    @pytest.mark.parametrize(
        ("event", "outcome", "thing", "kind"),
        [
            ("declaration.read", "done", "Декларація з лікарем", "read"),
            ("prescription_draft.rejected", "done", "Рецепти", "changed"),
            ("encounter.read", "refused", "Прийоми лікаря", "refused"),
            ("something_new.happened", "done", "Медичні дані", "changed"),
        ],
    )
    def test_line_then_what_it_is_about(self, event: str, outcome: str, thing: str, kind: str) -> None:
        line = reading({"event": event, "at": "2026-11-22T08:00:00+00:00", "outcome": outcome})
        assert (line.thing, line.kind, line.is_own) == (thing, kind, False)

    @pytest.mark.parametrize(
        ("role", "office"),
        [("CONTACT_CENTRE", "Оператор контакт-центру ЕСОЗ"), ("NEW", "Посадова особа ЕСОЗ"), (None, "")],
    )
    def test_official_then_the_office_and_not_esoz_itself(self, role: str | None, office: str) -> None:
        line = reading({"event": "person.read", "at": "2026-11-22T08:00:00+00:00", "user": {"role": role}})
        assert (line.office, line.name) == (office, "")


class TestPerson:
    async def test_then_what_central_has(self, screen: Screen, declared: Identity):
        await screen.enter(declared)
        await screen.open("/person")
        for told in (declared.full_name, declared.tax_id, declared.passport, "Незалежності", "Код у SMS"):
            assert told in screen.text


@pytest.mark.parametrize("path", PAGES)
async def test_odd_query_then_no_fault(screen: Screen, declared: Identity, path: str) -> None:
    await screen.enter(declared)
    for value in ("", "0", "-1", "99999999999999999999", "ї" * 300, "%", "'", "<b>", "../..", "a b"):
        for name in ("page", "words", "name", "settlement", "speciality", "next", "lang"):
            answer = await screen.open(path, **{name: value})
            assert answer.status_code in (200, 303, 422), (name, value, screen.text)


@pytest.mark.parametrize("path", PAGES[:-2])
async def test_central_away_then_said(screen: Screen, declared: Identity, road: Road, path: str) -> None:
    await screen.enter(declared)
    road.is_cut = True
    answer = await screen.open(path)
    assert answer.status_code == (200 if path == "/" else 503)
    assert "ЕСОЗ" in screen.text
