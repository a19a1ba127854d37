"""Reading the form of a referral, and why one is taken back."""

from collections.abc import Collection, Mapping
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from .model.referrals import CATEGORY_WORDS, LONGEST_LETTER, LONGEST_TEXT, PRIORITIES, SERVICE, Order, Service

NO_SERVICE = _("Оберіть послугу зі знайдених.")
NO_CATEGORY = _("Оберіть, що це за послуга.")
NO_ENCOUNTER = _("Оберіть прийом, під час якого призначено послугу.")
NO_PROGRAMME = _("Оберіть, хто оплачує послугу.")
NO_PRIORITY = _("Оберіть, наскільки це терміново.")
TOO_LONG = _("Текст задовгий: до 2000 знаків.")
NO_REASON = _("Оберіть причину.")
NO_LETTER = _("Поясніть, що сталося.")
LONG_LETTER = _("Пояснення задовге: до 1000 знаків.")
WITHOUT = "none"  # no programme pays


def chosen(values: Mapping[str, str]) -> UUID | None:
    """The service that is chosen in the form."""
    try:
        return UUID(values.get("service", ""))
    except ValueError:
        return None


def read(
    values: Mapping[str, str],
    service: Service | None,
    encounters: Mapping[str, Collection[UUID]],
    programmes: Collection[str],
) -> tuple[Order | None, dict[str, str]]:
    """What is asked for, or the faults by field. `encounters`: the diagnoses of each visit that may be chosen."""
    reading = Reading(values)
    if service is None:
        reading.fault("service", NO_SERVICE)
    category = _category(reading, service)
    priority = reading.typed("priority")
    if priority not in PRIORITIES:
        reading.fault("priority", NO_PRIORITY)
    encounter = reading.typed("encounter")
    if encounter not in encounters:
        reading.fault("encounter", NO_ENCOUNTER)
    programme = reading.typed("programme")
    if programme not in (WITHOUT, *programmes):
        reading.fault("programme", NO_PROGRAMME)
    note = reading.text("note", too_long=TOO_LONG, longest=LONGEST_TEXT) or ""
    instruction = reading.text("instruction", too_long=TOO_LONG, longest=LONGEST_TEXT) or ""
    if reading.faults or service is None:
        return None, reading.faults
    paid_by = None if programme == WITHOUT else UUID(programme)
    conditions = tuple(encounters[encounter])
    return Order(service, category, priority, UUID(encounter), conditions, note, instruction, paid_by), {}


def _category(reading: Reading, service: Service | None) -> str:
    """Of a service its own; of a group what was chosen."""
    if service is None or service.kind == SERVICE:
        return service.category if service else ""
    category = reading.typed("category")
    if category not in CATEGORY_WORDS:
        reading.fault("category", NO_CATEGORY)
    return category


def read_ending(values: Mapping[str, str], reasons: Collection[str]) -> dict[str, str]:
    """The faults of the form that takes a referral back."""
    reading = Reading(values)
    if reading.typed("reason") not in reasons:
        reading.fault("reason", NO_REASON)
    reading.text("letter", too_long=LONG_LETTER, missing=NO_LETTER, longest=LONGEST_LETTER)
    return reading.faults
