"""A right that is there: other papers, or its end."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import known_patient
from esoz.mis.link.errors import field_faults
from esoz.sdk import CentralRefused

from .. import commands, forms, queries
from ..model import TITLES, Action
from ..queries import Speaker
from .registry import CHANGING, HOME, pages


@pages.add(f"GET {HOME}/{{right_id}}/renew", roles=CHANGING)
async def renew_form(page: MisPage) -> Response:
    return await _form(page, Action.UPDATE)


@pages.add(f"GET {HOME}/{{right_id}}/end", roles=CHANGING)
async def end_form(page: MisPage) -> Response:
    return await _form(page, Action.DEACTIVATE)


@pages.add(f"POST {HOME}/{{right_id}}/renew", roles=CHANGING)
async def renew(page: MisPage) -> Response:
    return await _ask(page, Action.UPDATE)


@pages.add(f"POST {HOME}/{{right_id}}/end", roles=CHANGING)
async def end(page: MisPage) -> Response:
    return await _ask(page, Action.DEACTIVATE)


async def _form(page: MisPage, action: Action) -> Response:
    known = await known_patient(page, page.id())
    return _shown(page, known, await queries.speaker(page, known.id, page.id("right_id")), action, ({}, {}))


def _shown(
    page: MisPage, known: Patient, speaker: Speaker, action: Action, told: tuple[Mapping[str, str], Mapping[str, str]]
) -> Response:
    """The form of papers; `told`: what was typed, and what is wrong with it."""
    values, errors = told
    return page.render(
        "confidants/papers.html",
        status=422 if errors else 200,
        keep=False,
        patient=known,
        title=TITLES[action],
        confidant=speaker.name,
        again="",
        ends=action is Action.DEACTIVATE,
        values=values,
        errors=errors,
        kinds=page.services.dictionaries.choices("DOCUMENT_RELATIONSHIP_TYPE"),
    )


async def _ask(page: MisPage, action: Action) -> Response:
    known = await known_patient(page, page.id())
    speaker = await queries.speaker(page, known.id, page.id("right_id"))
    values = {name: page.form.text(name)[:300] for name in forms.FIELDS}
    papers, errors = forms.read_papers(values, page.services.dictionaries, page.today)
    if errors:
        return _shown(page, known, speaker, action, (values, errors))
    try:
        body = commands.of_right(page.id("right_id"), papers)
        id = await commands.begin(page, known.id, action, speaker.name, body)
    except CentralRefused as refused:
        return _shown(page, known, speaker, action, (values, field_faults(page, refused, forms.ENTRIES)))
    return page.redirect(f"/patients/{known.id}/confidants/requests/{id}")
