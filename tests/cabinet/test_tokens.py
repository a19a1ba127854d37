"""Tokens of central: renewed silently, given back at the end, never usable in another row."""

from datetime import timedelta

import httpx
import pytest

from esoz.cabinet import background, set_client
from esoz.kernel.pages import Terms
from esoz.kernel.vault import Sealed, Vault
from tests.factories.world import fixed_id

from .conftest import BASE_URL, SECRET, Browser, error, last_events


async def run_out(db, name="access_token"):
    """The patient's tokens are over at central."""
    await db.execute("update tokens set expires_at = inserted_at where name = $1", name)


class TestRenewal:
    async def test_access_token_over_then_renewed_once_for_a_page_of_many_calls(self, patient, db, own, road):
        before = await own.fetchval("select access from patients")
        await run_out(db)
        assert (await patient.open("/")).status_code == 200
        assert "Вітаємо" in patient.text
        assert road.count("/oauth/tokens") == 1
        assert await own.fetchval("select access from patients") != before
        await patient.open("/person")
        assert road.count("/oauth/tokens") == 1

    async def test_refresh_token_over_too_then_sign_in_again_and_come_back(self, patient, db, own):
        await run_out(db)
        await run_out(db, "refresh_token")
        answer = await patient.open("/prescriptions?status=ACTIVE")
        assert answer.headers["location"] == "/sign-in?next=%2Fprescriptions%3Fstatus%3DACTIVE"
        await patient.open(answer.headers["location"])
        assert "ЕСОЗ завершила сеанс. Увійдіть ще раз." in patient.text
        assert await own.fetchval("select count(*) from patients") == 0

    async def test_user_blocked_meanwhile_then_out(self, patient, db, world):
        await db.execute("update users set is_blocked = true where id = $1", world.patient.user_id)
        assert (await patient.open("/person")).status_code == 303
        assert (await patient.open("/")).headers["location"].startswith("/sign-in")

    async def test_api_key_refused_then_explained_and_not_signed_out(self, patient, own_database, own):
        async with own_database.transaction() as db:
            await set_client(db, SECRET.encode(), fixed_id("cabinet"), client_secret="x", api_key="wrong")
        assert (await patient.open("/person")).status_code == 503
        assert "ЕСОЗ не впізнала кабінету." in patient.text
        assert await own.fetchval("select count(*) from patients") == 1

    async def test_central_away_while_renewing_then_503_and_still_signed_in(self, patient, db, own, road):
        await run_out(db)
        road.answers["POST /oauth/tokens"] = error(503, "service_unavailable", "later")
        assert (await patient.open("/person")).status_code == 503
        assert await own.fetchval("select count(*) from patients") == 1

    async def test_answer_lost_before_central_saw_it_then_asked_again_and_nobody_notices(self, patient, db, road):
        await run_out(db)
        road.losing = ["before /oauth/tokens"]
        assert (await patient.open("/person")).status_code == 200
        assert road.count("/oauth/tokens") == 2

    async def test_answer_lost_after_central_spent_the_token_then_given_again_and_nobody_notices(
        self, patient, db, road
    ):
        await run_out(db)
        road.losing = ["after /oauth/tokens"]
        assert (await patient.open("/person")).status_code == 200
        assert road.count("/oauth/tokens") == 2

    async def test_answer_lost_and_no_grace_then_told_so_and_back_here(self, patient, db, own, road, work, monkeypatch):
        monkeypatch.setitem(work.dependencies.settings._values, "ESOZ_REFRESH_GRACE_SECONDS", "0")
        await run_out(db)
        road.losing = ["after /oauth/tokens"]
        answer = await patient.open("/person")
        assert answer.headers["location"] == "/sign-in?next=%2Fperson"
        await patient.open(answer.headers["location"])
        assert "Зв’язок з ЕСОЗ обірвався, коли поновлювався Ваш сеанс." in patient.text
        assert await own.fetchval("select count(*) from patients") == 0


class TestSignOut:
    async def test_then_token_is_dead_at_central_and_nothing_is_kept_here(self, patient, own, db, clock, world):
        await patient.open("/person")
        answer = await patient.post("/sign-out")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert await own.fetchval("select count(*) from patients") == 0
        live = "select count(*) from tokens where user_id = $1 and expires_at > $2 and name <> 'authorization_code'"
        assert await db.fetchval(live, world.patient.user_id, clock.now()) == 0
        assert await last_events(own, 1) == [("session.ended", world.patient.person_id)]
        await patient.open("/sign-in")
        assert "Ви вийшли з кабінету на всіх пристроях." in patient.text

    async def test_then_the_other_browser_is_out_too(self, patient, cabinet, world):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(cabinet), base_url=BASE_URL) as client:
            other = Browser(client, world)
            await other.sign_in()
            assert (await other.open("/person")).status_code == 200
            await patient.open("/person")
            await patient.post("/sign-out")
            assert (await other.open("/person")).headers["location"].startswith("/sign-in")

    async def test_when_central_is_away_then_out_here_all_the_same(self, patient, own, road):
        await patient.open("/person")
        road.is_cut = True
        assert (await patient.post("/sign-out")).status_code == 303
        assert await own.fetchval("select count(*) from patients") == 0


class TestLeavers:
    async def test_session_over_then_token_given_back_and_patient_forgotten(self, patient, cabinet, own, clock, road):
        terms, person_id = Terms(), await own.fetchval("select person_id from patients")
        await background.clean(cabinet.services, terms)
        assert await own.fetchval("select count(*) from patients") == 1
        clock.forward(terms.idle + timedelta(seconds=1))
        await background.clean(cabinet.services, terms)
        assert await own.fetchval("select count(*) from patients") == 0
        assert road.count("/auth/logout") == 1
        assert await last_events(own, 1) == [("session.expired", person_id)]


class TestVault:
    def test_value_sealed_then_opens_for_its_purpose_only(self):
        vault = Vault(b"secret", "part")
        sealed = vault.seal("token", "access 1")
        assert vault.open(sealed, "access 1") == "token"
        assert b"token" not in sealed
        with pytest.raises(Sealed):
            vault.open(sealed, "access 2")
        with pytest.raises(Sealed):
            Vault(b"secret", "other part").open(sealed, "access 1")
        with pytest.raises(Sealed):
            vault.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "access 1")
