"""What a page becomes when central refuses, does not answer, or does not know the holder."""

import asyncio
from urllib.parse import urlencode

from starlette.responses import Response

from esoz.kernel import logs
from esoz.kernel.pages import ODD_VALUES, Handler
from esoz.sdk import CentralClosed, CentralRefused, CentralUnavailable, CentralUnreadable, understanding

from .access import SignInNeeded
from .holders import Holder
from .services import DoorPage, Services
from .texts import explain

TURN_SECONDS = 2.0
SHOWN_STATUSES = frozenset({403, 404})
ENTRY = "/esoz"  # the page of coming in


def explained(handler: Handler[Services, Holder]) -> Handler[Services, Holder]:
    """The handler, whose central errors become pages with an explanation; it waits for its place among the pages."""

    async def explaining(page: DoorPage) -> Response:
        places = page.services.places
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await places.acquire()
        except TimeoutError:
            return page.refuse("away.html", status=503, keep=False)
        try:
            with understanding(*ODD_VALUES):
                return await handler(page)
        except SignInNeeded:
            return page.redirect(f"{ENTRY}?{urlencode({'next': page.address})}")
        except CentralRefused as refused:
            return refuse(page, refused)
        except CentralClosed as closed:
            return refuse(page, closed.refusal, 503)
        except CentralUnavailable as away:
            if isinstance(away, CentralUnreadable):
                logs.alarm("central's answer cannot be read", away.__cause__ or away, answer=str(away))
            return page.refuse("away.html", status=503, keep=False)
        finally:
            places.release()

    return explaining


def refuse(page: DoorPage, refused: CentralRefused, status: int = 0) -> Response:
    """A page of its own for a refusal that no form can show."""
    shown = status or (refused.status if refused.status in SHOWN_STATUSES else 422)
    refusal = {"refused": explain(refused), "central_id": refused.request_id}
    return page.refuse("refused.html", status=shown, keep=False, **refusal)
