"""The line about a declaration on the patient's page and at a visit."""

from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import short_date
from esoz.mis.base.section import PatientLine
from esoz.mis.base.services import MisPage, Services
from esoz.mis.link.access import ConsentNeeded, calling

from .. import queries
from ..model import Standing
from .registry import READING

KEPT = "declaration_lines"
MOST_KEPT = 30
WITH_USER = _("Декларація: з Вами, з {start}.")
HERE = _("Декларація: {doctor}, з {start}.")
ELSEWHERE = _("Декларація: з лікарем іншого закладу.")
NONE = _("Чинної декларації немає.")


async def ask(page: MisPage, person_id: UUID) -> str:
    """With whom the patient has a declaration; what is told stays in the session for visits."""
    if page.user.roles.isdisjoint(READING):
        return ""
    try:
        standing = await queries.standing(page, await calling(page), person_id)
    except ConsentNeeded:  # the page says so where it needs central
        return ""
    line = told(page, standing)
    known = page.session.data.get(KEPT)
    others = [each for each in (known.items() if isinstance(known, dict) else ()) if each[0] != str(person_id)]
    page.session.put(KEPT, dict([*others, (str(person_id), line)][-MOST_KEPT:]))
    return line


def kept(page: MisPage, person_id: UUID) -> str:
    """The line of the patient's page as it was told last in this session."""
    known = page.session.data.get(KEPT)
    return str(known.get(str(person_id), "")) if isinstance(known, dict) else ""


def told(page: MisPage, standing: Standing) -> str:
    """A standing in a line; nothing when it is not known."""
    if standing.here:
        own = standing.here.employee_id in page.user.employees
        words = page.gettext(WITH_USER if own else HERE)
        return words.format(doctor=standing.here.doctor, start=short_date(standing.here.start_date))
    if standing.is_elsewhere:
        return page.gettext(ELSEWHERE)
    return page.gettext(NONE) if standing.is_known else ""


LINE: PatientLine[Services] = PatientLine(ask, kept)
