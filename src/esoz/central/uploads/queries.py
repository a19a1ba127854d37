"""Questions about uploads, for the requests that wait for them."""

from uuid import UUID

from esoz.kernel import documents
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import store
from .model import Expected, Place, link


async def of_request(work: Work, folder: str, request_id: UUID) -> list[Expected]:
    """The links of what a request still waits for; none when it was approved. The request's own line covers it."""
    dependencies = work.dependencies
    base = dependencies.settings.url("central")
    return [
        Expected(
            each.type,
            link(base, Place(folder, request_id, each.type), each.expires_at, dependencies.secret),
            has_come=each.object is not None,
        )
        for each in await store.of_request(work.db, folder, request_id)
        if each.closed_at is None and work.now < each.expires_at
    ]


async def scan(work: Work, place: Place) -> bytes:
    """A scan that came, for who may see the request; the request's own line covers it. Raises NotFound."""
    upload = await store.find(work.db, place)
    if upload.object is None:
        raise NotFound()
    return await documents.read(work.db, work.dependencies.objects, upload.object)
