"""The way of a clinic and of a pharmacy into the system, by the public API and pages only.

A vendor applies and is connected, its user registers the legal entity that the head signed, the head accepts the
invitation, signs in and consents, opens divisions, adds a licence, offers a service, invites people; they come in.
"""

# ruff: noqa: F811 fixtures of other folders are imported and then named as arguments

import base64
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from esoz.central import identity, organisations
from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.http import API
from esoz.kernel.work import Work
from esoz.sandbox.build import address
from esoz.sandbox.country import KYIV
from esoz.signature import Authority, Issued, Subject, sign
from esoz.spec.roles import client_type_scopes, role_scopes
from tests.central.answers import answered, faults, refused
from tests.central.conftest import NOW
from tests.contract.checker import must_be_as_published
from tests.factories.people import tax_id
from tests.factories.registries import last_mail, registration, state_record

from .site.conftest import Browser, browser, last_code  # noqa: F401 a fixture
from .site.test_administration import FORM

PASSWORD = "Дуже-довгий-пароль-1"
CHIEF = "chief@central.example"
REDIRECT = "https://mis.example/callback"


@dataclass
class Human:
    """Somebody with an e-mail, a tax number and a КЕП, and later an account."""

    email: str
    tax_id: str
    key: Issued
    token: str = ""

    def sign(self, content: object) -> str:
        raw = json.dumps(content, ensure_ascii=False, default=str).encode()
        return base64.b64encode(sign(raw, self.key.key, self.key.certificate, at=NOW)).decode()


@dataclass
class Vendor:
    """A connected system: what it sends in headers, and its own client."""

    http: httpx.AsyncClient
    keys: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, token: str, body: object = None, **query: str) -> httpx.Response:
        headers = {"API-key": self.keys["API-key"], "X-Custom-PSK": self.keys["X-Custom-PSK"]}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        content = None if body is None else json.dumps(body, default=str).encode()
        headers |= {"Content-Type": "application/json"} if content is not None else {}
        response = await self.http.request(method, path, params=query, content=content, headers=headers)
        must_be_as_published(response)
        return response

    async def come_in(self, client_id: str, email: str, scope: str, *, redirect: str = REDIRECT) -> str:
        """Sign in, consent, exchange: the access token."""
        asked = {
            "grant_type": "password",
            "email": email,
            "password": PASSWORD,
            "client_id": client_id,
            "scope": "app:authorize",
        }
        session = answered(await self.call("POST", "/auth/login", "", {"token": asked}), 201)["data"]["value"]
        app = {"client_id": client_id, "redirect_uri": redirect, "scope": scope}
        agreed = await self.call("POST", "/oauth/apps/authorize", session, {"app": app})
        code = answered(agreed, 201)["data"]["value"]
        asked = {
            "grant_type": "authorization_code",
            "client_id": client_id,
            "client_secret": self.secrets[client_id],
            "code": code,
            "redirect_uri": redirect,
            "scope": scope,
        }
        return str(answered(await self.call("POST", "/oauth/tokens", "", {"token": asked}), 201)["data"]["value"])


def human(authority: Authority, email: str, number: int, edrpou: str | None = None) -> Human:
    subject = Subject(surname="Людина", given_name="Нова", drfo=tax_id(number), organization="Заклад", edrpou=edrpou)
    start = NOW - timedelta(days=100)
    return Human(
        email, tax_id(number), authority.issue(subject, valid_from=start, valid_to=start + timedelta(days=365))
    )


@pytest.fixture(autouse=True)
async def _known_codes(db: Connection) -> None:
    await dictionaries.load(db)


@pytest.fixture
async def vendor(api: API, browser: Browser, work: Work, db: Connection) -> AsyncIterator[Vendor]:
    """A system that applied, was tested, and was connected by an administrator."""
    await identity.create_administrator(work, email=CHIEF, password=PASSWORD, phone="+380671234567")
    await browser.get("/mis-register/apply")
    await browser.http.post(
        "/mis-register/apply", data={"csrf": browser.csrf, **FORM, "areas": ["PRIMARY_CARE", "PHARMACY"]}
    )
    await browser.get("/sign-in?next=/administration")
    place = (await browser.send("/sign-in?next=/administration", email=CHIEF, password=PASSWORD)).headers["location"]
    await browser.get(place)
    await browser.send(place, code=await last_code(db))
    listed = await browser.get("/administration", name="нова")
    found = re.search(r'href="(/administration/mis/[^"]+)"', listed.text)
    assert found is not None
    page = await browser.get(found[1])
    page = await browser.follow((await browser.send(f"{found[1]}/decision", decision="test")).headers["location"])
    for test in re.findall(r'name="test" value="([\w-]+)"', page.text):
        await browser.send(f"{found[1]}/tests", test=test, passed="yes")
    await browser.send(f"{found[1]}/decision", decision="pass")
    await browser.get(found[1])
    shown = await browser.send(f"{found[1]}/decision", decision="connect")
    told = dict(re.findall(r"<dt[^>]*>\s*([\w-]+)\s*</dt>\s*<dd[^>]*>\s*(\S+)\s*</dd>", shown.text))
    assert set(told) == {"API-key", "X-Custom-PSK", "client_id", "client_secret"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="https://api.test") as client:
        yield Vendor(client, told, {told["client_id"]: told["client_secret"]})


async def first_password(browser: Browser, db: Connection, email: str) -> None:
    """Set a password by the link of the mail."""
    link = re.search(r"https://api\.test(/password/reset\S+)", await last_mail(db, email))
    assert link is not None
    await browser.get(link[1])
    done = await browser.send(link[1], new=PASSWORD)
    assert done.status_code in (200, 303)


async def accept(browser: Browser, db: Connection, who: Human) -> None:
    """Accept the invitation of the mail as somebody who has no account yet."""
    link = re.search(r"https://api\.test(/invitations/\S+)", await last_mail(db, who.email))
    assert link is not None
    browser.http.cookies.clear()
    await browser.get(link[1])
    done = await browser.send(f"{link[1]}/accept", password=PASSWORD)
    assert done.status_code == 303, done.text


@dataclass(frozen=True)
class Kind:
    """What differs between a clinic and a pharmacy."""

    type: str
    license: str
    division: str
    owner: str
    worker: str
    block: str
    speciality: str


CLINIC = Kind("PRIMARY_CARE", "MSP", "CLINIC", "OWNER", "DOCTOR", "doctor", "THERAPIST")
PHARMACY = Kind("PHARMACY", "PHARMACY", "DRUGSTORE", "PHARMACY_OWNER", "PHARMACIST", "pharmacist", "PHARMACIST")
OWNER_SCOPES = (
    "division:read division:write division:details employee:read employee_request:write employee_request:read"
    " legal_entity:read license:read license:write healthcare_service:read healthcare_service:write"
    " employee_role:write employee_role:read client:read connection:read"
)


def division_of(kind: Kind) -> dict[str, Any]:
    return {
        "name": "Головна",
        "type": kind.division,
        "email": "place@nova.example",
        "addresses": [msgspec.to_builtins(address(KYIV, "Садова", "1"))],
        "phones": [{"type": "MOBILE", "number": "+380671112233"}],
        "working_hours": {"mon": [["08.00", "18.00"]]},
    }


def invitation(kind: Kind, who: Human, division_id: str) -> dict[str, Any]:
    training = {
        "educations": [
            {
                "country": "UA",
                "city": "Київ",
                "institution_name": "Академія",
                "diploma_number": "DD1",
                "degree": "MASTER",
                "speciality": "Лікувальна справа",
            }
        ],
        "specialities": [
            {
                "speciality": kind.speciality,
                "speciality_officio": True,
                "level": "FIRST",
                "qualification_type": "AWARDING",
                "attestation_name": "Академія",
                "attestation_date": "2017-02-28",
                "certificate_number": "AB/21331",
            }
        ],
    }
    return {
        "employee_request": {
            "position": "P7" if kind is CLINIC else "P16",
            "start_date": "2026-11-01",
            "status": "NEW",
            "employee_type": kind.worker,
            "division_id": division_id,
            kind.block: training,
            "party": {
                "first_name": "Нова",
                "last_name": "Людина",
                "tax_id": who.tax_id,
                "no_tax_id": False,
                "email": who.email,
                "birth_date": "1990-05-07",
                "gender": "FEMALE",
                "documents": [{"type": "PASSPORT", "number": "АА120518"}],
                "phones": [{"type": "MOBILE", "number": "+380671112233"}],
            },
        }
    }


# LE-14
@pytest.mark.parametrize("kind", [CLINIC, PHARMACY], ids=["clinic", "pharmacy"])
async def test_from_application_to_working_people(
    vendor: Vendor,
    browser: Browser,
    authority: Authority,
    work: Work,
    db: Connection,
    kind: Kind,
) -> None:
    # The operator keeps the copy of the state register; everything else is done by the people themselves.
    edrpou = "44446666"
    await organisations.import_state_register(work, [state_record(edrpou)])
    await first_password(browser, db, FORM["contact_email"])
    own = vendor.keys["client_id"]
    registering = await vendor.come_in(own, FORM["contact_email"], "legal_entity:write", redirect=FORM["website"])

    head = human(authority, "head@nova.example", 318_000_001, edrpou)
    told = registration(edrpou=edrpou, type=kind.type)
    told["owner"] |= {"email": head.email, "tax_id": head.tax_id}
    told["license"] |= {"type": kind.license}
    document = {"signed_legal_entity_request": head.sign(told), "signed_content_encoding": "base64"}
    made = answered(await vendor.call("PUT", "/api/v2/legal_entities", registering, document), 201)
    entity_id = made["data"]["id"]
    vendor.secrets[entity_id] = made["urgent"]["security"]["client_secret"]

    await accept(browser, db, head)
    head.token = await vendor.come_in(entity_id, head.email, offered(kind.owner, kind.type))
    division = await open_division(vendor, head, kind)
    if kind is CLINIC:
        await offer_service(vendor, head, division["id"])
    licences = answered(await vendor.call("GET", "/api/licenses", head.token))["data"]
    assert [(each["type"], each["is_primary"]) for each in licences] == [(kind.license, True)]

    worker = human(authority, "worker@nova.example", 330_000_007)
    document = head.sign(invitation(kind, worker, division["id"]))
    signed = {"signed_content": document, "signed_content_encoding": "base64"}
    invited = answered(await vendor.call("POST", "/api/v2/employee_requests", head.token, signed))["data"]
    await accept(browser, db, worker)
    asked = answered(await vendor.call("GET", f"/api/employee_requests/{invited['id']}", head.token))["data"]
    assert asked["status"] == "APPROVED"
    employees = answered(await vendor.call("GET", "/api/employees", head.token))["data"]
    assert sorted(each["employee_type"] for each in employees) == sorted((kind.owner, kind.worker))
    worker.token = await vendor.come_in(entity_id, worker.email, "division:read")
    seen = answered(await vendor.call("GET", "/api/divisions", worker.token))["data"]
    assert [each["id"] for each in seen] == [division["id"]]
    if kind is CLINIC:
        await give_service(vendor, head, employees)
    # What the worker's role does not have is not theirs, whatever they ask for.
    refused(await vendor.call("POST", "/api/divisions", worker.token, division_of(kind)), 403, "forbidden")


def offered(role: str, client_type: str) -> str:
    """The scopes of the way that this head may have, as the published table of roles says."""
    return " ".join(sorted(set(OWNER_SCOPES.split()) & role_scopes(role) & client_type_scopes(client_type)))


async def open_division(vendor: Vendor, head: Human, kind: Kind) -> dict[str, Any]:
    wrong = division_of(replace(kind, division="FAP" if kind is PHARMACY else "DRUGSTORE"))
    assert faults(await vendor.call("POST", "/api/divisions", head.token, wrong))[0][0] == "$.type"
    data: dict[str, Any] = answered(await vendor.call("POST", "/api/divisions", head.token, division_of(kind)))["data"]
    assert (data["status"], data["type"]) == ("ACTIVE", kind.division)
    return data


async def offer_service(vendor: Vendor, head: Human, division_id: str) -> None:
    coding = {"coding": [{"system": "HEALTHCARE_SERVICE_CATEGORIES", "code": "MSP"}]}
    body = {
        "division_id": division_id,
        "category": coding,
        "speciality_type": "THERAPIST",
        "providing_condition": "OUTPATIENT",
    }
    answered(await vendor.call("POST", "/api/healthcare_services", head.token, body), 201)
    refused(await vendor.call("POST", "/api/healthcare_services", head.token, body), 409, "request_conflict")


async def give_service(vendor: Vendor, head: Human, employees: list[dict[str, Any]]) -> None:
    service = answered(await vendor.call("GET", "/api/healthcare_services", head.token))["data"][0]
    doctor = next(each for each in employees if each["employee_type"] == "DOCTOR")
    body = {"healthcare_service_id": service["id"], "employee_id": doctor["id"]}
    answered(await vendor.call("POST", "/api/employee_roles", head.token, body), 201)
