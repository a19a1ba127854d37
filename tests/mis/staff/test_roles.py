"""Who opens what: every route of the workplace × every role, against the published table of scopes."""

import re
from collections.abc import Collection, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from esoz.kernel.pages import Route
from esoz.kernel.pages.sessions import session_id
from esoz.mis.app import SECTIONS, Mis
from esoz.mis.base.section import stands_below
from esoz.mis.base.services import Services
from esoz.mis.base.workplace import EVERYBODY, Worker, Workplace, chosen_at_once, hired_as, scopes_for
from esoz.spec.roles import role_scopes
from tests.mis.conftest import MIS_URL, NOW, Browser

from .conftest import FAMILY, MAKERS, Door, Hired, Office

CARE = {"DOCTOR", "SPECIALIST", "ASSISTANT", "MED_COORDINATOR"}
PRESCRIBERS = CARE - {"ASSISTANT"}
FINDERS = CARE | {"MED_ADMIN", "RECEPTIONIST", "OWNER", "ADMIN", "REORGANIZATION_OWNER"}
REGISTRARS = {"DOCTOR", "SPECIALIST", "ASSISTANT", "RECEPTIONIST"}
DECLARERS = {"DOCTOR", "ASSISTANT", "RECEPTIONIST", "OWNER", "ADMIN"}
COUNTERS = (DECLARERS - {"ASSISTANT"}) | {"REORGANIZATION_OWNER"}
HEADS = {"OWNER", "PHARMACY_OWNER"}
KEEPERS = HEADS | {"HR"}
# Path → who opens it, and the scope without which central would refuse what the page is for. The first that fits.
TABLE: tuple[tuple[str, Collection[str], str], ...] = (
    (r"/staff/(pauses|password-term|second-factor)", HEADS, "employee:write"),
    (r"/staff/banner", HEADS | {"ADMIN"}, "legal_entity:read"),
    (r"/staff/(new|.*/(edit|sign|again|discard|change|dismiss|access|mail|roles.*))$", KEEPERS, "employee:deactivate"),
    (r"/staff/positions$", KEEPERS, "employee:deactivate"),
    (r"/organisation/divisions/(settlements|new|.*/(edit|activate|deactivate))$", KEEPERS, "division:write"),
    (
        r"/reimbursement",
        HEADS | {"MED_ADMIN", "REORGANIZATION_OWNER"},
        "reimbursement_report:read",
    ),
    (r"/unsent", {"OWNER", "ADMIN"}, "employee:read"),
    (r"/staff|/organisation", KEEPERS | {"ADMIN"}, "employee:read"),
    (r"/patients/\{id\}/prescriptions/(new|.*/reject)", PRESCRIBERS, "medication_request_request:sign"),
    (r"/patients/\{id\}/(encounters/.*/prescriptions|sign-all)$", PRESCRIBERS, "medication_request_request:sign"),
    (r"/patients/\{id\}/prescriptions", CARE, "medication_request:read"),
    (r"/prescriptions|/sign-all/prescriptions", PRESCRIBERS, "medication_request_request:sign"),
    (r"/patients/\{id\}/devices", {"DOCTOR", "SPECIALIST"}, "device_request:write"),
    (r"/patients/\{id\}/personal$", {"DOCTOR", "SPECIALIST", "ASSISTANT"}, "personal_data:read"),
    (r"/patients(/\{id\})?$", FINDERS, "person:read"),
    (r"/registrations|/patients/\{id\}/change", REGISTRARS, "person_request:write"),
    (r"/patients/\{id\}/ways", REGISTRARS | {"MED_COORDINATOR"}, "authentication_method_request:write"),
    (r"/patients/\{id\}/confidants$", REGISTRARS | {"MED_COORDINATOR"}, "confidant_person_relationship:read"),
    (r"/patients/\{id\}/confidants/", REGISTRARS - {"RECEPTIONIST"}, "confidant_person_relationship_request:write"),
    (r"/patients/\{id\}/declaration/new", DECLARERS, "declaration_request:write"),
    (r"/declarations/requests/\{id\}/sign", {"DOCTOR", "ADMIN"}, "declaration_request:sign"),
    (r"/declarations/requests/\{id\}/withdraw", DECLARERS - {"DOCTOR"}, "declaration_request:reject"),
    (r"/declarations/requests/\{id\}/(confirm|resend)", DECLARERS, "declaration_request:approve"),
    (r"/patients/\{id\}/declaration|/declarations/requests", COUNTERS | DECLARERS, "declaration_request:read"),
    (r"/declarations", COUNTERS, "declaration:read"),
    (r"/referrals/(services|endings)", CARE, "service_request:write"),
    (r"POST /referrals", {"DOCTOR", "SPECIALIST", "ASSISTANT", "LABORANT"}, "service_request:complete"),
    (r"/referrals", CARE | {"LABORANT"}, "service_request:read"),
    (
        r"(GET )?(/patients/\{id\}/conclusions(/\{conclusion\}(/paper.pdf)?)?$)",
        {"DOCTOR", "SPECIALIST"},
        "composition:read",
    ),
    (
        r"/patients/\{id\}/conclusions/.*/mark$|/conclusions/marks",
        {"DOCTOR", "SPECIALIST"},
        "composition:mark_in_error",
    ),
    (r"/patients/\{id\}/conclusions/", {"DOCTOR", "SPECIALIST"}, "composition:write"),
    (r"/patients/|/visits|/cancellations|/documents|/sync|/sign-all|/codes|/episodes", CARE, "encounter:write"),
    (r"POST /paper/|/paper/(new|medicines|dispenses/)", {"PHARMACIST"}, "medication_dispense:write"),
    (r"/paper", {"PHARMACIST", "PHARMACY_OWNER"}, "medication_dispense:read_pharm"),
    (r"POST /wholesale/|/wholesale/(new|medicines|supplies/\{id\})", {"PHARMACIST"}, "medication_dispense:write"),
    (r"/wholesale", {"PHARMACIST", "PHARMACY_OWNER"}, "medication_dispense:read_pharm"),
    (r"POST /emergency/|/emergency/(new|medications|\{id\}/sign)", {"PHARMACIST"}, "medication_dispense:write"),
    (r"/emergency", {"PHARMACIST", "PHARMACY_OWNER"}, "medication_dispense:read_pharm"),
    (r"/pharmacy/devices$|/pharmacy/devices/list.csv$", {"PHARMACIST", "PHARMACY_OWNER"}, "device_dispense:read"),
    (r"/pharmacy/devices/number", {"PHARMACIST"}, "device_request:read"),
    (r"/pharmacy/devices/", {"PHARMACIST"}, "device_dispense:write"),
    (r"/head$", {"PHARMACY_OWNER"}, "medication_dispense:read_pharm"),
    (r"/journals", {"PHARMACIST", "PHARMACY_OWNER"}, "medication_dispense:read_pharm"),
    (r"POST /pharmacy/|/pharmacy/.*/(waits|hold|return)", {"PHARMACIST"}, "medication_dispense:process"),
    (r"POST /stock/sharing", {"PHARMACY_OWNER"}, "medication_request:read_pharm"),
    (r"/stock", {"PHARMACIST", "PHARMACY_OWNER"}, "medication_request:read_pharm"),
    (r"/pharmacy|/dispenses", {"PHARMACIST", "PHARMACY_OWNER"}, "medication_dispense:read_pharm"),
)


def routes() -> Iterator[Route[Services, Worker]]:
    for section in SECTIONS:
        yield from section.pages


RESTRICTED = [route for route in routes() if route.roles and route.roles != EVERYBODY]


def expected(route: Route[Services, Worker]) -> tuple[Collection[str], str]:
    for pattern, roles, scope in TABLE:
        if re.match(pattern, route.path) or re.match(pattern, route.name):
            return roles, scope
    raise AssertionError(f"nobody has said who may open {route.name}")


@pytest.mark.parametrize("route", RESTRICTED, ids=lambda route: route.name)
def test_route_then_open_to_just_those_of_the_table_and_central_would_let_them(route: Route[Services, Worker]) -> None:
    roles, scope = expected(route)
    assert route.roles == set(roles)
    assert [role for role in roles if scope not in role_scopes(role)] == []


async def at_the_desk(mis: Mis, office: Office, door: Door, role: str) -> Browser:
    """Somebody of this role in an open session, without central."""
    hired = await office.let_in(_fake(role))
    token = f"{uuid4().hex}{uuid4().hex}"[:43]
    async with mis.services.database.transaction() as db:
        await db.execute(
            "insert into sessions (id, user_id, data, created_at, seen_at, expires_at)"
            " values ($1, $2, '{}', $3, $3, $4)",
            session_id(token),
            hired.local_id,
            NOW,
            NOW + timedelta(hours=1),
        )
        await db.execute(
            "update users set workplace_id = (select id from workplaces where user_id = $1) where id = $1",
            hired.local_id,
        )
    browser = door.browser()
    browser.client.cookies.set(mis.profile.cookie, token, domain="mis.test")
    return browser


def _fake(role: str) -> Hired:
    person = MAKERS.person(NOW.date(), (30, 60))
    return Hired(person, f"r{person.tax_id}@clinic.example", uuid4(), uuid4(), FAMILY, role)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_role_then_its_pages_open_and_all_others_are_refused(
    mis: Mis, office: Office, door: Door, role: str
) -> None:
    browser = await at_the_desk(mis, office, door, role)
    wrong = []
    for route in RESTRICTED:
        if route.method != "GET":
            continue
        path = re.sub(r"\{\w+\}", str(uuid4()), route.path)
        answer = await browser.client.get(f"{MIS_URL}{path}")
        is_refused = answer.status_code == 403 and "<h1" in answer.text and "Немає доступу" in answer.text
        if is_refused is (role in expected(route)[0]):
            wrong.append((route.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_navigation_of_a_role_then_leads_only_where_it_may_go(
    mis: Mis, office: Office, door: Door, role: str
) -> None:
    browser = await at_the_desk(mis, office, door, role)
    page = await browser.get("/account")
    assert page.status_code == 200
    links = set(re.findall(r'<a class="[^"]*service-navigation__link" href="([^"]+)"', page.text))
    open_to = {
        item.href for section in SECTIONS for item in section.nav if role in item.roles and not stands_below(item)
    }
    assert links - {"/"} == open_to - {"/"} and open_to
    for href in sorted(open_to):
        answer = await browser.client.get(f"{MIS_URL}{href}")
        assert "Немає доступу</h1>" not in answer.text, href


class TestPersonnel:
    async def test_officer_then_sees_no_patient_anywhere(self, mis: Mis, office: Office, door: Door) -> None:
        browser = await at_the_desk(mis, office, door, "HR")
        await browser.get("/account")
        assert "Пацієнти" not in browser.text and "Персонал" in browser.text
        for path in ("/patients", f"/patients/{uuid4()}", "/sync", "/prescriptions"):
            assert (await browser.get(path)).status_code == 403

    def test_officer_then_asks_central_for_no_scope_of_persons(self) -> None:
        asked = scopes_for(frozenset({"HR"}), "PRIMARY_CARE")
        assert {"employee:write", "division:write"} <= asked
        assert not [scope for scope in asked if scope.startswith(("person", "encounter", "episode", "medication"))]


def place(role: str, clinic: int = 1, number: int = 1) -> Workplace:
    return Workplace(UUID(int=number), UUID(int=clinic), "Заклад", "PRIMARY_CARE", role, UUID(int=number), None, "", "")


class TestChoice:
    @pytest.mark.parametrize(
        ("places", "at_once"),
        [
            ([place("DOCTOR")], True),
            ([place("DOCTOR"), place("OWNER", number=2)], True),
            ([place("DOCTOR"), place("DOCTOR", number=2)], False),  # two divisions: where today?
            ([place("DOCTOR"), place("DOCTOR", clinic=2, number=2)], False),
            ([], False),
        ],
    )
    def test_places_then_asked_only_when_there_is_something_to_choose(
        self, places: list[Workplace], at_once: bool
    ) -> None:
        assert (chosen_at_once(places) is not None) is at_once

    def test_two_roles_then_a_page_is_opened_in_the_one_that_it_asks_for(self) -> None:
        owner, doctor = place("OWNER"), place("DOCTOR", number=2)
        worker = Worker(owner.id, "К", "Ґ", "", None, owner, others=(doctor,))
        assert worker.roles == {"OWNER", "DOCTOR"}
        assert worker.acting(CARE).work is doctor and worker.acting(CARE).others == (owner,)
        assert worker.acting({"OWNER", "DOCTOR"}).work is owner
        assert worker.acting({"PHARMACIST"}) is worker

    @pytest.mark.parametrize(
        ("clinic", "role", "may"),
        [
            ("PRIMARY_CARE", "DOCTOR", True),
            ("PRIMARY_CARE", "OWNER", False),
            ("PHARMACY", "PHARMACIST", True),
            ("PHARMACY", "DOCTOR", False),
            ("UNKNOWN", "DOCTOR", False),
        ],
    )
    def test_clinic_then_hires_its_own_roles_and_no_head(self, clinic: str, role: str, may: bool) -> None:
        assert (role in hired_as(clinic)) is may


async def test_head_who_is_a_doctor_then_writes_as_the_doctor_and_hires_as_the_head(office: Office, door: Door) -> None:
    head = await office.hire("HR")
    doctor = await office.hire("DOCTOR", of=head, speciality="THERAPIST")
    browser = await door.enter(head, wanted="/staff")
    assert browser.path == "/staff"
    assert (await browser.get("/patients")).status_code == 200 and "Персонал" in browser.text
    async with office.mis.services.database.connection() as db:
        scopes = await db.fetchval("select scopes from central_tokens where user_id = $1", head.local_id)
    assert {"encounter:write", "employee:deactivate"} <= set(scopes)
    assert doctor.local_id == head.local_id
