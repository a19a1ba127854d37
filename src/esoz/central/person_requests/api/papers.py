"""Operations by which a person hands in scans of their own papers."""

from collections.abc import Sequence

from esoz.central.uploads import Expected
from esoz.kernel.operation import Call, Reply
from esoz.kernel.payload import JSON

from ..commands import papers as commands
from .registry import operations

PATH = "/api/pis/documents"


@operations.add("post_api_pis_documents", f"POST {PATH}", scope="")
async def start(call: Call) -> Reply:
    return Reply(_links(await commands.start(call.work)), status=201)


@operations.add("patch_api_pis_documents_actions_complete", f"PATCH {PATH}/actions/complete", scope="")
async def complete(call: Call) -> Reply:
    return Reply(_links(await commands.complete(call.work)))


def _links(documents: Sequence[Expected]) -> list[JSON]:
    return [{"type": each.type, "url": each.url} for each in documents]
