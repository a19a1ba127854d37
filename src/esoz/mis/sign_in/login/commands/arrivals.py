"""Somebody has proved who they are: what is remembered, and where they go."""

from uuid import UUID

from esoz.kernel.pages import NavItem
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.urls import with_next
from esoz.mis.base.workplace import chosen_at_once
from esoz.mis.link import access
from esoz.mis.sign_in import accounts, factors, passwords

from .. import store
from ..model import Event


async def arrive(page: MisPage, account: accounts.Account, method: accounts.Method) -> None:
    """Somebody has proved who they are: note it, open the session, remember what must be done before work."""
    await accounts.note(page, account, accounts.Outcome.ACCEPTED, method)
    await _begin(page, account.id, method)
    is_strong = method in accounts.STRONG
    session = page.session
    session.put("welcome", True)
    session.mark(passwords.MUST_CHANGE, not is_strong and await passwords.left(page) == 0)
    session.mark(factors.MUST_ENROL, method is accounts.Method.PASSWORD and await factors.must_enrol(page))
    accounts.confirmation.forget(page)
    if is_strong:
        accounts.confirmation.remember(page)
    await record(page, Event.SIGNED_IN, account.id, method=str(method))


async def _begin(page: MisPage, user_id: UUID, method: accounts.Method) -> None:
    """Open the session; a user with one workplace is at it at once, others choose."""
    page.sign_in(user_id, str(method))
    places = await store.workplaces(page.db, user_id)
    only = chosen_at_once(places)
    await store.choose(page.db, user_id, only.id if only else None)
    page.visitor = await store.worker(page.db, user_id)


async def onward(page: MisPage) -> str:
    """Choose a workplace, authorise at central, or to where they wanted."""
    wanted = page.next_path()
    if page.user.workplace is None:
        return with_next("/workplaces", wanted)
    if not await access.has_token(page):
        return with_next("/connect/start", wanted)
    return wanted


def ways(page: MisPage) -> list[NavItem]:
    """Other ways to come in than a password; each leads on to where the user wanted."""
    wanted = page.next_path()
    found = [way for section in page.services.sections for way in section.ways]
    return [NavItem(way.text, with_next(way.href, wanted)) for way in found]
