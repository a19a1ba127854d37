"""What a change leaves as it is: the form has no places for it, and central replaces a person's data whole."""

from collections.abc import Mapping
from typing import Any

# Codes of mobile networks: national numbering plan (order of the Ministry of transport № 1105 of 2006, as amended).
MOBILE_CODES = frozenset(map(str, (39, 50, 63, 66, 67, 68, 73, 75, 77, *range(91, 100))))
# Of all that central tells of a person what a change is compared with.
COMPARED = (
    *("last_name", "first_name", "second_name", "gender", "birth_date", "birth_country", "birth_settlement"),
    *("tax_id", "no_tax_id", "unzr", "documents", "addresses", "phones", "email", "emergency_contact", "secret"),
)


def before_of(person: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept beside a change while it is under way."""
    return {name: person[name] for name in COMPARED if person.get(name) is not None}


def with_the_rest(person: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """New data with addresses and telephones of other kinds, and with what else of whom to call was told before."""
    addresses = [*person["addresses"], *(each for each in before.get("addresses") or [] if each["type"] != "RESIDENCE")]
    whole = {**person, "addresses": addresses, "emergency_contact": _contact(person, before)}
    phones = _phones(person.get("phones") or [], before.get("phones") or [])
    if phones:
        whole["phones"] = phones
    return whole


def _phones(told: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first one is that of the form; those after it stay (PS-6: one of a kind).

    A number that is still the same is of the kind that it was; another one is of the kind that its code says.
    """
    kinds = {phone["number"]: phone["type"] for phone in before[:1]}
    own = [{**phone, "type": kinds.get(phone["number"]) or kind_of(phone["number"])} for phone in told]
    return own + [phone for phone in before[1:] if phone["type"] not in {each["type"] for each in own}]


def kind_of(number: str) -> str:
    """Mobile or of a house, by the code of the network in +380501234567."""
    return "MOBILE" if number[4:6] in MOBILE_CODES else "LAND_LINE"


def _contact(person: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    told, old = dict(person["emergency_contact"]), before.get("emergency_contact") or {}
    told["phones"] = _phones(list(told["phones"]), list(old.get("phones") or []))
    same = all(told.get(name) == old.get(name) for name in ("last_name", "first_name"))
    if same and old.get("second_name"):
        told["second_name"] = old["second_name"]
    return told
