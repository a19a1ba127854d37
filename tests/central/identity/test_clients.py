"""Clients and their connections: own ones only, secrets told once; vendors' keys; what was allowed and taken back."""

from uuid import UUID, uuid4

import pytest

from esoz.central import identity
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.world import Caller, World

REDIRECT = "https://mis.test/oauth/callback"


@pytest.fixture
def owner(world: World) -> Caller:
    return world.owner


@pytest.fixture
async def broker_id(db: Connection) -> UUID:
    found: UUID = await db.fetchval("select id from brokers where kind = 'MIS'")
    return found


@pytest.fixture
async def connection_id(owner: Caller, work: Work, broker_id: UUID, db: Connection) -> UUID:
    await identity.connect(work, client_id=owner.client_id, broker_id=broker_id, redirect_uri=REDIRECT, secret="first")
    found: UUID = await db.fetchval("select id from connections where client_id = $1", owner.client_id)
    return found


def path(owner: Caller, connection_id: UUID) -> str:
    return f"/api/clients/{owner.client_id}/connections/{connection_id}"


class TestClients:
    async def test_list_is_the_own_client_with_its_owner(self, owner: Caller) -> None:
        body = answered(await owner.get("/api/clients"))
        assert [each["id"] for each in body["data"]] == [str(owner.client_id)]
        assert body["data"][0]["user_id"] == str(owner.user_id)
        assert body["data"][0]["is_blocked"] is False
        assert body["paging"]["total_entries"] == 1

    async def test_details_tell_the_type(self, owner: Caller) -> None:
        data = answered(await owner.get(f"/api/clients/{owner.client_id}"))["data"]
        assert data["client_type_name"] == "PRIMARY_CARE"

    async def test_foreign_client_is_forbidden(self, owner: Caller, world: World) -> None:
        refused(await owner.get(f"/api/clients/{world.pharmacist.client_id}"), 403, "forbidden")

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get("/api/clients"), 403, "forbidden")


# AUTH-31
class TestConnections:
    async def test_list_and_details_hide_the_secret(self, owner: Caller, connection_id: UUID, broker_id: UUID) -> None:
        shown = {
            "id": str(connection_id),
            "client_id": str(owner.client_id),
            "consumer_id": str(broker_id),
            "redirect_uri": REDIRECT,
        }
        assert answered(await owner.get(f"/api/clients/{owner.client_id}/connections"))["data"] == [shown]
        assert answered(await owner.get(path(owner, connection_id)))["data"] == shown

    async def test_unknown_is_not_found_and_foreign_forbidden(self, owner: Caller, world: World) -> None:
        refused(await owner.get(path(owner, uuid4())), 404, "not_found")
        foreign = f"/api/clients/{world.pharmacist.client_id}/connections"
        refused(await owner.get(foreign), 403, "forbidden")
        refused(await owner.get(f"{foreign}/{uuid4()}"), 403, "forbidden")

    async def test_redirect_is_changed_to_https_only(self, owner: Caller, connection_id: UUID) -> None:
        where = path(owner, connection_id)
        data = answered(await owner.patch(where, {"redirect_uri": "https://new.test/back"}))["data"]
        assert data["redirect_uri"] == "https://new.test/back"
        for address in ("http://new.test/back", "https://", "https://user@new.test/", "https://new.test/#a"):
            response = await owner.patch(where, {"redirect_uri": address})
            assert faults(response)[0][0] == "$.redirect_uri"

    async def test_refreshed_secret_is_told_once_and_ends_the_old_one(
        self, owner: Caller, connection_id: UUID, db: Connection, work: Work
    ) -> None:
        data = answered(await owner.patch(f"{path(owner, connection_id)}/actions/refresh_secret"))["data"]
        assert len(data["secret"]) >= 43
        assert "secret" not in answered(await owner.get(path(owner, connection_id)))["data"]
        assert data["secret"] not in str(dict(await db.fetchrow("select * from connections")))
        client, _ = await identity.must_know_connection(work, owner.client_id, data["secret"])
        assert client.id == owner.client_id
        with pytest.raises(identity.errors.InvalidClient):
            await identity.must_know_connection(work, owner.client_id, "first")

    async def test_deleted_connection_ends_tokens_given_through_it(
        self, owner: Caller, connection_id: UUID, broker_id: UUID, work: Work, world: World
    ) -> None:
        origin = identity.Origin(broker_id=broker_id)
        issued = await identity.issue_access(
            work, world.doctor.user_id, owner.client_id, frozenset({"person:read"}), None, origin=origin
        )
        assert owner.client is not None
        response = await owner.client.delete(path(owner, connection_id), headers=owner.headers)
        assert response.status_code == 200
        headers = owner.headers | {"Authorization": f"Bearer {issued.value}"}
        refused(await owner.client.get("/api/persons", headers=headers), 401, "token_expired")
        refused(await owner.get(path(owner, connection_id)), 404, "not_found")


# AUTH-30
class TestBroker:
    async def test_token_works_only_through_the_mis_it_was_given_through(
        self, doctor: Caller, work: Work, broker_id: UUID
    ) -> None:
        other = await identity.create_broker(work, name="other", kind="MIS", api_key="key of the other")
        origin = identity.Origin(broker_id=other)
        issued = await identity.issue_access(
            work, doctor.user_id, doctor.client_id, frozenset({"episode:read"}), None, origin=origin
        )
        assert doctor.client is not None
        token = {"Authorization": f"Bearer {issued.value}"}
        refused(
            await doctor.client.get("/api/jobs/0", headers=token | {"API-key": doctor.api_key}),
            401,
            "access_denied",
            "API-KEY header is invalid.",
        )
        response = await doctor.client.get("/api/jobs/0", headers=token | {"API-key": "key of the other"})
        assert response.status_code != 401

    async def test_pre_shared_key_hides_everything_from_who_does_not_know_it(
        self, doctor: Caller, work: Work, broker_id: UUID
    ) -> None:
        keys = await identity.refresh_broker_keys(work, broker_id)
        assert doctor.client is not None
        refused(await doctor.get("/oauth/user"), 401, "access_denied", "API-KEY header is invalid.")
        headers = doctor.headers | {"API-key": keys.api_key}
        refused(await doctor.client.get("/api/persons", headers=headers), 404, "not_found")
        guessed = headers | {"X-Custom-PSK": "guessed"}
        refused(await doctor.client.get("/api/persons", headers=guessed), 404, "not_found")
        response = await doctor.client.get("/api/persons", headers=headers | {"X-Custom-PSK": keys.psk})
        assert response.status_code == 422

    async def test_blocked_is_refused_with_the_published_text_until_unblocked(
        self, doctor: Caller, work: Work, broker_id: UUID
    ) -> None:
        await identity.block_broker(work, broker_id, "порушення договору")
        refused(await doctor.get("/api/persons"), 401, "access_denied", "API-KEY header is invalid.")
        await identity.unblock_broker(work, broker_id)
        assert (await doctor.get("/api/persons")).status_code == 422

    async def test_blocked_gets_no_tokens(
        self, owner: Caller, connection_id: UUID, work: Work, broker_id: UUID
    ) -> None:
        await identity.block_broker(work, broker_id, "порушення договору")
        with pytest.raises(identity.errors.BrokerBlocked):
            await identity.must_know_connection(work, owner.client_id, "first")


# AUTH-27
class TestApps:
    @pytest.fixture
    async def app_id(self, patient: Caller, work: Work, db: Connection) -> UUID:
        scopes = frozenset({"person:sign_in"})
        app_id = await identity.save_consent(work, patient.user_id, patient.client_id, scopes)
        await db.execute("update tokens set app_id = $2 where user_id = $1", patient.user_id, app_id)
        return app_id

    async def test_list_and_details_show_what_was_allowed(self, patient: Caller, app_id: UUID) -> None:
        body = answered(await patient.get("/api/pis/apps", page_number=1, page_size=10))
        assert [each["id"] for each in body["data"]] == [str(app_id)]
        assert answered(await patient.get(f"/api/pis/apps/{app_id}"))["data"] == body["data"][0]
        assert answered(await patient.get("/api/pis/apps", client_ids=str(uuid4())))["data"] == []

    async def test_deleted_consent_ends_its_tokens_at_once(self, patient: Caller, app_id: UUID) -> None:
        assert patient.client is not None
        response = await patient.client.delete(f"/api/pis/apps/{app_id}", headers=patient.headers)
        assert (response.status_code, response.content) == (204, b"")
        refused(await patient.get("/api/pis/apps"), 401, "token_expired")

    async def test_foreign_consent_is_not_found(self, patient: Caller, world: World, work: Work) -> None:
        app_id = await identity.save_consent(work, world.doctor.user_id, patient.client_id, frozenset({"a:b"}))
        refused(await patient.get(f"/api/pis/apps/{app_id}"), 404, "not_found")


class TestRoles:
    async def test_are_read_with_their_scopes_by_who_has_the_scope(self, doctor: Caller, work: Work) -> None:
        issued = await identity.issue_access(work, doctor.user_id, doctor.client_id, frozenset({"role:read"}), None)
        assert doctor.client is not None
        headers = doctor.headers | {"Authorization": f"Bearer {issued.value}"}
        body = answered(await doctor.client.get("/admin/roles", params={"name": "DOCTOR"}, headers=headers))
        role = body["data"][0]
        assert "medication_request_request:sign" in role["scope"]
        one = await doctor.client.get(f"/admin/roles/{role['id']}", headers=headers)
        assert answered(one)["data"] == role
        refused(await doctor.client.get(f"/admin/roles/{uuid4()}", headers=headers), 404, "not_found")


class TestTakenRole:
    async def test_ends_what_it_allowed(self, world: World, work: Work, db: Connection) -> None:
        doctor = world.doctor
        app_id = await identity.save_consent(work, doctor.user_id, doctor.client_id, frozenset({"person:read"}))
        await db.execute("update tokens set app_id = $2 where user_id = $1", doctor.user_id, app_id)
        await identity.take_role(work, doctor.user_id, doctor.client_id, "DOCTOR")
        refused(await doctor.get("/api/persons"), 401, "token_expired")
