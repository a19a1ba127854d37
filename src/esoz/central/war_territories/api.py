"""The register of territories, for everybody."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import TerritoryFilter

operations = Operations()


@operations.add("esoz_war_territories", "GET /api/war_territories", public=True)
async def territories(call: Call) -> Reply:
    found, paged = await queries.territories(call.work, call.query(TerritoryFilter), call.page())
    return Reply([wire.territory(each) for each in found], paging=Paging.of(paged))
