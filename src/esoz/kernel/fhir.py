"""Shapes of FHIR that the whole published API shares: Coding, CodeableConcept, Reference, Period."""

import html
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

RESOURCES = "eHealth/resources"

# FHIR's instant: a moment that says its zone of time.
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class Coding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A code of a dictionary named by its system."""

    system: str
    code: str
    display: str | None = None


class CodeableConcept(msgspec.Struct, frozen=True, omit_defaults=True):
    """One meaning, told by one or more codings, or by text."""

    coding: Sequence[Coding] = ()
    text: str | None = None

    @property
    def code(self) -> str:
        """The first code, or an empty string."""
        return self.coding[0].code if self.coding else ""

    @property
    def system(self) -> str:
        """The system of the first code, or an empty string."""
        return self.coding[0].system if self.coding else ""


class Identifier(msgspec.Struct, frozen=True, omit_defaults=True):
    """Kind of a thing and its id."""

    value: UUID
    type: CodeableConcept = CodeableConcept()


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """Points at another record; the server adds the words shown to people."""

    identifier: Identifier
    display_value: str | None = None

    @property
    def id(self) -> UUID:
        return self.identifier.value

    @property
    def kind(self) -> str:
        """What it points at: `episode`, `encounter`, `employee`…"""
        return self.identifier.type.code


class Period(msgspec.Struct, frozen=True, omit_defaults=True):
    """From start to end; an open end is None."""

    start: Moment
    end: Moment | None = None


def concept(system: str, code: str, text: str | None = None) -> CodeableConcept:
    """A concept with one coding."""
    return CodeableConcept((Coding(system, code),), text)


def reference(kind: str, id: UUID, display: str | None = None) -> Reference:
    """A reference to `kind` (`episode`, `employee`…)."""
    return Reference(Identifier(id, concept(RESOURCES, kind)), display)


_TAGS = re.compile(r"<[^>]*>")
_BREAKS = re.compile(r"</(?:p|div|li|tr)>|<br\s*/?>")


def narrative(words: str) -> dict[str, str]:
    """Words for people as FHIR has them: a paragraph for each line."""
    lines = "".join(f"<p>{html.escape(line.strip(), quote=False)}</p>" for line in words.splitlines() if line.strip())
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{lines}</div>'}


def words_of(div: str) -> list[str]:
    """The words of a narrative without its tags, a line for each paragraph."""
    lines = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", div))).splitlines()
    return [line.strip() for line in lines if line.strip()]
