"""An operation of the API: one row of data and one small function."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, TypeVar
from uuid import UUID

import msgspec

from . import decoding, query
from .db import Page, Paged
from .errors import NotFound
from .validation import Schema
from .work import Work

T = TypeVar("T")
Shape = TypeVar("Shape", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Paging:
    """The published `paging` block. Medical events print `page`, the rest `page_number`: both are sent."""

    page_number: int
    page_size: int
    total_entries: int
    total_pages: int

    @classmethod
    def of(cls, paged: Paged) -> "Paging":
        pages = max(1, -(-paged.total // paged.page.size))
        return cls(paged.page.number, paged.page.size, paged.total, pages)


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is published as a file and has no envelope."""

    content: bytes
    media_type: str
    name: str

    def headers(self) -> dict[str, str]:
        disposition = f'attachment; filename="{self.name}"'
        return {"content-type": self.media_type, "content-disposition": disposition}


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers; the request pipeline wraps it in the published envelope."""

    data: object
    status: int = 200
    urgent: Mapping[str, object] | None = None
    paging: Paging | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One request on its way to a handler: validated, with everything the handler may ask for."""

    work: Work
    params: Mapping[str, str]
    parameters: Sequence[tuple[str, str]]  # of the query, as they came
    raw: bytes
    content: object  # the JSON value that `raw` spells
    published: Schema | None  # what is published for the body
    headers: Mapping[str, str]
    host: str
    was_read: bool = False
    was_asked: bool = False

    def id(self, name: str) -> UUID:
        """A UUID of the path; anything else is simply not found."""
        try:
            return UUID(self.params[name])
        except ValueError as fault:
            raise NotFound() from fault

    def text(self, name: str) -> str:
        """A part of the path as it stands."""
        return self.params[name]

    def body(self, shape: type[T]) -> T:
        """The JSON body as a typed, frozen structure (schema validation has passed already).

        Raises Rejected naming every member that nobody knows, and every fault that only the structure sees.
        """
        self.was_read = True
        decoding.must_be_known(self.content, shape, self.published)
        return decoding.decode(self.raw or b"{}", shape)

    def must_be_read(self) -> None:
        """Raise Rejected when members came to an operation that looks at none: nothing is dropped in silence."""
        if not self.was_read:
            decoding.convert(self.content, decoding.Nothing)
            decoding.must_be_known(self.content, decoding.Nothing, self.published)

    def query(self, shape: type[Shape]) -> Shape:
        """The query parameters as a typed structure; every fault of them is told by name, of the page too."""
        self.was_asked = True
        return query.read_query(self.parameters, shape)

    def page(self, *, limit: int = 300) -> Page:
        """The page asked for: `page` from 1, `page_size` from 1, 50 when not given, cut to `limit` (GW-8).

        Who asks for more rows than a page holds gets a full page, and reads in `paging` how many that are. The filters
        of a list are read before; one that has none knows no other parameters.
        """
        if not self.was_asked:
            self.query(decoding.Nothing)
        return query.page_of(self.parameters, limit=limit)


Handler: TypeAlias = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of the registry: its published id, place and scope, and the function that answers.

    `scope` is None when everyone may call (`public`), an empty string when any signed-in caller may.
    `event` is recorded by the request pipeline when the handler records nothing of its own.
    `patient` names the variable of the path that is a patient: a refused attempt is told to that patient.
    `schema_validation` is False where the published schema of the body is narrower than the published use of it.
    """

    id: str
    method: str
    path: str
    handler: Handler
    scope: str | None
    event: StrEnum | None
    api_key: bool
    spec_id: str
    patient: str = "patient_id"
    schema_validation: bool = True

    @property
    def reads(self) -> bool:
        return self.method == "GET"


class Operations:
    """The operations of a context, in the order of its api.py."""

    def __init__(self) -> None:
        self._all: list[Operation] = []

    def add(
        self,
        id: str,
        route: str,
        *,
        scope: str | None = None,
        public: bool = False,
        event: StrEnum | None = None,
        api_key: bool = True,
        patient: str = "patient_id",
        schema_validation: bool = True,
    ) -> Callable[[Handler], Handler]:
        """Register the decorated function. `scope` or `public=True` must be said; `scope=""` = any signed-in caller."""
        if (scope is None) != public:
            raise ValueError(f"{id}: say either a scope or public=True")
        method, path = route.split(" ", 1)

        def register(handler: Handler) -> Handler:
            key = spec_id(method, path)
            self._all.append(
                Operation(id, method, path, handler, scope, event, api_key, key, patient, schema_validation)
            )
            return handler

        return register

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._all)


def spec_id(method: str, path: str) -> str:
    """The key of an operation in the spec: method and path with the names of variables erased."""
    return f"{method} " + "/".join("{}" if part.startswith("{") else part for part in path.strip("/").split("/"))
