"""A patient comes in with their КЕП: the nonce, the signature, the person behind it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from esoz.central import identity
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.signature import Authority, Subject
from tests.central.conftest import NOW
from tests.factories.world import CABINET_KEY, Caller, with_key

SECRET = "the secret of the cabinet"


class Cabinet:
    """A trusted cabinet that signs patients in."""

    def __init__(self, patient: Caller) -> None:
        assert patient.client is not None
        self.http, self.patient = patient.client, patient

    async def nonce(self, secret: str = SECRET) -> httpx.Response:
        body = {"client_id": str(self.patient.client_id), "client_secret": secret}
        return await self.http.post("/oauth/nonce", json=body)

    async def jwt(self) -> str:
        value: str = (await self.nonce()).json()["data"]["token"]
        return value

    async def sign_in(self, signed: str, **changes: Any) -> httpx.Response:
        asked = {
            "grant_type": "pis_auth",
            "client_id": str(self.patient.client_id),
            "client_secret": SECRET,
            "signed_content": signed,
            "signed_content_encoding": "base64",
            "scope": "person:sign_in",
        }
        headers = {"API-key": CABINET_KEY}
        return await self.http.post("/api/pis/sign-in", json={"token": asked | changes}, headers=headers)


@pytest.fixture
async def cabinet(patient: Caller, work: Work, db: Connection) -> Cabinet:
    broker = await db.fetchval("select id from brokers where kind = 'PIS'")
    await identity.connect(
        work, client_id=patient.client_id, broker_id=broker, redirect_uri="https://cabinet.test", secret=SECRET
    )
    return Cabinet(patient)


def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


# AUTH-32, AUTH-34
class TestSignIn:
    async def test_with_own_key_opens_the_own_record(self, cabinet: Cabinet) -> None:
        response = await cabinet.sign_in(cabinet.patient.sign({"jwt": await cabinet.jwt()}))
        assert response.status_code == 201
        headers = {"API-key": CABINET_KEY, "Authorization": f"Bearer {response.json()['data']['value']}"}
        person = (await cabinet.http.get("/api/pis/person", headers=headers)).json()["data"]
        assert person["id"] == str(cabinet.patient.person_id)

    async def test_then_the_log_names_who_came_in(self, cabinet: Cabinet, db: Connection) -> None:
        await cabinet.sign_in(cabinet.patient.sign({"jwt": await cabinet.jwt()}))
        line = await db.fetchrow(
            "select user_id, client_id, person_id, patient_id from audit_events where event = 'patient.signed_in'"
        )
        who = cabinet.patient
        assert tuple(line) == (who.user_id, who.client_id, who.person_id, who.person_id)

    async def test_nonce_opens_one_session_only(self, cabinet: Cabinet) -> None:
        signed = cabinet.patient.sign({"jwt": await cabinet.jwt()})
        await cabinet.sign_in(signed)
        assert error(await cabinet.sign_in(signed)) == (401, "jwt_invalid")

    async def test_old_nonce_is_refused(self, cabinet: Cabinet, clock: FixedClock) -> None:
        signed = cabinet.patient.sign({"jwt": await cabinet.jwt()})
        clock.forward(timedelta(minutes=15))
        assert error(await cabinet.sign_in(signed)) == (401, "jwt_invalid")

    async def test_foreign_jwt_is_refused(self, cabinet: Cabinet) -> None:
        assert error(await cabinet.sign_in(cabinet.patient.sign({"jwt": "a.b.c"}))) == (401, "jwt_invalid")

    async def test_nonce_needs_the_secret(self, cabinet: Cabinet) -> None:
        assert error(await cabinet.nonce("guessed")) == (401, "invalid_client")

    async def test_of_unknown_person_is_conflict(self, cabinet: Cabinet, doctor: Caller) -> None:
        response = await cabinet.sign_in(doctor.sign({"jwt": await cabinet.jwt()}))
        assert (response.status_code, response.json()["error"]["message"]) == (409, "Person is not found")

    async def test_not_a_signature_names_the_field(self, cabinet: Cabinet) -> None:
        response = await cabinet.sign_in("bm90IGEgQ01T")
        assert error(response) == (422, "validation_failed")
        assert response.json()["error"]["invalid"][0]["entry"] == "$.token.signed_content"

    async def test_untrusted_certificate_is_refused(self, cabinet: Cabinet) -> None:
        stranger = Authority.create("Чужий центр", scheme="ecdsa", random=b"\5".__mul__, at=NOW - timedelta(days=9))
        subject = Subject(surname="А", given_name="Б", drfo=cabinet.patient.tax_id)
        key = stranger.issue(subject, valid_from=NOW - timedelta(days=1), valid_to=NOW + timedelta(days=1))
        signed = type(cabinet.patient)(**(vars(cabinet.patient) | {"key": key})).sign({"jwt": await cabinet.jwt()})
        assert error(await cabinet.sign_in(signed)) == (422, "validation_failed")

    async def test_scope_of_workers_is_refused(self, cabinet: Cabinet) -> None:
        signed = cabinet.patient.sign({"jwt": await cabinet.jwt()})
        assert error(await cabinet.sign_in(signed, scope="episode:write")) == (422, "validation_failed")


# SG-4
class TestWithoutTaxId:
    """Who refused the tax id has the passport, or only the УНЗР, in the certificate."""

    @pytest.fixture(autouse=True)
    async def person(self, patient: Caller, db: Connection) -> None:
        await db.execute("delete from person_tax_ids where person_id = $1", patient.person_id)
        await db.execute("update users set tax_id = null where person_id = $1", patient.person_id)
        await db.execute("delete from person_documents where person_id = $1", patient.person_id)
        await db.execute(
            "insert into person_documents (person_id, type, number_search) values ($1, 'PASSPORT', 'КС000017')",
            patient.person_id,
        )
        await db.execute(
            "update persons set tax_id = null, no_tax_id = true, last_name = 'Мар’яненко', first_name = 'Ольга',"
            " unzr = to_char(birth_date, 'YYYYMMDD') || '-00017', documents = $2 where id = $1",
            patient.person_id,
            [{"type": "PASSPORT", "number": "КС000017"}],
        )

    async def come(
        self, cabinet: Cabinet, authority: Authority, unzr: str | None = None, **names: Any
    ) -> httpx.Response:
        subject = Subject(**{"surname": "МАР'ЯНЕНКО", "given_name": "Ольга Юліанівна"} | names)
        caller = with_key(authority, cabinet.patient, subject, unzr)
        return await cabinet.sign_in(caller.sign({"jwt": await cabinet.jwt()}))

    @pytest.mark.parametrize("drfo", ["КС000017", "KC000017", "кс 000017", "КС-000017"])
    async def test_passport_in_any_spelling_opens_the_own_record(
        self, cabinet: Cabinet, authority: Authority, drfo: str
    ) -> None:
        response = await self.come(cabinet, authority, drfo=drfo)
        assert response.status_code == 201, response.text
        assert response.json()["data"]["user_id"] == str(cabinet.patient.user_id)

    async def test_number_of_the_demographic_register_alone_opens_it(
        self, cabinet: Cabinet, authority: Authority, db: Connection
    ) -> None:
        unzr = await db.fetchval("select unzr from persons where id = $1", cabinet.patient.person_id)
        assert (await self.come(cabinet, authority, unzr)).status_code == 201
        assert (await self.come(cabinet, authority, drfo=unzr)).status_code == 201

    @pytest.mark.parametrize(
        "names", [{"drfo": "КС000018"}, {"surname": "Інакша"}, {"given_name": "Оля"}, {"drfo": "000017"}]
    )
    async def test_other_number_or_name_is_not_found(
        self, cabinet: Cabinet, authority: Authority, names: dict[str, str]
    ) -> None:
        response = await self.come(cabinet, authority, **{"drfo": "КС000017"} | names)
        assert (response.status_code, response.json()["error"]["message"]) == (409, "Person is not found")

    async def test_somebody_with_a_tax_id_is_not_opened_by_a_passport(
        self, cabinet: Cabinet, authority: Authority, db: Connection
    ) -> None:
        await db.execute("update persons set tax_id = '3126509816' where id = $1", cabinet.patient.person_id)
        assert (await self.come(cabinet, authority, drfo="КС000017")).status_code == 409

    async def test_no_number_at_all_is_refused_with_the_published_words(
        self, cabinet: Cabinet, authority: Authority
    ) -> None:
        response = await self.come(cabinet, authority)
        assert response.json()["error"]["invalid"][0]["rules"][0]["description"] == "Invalid drfo"
