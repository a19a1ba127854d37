"""Operations of events."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import EventFilter

operations = Operations()


@operations.add("get_api_events", "GET /api/events", scope="event:read")
async def events(call: Call) -> Reply:
    found, paged = await queries.events(call.work, call.query(EventFilter), call.page())
    return Reply([wire.event(each) for each in found], paging=Paging.of(paged))


# Published so: the details are a list with the one event.
@operations.add("get_api_events_ID", "GET /api/events/{id}", scope="event:read")
async def event(call: Call) -> Reply:
    return Reply([wire.event(await queries.event(call.work, call.id("id")))])
