"""The page on which a parent writes a child down; the picture and the signature stand with all own requests."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from esoz.sdk import CentralRefused

from ..access import calling
from ..errors import explain_of_child
from ..journal import record
from ..services import CabinetPage, CabinetPages
from .model import Event, body_of, phone_of, read_child, residence_of, values_at_first

pages: CabinetPages = CabinetPages()

PATH = "/family/child"
WARDS = "/api/pis/person/wards"


@pages.add(f"GET {PATH}", signed_in=True)
async def form(page: CabinetPage) -> Response:
    if page.user.applicant is not None:  # who acts for somebody registers nobody in that name
        return page.redirect("/family")
    parent = await _parent(page)
    await record(page, Event.FORM_READ)
    return _form(page, parent, values_at_first(parent))


@pages.add(f"POST {PATH}", signed_in=True)
async def register(page: CabinetPage) -> Response:
    """Write the child down in central; the certificate and the signature come on the next page."""
    if page.user.applicant is not None:
        return page.redirect("/family")
    typed, parent = page.form.values(), await _parent(page)
    values, errors = read_child(typed, page.today)
    if errors or not _is_reachable(parent):
        return _form(page, parent, typed, errors)
    try:
        made = await (await calling(page)).post(WARDS, body_of(values, parent))
    except CentralRefused as refused:
        return _form(page, parent, typed, refused=refused)
    id = made.record()["id"]
    await record(page, Event.ASKED, id)
    return page.redirect(f"/person/changes/{id}")


async def _parent(page: CabinetPage) -> Mapping[str, Any]:
    return (await (await calling(page)).get("/api/pis/person")).record()


def _is_reachable(parent: Mapping[str, Any]) -> bool:
    """Has the parent an address and a telephone, which are written down for the child, too."""
    return bool(residence_of(parent) and phone_of(parent))


def _form(
    page: CabinetPage,
    parent: Mapping[str, Any],
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    refused: CentralRefused | None = None,
) -> Response:
    return page.render(
        "children/child.html",
        status=422 if errors or refused else 200,
        keep=False,
        values=values,
        errors=errors or {},
        refused=explain_of_child(refused) if refused else (),
        central_id=refused.request_id if refused else "",
        residence=residence_of(parent),
        phone=phone_of(parent),
        is_reachable=_is_reachable(parent),
    )
