"""The life of an application in its server: opened, working in the background, stopped in order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.types import Receive, Send

from .serve import Stoppable


async def live(receive: Receive, send: Send, life: AbstractAsyncContextManager[object]) -> None:
    """Answer the server's lifespan messages: enter `life` before the first request, leave it after the last."""
    await receive()
    async with life:
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


@asynccontextmanager
async def working(works: Sequence[Stoppable]) -> AsyncIterator[None]:
    """Run all of them meanwhile; at the end each is told to stop and finishes what it has begun."""
    running = [asyncio.create_task(work.run()) for work in works]
    try:
        yield
    finally:
        for work in works:
            work.stop()
        await asyncio.gather(*running)
