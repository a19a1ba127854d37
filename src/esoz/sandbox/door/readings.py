"""Who looked at the holder's record or changed it, from central's log; own doings are many and are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from starlette.responses import Response

from esoz.kernel.clock import kyiv_date
from esoz.kernel.pages import mark as _

from .access import CentralSession, calling
from .lists import paged
from .services import DoorPage, DoorPages

pages: DoorPages = DoorPages()

PATH = "/api/pis/access_log"
PAGE_SIZE = 100
FIRST = 50  # lines that the first page looks through
# What a line is about, by the beginning of its event; the longest one that fits.
THINGS: Mapping[str, str] = {
    "access_log": _("Журнал переглядів"),
    "allergy": _("Алергії"),
    "approval": _("Дозволи на доступ"),
    "authentication_method": _("Способи підтвердження"),
    "composition": _("Медичні висновки"),
    "condition": _("Діагнози"),
    "declaration": _("Декларація з лікарем"),
    "diagnostic_report": _("Діагностичні звіти"),
    "dispense": _("Видані ліки"),
    "encounter": _("Прийоми лікаря"),
    "episode": _("Епізоди лікування"),
    "immunization": _("Щеплення"),
    "medication_dispense": _("Видані ліки"),
    "observation": _("Спостереження"),
    "package": _("Медичні записи"),
    "patient": _("Вхід до ЕСОЗ"),
    "person": _("Особисті дані"),
    "prescription": _("Рецепти"),
    "procedure": _("Процедури"),
    "relationship": _("Законні представники"),
    "service_request": _("Направлення"),
    "verification": _("Звірка з реєстрами"),
}
OTHER = _("Медичні дані")
# Officials, whom the log tells by their office and not by their names.
ROLES: Mapping[str, str] = {"CONTACT_CENTRE": _("Оператор контакт-центру ЕСОЗ")}
OFFICIAL = _("Посадова особа ЕСОЗ")
READS = ("read", "searched", "listed", "shown", "found", "checked", "downloaded")


@dataclass(frozen=True, slots=True)
class Reading:
    """Who did what, and when. Without a name it was ЕСОЗ itself."""

    at: datetime
    thing: str
    kind: str  # read, changed, refused
    name: str
    position: str  # a code of POSITION
    organisation: str
    is_own: bool
    office: str = ""  # of an official, in marked words


def reading(item: Mapping[str, Any]) -> Reading:
    """A line from central's answer."""
    user, organisation = item.get("user") or {}, item.get("legal_entity") or {}
    thing, _dot, act = str(item["event"]).partition(".")
    known = [name for name in THINGS if thing.startswith(name)]
    return Reading(
        at=datetime.fromisoformat(item["at"]),
        thing=THINGS[max(known, key=len)] if known else OTHER,
        kind=_kind(act, item.get("outcome", "done")),
        name=user.get("name") or (item.get("confidant") or {}).get("name") or "",
        position=user.get("position") or "",
        organisation=organisation.get("name") or "",
        is_own=bool(item.get("is_own")),
        office=ROLES.get(user["role"], OFFICIAL) if user.get("role") else "",
    )


def _kind(act: str, outcome: str) -> str:
    if outcome != "done":
        return "refused"
    return "read" if act.endswith(READS) else "changed"


async def latest(central: CentralSession) -> list[Reading]:
    """The last doings of others."""
    answer = await central.get(PATH, page=1, page_size=FIRST)
    return [each for each in map(reading, answer.rows()) if not each.is_own]


def by_day(found: Sequence[Reading]) -> list[tuple[date, list[Reading]]]:
    """Lines under their days in Kyiv, in the same order."""
    return [(day, list(lines)) for day, lines in groupby(found, key=lambda each: kyiv_date(each.at))]


@pages.add("GET /readings", signed_in=True)
async def listing(page: DoorPage) -> Response:
    central, asked = await calling(page), page.list_page(PAGE_SIZE)
    answer = await central.get(PATH, page=asked.number, page_size=asked.size)
    found = [each for each in map(reading, answer.rows()) if not each.is_own]
    return page.render("readings.html", days=by_day(found), found=paged(answer, asked))
