"""The page that offers the files of all own data, and the files."""

import asyncio
from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from typing import Any

import msgspec
from starlette.responses import Response

from esoz.kernel.pages.display import Display

from ..access import calling
from ..journal import record
from ..record.model import Words
from ..services import CabinetPage, CabinetPages
from . import queries
from .fhir import Content, summary
from .model import PARTS, RECORD, SUMMARY, Event, file_name, file_of
from .printed import record_sheet

pages: CabinetPages = CabinetPages()

PATH = "/own-data"
FHIR_JSON = "application/fhir+json"
# A document is made aside, and few at once: a long record takes a second of a core.
printing = asyncio.Semaphore(2)


@pages.add(f"GET {PATH}", signed_in=True)
async def offer(page: CabinetPage) -> Response:
    await record(page, Event.OFFERED)
    return page.render("own_data/own_data.html", texts=list(dict.fromkeys(part.text for part in PARTS)))


@pages.add(f"GET {PATH}/file", signed_in=True)
async def file(page: CabinetPage) -> Response:
    found, cut = await queries.everything(await calling(page), page.now)
    await record(page, Event.TAKEN, page.user.person_id)
    content = msgspec.json.format(msgspec.json.encode(file_of(page.now, found, cut)), indent=2)
    return page.download(content, file_name(page.now), "application/json")


@pages.add(f"GET {PATH}/summary", signed_in=True)
async def ips(page: CabinetPage) -> Response:
    """What another doctor needs first, as a document bundle of FHIR."""
    found, _cut = await queries.everything(await calling(page), page.now, SUMMARY)
    made = summary(Content(page.now, found["person"], found, newest_first(found)), _ukrainian(page))
    await record(page, Event.SUMMARY_TAKEN, page.user.person_id)
    content = msgspec.json.format(msgspec.json.encode(made), indent=2)
    return page.download(content, file_name(page.now, "medychni-dani-ips"), FHIR_JSON)


@pages.add(f"GET {PATH}/record.pdf", signed_in=True)
async def on_paper(page: CabinetPage) -> Response:
    """The record to be read and printed."""
    found, _cut = await queries.everything(await calling(page), page.now, RECORD)
    found["prescriptions"] = newest_first(found)
    async with printing:
        pdf = await asyncio.to_thread(record_sheet, found, _ukrainian(page), page.today)
    await record(page, Event.PRINTED, page.user.person_id)
    return page.download(pdf, file_name(page.now, "medychna-kartka", "pdf"), "application/pdf")


def newest_first(found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Prescriptions in the order of all other lists; central has the oldest first."""
    return list(reversed(found["prescriptions"]))


def _ukrainian(page: CabinetPage) -> Words:
    """Documents are in the language of the state, whatever language the pages are read in."""
    display = Display("uk", NullTranslations())
    return Words(
        page.services.dictionaries.describe,
        str,
        quantity=display.quantity,
        moment=display.moment,
        day=display.long_date,
    )
