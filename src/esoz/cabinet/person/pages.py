"""The page of the patient's own data, and the one on which they show papers when they are asked to (PS-41)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused

from ..access import calling, connected
from ..changes import NO_SCAN, is_scan
from ..errors import explain
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


PAPERS = "/api/pis/documents"
WANTED = frozenset({"VERIFICATION_NEEDED", "NOT_VERIFIED"})  # what central says of who has papers to show
SCANNED = _("Знімок отримано. Надішліть ще: %(names)s.")
ALL_CAME = _("Усі знімки отримано. Про висновок буде сказано на сторінці «Мої дані».")
NOT_ASKED = _("Знімки документів зараз не потрібні.")


class Event(StrEnum):
    DATA_READ = "person.read"
    PAPERS_READ = "own_papers.read"
    PAPER_SENT = "own_papers.scan_sent"


@pages.add("GET /person", signed_in=True)
async def person(page: CabinetPage) -> Response:
    central = await calling(page)
    answer = await central.get("/api/pis/person")
    found = answer.record()
    (methods,) = await several(central.get("/api/pis/person/authentication_methods"))
    await record(page, Event.DATA_READ, page.user.person_id)
    return page.render(
        "person/person.html",
        person=found,
        methods=methods,
        word=word_of_people(found),
        wanted=WANTED,
        verification_words=VERIFICATION_WORDS,
        method_words=METHOD_WORDS,
    )


@pages.add("GET /person/papers", signed_in=True)
async def papers(page: CabinetPage) -> Response:
    found = (await (await calling(page)).get("/api/pis/person")).record()
    await record(page, Event.PAPERS_READ, page.user.person_id)
    return _papers(page, found)


@pages.add("POST /person/papers", signed_in=True)
async def send_paper(page: CabinetPage) -> Response:
    """One paper, to central's link; the link is asked for here and never comes from the form."""
    central = await calling(page)
    found = (await central.get("/api/pis/person")).record()
    links = {each["type"]: each["url"] for each in (await central.post(PAPERS)).rows()}
    if not links:
        page.flash(NOT_ASKED, "important")
        return page.redirect("/person")
    type, file = page.form.text("type"), page.form.file("scan")
    if type not in links:
        raise NotFound()
    if file is None or not is_scan(file.content):
        return _papers(page, found, {f"scan-{type}": NO_SCAN})
    _client, sender = await connected(page)
    try:
        await sender.upload(links[type], file.content)
    except CentralRefused as refused:
        return _papers(page, found, {f"scan-{type}": explain(refused)[0].text})
    left = (await central.patch(f"{PAPERS}/actions/complete")).rows()
    await record(page, Event.PAPER_SENT, page.user.person_id)
    return _sent(page, [each["type"] for each in left])


def _sent(page: CabinetPage, left: Sequence[str]) -> Response:
    if not left:
        page.flash(ALL_CAME)
        return page.redirect("/person")
    names = ", ".join(page.services.dictionaries.describe("DOCUMENT_TYPE", type) for type in left)
    page.flash(page.gettext(SCANNED) % {"names": names})
    return page.redirect("/person/papers")


def word_of_people(person: Mapping[str, Any]) -> Mapping[str, str]:
    """What somebody says who compares papers with the record; empty where nobody does."""
    details = (person.get("verification") or {}).get("details") or {}
    found: Mapping[str, str] = details.get("nhs") or {}
    return found


def _papers(page: CabinetPage, found: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> Response:
    word = word_of_people(found)
    return page.render(
        "person/papers.html",
        status=422 if errors else 200,
        keep=False,
        word=word,
        is_wanted=word.get("verification_status") in WANTED,
        types=[each["type"] for each in found.get("documents") or ()],
        errors=errors or {},
    )
