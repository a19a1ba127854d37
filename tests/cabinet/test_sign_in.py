"""Signing in with a КЕП and every way it is refused."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from esoz.cabinet import set_client
from esoz.kernel import strangers
from esoz.signature import Authority, Issued, Subject
from esoz.spec.roles import role_scopes
from tests.factories.world import CABINET_KEY, Caller, World, fixed_id

from .conftest import CLIENT_SECRET, NOW, last_events

NAMES = {"surname": "Невідомий", "given_name": "Нестор Несторович"}


def key(
    authority: Authority, *, start: datetime = NOW - timedelta(days=9), days: int = 99, **subject: object
) -> Issued:
    """A key of a test trust centre for anybody."""
    whole = Subject(**(NAMES | {"drfo": "1111111118"} | subject))
    return authority.issue(whole, valid_from=start, valid_to=start + timedelta(days=days))


@pytest.fixture
def holder(world: World):
    """The patient with another key."""

    def with_key(issued: Issued) -> Caller:
        return replace(world.patient, key=issued)

    return with_key


# AUTH-32, AUTH-34
class TestSignIn:
    async def test_with_the_own_key_then_home_greets_by_name(self, visitor):
        answer = await visitor.sign_in()
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        await visitor.open("/")
        assert "Вітаємо, Тетяна!" in visitor.text
        assert "Савченко Тетяна Андріївна" in visitor.text

    async def test_with_the_own_key_then_audited_and_all_scopes_of_a_patient_asked(self, patient, world, own, db):
        assert await last_events(own, 1) == [("session.started", world.patient.person_id)]
        scopes = await db.fetchval("select scopes from tokens where name = 'access_token' order by id desc limit 1")
        assert frozenset(scopes) == role_scopes("PATIENT")

    async def test_with_the_own_key_then_no_token_or_secret_lies_open(self, patient, own, world, db, road):
        issued = next(r for r in road.asked if r.url.path == "/api/pis/person").headers["authorization"].split()[1]
        row = await own.fetchrow("select * from patients")
        client = await own.fetchrow("select * from central_client")
        sessions = await own.fetch("select * from sessions")
        written = repr([row, client, sessions]) + repr(bytes(row["access"]) + bytes(row["refresh"]))
        for secret in (issued, CLIENT_SECRET, CABINET_KEY):
            assert secret not in written
        assert row["person_id"] == world.patient.person_id

    async def test_page_asked_for_before_then_led_on_to_it(self, visitor, world):
        answer = await visitor.open("/prescriptions?status=ACTIVE")
        assert answer.headers["location"] == "/sign-in?next=%2Fprescriptions%3Fstatus%3DACTIVE"
        await visitor.open(answer.headers["location"])
        signed = world.patient.sign(visitor.to_be_signed)
        answer = await visitor.post("/sign-in", signed_content=signed, next=visitor.hidden("next"))
        assert answer.headers["location"] == "/prescriptions?status=ACTIVE"

    async def test_next_at_another_site_then_led_home(self, visitor, world):
        await visitor.open("/sign-in")
        signed = world.patient.sign(visitor.to_be_signed)
        answer = await visitor.post("/sign-in", signed_content=signed, next="//evil.example/")
        assert answer.headers["location"] == "/"

    async def test_when_signed_in_then_the_form_leads_home(self, patient):
        answer = await patient.open("/sign-in")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")

    async def test_file_signed_elsewhere_then_let_in(self, visitor, world):
        await visitor.open("/sign-in")
        document = base64.b64decode(world.patient.sign(visitor.to_be_signed))
        fields = {"csrf": visitor.csrf, "next": "/"}
        answer = await visitor.client.post("/sign-in", data=fields, files={"signed_file": ("vhid.json.p7s", document)})
        assert answer.status_code == 303

    async def test_without_the_forms_token_then_refused(self, visitor, world):
        await visitor.open("/sign-in")
        signed = world.patient.sign(visitor.to_be_signed)
        answer = await visitor.client.post("/sign-in", data={"signed_content": signed})
        assert answer.status_code == 403


class TestRefusal:
    async def test_key_that_names_nobody_then_told_how_to_register(self, visitor, holder, authority, own):
        answer = await visitor.sign_in(holder(key(authority, surname=None)))
        assert answer.status_code == 422
        assert "Людини з РНОКПП Вашого ключа немає в ЕСОЗ." in visitor.text
        assert "підпишіть із ним декларацію" in visitor.text
        assert strangers.counted()["session.refused request_conflict"]

    async def test_then_the_next_try_signs_a_fresh_nonce(self, visitor, holder, authority, world):
        await visitor.open("/sign-in")
        first = visitor.to_be_signed
        await visitor.send_signed(holder(key(authority, surname=None)).sign(first))
        assert visitor.to_be_signed != first
        assert (await visitor.send_signed(world.patient.sign(visitor.to_be_signed))).status_code == 303

    async def test_nonce_older_than_fifteen_minutes_then_try_again(self, visitor, world, clock):
        await visitor.open("/sign-in")
        signed = world.patient.sign(visitor.to_be_signed)
        clock.forward(timedelta(minutes=16))
        assert (await visitor.send_signed(signed)).status_code == 422
        assert "Запит на вхід застарів" in visitor.text

    async def test_nonce_used_already_then_try_again(self, visitor, world):
        await visitor.open("/sign-in")
        signed, csrf = world.patient.sign(visitor.to_be_signed), visitor.csrf
        assert (await visitor.send_signed(signed)).status_code == 303
        visitor.client.cookies.clear()
        await visitor.open("/sign-in")
        assert visitor.csrf != csrf
        await visitor.send_signed(signed)
        assert "Запит на вхід застарів" in visitor.text

    async def test_expired_certificate_then_says_where_to_get_another(self, visitor, holder, authority):
        await visitor.sign_in(holder(key(authority, start=NOW - timedelta(days=300), days=100)))
        assert visitor.page.status_code == 422
        assert "Строк дії сертифіката закінчився." in visitor.text

    async def test_certificate_of_tomorrow_then_says_that_it_is_early(self, visitor, holder, authority):
        await visitor.sign_in(holder(key(authority, start=NOW + timedelta(days=1))))
        assert "Строк дії сертифіката ще не почався." in visitor.text

    async def test_untrusted_authority_then_says_so(self, visitor, holder):
        stranger = Authority.create("Чужий", scheme="dstu-gost", random=bytes_of, at=NOW - timedelta(days=99))
        await visitor.sign_in(holder(key(stranger)))
        assert "немає в довірчому списку" in visitor.text

    async def test_seal_of_an_organisation_then_asks_for_a_personal_key(self, visitor, holder, authority):
        seal = key(authority, organization="ТОВ", edrpou="40000013", is_seal=True, surname=None, given_name=None)
        await visitor.sign_in(holder(seal))
        assert "Підписано печаткою організації" in visitor.text

    async def test_key_without_a_tax_id_then_says_so(self, visitor, holder, authority):
        await visitor.sign_in(holder(key(authority, drfo=None)))
        assert "У сертифікаті немає ні РНОКПП, ні паспорта, ні УНЗР" in visitor.text

    async def test_inactive_person_then_says_where_to_ask(self, visitor, world, db):
        await db.execute("update persons set is_active = false where id = $1", world.patient.person_id)
        await visitor.sign_in()
        assert visitor.page.status_code == 422
        assert "Ваш запис в ЕСОЗ неактивний." in visitor.text or "немає в ЕСОЗ" in visitor.text

    async def test_blocked_user_then_says_whom_to_call(self, visitor, world, db):
        await db.execute("update users set is_blocked = true where id = $1", world.patient.user_id)
        await visitor.sign_in()
        assert "Ваш обліковий запис в ЕСОЗ заблоковано." in visitor.text

    async def test_another_document_signed_then_asks_for_this_one(self, visitor, world):
        await visitor.sign_in(document=world.patient.sign({"hello": "world"}))
        assert "Підписано інший документ." in visitor.text

    async def test_garbage_instead_of_a_signature_then_says_so(self, visitor):
        await visitor.sign_in(document=base64.b64encode(b"0\x80 nothing").decode())
        assert "Підпис не читається або його змінено." in visitor.text

    async def test_nothing_signed_then_the_field_is_at_fault(self, visitor):
        await visitor.sign_in(document="")
        assert visitor.page.status_code == 422
        assert 'href="#signed_file"' in visitor.page.text

    async def test_then_visitor_stays_outside(self, visitor, holder, authority):
        await visitor.sign_in(holder(key(authority)))
        assert (await visitor.open("/")).headers["location"].startswith("/sign-in")


class TestCentralAway:
    async def test_at_the_form_then_503_with_words(self, visitor, road):
        road.is_cut = True
        assert (await visitor.open("/sign-in")).status_code == 503
        assert "ЕСОЗ не відповідає" in visitor.text

    async def test_at_sending_then_503(self, visitor, world, road):
        await visitor.open("/sign-in")
        road.is_cut = True
        assert (await visitor.send_signed(world.patient.sign(visitor.to_be_signed))).status_code == 503

    async def test_cabinet_not_connected_yet_then_503(self, visitor, own):
        await own.execute("delete from central_client")
        assert (await visitor.open("/sign-in")).status_code == 503

    async def test_wrong_secret_then_says_that_it_is_not_the_patients_fault(self, visitor, cabinet, own_database):
        async with own_database.transaction() as db:
            await set_client(
                db,
                b"the installation's secret, long enough",
                fixed_id("cabinet"),
                client_secret="wrong",
                api_key=CABINET_KEY,
            )
        assert (await visitor.open("/sign-in")).status_code == 422
        assert "ЕСОЗ не впізнала кабінету." in visitor.text


def bytes_of(count: int) -> bytes:
    return bytes(range(1, count + 1))
