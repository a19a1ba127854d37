"""Browser assets by their plain names, and serving them: only files of the manifest, so no path can lead elsewhere."""

import json
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response

from ..errors import NotFound

DIST = Path(__file__).parent.parent / "static" / "dist"
MANIFEST = "manifest.json"
PREFIX = "/static/"
FOREVER = "public, max-age=31536000, immutable"  # the name changes with the content

TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    compressed: bytes | None
    type: str


class Assets:
    """All assets in memory: half a megabyte, read once at start."""

    def __init__(self, folder: Path = DIST) -> None:
        """Read the manifest and its files. Raises RuntimeError when the assets have not been built."""
        try:
            names: dict[str, str] = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        except FileNotFoundError as fault:
            raise RuntimeError("Browser assets are missing: run `python -m esoz.kernel.pages.build`") from fault
        self._names = names
        self._files = {name: _read(folder / name) for name in names.values()}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def url(self, name: str) -> str:
        """The address of `app.css`; KeyError when there is no such asset."""
        return PREFIX + self._names[name]

    def respond(self, path: str, accept_encoding: str) -> Response:
        """Answer `GET /static/…`. Raises NotFound for anything but a file of the manifest."""
        file = self._files.get(path.removeprefix(PREFIX))
        if file is None:
            raise NotFound()
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if file.compressed is not None and "gzip" in accept_encoding:
            return Response(file.compressed, media_type=file.type, headers=headers | {"Content-Encoding": "gzip"})
        return Response(file.content, media_type=file.type, headers=headers)


def _read(path: Path) -> _File:
    compressed = path.with_name(path.name + ".gz")
    return _File(
        path.read_bytes(),
        compressed.read_bytes() if compressed.exists() else None,
        TYPES[path.name.rpartition(".")[2]],
    )
