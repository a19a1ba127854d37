"""Where a user goes who has just come in, and pages that ask first who is there."""

from functools import wraps

from starlette.responses import Response

from esoz.kernel.pages import Handler, NavItem
from esoz.mis.base.services import MisPage, Services
from esoz.mis.base.urls import with_next
from esoz.mis.base.workplace import Worker
from esoz.mis.link import access

from .confirmed import is_confirmed

CONFIRM = "/account/confirm"


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


def confirmed(handler: Handler[Services, Worker]) -> Handler[Services, Worker]:
    """The handler, once the user has proved anew who they are."""

    @wraps(handler)
    async def asked(page: MisPage) -> Response:
        return await handler(page) if is_confirmed(page) else page.redirect(with_next(CONFIRM, page.path))

    return asked
