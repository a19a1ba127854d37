"""What a page becomes when central refuses, does not answer, or does not know the patient any more."""

import asyncio
from urllib.parse import urlencode

from starlette.responses import Response

from esoz.kernel import logs
from esoz.kernel.pages import ODD_VALUES, Handler
from esoz.sdk import CentralClosed, CentralRefused, CentralUnavailable, CentralUnreadable, understanding

from ..access import SignInNeeded
from ..connection import NotConnected
from ..services import CabinetPage, Patient, Services
from .model import explain

TURN_SECONDS = 2.0
SHOWN_STATUSES = frozenset({403, 404})


def explained(handler: Handler[Services, Patient]) -> Handler[Services, Patient]:
    """The handler, whose central errors become pages with an explanation; it waits for its place among the pages."""

    async def explaining(page: CabinetPage) -> Response:
        places = page.services.places
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await places.acquire()
        except TimeoutError:
            return page.refuse("errors/away.html", status=503, keep=False)
        try:
            with understanding(*ODD_VALUES):
                return await handler(page)
        except SignInNeeded as needed:
            return _to_sign_in(page, needed.message)
        except CentralRefused as refused:
            status = refused.status if refused.status in SHOWN_STATUSES else 422
            return _refused(page, refused, status)
        except CentralClosed as closed:
            return _refused(page, closed.refusal, 503)
        except (CentralUnavailable, NotConnected) as away:
            if isinstance(away, CentralUnreadable):
                logs.alarm("central's answer cannot be read", away.__cause__ or away, answer=str(away))
            return page.refuse("errors/away.html", status=503, keep=False)
        finally:
            places.release()

    return explaining


def _refused(page: CabinetPage, refused: CentralRefused, status: int) -> Response:
    refusal = {"refused": explain(refused), "central_id": refused.request_id}
    return page.refuse("errors/refused.html", status=status, keep=False, **refusal)


def _to_sign_in(page: CabinetPage, text: str) -> Response:
    """Out, and back to this page after sign-in again."""
    query = page.request.url.query
    here = f"{page.path}?{query}" if query else page.path
    page.sign_out()
    page.flash(text, "important")
    return page.redirect(f"/sign-in?{urlencode({'next': here if page.request.method == 'GET' else '/'})}")
