"""A medical conclusion as its doctor signs it."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.fhir import CodeableConcept, Moment, Reference
from esoz.kernel.references import Target

REPLACES, APPENDS = "replaces", "appends"
VALIDITY = "COMPOSITION_VALIDITY_PERIOD"
LEGAL = "legal"
NOBODY = UUID(int=0)


class Narrative(msgspec.Struct, frozen=True):
    """Words of a section for people; `div` is XHTML."""

    status: str
    div: str


class OrderedBy(msgspec.Struct, frozen=True):
    type: CodeableConcept = CodeableConcept()


class Section(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One part of a conclusion; those inside of it are published in a shape of their own and stay as they came."""

    title: str
    code: CodeableConcept
    author: tuple[Reference, ...]
    entry: tuple[Reference, ...]
    text: Narrative | None = None
    ordered_by: OrderedBy | None = None
    empty_reason: CodeableConcept | None = None
    section: tuple[Mapping[str, Any], ...] = ()


class Admission(msgspec.Struct, frozen=True, omit_defaults=True):
    """A condition of admission by its code, with its value and its letters."""

    extension: tuple[Mapping[str, Any], ...]
    coding: tuple[Mapping[str, str], ...] = ()


class Extension(msgspec.Struct, frozen=True, omit_defaults=True):
    value_codeable_concept: Admission
    code: str | None = None


class Relation(msgspec.Struct, frozen=True):
    """What this conclusion is to an earlier one: it stands for it, or goes on after it."""

    type: str
    resource_reference: Reference


class Attester(msgspec.Struct, frozen=True):
    mode: CodeableConcept
    party: Reference


class EventPeriod(msgspec.Struct, frozen=True):
    start: Moment
    end: Moment


class CompositionEvent(msgspec.Struct, frozen=True):
    code: CodeableConcept
    period: EventPeriod


class Draft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The signed content; its id is the client's, its number was reserved before."""

    id: UUID
    title: str
    status: str
    type: CodeableConcept
    category: CodeableConcept
    date: Moment
    custodian: Reference
    encounter: Reference
    author: Reference
    section: tuple[Section, ...]
    attester: tuple[Attester, ...]
    extension: tuple[Extension, ...] = ()
    relates_to: tuple[Relation, ...] = ()
    event: tuple[CompositionEvent, ...] = ()
    inform_with: UUID | None = None

    @property
    def validity(self) -> EventPeriod | None:
        """The period for which it is valid."""
        return next((each.period for each in self.event if each.code.code == VALIDITY), None)

    def related(self, type: str) -> UUID | None:
        """The earlier conclusion that this one replaces, or goes on after."""
        return next((each.resource_reference.id for each in self.relates_to if each.type == type), None)

    @property
    def legal_attesters(self) -> tuple[UUID, ...]:
        """Who answers for it by law, the first of them first."""
        return tuple(each.party.id for each in self.attester if each.mode.code.lower() == LEGAL)

    def entries(self) -> Iterator[tuple[str, Target]]:
        """Every record that its sections point at, at any depth, with its place."""
        for place, section in self.parts():
            for number, each in enumerate(section.get("entry") or ()):
                identifier = each.get("identifier") or {}
                yield f"{place}.entry[{number}]", (_kind(identifier), _uuid(identifier.get("value")))

    def parts(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every section at any depth, with its place."""
        yield from _parts("$", msgspec.to_builtins(self.section))

    def employees(self) -> Iterator[tuple[str, UUID]]:
        """Everybody of the staff whom it names, with the place."""
        yield "$.author", self.author.id
        yield from ((f"$.attester[{number}].party", each.party.id) for number, each in enumerate(self.attester))
        for place, section in self.parts():
            for number, each in enumerate(section.get("author") or ()):
                identifier = each.get("identifier") or each
                yield f"{place}.author[{number}]", _uuid(identifier.get("value"))


def _parts(root: str, sections: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, each in enumerate(sections or ()):
        place = f"{root}.section[{number}]"
        yield place, each
        yield from _parts(place, each.get("section"))


def _kind(identifier: Mapping[str, Any]) -> str:
    codings = (identifier.get("type") or {}).get("coding") or [{}]
    return str(codings[0].get("code") or "")


def _uuid(value: object) -> UUID:
    """The id that sections inside of sections name in words; what is none is nobody's."""
    try:
        return UUID(str(value))
    except ValueError:
        return NOBODY
