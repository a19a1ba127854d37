"""Operations of forbidden groups."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import GroupFilter

operations = Operations()


@operations.add("get_api_forbidden_groups", "GET /api/forbidden_groups", public=True)
async def groups(call: Call) -> Reply:
    found, paged = await queries.groups(call.work, call.query(GroupFilter), call.page())
    return Reply([wire.group_in_list(each) for each in found], paging=Paging.of(paged))


# Published so: the details are a list with the one group.
@operations.add("get_api_forbidden_groups_ID", "GET /api/forbidden_groups/{id}", public=True)
async def group(call: Call) -> Reply:
    return Reply([wire.group(*await queries.group(call.work, call.id("id")))])
