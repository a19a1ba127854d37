"""The page of the patient's own data."""

from collections.abc import Mapping
from enum import StrEnum

from starlette.responses import Response

from esoz.kernel.pages import mark as _

from ..access import calling
from ..journal import record
from ..listing import several
from ..services import CabinetPage, CabinetPages

pages: CabinetPages = CabinetPages()

# Central's verification statuses: word and colour.
VERIFICATION_WORDS: Mapping[str, tuple[str, str]] = {
    "VERIFIED": (_("Звірено"), "green"),
    "VERIFICATION_NOT_NEEDED": (_("Не потрібна"), "grey"),
    "NOT_VERIFIED": (_("Дані не збігаються"), "red"),
    "VERIFICATION_NEEDED": (_("Триває"), "yellow"),
    "IN_REVIEW": (_("Триває"), "yellow"),
    "CHANGES_NEEDED": (_("Потрібно виправити дані"), "red"),
}
# How a person confirms their acts, as central codes it.
METHOD_WORDS: Mapping[str, str] = {
    "OTP": _("Код у SMS на телефон"),
    "OFFLINE": _("Паперові документи у закладі"),
    "THIRD_PERSON": _("Через іншу людину"),
    "NA": _("Ще не обрано"),
}


class Event(StrEnum):
    DATA_READ = "person.read"


@pages.add("GET /person", signed_in=True)
async def person(page: CabinetPage) -> Response:
    central = await calling(page)
    answer = await central.get("/api/pis/person")
    (methods,) = await several(central.get("/api/pis/person/authentication_methods"))
    await record(page, Event.DATA_READ, page.user.person_id)
    return page.render(
        "person/person.html",
        person=answer.record(),
        methods=methods,
        verification_words=VERIFICATION_WORDS,
        method_words=METHOD_WORDS,
    )
