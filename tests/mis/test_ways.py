"""Every link that a page offers leads on: no role meets a refusal by following what it is shown."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from html import unescape
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from esoz.mis.app import Mis
from esoz.mis.base.workplace import EVERYBODY, PHARMACY, SEARCHING, STAFF_READERS
from tests.factories.world import Caller, World

from .conftest import Browser, Consent, Post, come_in
from .test_visits import episode_of, open_episode

MOST = 150
# Where a link leads out of the workplace, or changes something by being followed.
OUTSIDE = ("/connect", "/oauth", "/assets", "/static")
REFUSED = {403, 404, 405, 500}


def links(page: str) -> Iterator[str]:
    """Addresses of our own pages among the links of a page."""
    for found in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page):
        address = urlsplit(unescape(found))
        is_ours = not address.scheme and address.path.startswith("/") and not address.path.startswith(OUTSIDE)
        if is_ours and "lang=" not in address.query:
            yield f"{address.path}?{address.query}" if address.query else address.path


def kind(path: str) -> str:
    """The page without its ids: of many rows of a list one is enough."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|page=\d+", "*", path)


def stand_in(role: str) -> str:
    """Whose account is borrowed for a role that nobody of the world has."""
    return "PHARMACIST" if role in PHARMACY else "OWNER" if role in STAFF_READERS else "DOCTOR"


async def walk(
    browser: Browser, starts: Sequence[str], borrowed: Callable[[], Awaitable[None]] | None
) -> dict[str, int]:
    """Page → status, of everything that is linked from the first pages on; what central refuses to the owner of a
    borrowed account says nothing of the role. `borrowed` sets the role of such an account again.
    """
    waiting, seen, met = list(starts), set[str](), dict[str, int]()
    while waiting and len(met) < MOST:
        path = waiting.pop(0)
        if kind(path) in seen:
            continue
        seen.add(kind(path))
        if borrowed:
            await borrowed()
        answer = await browser.get(path)
        is_of_account = borrowed is not None and "ЕСОЗ не прийняла дію" in answer.text
        met[path] = 200 if is_of_account else answer.status_code
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert answer.text.count("<h1") == 1, path
            waiting += links(answer.text)
    return met


async def works_as(mis: Mis, caller: Caller, role: str) -> None:
    async with mis.services.database.transaction() as db:
        await db.execute("update workplaces set role = $1 where employee_id = $2", role, caller.employee_id)


@pytest.fixture
async def roles_again(mis: Mis, connected: World) -> AsyncIterator[None]:
    yield
    await works_as(mis, connected.doctor, "DOCTOR")
    await works_as(mis, connected.pharmacist, "PHARMACIST")
    await works_as(mis, connected.owner, "OWNER")


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_links_of_a_role_then_each_opens(
    browser: Browser, consent: Consent, mis: Mis, connected: World, post: Post, head: UUID, role: str, roles_again: None
) -> None:
    """Four roles come in with their own rights in central; the others see pages under the rights of one of these."""
    own = {
        "DOCTOR": connected.doctor,
        "RECEPTIONIST": connected.registrar,
        "OWNER": connected.owner,
        "PHARMACIST": connected.pharmacist,
    }
    account = role if role in own else stand_in(role)
    await come_in(browser, consent, account, own[account])
    starts = ["/"]
    if role == "DOCTOR":
        starts += await with_an_episode(browser, mis, connected, post)
    await works_as(mis, own[account], role)

    async def still_so() -> None:
        """The list of the clinic's people follows central, which knows the account under its own role."""
        await works_as(mis, own[account], role)

    if role in SEARCHING:
        await find_patient(browser, connected)
        starts += ["/patients", f"/patients/{connected.persons[0].id}"]
    met = await walk(browser, starts, None if role in own else still_so)
    assert {path: status for path, status in met.items() if status in REFUSED} == {}
    assert len(met) > 3


async def with_an_episode(browser: Browser, mis: Mis, connected: World, post: Post) -> list[str]:
    patient_id = connected.persons[0].id
    await find_patient(browser, connected)
    opening = await open_episode(browser, patient_id)
    await post.carry()
    return [f"/patients/{patient_id}/episodes/{await episode_of(mis, opening)}", f"/documents/{opening}"]


async def find_patient(browser: Browser, connected: World) -> None:
    person = connected.persons[0]
    await browser.get("/patients", q=f"{person.last_name} {person.first_name} {person.birth_date:%d.%m.%Y}")
