"""A small catalogue of services, taken in by the real command."""

from collections.abc import Mapping
from uuid import UUID

from esoz.central.dictionaries import ImportCounts
from esoz.central.services import SourceRow, import_services
from esoz.central.services.model import service_id
from esoz.kernel.work import Work

PROGRAMME = UUID("b0e7b3f0-63a1-4d2c-9a10-0d6f0a8b7e11")
CONSULTATION, ECG, SPIROMETRY, COLONOSCOPY = "96037-00", "11700-00", "11506-00", "32090-00"
OUT_OF_USE, NOT_BY_REQUEST = "92001-00", "96066-00"


def row(type: str, code: str, name: str = "", **others: object) -> SourceRow:
    return SourceRow(type=type, code=code, name=name, **others)


CATALOGUE = (
    row("group", "A", "Огляди та консультації"),
    row("group", "B", "Діагностика"),
    row("group", "B1", "Функціональна діагностика", groups=("B",)),
    row("service", CONSULTATION, "Інше обстеження, консультування або оцінка", groups=("A",), category="counselling"),
    row("service", ECG, "Інша електрокардіографія [ЕКГ]", groups=("B1",), category="diagnostic_procedure"),
    row("service", SPIROMETRY, "Інші вимірювання респіраторної функції", groups=("B1", "A"), category="procedure"),
    row("service", COLONOSCOPY, "Колоноскопія до сліпої кишки", groups=("B",), category="procedure"),
    row("service", OUT_OF_USE, "Інші фізіологічні обстеження", groups=("A",), category="procedure", is_active=False),
    row(
        "service",
        NOT_BY_REQUEST,
        "Профілактичне консультування або навчання",
        groups=("A",),
        category="counselling",
        request_allowed=False,
    ),
    row("program_service", ECG, medical_program_id=PROGRAMME, description="ЕКГ за програмою"),
)


def id_of(code: str) -> UUID:
    return service_id(code)


async def fill(work: Work, rows: tuple[SourceRow, ...] = CATALOGUE) -> Mapping[str, ImportCounts]:
    return await import_services(work, rows)
