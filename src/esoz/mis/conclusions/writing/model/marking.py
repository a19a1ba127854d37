"""Taking a conclusion back: the document that was signed first, made again of what central shows, with the reason.

Central answers with other spellings than it is signed with: references of sections are identifiers, an empty reason is
a list, extensions are spelled as FHIR does, an earlier conclusion stands without its frame.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from esoz.kernel.fhir import concept

from .conclusions import ERROR, REASONS

SIGNED = (
    "id",
    "title",
    "type",
    "category",
    "date",
    "custodian",
    "encounter",
    "author",
    "section",
    "extension",
    "relates_to",
    "attester",
    "event",
    "inform_with",
)


def marked(shown: Mapping[str, Any], reason: str, letter: str) -> bytes:
    """What is signed to take a conclusion back."""
    first = {name: _signed(name, shown[name]) for name in SIGNED if shown.get(name) is not None}
    told = {"status_reason": msgspec.to_builtins(concept(REASONS, reason)), "explanatory_letter": letter}
    return msgspec.json.encode({**first, "status": ERROR, **told})


def _signed(name: str, value: Any) -> Any:
    if name == "section":
        return [_section(each) for each in value]
    if name == "extension":
        return [_extension(each) for each in value]
    if name == "relates_to":
        return [
            {"type": each["type"], "resource_reference": {"identifier": without_words(each["identifier"])}}
            for each in value
        ]
    return without_words(value)


def without_words(node: Any) -> Any:
    """The same without the words that central adds to what is pointed at."""
    if isinstance(node, list):
        return [without_words(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    plain = {name: without_words(value) for name, value in node.items() if name != "display_value"}
    if "value" in node and isinstance(plain.get("type"), dict):
        plain["type"] = {name: value for name, value in plain["type"].items() if name != "text"}
    return plain


def _section(shown: Mapping[str, Any]) -> Mapping[str, Any]:
    section = {name: value for name, value in shown.items() if name not in ("author", "entry", "empty_reason")}
    section["author"] = [{"identifier": without_words(each)} for each in shown["author"]]
    section["entry"] = without_words(shown.get("entry") or [])
    if shown.get("empty_reason"):
        section["empty_reason"] = shown["empty_reason"][0]
    return section


def _extension(shown: Mapping[str, Any]) -> Mapping[str, Any]:
    value = shown["valueCodeableConcept"]
    inner = [
        {"code": each["code"], "value_decimal": each["valueDecimal"]}
        if "valueDecimal" in each
        else {"code": each["code"], "value_codeable_concept": each["valueCodeableConcept"]["code"]}
        for each in value["extension"]
    ]
    concept_ = {"extension": inner, "coding": value["code"]["coding"]}
    return {**({"code": shown["code"]} if "code" in shown else {}), "value_codeable_concept": concept_}
