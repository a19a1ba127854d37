"""The kinds of medical events: how each is spelled on the wire and where its code, date, state and author stand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record made in an encounter.

    `name` is its list in a package, its part of the path and its table; `one` the word of references and links;
    `title` begins the sentences about it. The other fields name the places in its document.
    """

    name: str
    one: str
    title: str
    code: str
    date: str
    status: str
    author: str


ENCOUNTERS = Kind("encounters", "encounter", "Encounter", "type", "period", "status", "performer")
CONDITIONS = Kind("conditions", "condition", "Condition", "code", "onset_date", "verification_status", "asserter")
OBSERVATIONS = Kind("observations", "observation", "Observation", "code", "issued", "status", "performer")
IMMUNIZATIONS = Kind("immunizations", "immunization", "Immunization", "vaccine_code", "date", "status", "performer")
ALLERGY_INTOLERANCES = Kind(
    "allergy_intolerances", "allergy_intolerance", "Allergy intolerance", "code", "onset_date_time",
    "verification_status", "asserter",
)

# In the order in which a package is checked (EN-1, 2019 source).
ENTITIES = (OBSERVATIONS, CONDITIONS, IMMUNIZATIONS, ALLERGY_INTOLERANCES)

# CN-4 (2019 source): the word that takes a record out of use, in whichever of the two fields it stands.
ENTERED_IN_ERROR = "entered_in_error"
