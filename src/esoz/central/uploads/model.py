"""Links of uploads and what may come by them."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlencode
from uuid import UUID

from esoz.kernel.errors import Conflict, Forbidden, NotFound, TooMany, rejected

PATH = "/uploads/"
MOST_BYTES = 10 * 1024 * 1024  # "Document should be no more than 10MB."
MOST_TIMES = 20  # a link is no store: so often one page may be sent anew
KEEP_UNANSWERED = timedelta(days=30)  # a row of what never came, after its end
KEEP_UNUSED = timedelta(days=30)  # DC-26: a scan of a request that came to nothing, after the link ended
# A scan behind an act that stands: as long as the act may be contested, three years by article 257 of the Civil Code.
KEEP_TAKEN = timedelta(days=3 * 366)

EXPIRED = "The link has expired"
NOT_JPEG = "Only a one-page document in JPEG format is accepted"

_JPEG = b"\xff\xd8\xff"
# Markers that begin a frame: all of C0…CF but tables of Huffman and arithmetic codes, and the reserved one.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA


class Event(StrEnum):
    RECEIVED = "upload.received"
    FORGOTTEN = "uploads.forgotten"


class Closed(Conflict):
    """What was waited for was taken, or the request has ended: a scan is not changed behind its back."""

    default = "Documents of this request are not accepted any more"


class Missing(Conflict):
    """DC-15: a request is not approved before each of its documents has come; the sentence lists what is missing."""

    def __init__(self, types: Sequence[str]) -> None:
        super().__init__(f"Documents {', '.join(types)} is not uploaded")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scan belongs: kind of the request, the request, type of the document."""

    folder: str
    request_id: UUID
    type: str

    @property
    def path(self) -> str:
        return f"{PATH}{self.folder}/{self.request_id}/{quote(self.type, safe='')}"

    @property
    def objects(self) -> str:
        """The folder of the store that holds what comes: below the request."""
        return f"{self.folder}/{self.request_id}"

    @classmethod
    def of(cls, path: str) -> "Place":
        """The place that a decoded path leads to. Raises NotFound."""
        parts = path.removeprefix(PATH).split("/")
        if not path.startswith(PATH) or len(parts) != 3 or not all(parts):
            raise NotFound()
        try:
            return cls(parts[0], UUID(parts[1]), parts[2])
        except ValueError as fault:
            raise NotFound() from fault


@dataclass(frozen=True, slots=True)
class Expected:
    """A document that is waited for, and the link by which it comes: the published `{type, url}`."""

    type: str
    url: str
    has_come: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A row of what is waited for; `object` is what came last."""

    type: str
    patient_id: UUID | None
    expires_at: datetime
    times: int
    object: str | None
    closed_at: datetime | None


def link(base_url: str, place: Place, expires_at: datetime, secret: bytes) -> str:
    """The address to PUT the scan to, good until `expires_at` (whole seconds)."""
    expires = int(expires_at.timestamp())
    return f"{base_url}{place.path}?" + urlencode({"expires": expires, "signature": _signature(place, expires, secret)})


def must_be_signed(place: Place, query: Mapping[str, str], secret: bytes, now: datetime) -> None:
    """Raise Forbidden unless the query of a link was made by us for this place, and its time is not over."""
    expires, given = query.get("expires", ""), query.get("signature", "")
    # The database cannot hold later moments, and a number of any length is not read.
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 10):
        raise Forbidden("The link is not valid")
    if not hmac.compare_digest(_signature(place, int(expires), secret).encode(), given.encode()):
        raise Forbidden("The link is not valid")
    if now >= datetime.fromtimestamp(int(expires), UTC):
        raise Forbidden(EXPIRED)


def must_be_open(upload: Upload, now: datetime) -> None:
    """Raise Forbidden, Closed or TooMany when what is waited for may not come any more."""
    if upload.times >= MOST_TIMES:
        raise TooMany()
    if upload.closed_at is not None:
        raise Closed()
    if now >= upload.expires_at:
        raise Forbidden(EXPIRED)


def must_be_jpeg(content: bytes) -> None:
    """Raise Rejected for anything but an image in JPEG (a page, as published), judged by its bytes."""
    if not is_jpeg(content):
        raise rejected("$", NOT_JPEG, rule="format")


def is_jpeg(content: bytes) -> bool:
    """Whether the segments lead from the mark of JPEG to a frame with a size, and on to a scan."""
    if not content.startswith(_JPEG):
        return False
    at, has_frame = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a marker may be filled up with any number of these
            at += 1
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        if marker == _SCAN:
            return has_frame and at + 2 + length < len(content)
        if marker in _FRAMES:
            has_frame = any(content[at + 7 : at + 9])  # the width
        if length < 2:
            return False
        at += 2 + length
    return False


def missing(uploads: Sequence[Upload]) -> list[str]:
    """The types of what has not come yet."""
    return [each.type for each in uploads if each.object is None]


def _signature(place: Place, expires: int, secret: bytes) -> str:
    text = f"esoz upload\0PUT\0{place.path}\0{expires}"
    return hmac.digest(secret, text.encode(), hashlib.sha256).hex()
