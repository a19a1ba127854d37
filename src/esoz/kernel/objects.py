"""Objects that are written once and never changed: signed documents, printed forms, scans."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, MemoryStore, from_url

from . import logs
from .errors import NotFound, StoreUnavailable

LONGEST_SECONDS = 10.0  # who waits for the store holds a connection of the database
PROBE = "probes/readiness"


class Objects:
    """A store of bytes by name: a folder, or S3 when the address says so.

    Whatever is wrong with the store itself is StoreUnavailable, treated as a lost database: a request is answered with
    503 and Retry-After, a job waits, and both are an alarm in the log.
    """

    def __init__(self, store: Any, folder: Path | None = None) -> None:
        """`folder`: where the store is one; whatever lies there is for this user of the machine alone."""
        self._store, self._folder = store, folder

    @classmethod
    def at(cls, address: str | Path) -> "Objects":
        """Open a folder (made when absent) or an `s3://` address."""
        if isinstance(address, str) and "://" in address:
            return cls(from_url(address))
        folder = Path(address)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return cls(LocalStore(prefix=str(folder)), folder)

    @classmethod
    def in_memory(cls) -> "Objects":
        return cls(MemoryStore())

    async def keep(self, folder: str, content: bytes) -> str:
        """Keep a document below `folder` and return its name; the name carries the digest of the content.

        Written, and on the disk, before the transaction commits (BG-20: never a record without its document, whatever
        happens to the machine). When the transaction fails the document stays as an unreferenced object; the same
        document kept again is the same object. Raises StoreUnavailable.
        """
        name = f"{folder}/{hashlib.sha256(content).hexdigest()}"
        async with self._reached("keep"):
            self._make_folders(folder)
            try:
                await obstore.put_async(self._store, name, content, mode="create")
            except AlreadyExistsError:
                await self._must_be_whole(name, content)
            if self._folder is not None:
                await asyncio.to_thread(_make_last, self._folder, name)
        return name

    async def _must_be_whole(self, name: str, content: bytes) -> None:
        """Of a file that was begun before the machine lost its power only a part may be there, under its name."""
        if self._folder is not None and (self._folder / name).stat().st_size != len(content):
            await obstore.put_async(self._store, name, content)

    def _make_folders(self, name: str) -> None:
        """The store itself would make them readable for everybody."""
        if self._folder is None:
            return
        place = self._folder
        for part in name.split("/"):
            place = place / part
            place.mkdir(mode=0o700, exist_ok=True)

    async def read(self, name: str) -> bytes:
        """Read an object; raise NotFound, StoreUnavailable."""
        async with self._reached("read"):
            try:
                result = await obstore.get_async(self._store, name)
            except FileNotFoundError as fault:
                raise NotFound() from fault
            return bytes(await result.bytes_async())

    async def probe(self) -> None:
        """Write something and read it again. Raises StoreUnavailable."""
        async with self._reached("probe"):
            await obstore.put_async(self._store, PROBE, b"1")
            await (await obstore.get_async(self._store, PROBE)).bytes_async()

    @asynccontextmanager
    async def _reached(self, act: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                # A folder that was moved or unmounted would be made anew in silence, somewhere else.
                if self._folder is not None and not self._folder.is_dir():
                    raise FileNotFoundError(self._folder)
                yield
        except (BaseError, OSError, TimeoutError) as fault:
            logs.alarm("the store of documents is away", fault, act=act)
            raise StoreUnavailable() from fault


def _make_last(folder: Path, name: str) -> None:
    """Have a file on the disk, and its name in every folder on the way to it: the store itself leaves that to time."""
    file = folder / name
    file.chmod(0o600)  # nobody else can enter the folder meanwhile
    for path in (file, *file.parents):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path == folder:
            return
