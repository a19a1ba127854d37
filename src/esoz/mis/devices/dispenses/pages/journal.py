"""What this pharmacy handed over of devices, on a page and as a file."""

from starlette.responses import Response

from esoz.kernel.pages.reading import day_of
from esoz.mis.base import tables
from esoz.mis.base.services import MisPage
from esoz.mis.pharmacy import DEVICES

from .. import model, queries, wire
from .registry import DISPENSING, READING, pages


@pages.add(f"GET {DEVICES}", roles=READING, reads=True)
async def journal(page: MisPage) -> Response:
    """Today's dispenses of devices, or those of other days, by state."""
    values = _wanted(page)
    found, begun = await queries.journal(page, values)
    return page.render(
        "device_dispenses/journal.html",
        values=values,
        found=found,
        begun=begun if page.user.roles & DISPENSING else (),
        may_open=bool(page.user.roles & DISPENSING),  # the head may not read what was prescribed
        states=model.STATES,
        state_tag=model.state_tag,
    )


def _wanted(page: MisPage) -> dict[str, str]:
    today = page.today.isoformat()
    status = page.query.get("status", "")
    days = {name: day_of(page.query.get(name, today)) for name in ("from", "to")}
    return {"status": status if status in model.STATES else ""} | {
        name: day.isoformat() if day else "" for name, day in days.items()
    }


@pages.add(f"GET {DEVICES}/list.csv", roles=READING)
async def as_file(page: MisPage) -> Response:
    """The journal as it is shown, whole."""
    answer = await queries.everything(page, _wanted(page))
    words = {state: page.gettext(text) for state, (text, _color) in model.STATES.items()}
    rows = [row for each in answer.rows() for row in wire.rows(each, words)]
    return tables.file(page, wire.HEADS, rows, "devices")
