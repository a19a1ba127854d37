"""Somebody is to speak for a patient: found in the register, with the papers of the right."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from esoz.mis.base.explanations import Explanation
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import known_patient, read_fields
from esoz.mis.link.errors import explain, field_faults
from esoz.mis.reception.registration import ADULT_AGE, ASKED, TOO_YOUNG, whole_years
from esoz.sdk import CentralRefused

from .. import commands, forms, queries
from ..model import TITLES, Action
from .registry import CHANGING, HOME, pages


@pages.add(f"GET {HOME}/new", roles=CHANGING)
async def search_form(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    asked = {name: page.query.get(name, "").strip()[:100] for name in ASKED}
    if not any(asked.values()):
        return _search(page, known, {}, {})
    search, errors = read_fields(asked, page.today)
    if errors:
        return _search(page, known, asked, errors)
    try:
        rows = await queries.found_people(page, search)
    except CentralRefused as refused:
        return _search(page, known, asked, {}, refused=explain(page, refused))
    return _search(page, known, asked, {}, rows=[each for each in rows if each["id"] != str(known.id)])


def _search(
    page: MisPage,
    known: Patient,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    rows: Sequence[Mapping[str, Any]] | None = None,
    refused: Sequence[Explanation] = (),
) -> Response:
    return page.render(
        "confidants/search.html",
        status=422 if errors else 200,
        keep=False,
        patient=known,
        values=values,
        errors=errors,
        rows=rows,
        refused=refused,
    )


@pages.add(f"GET {HOME}/new/{{confidant_id}}", roles=CHANGING)
async def papers_form(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    confidant = await known_patient(page, page.id("confidant_id"))
    if whole_years(confidant.birth_date, page.today) < ADULT_AGE:
        page.flash(page.gettext(TOO_YOUNG), "important")
        return page.redirect(f"/patients/{known.id}/confidants/new")
    return _papers(page, known, confidant, {}, {})


def _papers(
    page: MisPage, known: Patient, confidant: Patient, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    return page.render(
        "confidants/papers.html",
        status=422 if errors else 200,
        keep=False,
        patient=known,
        title=TITLES[Action.INSERT],
        confidant=_named(confidant),
        again=f"/patients/{known.id}/confidants/new",
        ends=False,
        values=values,
        errors=errors,
        kinds=page.services.dictionaries.choices("DOCUMENT_RELATIONSHIP_TYPE"),
    )


def _named(confidant: Patient) -> str:
    return " ".join(name for name in (confidant.last_name, confidant.first_name, confidant.second_name) if name)


@pages.add(f"POST {HOME}/new/{{confidant_id}}", roles=CHANGING)
async def ask(page: MisPage) -> Response:
    known = await known_patient(page, page.id())
    confidant = await known_patient(page, page.id("confidant_id"))
    values = {name: page.form.text(name)[:300] for name in forms.FIELDS}
    papers, errors = forms.read_papers(values, page.services.dictionaries, page.today)
    if errors:
        return _papers(page, known, confidant, values, errors)
    body = commands.of_new(confidant.id, papers)
    try:
        id = await commands.begin(page, known.id, Action.INSERT, _named(confidant), body)
    except CentralRefused as refused:
        return _papers(page, known, confidant, values, field_faults(page, refused, forms.ENTRIES))
    return page.redirect(f"/patients/{known.id}/confidants/requests/{id}")
