"""Who of the index signed: by the tax id, by the passport of who refused it, by the УНЗР, and by the names."""

from esoz.kernel.spelling import has_name, same_name, same_number
from esoz.kernel.work import Signer

from .names import Name, names_of
from .person import Person
from .rules import PersonDetails

# In certificates the number of one of these stands in the place of a tax id that was refused.
PASSPORTS = frozenset({"PASSPORT", "NATIONAL_ID"})


def identifying_numbers(person: Person | PersonDetails) -> list[str]:
    """What a certificate may have as the number of this person (SG-4)."""
    passports = [] if person.tax_id else [paper.number for paper in person.documents if paper.type in PASSPORTS]
    return [number for number in (person.tax_id, person.unzr, *passports) if number]


def has_number(person: Person | PersonDetails, signer: Signer) -> bool:
    """Is a number of the certificate the person's; where both have a tax id, nothing else counts (SG-4)."""
    if person.tax_id and signer.drfo:
        return same_number(signer.drfo, person.tax_id)
    own = identifying_numbers(person)
    return any(same_number(found, number) for found in (signer.drfo, signer.unzr) for number in own)


def has_names(person: Person | PersonDetails, signer: Signer) -> bool:
    """Are the names of the certificate one of the person's: the surname, the first name among the given ones (CB-2)."""
    return any(_is_name_of(name, signer) for name in names_of(person))


def _is_name_of(name: Name, signer: Signer) -> bool:
    """Of who has no surname the provider of keys wrote the only name into one of its two fields."""
    if name.no_last_name:
        return any(has_name(words, name.first_name) for words in (signer.given_name, signer.surname))
    return same_name(signer.surname, name.last_name) and has_name(signer.given_name, name.first_name)
