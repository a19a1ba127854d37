"""Who speaks for the person: found in central, with the paper of the right."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from esoz.kernel.errors import Conflict
from esoz.mis.base.explanations import Explanation
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import REGISTERING
from esoz.mis.care.patients import known_patient, read_fields, search_persons
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused

from .. import forms, queries
from ..commands import drafts
from ..model.papers import ADULT_AGE, ASKED, PAPER, TOO_YOUNG, whole_years
from ..model.registrations import Registration
from .registry import HOME, pages


@pages.add(f"GET {HOME}/{{id}}/confidant", roles=REGISTERING)
async def speaker_form(page: MisPage) -> Response:
    """The search while nobody is chosen; then the paper."""
    found = await _writable(page)
    asked = {name: page.query.get(name, "").strip()[:100] for name in ASKED}
    if any(asked.values()):
        return await _searched(page, found, asked)
    if page.query.get("again") or not found.form.get("confidant_id"):
        return _search(page, found, {}, {})
    return _paper(page, found, found.form, {})


async def _writable(page: MisPage) -> Registration:
    """A registration of somebody new that may be corrected: who speaks for a known one is changed elsewhere."""
    found = await queries.find(page, page.id(), lock=page.request.method == "POST")
    if not found.is_editable or found.is_change or not found.person:
        raise Conflict()
    return found


async def _searched(page: MisPage, found: Registration, asked: Mapping[str, str]) -> Response:
    search, errors = read_fields(asked, page.today)
    if errors:
        return _search(page, found, asked, errors)
    try:
        rows = (await search_persons(page, search)).rows()
    except CentralRefused as refused:
        return _search(page, found, asked, {}, refused=explain(page, refused))
    return _search(page, found, asked, {}, rows=rows)


def _search(
    page: MisPage,
    found: Registration,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    rows: Sequence[Mapping[str, Any]] | None = None,
    refused: Sequence[Explanation] = (),
) -> Response:
    return page.render(
        "registration/speaker.html",
        status=422 if errors else 200,
        keep=False,
        registration=found,
        values=values,
        errors=errors,
        rows=rows,
        refused=refused,
    )


def _paper(page: MisPage, found: Registration, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    return page.render(
        "registration/relation.html",
        status=422 if errors else 200,
        keep=False,
        registration=found,
        values=values,
        errors=errors,
        kinds=page.services.dictionaries.choices("DOCUMENT_RELATIONSHIP_TYPE"),
    )


@pages.add(f"POST {HOME}/{{id}}/confidant/{{person_id}}", roles=REGISTERING)
async def choose(page: MisPage) -> Response:
    """One of those found."""
    found = await _writable(page)
    chosen = await known_patient(page, page.id("person_id"))
    if whole_years(chosen.birth_date, page.today) < ADULT_AGE:
        page.flash(page.gettext(TOO_YOUNG), "important")
        return page.redirect(f"{HOME}/{found.id}/confidant?again=1")
    names = " ".join(name for name in (chosen.last_name, chosen.first_name, chosen.second_name) if name)
    form = {**found.form, "confidant_id": str(chosen.id), "confidant_name": names}
    await drafts.write(page, found, form, found.person)
    return page.redirect(f"{HOME}/{found.id}/confidant")


@pages.add(f"POST {HOME}/{{id}}/confidant", roles=REGISTERING)
async def relation(page: MisPage) -> Response:
    found = await _writable(page)
    if not found.form.get("confidant_id"):
        return page.redirect(f"{HOME}/{found.id}/confidant")
    values = {**found.form, **{name: page.form.text(name)[:300] for name in forms.RELATION_FIELDS}}
    paper, errors = forms.read_relation(values, page.services.dictionaries, page.today)
    if errors:
        return _paper(page, found, values, errors)
    values |= {f"relation_{name}": paper.get(name, "") for name in PAPER}
    await drafts.write(page, found, values, found.person)
    return page.redirect(f"{HOME}/{found.id}/check")
