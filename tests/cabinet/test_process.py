"""The cabinet as a process: it starts and ends cleanly, answers its monitoring, does its works."""

import asyncio

import httpx

from esoz.cabinet import process
from esoz.kernel.settings import Settings

from .conftest import SECRET


# MD-10
class TestProcess:
    async def test_started_and_ended_then_ready_between_and_the_audit_log_is_chained(self, patient, own, cabinet_url):
        await own.execute("delete from central_client")  # not connected: a cabinet must start all the same
        settings = Settings(
            {"ESOZ_CABINET_DATABASE": cabinet_url, "ESOZ_SECRET": SECRET, "ESOZ_CENTRAL_URL": "http://x.test"}
        )
        application = process.make(settings)
        told: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        heard: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        living = asyncio.create_task(application({"type": "lifespan"}, told.get, heard.put))
        await told.put({"type": "lifespan.startup"})
        assert await heard.get() == {"type": "lifespan.startup.complete"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://a.test") as client:
            assert (await client.get("/health/ready")).text == "ready"
            assert "esoz_request_seconds" in (await client.get("/metrics")).text
        for _ in range(50):
            if not await own.fetchval("select count(*) from audit_pending"):
                break
            await asyncio.sleep(0.1)
        assert await own.fetchval("select count(*) from audit_pending") == 0
        await told.put({"type": "lifespan.shutdown"})
        assert await heard.get() == {"type": "lifespan.shutdown.complete"}
        await living
