"""What ЕСОЗ has about the holder."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import mark as _

from .access import calling
from .lists import several
from .services import DoorPage, DoorPages

pages: DoorPages = DoorPages()

# How a person confirms their acts, as central codes it.
METHOD_WORDS: Mapping[str, str] = {
    "OTP": _("Код у SMS на телефон"),
    "OFFLINE": _("Паперові документи у закладі"),
    "THIRD_PERSON": _("Через іншу людину"),
    "NA": _("Ще не обрано"),
}


@pages.add("GET /person", signed_in=True)
async def person(page: DoorPage) -> Response:
    central = await calling(page)
    answer = await central.get("/api/pis/person")
    (methods,) = await several(central.get("/api/pis/person/authentication_methods"))
    return page.render("person.html", person=answer.record(), methods=methods, method_words=METHOD_WORDS)
