"""A call of central costs what it costs, and not a look through every folder of the path as well."""

import asyncio
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from esoz.sdk import Central


class Asked:
    """Stands first among those who find modules, and finds none; what it is asked for was not loaded before."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        self.names.append(name)
        return None


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    body = b'{"meta": {"code": 200}, "data": []}'
    while await reader.readline():
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        )
    writer.close()


async def test_second_call_looks_for_no_module(monkeypatch: pytest.MonkeyPatch) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    asked = Asked()
    async with Central(f"http://127.0.0.1:{port}", api_key="key") as central:
        assert (await central.get("/api/any")).rows() == []
        monkeypatch.setattr(sys, "meta_path", [asked, *sys.meta_path])
        assert (await central.get("/api/any")).rows() == []
    server.close()

    assert asked.names == []
