"""What a patient's token may carry, and the events of their coming in."""

from dataclasses import dataclass
from enum import StrEnum

from esoz.central.people import Person
from esoz.spec.roles import role_scopes

PATIENT = "PATIENT"
GRANT = "pis_auth"


class Event(StrEnum):
    SIGNED_IN = "patient.signed_in"
    SIGNED_IN_FOR = "patient.signed_in_for"
    SIGNED_UP = "patient.signed_up"


@dataclass(frozen=True, slots=True)
class Ward:
    """Whom a confidant names in the document that they sign."""

    last_name: str
    given_name: str
    tax_id: str | None = None
    document_type: str | None = None
    document_number: str | None = None

    def is_named(self) -> bool:
        """A name alone is not enough: it is nobody's own."""
        return bool(self.tax_id or (self.document_type and self.document_number))

    def matches(self, person: Person) -> bool:
        """Is this the person: the names, and the tax number or one of the documents."""
        given = " ".join(part for part in (person.first_name, person.second_name) if part)
        if (_plain(self.last_name), _plain(self.given_name)) != (_plain(person.last_name), _plain(given)):
            return False
        if self.tax_id:
            return self.tax_id == person.tax_id
        return any(
            (each.type, _plain(each.number)) == (self.document_type, _plain(self.document_number or ""))
            for each in person.documents
        )


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def allowed(asked: str) -> tuple[frozenset[str], frozenset[str]]:
    """Of the scopes asked for: those that a patient may have, and those they may not."""
    wanted = frozenset(asked.split())
    return wanted & role_scopes(PATIENT), wanted - role_scopes(PATIENT)
