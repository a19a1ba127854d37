"""The store of objects: bytes by name, written once, never changed; a folder, or S3 when the address says so."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import MemoryStore, from_url

from . import logs
from .errors import NotFound, StoreUnavailable
from .settings import Settings

AGAIN_SECONDS = 60.0  # between two alarms about the same act: many ask a store that is away, each second
ACTS = 3  # put, read, delete: an alarm for each
LONGEST_SECONDS = 10.0  # whoever waits for the store holds a connection of the database


class _Store(Protocol):
    """Raises FileNotFoundError for what is not there, and whatever else is wrong with the store as it comes."""

    async def put(self, objects: Mapping[str, bytes]) -> None: ...

    async def read(self, name: str) -> bytes: ...

    async def delete(self, names: Sequence[str]) -> None: ...


class Objects:
    """Objects are named by their content (decision 9), so that whoever writes one again changes nothing.

    Whatever is wrong with the store itself is StoreUnavailable, and an alarm in the log, once a minute.
    """

    def __init__(self, store: _Store) -> None:
        self._store, self._seldom = store, logs.Seldom(AGAIN_SECONDS, most=ACTS)

    @classmethod
    def at(cls, address: str | Path) -> "Objects":
        """Open a folder (made when absent) or an `s3://` address."""
        if isinstance(address, str) and "://" in address:
            return cls(_Bucket(from_url(address)))
        folder = Path(address)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return cls(_Folder(folder))

    @classmethod
    def of(cls, settings: Settings) -> "Objects":
        """Those of an installation; with an archive, an object is there too before it counts as kept."""
        address = settings.text("ESOZ_OBJECTS") or str(settings.var / "objects")
        archive = settings.text("ESOZ_ARCHIVE")
        found = cls.at(address)
        if archive and "://" not in address:
            found._store = _Both(cls.at(Path(archive) / "objects")._store, found._store)
        return found

    @classmethod
    def in_memory(cls) -> "Objects":
        return cls(_Bucket(MemoryStore()))

    async def put(self, objects: Mapping[str, bytes]) -> None:
        """Have objects in the store, and on its disk, before this returns. Raises StoreUnavailable."""
        async with self._reached("put"):
            await self._store.put(objects)

    async def read(self, name: str) -> bytes:
        """Read an object; raise NotFound, StoreUnavailable."""
        async with self._reached("read"):
            try:
                return await self._store.read(name)
            except FileNotFoundError as fault:
                raise NotFound() from fault

    async def delete(self, names: Sequence[str]) -> None:
        """Have these objects no more; what is not there is gone already. Raises StoreUnavailable."""
        async with self._reached("delete"):
            await self._store.delete(names)

    @asynccontextmanager
    async def _reached(self, act: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                yield
        except (BaseError, OSError, TimeoutError) as fault:
            if self._seldom.is_due(act):
                logs.alarm("the store of documents is away", fault, act=act)
            raise StoreUnavailable() from fault


class _Both:
    """A store and its copy: what one of them does not take is not kept."""

    def __init__(self, copy: _Store, store: _Store) -> None:
        self._copy, self._main = copy, store

    async def put(self, objects: Mapping[str, bytes]) -> None:
        await self._copy.put(objects)
        await self._main.put(objects)

    async def read(self, name: str) -> bytes:
        return await self._main.read(name)

    async def delete(self, names: Sequence[str]) -> None:
        await self._main.delete(names)
        await self._copy.delete(names)


class _Bucket:
    """A store of somebody else's: what it has acknowledged it has."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def put(self, objects: Mapping[str, bytes]) -> None:
        await asyncio.gather(*(self._put(name, content) for name, content in objects.items()))

    async def _put(self, name: str, content: bytes) -> None:
        with suppress(AlreadyExistsError):
            await obstore.put_async(self._store, name, content, mode="create")

    async def read(self, name: str) -> bytes:
        result = await obstore.get_async(self._store, name)
        return bytes(await result.bytes_async())

    async def delete(self, names: Sequence[str]) -> None:
        # One question for many: one after the other, they would not be done in the time that a store has.
        await obstore.delete_async(self._store, list(names))


class _Folder:
    """A folder of this machine; whatever lies there is for this user of the machine alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # One writes at a time: who gave up waiting for a disk that hangs left a thread behind, and leaves no second.
        self._writing = ThreadPoolExecutor(1, "objects")

    async def put(self, objects: Mapping[str, bytes]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writing, self._write, objects)

    async def read(self, name: str) -> bytes:
        return await asyncio.to_thread(self._read, name)

    async def delete(self, names: Sequence[str]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writing, self._delete, names)

    def _delete(self, names: Sequence[str]) -> None:
        self._must_be_there()
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def _write(self, objects: Mapping[str, bytes]) -> None:
        """All of them and their names, each folder asked once to have them on the disk."""
        self._must_be_there()
        folders = {self._folder}
        for name, content in objects.items():
            folders |= self._make_folders(name)
            self._write_one(self._folder / name, content)
        for folder in folders:
            _have_on_disk(folder)

    def _make_folders(self, name: str) -> set[Path]:
        place, made = self._folder, set()
        for part in name.split("/")[:-1]:
            place = place / part
            place.mkdir(mode=0o700, exist_ok=True)
            made.add(place)
        return made

    def _write_one(self, path: Path, content: bytes) -> None:
        """Never a part of an object under its name, whenever the power goes."""
        beside = path.with_name(f".{path.name}.{uuid4().hex}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    def _read(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            if not self._folder.is_dir():
                raise NotADirectoryError(self._folder) from None
            raise

    def _must_be_there(self) -> None:
        """A folder that was moved or unmounted would be made anew in silence, somewhere else."""
        if not self._folder.is_dir():
            raise NotADirectoryError(self._folder)


def _have_on_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
