"""A person signs up with their КЕП through a trusted cabinet; a confidant comes in for a related person."""

from typing import Any

import httpx
import msgspec
import pytest

from esoz.central import identity
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.country import VINNYTSIA
from esoz.signature import Authority, Subject
from tests.central.answers import faults, refused
from tests.contract.checker import must_be_as_published
from tests.factories.world import CABINET_KEY, Caller, World, key_for, with_key

SECRET = "the secret of the cabinet"
PHONE = "+380671234567"


class Cabinet:
    """A trusted cabinet."""

    def __init__(self, patient: Caller) -> None:
        assert patient.client is not None
        self.http, self.patient = patient.client, patient

    async def jwt(self) -> str:
        body = {"client_id": str(self.patient.client_id), "client_secret": SECRET}
        value: str = (await self.http.post("/oauth/nonce", json=body)).json()["data"]["token"]
        return value

    async def send(self, path: str, signed: str, otp: int | None = None, **changes: Any) -> httpx.Response:
        token = {
            "grant_type": "pis_auth",
            "client_id": str(self.patient.client_id),
            "client_secret": SECRET,
            "scope": "person:sign_in",
        }
        body = {"signed_content": signed, "signed_content_encoding": "base64", "token": token | changes}
        body |= {"otp": otp} if otp is not None else {}
        response = await self.http.post(path, json=body, headers={"API-key": CABINET_KEY})
        must_be_as_published(response)
        return response

    async def own(self, response: httpx.Response) -> Any:
        """The record that the token of an answer opens."""
        return (await self.opened(response)).json()["data"]

    async def opened(self, response: httpx.Response) -> httpx.Response:
        """What is answered to the token of an answer, asked for the record."""
        data = response.json()["data"]
        token = data.get("token", data)["value"]
        headers = {"API-key": CABINET_KEY, "Authorization": f"Bearer {token}"}
        return await self.http.get("/api/pis/person", headers=headers)


@pytest.fixture
async def cabinet(patient: Caller, work: Work, db: Connection) -> Cabinet:
    broker = await db.fetchval("select id from brokers where kind = 'PIS'")
    await identity.connect(
        work, client_id=patient.client_id, broker_id=broker, redirect_uri="https://cabinet.test", secret=SECRET
    )
    return Cabinet(patient)


@pytest.fixture
def newcomer(work: Work, authority: Authority, patient: Caller) -> Caller:
    """A grown-up who is not in the index: the next of the families that the world is made of."""
    families = list(build.families(work.today, 30))
    person = next(member for member in families[-1] if work.today.year - member.birth_date.year > 20)
    key = key_for(authority, work, person)
    caller = Caller("newcomer", "", CABINET_KEY, patient.user_id, patient.client_id, person.tax_id, key, work.now)
    object.__setattr__(caller, "name", person)
    return caller


async def registration(newcomer: Caller, cabinet: Cabinet, **changes: Any) -> dict[str, Any]:
    person: Any = newcomer.name
    phones = [{"type": "MOBILE", "number": PHONE}]
    told = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "second_name": person.second_name,
        "birth_date": person.birth_date.isoformat(),
        "birth_country": "Україна",
        "birth_settlement": "Вінниця",
        "gender": person.gender,
        "no_tax_id": False,
        "tax_id": person.tax_id,
        "secret": "таємне слово",
        "documents": [{"type": "PASSPORT", "number": person.passport, "issued_by": "РВ", "issued_at": "2017-02-28"}],
        "addresses": [msgspec.to_builtins(build.address(VINNYTSIA, "Садова", "1"))],
        "phones": phones,
        "authentication_methods": [{"type": "OTP", "phone_number": PHONE}],
        "emergency_contact": {"first_name": "Петро", "last_name": "Іванов", "phones": phones},
    }
    return {
        "person": told | changes,
        "patient_signed": True,
        "process_disclosure_data_consent": True,
        "jwt": await cabinet.jwt(),
    }


async def names_of(patient: Caller, db: Connection) -> dict[str, str]:
    """The names of the index, which are those of the key."""
    return dict(await db.fetchrow("select first_name, last_name from persons where id = $1", patient.person_id))


class TestSignUp:
    PATH = "/api/pis/sign-up"

    async def test_known_person_gets_tokens_and_keeps_their_record(
        self, cabinet: Cabinet, newcomer: Caller, patient: Caller, db: Connection
    ) -> None:
        before = await db.fetchval("select count(*) from persons")
        content = await registration(newcomer, cabinet, tax_id=patient.tax_id, **await names_of(patient, db))
        response = await cabinet.send(self.PATH, patient.sign(content))
        assert response.status_code == 201, response.text
        assert (await cabinet.own(response))["id"] == str(patient.person_id)
        assert await db.fetchval("select count(*) from persons") == before

    async def test_somebody_else_s_registration_is_refused(
        self, cabinet: Cabinet, newcomer: Caller, patient: Caller, db: Connection
    ) -> None:
        response = await cabinet.send(self.PATH, patient.sign(await registration(newcomer, cabinet)))
        assert faults(response) == [("$.signed_content", "Does not match the signer drfo")]

    async def test_newcomer_confirms_the_telephone_and_is_registered(
        self, cabinet: Cabinet, newcomer: Caller, db: Connection
    ) -> None:
        content = await registration(newcomer, cabinet)
        signed = newcomer.sign(content)
        refused(await cabinet.send(self.PATH, signed), 422, "unverified", "Unverified phone number")
        body = await db.fetchval("select body from messages where channel = 'sms'")
        response = await cabinet.send(self.PATH, signed, otp=int(body.rpartition(" ")[2]))
        assert response.status_code == 201, response.text
        data = response.json()["data"]
        assert data["person"]["authentication_methods"] == [{"type": "OTP", "phone_number": "+38067*****67"}]
        assert (await cabinet.own(response))["id"] == data["person"]["id"]

    # PS-9
    async def test_what_is_wrong_is_told_before_a_code_is_sent(
        self, cabinet: Cabinet, newcomer: Caller, db: Connection
    ) -> None:
        paper = {"type": "PASSPORT", "number": "1", "issued_by": "РВ", "issued_at": "2017-02-28"}
        response = await cabinet.send(
            self.PATH, newcomer.sign(await registration(newcomer, cabinet, documents=[paper]))
        )
        assert [entry for entry, _ in faults(response)] == ["$.person.documents[0].number"]
        assert await db.fetchval("select count(*) from messages") == 0

    # PS-17
    @pytest.mark.parametrize(("other_tax_id", "status"), [(None, 409), ("1111111118", 201)])
    async def test_document_of_somebody_born_that_day_is_theirs_unless_they_have_another_tax_id(
        self, cabinet: Cabinet, newcomer: Caller, patient: Caller, db: Connection, other_tax_id: str | None, status: int
    ) -> None:
        await db.execute("insert into verified_phones (phone_number, verified_at) values ($1, now())", PHONE)
        person: Any = newcomer.name
        passport = await db.fetchval(
            "select number_search from person_documents where person_id = $1 and type = 'PASSPORT'", patient.person_id
        )
        await db.execute(
            "update persons set birth_date = $2, tax_id = $3 where id = $1",
            patient.person_id,
            person.birth_date,
            other_tax_id,
        )
        paper = {"type": "PASSPORT", "number": passport, "issued_by": "РВ", "issued_at": "2017-02-28"}
        response = await cabinet.send(
            self.PATH, newcomer.sign(await registration(newcomer, cabinet, documents=[paper]))
        )
        assert response.status_code == status, response.text
        if status == 409:
            refused(response, 409, "request_conflict", "Such person already exists")

    # CB-2
    async def test_under_another_name_than_the_certificate_s_then_both_fields_are_named(
        self, cabinet: Cabinet, newcomer: Caller, db: Connection
    ) -> None:
        before = await db.fetchval("select count(*) from persons")
        content = await registration(newcomer, cabinet, last_name="Вигаданюк", first_name="Зовсім")
        assert faults(await cabinet.send(self.PATH, newcomer.sign(content))) == [
            ("$.person.first_name", "Input first_name doesn't match name from DS"),
            ("$.person.last_name", "Input last_name doesn't match name from DS"),
        ]
        assert await db.fetchval("select count(*) from persons") == before

    # CB-2, SG-4, PS-42
    async def test_without_tax_id_by_passport_and_names_in_any_spelling_then_registered_once(
        self, cabinet: Cabinet, newcomer: Caller, authority: Authority, db: Connection
    ) -> None:
        await db.execute("insert into verified_phones (phone_number, verified_at) values ($1, now())", PHONE)
        paper = {"type": "PASSPORT", "number": "КС000017", "issued_by": "РВ", "issued_at": "2017-02-28"}
        changes = {"tax_id": None, "no_tax_id": True, "documents": [paper], "last_name": "Мар'яненко"}
        person: Any = newcomer.name
        names = {"surname": "МАР’ЯНЕНКО", "given_name": f"{person.first_name.upper()} Юліанівна"}
        subject = Subject(**names, drfo="kc-000017")
        signer = with_key(authority, newcomer, subject)
        ids = set()
        for _ in range(2):
            content = await registration(newcomer, cabinet, **changes)
            content["person"] = {name: value for name, value in content["person"].items() if value is not None}
            response = await cabinet.send(self.PATH, signer.sign(content))
            assert response.status_code == 201, response.text
            own = await cabinet.own(response)
            ids.add(own["id"])
            assert own["verification"]["details"]["nhs"]["verification_status"] == "VERIFICATION_NEEDED"
        assert len(ids) == 1

    # PS-14
    @pytest.mark.parametrize("consent", ["patient_signed", "process_disclosure_data_consent"])
    async def test_without_consent_is_refused(
        self, cabinet: Cabinet, newcomer: Caller, db: Connection, consent: str
    ) -> None:
        content = await registration(newcomer, cabinet) | {consent: False}
        assert faults(await cabinet.send(self.PATH, newcomer.sign(content)))[0][0] == f"$.{consent}"

    async def test_nonce_counts_once(self, cabinet: Cabinet, newcomer: Caller, patient: Caller, db: Connection) -> None:
        signed = patient.sign(
            await registration(newcomer, cabinet, tax_id=patient.tax_id, **await names_of(patient, db))
        )
        await cabinet.send(self.PATH, signed)
        refused(await cabinet.send(self.PATH, signed), 401, "jwt_invalid")


class TestSignInFor:
    PATH = "/api/pis/confidant/sign-in"

    @pytest.fixture
    async def pair(self, world: World, db: Connection, authority: Authority, work: Work) -> tuple[Caller, Any]:
        """Somebody who speaks for a child, with their КЕП; and the child."""
        row = await db.fetchrow(
            "select person_id, confidant_person_id from confidant_person_relationships where is_active limit 1"
        )
        child = next(each for each in world.persons if each.id == row["person_id"])
        parent = next(each for each in world.persons if each.id == row["confidant_person_id"])
        families = [member for family in build.families(work.today, 12) for member in family]
        known = next(member for member in families if member.tax_id == parent.tax_id)
        key = key_for(authority, work, known)
        patient = world.patient
        caller = Caller("parent", "", CABINET_KEY, patient.user_id, patient.client_id, known.tax_id, key, work.now)
        return caller, child

    @staticmethod
    def named(child: Any, **changes: Any) -> dict[str, Any]:
        document = child.documents[0]
        return {
            "last_name": child.last_name,
            "given_name": f"{child.first_name} {child.second_name or ''}".strip(),
            "document": {"type": document.type, "number": document.number},
        } | changes

    async def test_confidant_opens_the_record_of_the_child_and_is_named(
        self, cabinet: Cabinet, pair: tuple[Caller, Any], db: Connection
    ) -> None:
        parent, child = pair
        response = await cabinet.send(self.PATH, parent.sign(self.named(child)))
        assert response.status_code == 201, response.text
        details = response.json()["data"]["details"]
        applicant = await db.fetchval("select person_id from users where id = $1::uuid", details["applicant_user_id"])
        assert str(applicant) == details["applicant_person_id"] != str(child.id)
        assert (await cabinet.own(response))["id"] == str(child.id)

    async def test_stranger_is_refused_whatever_they_know(
        self, cabinet: Cabinet, pair: tuple[Caller, Any], patient: Caller, db: Connection
    ) -> None:
        _, child = pair
        await db.execute(
            "update confidant_person_relationships set is_active = false where confidant_person_id = $1",
            patient.person_id,
        )
        response = await cabinet.send(self.PATH, patient.sign(self.named(child)))
        refused(response, 403, "forbidden", "Relation between persons is not found")

    async def test_ended_relation_opens_nothing(
        self, cabinet: Cabinet, pair: tuple[Caller, Any], db: Connection
    ) -> None:
        parent, child = pair
        await db.execute("update confidant_person_relationships set active_to = date '2026-11-21'")
        refused(await cabinet.send(self.PATH, parent.sign(self.named(child))), 403, "forbidden")

    async def test_name_alone_is_not_enough(self, cabinet: Cabinet, pair: tuple[Caller, Any]) -> None:
        parent, child = pair
        content = {name: value for name, value in self.named(child).items() if name != "document"}
        assert faults(await cabinet.send(self.PATH, parent.sign(content)))[0][0] == "$.signed_content.tax_id"
