"""Who speaks for a patient now, who did until their papers ended, and what was begun."""

from starlette.responses import Response

from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import known_patient

from .. import queries
from .registry import CHANGING, HOME, SEEING, pages


@pages.add(f"GET {HOME}", roles=SEEING)
async def listed(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    may_change = not page.user.roles.isdisjoint(CHANGING)
    return page.render(
        "confidants/list.html",
        patient=known,
        speakers=await queries.speakers(page, known.id),
        begun=await queries.begun(page, known.id) if may_change else [],
        may_change=may_change,
        home=f"/patients/{known.id}/confidants",
    )
