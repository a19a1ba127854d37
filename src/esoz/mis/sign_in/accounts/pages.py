"""Pages that ask first who is there."""

from functools import wraps

from starlette.responses import Response

from esoz.kernel.pages import Handler
from esoz.mis.base.services import MisPage, Services
from esoz.mis.base.urls import with_next
from esoz.mis.base.workplace import Worker

from .commands.confirmation import is_confirmed

CONFIRM = "/account/confirm"


def confirmed(handler: Handler[Services, Worker]) -> Handler[Services, Worker]:
    """The handler, once the user has proved anew who they are."""

    @wraps(handler)
    async def asked(page: MisPage) -> Response:
        return await handler(page) if is_confirmed(page) else page.redirect(with_next(CONFIRM, page.path))

    return asked
