"""Objects that are written once and never changed: signed documents, printed forms, scans."""

import hashlib
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, MemoryStore, from_url

from .errors import NotFound


class Objects:
    """A store of bytes by name: a folder, or S3 when the address says so."""

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

        Written before the transaction commits (BG-20: never a record without its document). When the transaction
        fails the document stays as an unreferenced object; the same document kept again is the same object.
        """
        name = f"{folder}/{hashlib.sha256(content).hexdigest()}"
        self._make_folders(folder)
        try:
            await obstore.put_async(self._store, name, content, mode="create")
        except AlreadyExistsError:
            return name
        if self._folder is not None:
            (self._folder / name).chmod(0o600)  # nobody else can enter the folder meanwhile
        return name

    def _make_folders(self, name: str) -> None:
        """The store itself would make them readable for everybody."""
        if self._folder is None:
            return
        place = self._folder
        for part in name.split("/"):
            place = place / part
            place.mkdir(mode=0o700, exist_ok=True)

    async def read(self, name: str) -> bytes:
        """Read an object; raise NotFound."""
        try:
            result = await obstore.get_async(self._store, name)
        except FileNotFoundError as fault:
            raise NotFound() from fault
        return bytes(await result.bytes_async())
