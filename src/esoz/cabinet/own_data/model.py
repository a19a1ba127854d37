"""What stands in the file of all own data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from esoz.kernel.clock import kyiv_date
from esoz.kernel.pages import mark as _

from ..readings.queries import COMPLAINTS
from ..record.model import KINDS
from ..record.queries import ENCOUNTERS, RECORDS

LOG_DAYS = timedelta(days=365)


class Event(StrEnum):
    OFFERED = "own_data.offered"
    TAKEN = "own_data.taken"
    SUMMARY_TAKEN = "own_data.summary_taken"
    PRINTED = "own_data.printed"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the file: its name there, what it is for people, where central has it."""

    name: str
    text: str
    path: str
    is_list: bool = True


_MEDICAL = _("медична картка: лікування, прийоми, діагнози, обстеження, щеплення й усі інші записи")
MEDICAL: Sequence[Part] = (
    Part("episodes", _MEDICAL, "/api/pis/person/episodes"),
    *(Part(name, _MEDICAL, f"{RECORDS}/{name}") for name in (ENCOUNTERS, *(kind.name for kind in KINDS))),
)
LOG = Part("access_log", _("хто переглядав і змінював Ваші дані за рік"), "/api/pis/access_log")
# In the order of the file.
PARTS: Sequence[Part] = (
    Part("person", _("персональні дані"), "/api/pis/person", is_list=False),
    Part("authentication_methods", _("способи підтвердження"), "/api/pis/person/authentication_methods", is_list=False),
    Part("verification", _("звірка з державними реєстрами"), "/api/pis/person/verification", is_list=False),
    Part("declarations", _("декларації"), "/api/pis/declarations"),
    Part("declaration_requests", _("спроби обрати лікаря"), "/api/pis/declaration_requests"),
    Part("prescriptions", _("рецепти"), "/api/cabinet/medication_requests"),
    Part("dispenses", _("ліки, які видали аптеки"), "/api/cabinet/medication_dispenses"),
    Part("approvals", _("дозволи лікарям"), "/api/pis/approvals"),
    Part("systems", _("системи, що діють від Вашого імені"), "/api/pis/apps"),
    Part("changes", _("заявки на зміну Ваших даних за 30 днів"), "/api/pis/person_requests"),
    Part("complaints", _("Ваші скарги й відповіді на них"), COMPLAINTS),
    *MEDICAL,
    LOG,
)


# What stands on paper, and what the summary for other doctors is made of.
RECORD: Sequence[Part] = tuple(each for each in PARTS if each.name in ("person", "prescriptions") or each in MEDICAL)
SUMMED = frozenset(
    {
        "person",
        "prescriptions",
        "allergy_intolerances",
        "conditions",
        "immunizations",
        "observations",
        "diagnostic_reports",
        "procedures",
        "medication_statements",
        "devices",
    }
)
SUMMARY: Sequence[Part] = tuple(each for each in PARTS if each.name in SUMMED)


def file_of(at: datetime, parts: Mapping[str, object], cut: Sequence[str]) -> Mapping[str, object]:
    """The file; `cut` names lists that were too long to be taken whole, so that nobody takes a part for all."""
    return {"source": "ЕСОЗ", "made_at": at.isoformat(), "not_whole": list(cut), **parts}


def file_name(at: datetime, what: str = "moi-dani-esoz", ending: str = "json") -> str:
    return f"{what}-{kyiv_date(at)}.{ending}"
