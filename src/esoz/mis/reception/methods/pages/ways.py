"""How a patient confirms: the list; one more, another name, the end of one."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import CONFIRMING
from esoz.mis.care.patients import known_patient
from esoz.mis.link.errors import field_faults
from esoz.mis.reception.registration import METHODS, way_words
from esoz.sdk import CentralRefused

from .. import commands, forms, queries
from ..model import Action
from .registry import HOME, pages

FIELDS = {f"$.authentication_method.{name}": name for name in ("type", "phone_number", "value", "alias")}


@pages.add(f"GET {HOME}", roles=CONFIRMING)
async def listed(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    found = await queries.ways(page, known.id)
    return page.render(
        "methods/list.html", patient=known, ways=found, methods=METHODS, home=f"/patients/{known.id}/ways"
    )


@pages.add(f"GET {HOME}/new", roles=CONFIRMING)
async def new(page: MisPage) -> Response:
    return await _form(page, await known_patient(page, page.id()), {}, {})


async def _form(page: MisPage, known: Patient, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    return page.render(
        "methods/new.html",
        status=422 if errors else 200,
        keep=False,
        patient=known,
        values=values,
        errors=errors,
        speakers=await queries.speakers(page, known.id),
    )


@pages.add(f"POST {HOME}/new", roles=CONFIRMING)
async def create(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    values = page.form.values()
    change, errors = forms.read(values, [id for id, _name in await queries.speakers(page, known.id)])
    if errors:
        return await _form(page, known, values, errors)
    begun = await _begun(page, known, Action.INSERT, change)
    return await _form(page, known, values, begun) if isinstance(begun, dict) else begun


async def _begun(page: MisPage, known: Patient, action: Action, change: Mapping[str, Any]) -> Response | dict[str, str]:
    """The page where the patient confirms; or what central has against it, by field."""
    try:
        id = await commands.begin(page, known.id, action, change)
    except CentralRefused as refused:
        return field_faults(page, refused, FIELDS)
    return page.redirect(f"/patients/{known.id}/ways/requests/{id}")


@pages.add(f"GET {HOME}/{{way_id}}/name", roles=CONFIRMING)
async def name_form(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    way = await queries.way(page, known.id, page.id("way_id"))
    return _one(page, known, way, {"alias": way.get("alias") or ""}, {})


def _one(
    page: MisPage,
    known: Patient,
    way: Mapping[str, Any],
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    """The page of a new name, or of the end, when no name is told."""
    template = "methods/name.html" if "alias" in values else "methods/end.html"
    words = way_words(way, page.gettext)
    return page.render(
        template, status=422 if errors else 200, keep=False, patient=known, words=words, values=values, errors=errors
    )


@pages.add(f"POST {HOME}/{{way_id}}/name", roles=CONFIRMING)
async def rename(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    alias, errors = forms.read_alias(page.form.values())
    begun: Response | dict[str, str] = errors
    if not errors:
        begun = await _begun(page, known, Action.UPDATE, {"id": str(page.id("way_id")), "alias": alias})
    if isinstance(begun, Response):
        return begun
    way = await queries.way(page, known.id, page.id("way_id"))
    return _one(page, known, way, {"alias": page.form.text("alias")[:300]}, begun)


@pages.add(f"GET {HOME}/{{way_id}}/end", roles=CONFIRMING)
async def end_form(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    return _one(page, known, await queries.way(page, known.id, page.id("way_id")), {}, {})


@pages.add(f"POST {HOME}/{{way_id}}/end", roles=CONFIRMING)
async def end(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    begun = await _begun(page, known, Action.DEACTIVATE, {"id": str(page.id("way_id"))})
    if isinstance(begun, Response):
        return begun
    way = await queries.way(page, known.id, page.id("way_id"))
    return _one(page, known, way, {}, begun)
