"""The life of an application in its server: opened before the first request, closed after the last."""

from contextlib import AbstractAsyncContextManager

from starlette.types import Receive, Send


async def live(receive: Receive, send: Send, life: AbstractAsyncContextManager[object]) -> None:
    """Answer the server's lifespan messages: enter `life` before the first request, leave it after the last."""
    await receive()
    async with life:
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})
