"""An operation of the API: one row of data and one small function."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, TypeVar
from uuid import UUID

import msgspec

from .db import Page, Paged
from .errors import BadRequest, Invalid, NotFound, Rejected
from .payload import UNREADABLE, cut, cut_text
from .work import Work

T = TypeVar("T")
Shape = TypeVar("Shape", bound=msgspec.Struct)


class Nothing(msgspec.Struct, frozen=True):
    """The query of an operation that takes no parameters."""


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
    query_values: Mapping[str, str]
    raw: bytes
    headers: Mapping[str, str]
    host: str

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
        """The JSON body as a typed, frozen structure (schema validation has passed already)."""
        return decode(self.raw or b"{}", shape)

    def query(self, shape: type[Shape]) -> Shape:
        """The query parameters as a typed structure; unknown ones are refused."""
        known = set(shape.__struct_encode_fields__)
        extra = [name for name in self.query_values if name not in known and name not in ("page", "page_size")]
        if extra:
            raise Rejected(
                invalid=tuple(
                    _query_fault(name, "schema", "schema does not allow additional properties")
                    for name in sorted(extra)
                )
            )
        given = {name: cut_text(value) for name, value in self.query_values.items() if name in known}
        try:
            return msgspec.convert(given, shape, strict=False)
        except msgspec.ValidationError as fault:
            raise Rejected(invalid=(_query_fault(_place(fault), "invalid", _description(fault)),)) from fault

    def page(self, *, limit: int = 300) -> Page:
        """The page asked for: `page` from 1, `page_size` from 1 to `limit`, 50 when not given (GW-8)."""
        return Page(self._number("page", 1, 1_000_000), self._number("page_size", 50, limit))

    def _number(self, name: str, default: int, most: int) -> int:
        text = self.query_values.get(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            description = f"expected the value to be >= 1 and <= {most}"
            raise Rejected(invalid=(_query_fault(name, "number", description, [1, most]),))
        return int(text)


def decode(raw: bytes, shape: type[T]) -> T:
    """JSON bytes → a typed structure; raise BadRequest or Rejected with the place of the fault."""
    try:
        return msgspec.json.decode(cut(raw), type=shape)
    except msgspec.ValidationError as fault:
        place = _place(fault)
        raise Rejected(invalid=(Invalid(f"$.{place}" if place else "$", "cast", _description(fault)),)) from fault
    except UNREADABLE as fault:
        raise BadRequest("Malformed JSON") from fault


def _query_fault(name: str, rule: str, description: str, params: Sequence[object] = ()) -> Invalid:
    return Invalid(f"$.{name}" if name else "$", rule, description, params, "query_parameter")


def _place(fault: msgspec.ValidationError) -> str:
    text = str(fault)
    return text.rsplit("`$.", 1)[1].rstrip("`") if "`$." in text else ""


def _description(fault: msgspec.ValidationError) -> str:
    return str(fault).split(" - at `", maxsplit=1)[0]


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
