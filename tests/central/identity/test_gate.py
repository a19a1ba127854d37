"""The gate: who is let in, with which words others are refused, and that everyone leaves a line."""

from datetime import timedelta

import httpx

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.factories.world import API_KEY, Caller

PERSONS = "/api/persons"
WANTED = {"first_name": "Іван", "last_name": "Ніхто", "birth_date": "1990-01-01"}


def assert_refused(response: httpx.Response, status: int, type: str, message: str) -> None:
    body = response.json()
    assert (response.status_code, body["error"]["type"], body["error"]["message"]) == (status, type, message)
    assert body["meta"]["code"] == status
    assert "data" not in body


# AUTH-14, AUTH-29
class TestIdentify:
    async def test_without_token_is_access_denied(self, doctor: Caller) -> None:
        assert doctor.client is not None
        response = await doctor.client.get(PERSONS, params=WANTED, headers={"API-key": API_KEY})
        assert_refused(response, 401, "access_denied", "Invalid access token")

    async def test_with_unknown_token_is_access_denied(self, doctor: Caller) -> None:
        assert doctor.client is not None
        headers = {"API-key": API_KEY, "Authorization": "Bearer nobody-has-this"}
        response = await doctor.client.get(PERSONS, params=WANTED, headers=headers)
        assert_refused(response, 401, "access_denied", "Invalid access token")

    async def test_without_api_key_is_told_so(self, doctor: Caller) -> None:
        assert doctor.client is not None
        headers = {"Authorization": f"Bearer {doctor.token}"}
        response = await doctor.client.get(PERSONS, params=WANTED, headers=headers)
        assert_refused(response, 401, "access_denied", "API-KEY header required.")

    async def test_with_foreign_api_key_is_told_so(self, doctor: Caller) -> None:
        assert doctor.client is not None
        headers = {"Authorization": f"Bearer {doctor.token}", "API-key": "not a key of anyone"}
        response = await doctor.client.get(PERSONS, params=WANTED, headers=headers)
        assert_refused(response, 401, "access_denied", "API-KEY header is invalid.")

    # AUTH-23
    async def test_with_expired_token_is_told_so(self, doctor: Caller, clock: FixedClock) -> None:
        clock.forward(timedelta(days=30))
        assert_refused(await doctor.get(PERSONS, **WANTED), 401, "token_expired", "Token expired.")

    async def test_just_before_expiry_is_let_in(self, doctor: Caller, clock: FixedClock) -> None:
        clock.forward(timedelta(days=30) - timedelta(seconds=1))
        assert (await doctor.get(PERSONS, **WANTED)).status_code == 200

    async def test_without_scope_names_what_is_missing(self, pharmacist: Caller) -> None:
        words = "Your scope does not allow to access this resource. Missing allowances: person:read"
        assert_refused(await pharmacist.get(PERSONS, **WANTED), 403, "forbidden", words)

    async def test_of_blocked_user_is_refused(self, doctor: Caller, db: Connection) -> None:
        await db.execute("update users set is_blocked = true where id = $1", doctor.user_id)
        assert_refused(await doctor.get(PERSONS, **WANTED), 401, "user_blocked", "User blocked.")

    async def test_of_blocked_client_is_refused(self, doctor: Caller, db: Connection) -> None:
        await db.execute("update clients set is_blocked = true where id = $1", doctor.client_id)
        assert_refused(await doctor.get(PERSONS, **WANTED), 401, "access_denied", "Client is blocked.")

    # AUTH-30
    async def test_broker_scopes_narrow_the_token(self, doctor: Caller, db: Connection) -> None:
        await db.execute("update brokers set scopes = array['episode:read']")
        assert (await doctor.get(PERSONS, **WANTED)).status_code == 403

    async def test_patient_cannot_use_operations_of_workers(self, patient: Caller) -> None:
        assert_refused(await patient.get(PERSONS, **WANTED), 403, "forbidden", "Access denied")

    async def test_worker_cannot_use_operations_of_patients(self, doctor: Caller) -> None:
        assert_refused(await doctor.get("/api/pis/person"), 403, "forbidden", "Access denied")


class TestAudit:
    async def test_refusal_leaves_one_line_without_personal_data(self, pharmacist: Caller, db: Connection) -> None:
        before = await db.fetchval("select count(*) from audit_events")
        await pharmacist.get(PERSONS, **WANTED)
        rows = await db.fetch("select * from audit_events order by at, id")
        assert len(rows) == before + 1
        refused = [row for row in rows if row["outcome"] == "forbidden"]
        assert len(refused) == 1
        assert refused[0]["user_id"] == pharmacist.user_id
        assert "Ніхто" not in str(dict(refused[0]))


# GW-2
class TestRoad:
    async def test_unknown_path_is_not_found(self, doctor: Caller) -> None:
        assert_refused(await doctor.get("/api/nothing"), 404, "not_found", "Not found")

    async def test_wrong_method_is_not_allowed(self, doctor: Caller) -> None:
        response = await doctor.post(PERSONS)
        assert response.status_code == 405
        assert response.headers["allow"] == "GET"

    async def test_malformed_json_is_bad_request(self, doctor: Caller) -> None:
        assert doctor.client is not None
        headers = doctor.headers | {"Content-Type": "application/json"}
        path = "/api/medication_request_requests"
        response = await doctor.client.post(path, content=b'{"a": ', headers=headers)
        assert_refused(response, 400, "request_malformed", "Malformed JSON")

    async def test_other_content_type_is_unsupported(self, doctor: Caller) -> None:
        assert doctor.client is not None
        headers = doctor.headers | {"Content-Type": "text/plain"}
        response = await doctor.client.post("/api/medication_request_requests", content=b"a", headers=headers)
        assert (response.status_code, response.json()["error"]["type"]) == (415, "content_type_invalid")

    async def test_oversized_body_is_too_large(self, doctor: Caller) -> None:
        assert doctor.client is not None
        headers = doctor.headers | {"Content-Type": "application/json"}
        body = b'"' + b"a" * (10 * 1024 * 1024) + b'"'
        response = await doctor.client.post("/api/medication_request_requests", content=body, headers=headers)
        assert (response.status_code, response.json()["error"]["type"]) == (413, "request_too_large")

    # GW-3
    async def test_request_id_is_echoed(self, doctor: Caller) -> None:
        assert doctor.client is not None
        headers = doctor.headers | {"X-Request-ID": "our-id-17"}
        response = await doctor.client.get(PERSONS, params=WANTED, headers=headers)
        assert response.json()["meta"]["request_id"] == "our-id-17"
        assert response.headers["x-request-id"] == "our-id-17"
