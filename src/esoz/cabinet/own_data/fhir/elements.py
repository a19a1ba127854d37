"""Elements of FHIR made of central's values: concepts, quantities, moments, periods, references."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from ...record.model import Words
from .codes import UCUM, UNITS, system_of

Document: TypeAlias = Mapping[str, Any]
Element: TypeAlias = dict[str, Any]

SPACE = UUID("6d4c1f0e-7f57-5f0b-8f77-0e6b0f5a9d31")  # ids follow from central's: the same record, the same id
UNNAMED = "Не записано"
URIS = "urn:ietf:rfc:3986"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_ENDS_OF_LINES = frozenset("\n\r\t")


def id_of(kind: str, id: object) -> str:
    """The id of a resource: clinics choose ids, and two kinds of records may have the same."""
    return str(uuid5(SPACE, f"{kind}/{id}"))


def address(id: str) -> str:
    return f"urn:uuid:{id}"


def refer(id: str, display: str = "") -> Element:
    """A reference to a resource of the bundle."""
    return {"reference": address(id), "display": display}


def coded(system: str, code: str, display: str = "") -> Element:
    """A concept of one code."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


def absent(element: str, why: str = "unknown") -> Element:
    """An element that must be there and is not known; `element` by its name in JSON."""
    return {f"_{element}": {"extension": [{"url": ABSENT, "valueCode": why}]}}


def moment(value: object) -> str:
    """A dateTime of FHIR: with a time it has a zone; empty for what is no moment."""
    text = str(value or "")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()


def instant(value: object) -> str:
    """A moment with its time; empty for a day."""
    found = moment(value)
    return found if "T" in found else ""


def period(value: object) -> Element:
    """From start to end, as far as they are known."""
    if not isinstance(value, Mapping):
        return {}
    return {name: moment(value.get(name)) for name in ("start", "end")}


def positive(value: object) -> int | None:
    """A whole number above zero; None for anything else."""
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
    return int(number) if number >= 1 and number.is_integer() else None


@dataclass(frozen=True, slots=True)
class Elements:
    """How central's values are told in FHIR; words come from the dictionaries."""

    words: Words

    def coding(self, value: Document, dictionary: str = "") -> Element:
        """A code with the address of its system and its words."""
        name, code = str(value.get("system") or dictionary), str(value.get("code") or "")
        display = self.words.described(name, code)
        return {"system": system_of(name, code), "code": code, "display": display if display != code else ""}

    def concept(self, value: object, dictionary: str = "") -> Element:
        """A concept of a record: coded, by reference to a register, or in words; nothing for nothing."""
        match value:
            case str() if dictionary and value:
                return {"coding": [self.coding({"code": value}, dictionary)]}
            case {"coding": Sequence() as codings}:
                assert isinstance(value, Mapping)
                found = [self.coding(each) for each in codings if each.get("code")]
                return {"coding": found, "text": value.get("text") or self.words.of(value)}
        return {"text": self.words.of(value)}

    def meaning(self, value: object) -> Element:
        """The concept that a resource cannot be without: what was not written down is said to be so."""
        found = self.concept(value)
        return found if found.get("coding") or found.get("text") else {"text": UNNAMED}

    def concepts(self, values: object) -> list[Element]:
        """The same of a list, or of the one that stands there."""
        listed = values if isinstance(values, list) else [values] if values else []
        return [self.concept(each) for each in listed]

    def named(self, value: object) -> Element:
        """Somebody by name: who is no part of the bundle is not pointed at."""
        return {"display": self.words.of(value)}

    def quantity(self, value: object) -> Element:
        """A measured value; a unit that UCUM does not have is told in words."""
        if not isinstance(value, Mapping) or not isinstance(value.get("value"), int | float):
            return {}
        dictionary, code = str(value.get("system") or UNITS), str(value.get("code") or "")
        told = self.words.described(dictionary, code)
        found = {"value": value["value"], "comparator": value.get("comparator"), "unit": told or value.get("unit")}
        is_ucum = system_of(dictionary, code) == UCUM
        return found | ({"system": UCUM, "code": code} if is_ucum else {})

    def value(self, document: Document) -> Element:
        """What a measurement found, as `value[x]`; the reason where nothing can be told."""
        for name, value in document.items():
            if name.startswith("value_") and value is not None and (found := self._value(name, value)):
                return found
        return {}

    def _value(self, name: str, value: Any) -> Element:
        tell = _VALUES.get(name)
        if tell is not None:
            kind, how = tell
            return {kind: how(self, value)}
        told = self.words.of(value)
        return {"valueString": told} if told else {}

    def _range(self, value: Document) -> Element:
        return {end: self._simple(value.get(end)) for end in ("low", "high")}

    def _ratio(self, value: Document) -> Element:
        return {part: self.quantity(value.get(part)) for part in ("numerator", "denominator")}

    def _simple(self, value: object) -> Element:
        """A quantity of a range: without a comparator."""
        return {name: told for name, told in self.quantity(value).items() if name != "comparator"}


# `value[x]` of each kind of value; what has no row is told in words.
_VALUES: Mapping[str, tuple[str, Callable[[Elements, Any], object]]] = {
    "value_quantity": ("valueQuantity", Elements.quantity),
    "value_codeable_concept": ("valueCodeableConcept", Elements.concept),
    "value_boolean": ("valueBoolean", lambda _, value: value is True),
    "value_date_time": ("valueDateTime", lambda _, value: moment(value)),
    "value_period": ("valuePeriod", lambda _, value: period(value)),
    "value_range": ("valueRange", Elements._range),
    "value_ratio": ("valueRatio", Elements._ratio),
}


def pruned(node: Any) -> Any:
    """Without what FHIR forbids: empty values, spaces round a text, signs that no page can show."""
    if isinstance(node, str):
        return "".join(each for each in node if each in _ENDS_OF_LINES or unicodedata.category(each) != "Cc").strip()
    if isinstance(node, Mapping):
        whole = {name: pruned(value) for name, value in node.items()}
        return {name: value for name, value in whole.items() if value not in (None, "", [], {})}
    if isinstance(node, list | tuple):
        return [value for value in map(pruned, node) if value not in (None, "", [], {})]
    return node
