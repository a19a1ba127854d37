"""Pages of putting a visit right: moving it to another episode, taking it back, recording it anew."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import DocumentKind, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL
from esoz.mis.care import visits
from esoz.mis.care.patients import known_patient
from esoz.mis.documents import sync

from . import commands, model, queries

pages: MisPages = MisPages()
MOVED = _("Прийом перенесено. Перевірте його й підпишіть.")
NO_EPISODE = _("Оберіть епізод.")


@pages.add("GET /visits/{id}/episode", roles=MEDICAL)
async def episodes(page: MisPage) -> Response:
    """Where a visit that central does not have could stand instead."""
    document = await sync.find(page, page.id(), visits.KIND)
    if not document.is_editable:
        return page.redirect(f"/documents/{document.id}")
    return await _episodes(page, document, {})


@pages.add("POST /visits/{id}/episode", roles=MEDICAL)
async def move(page: MisPage) -> Response:
    document = await sync.find(page, page.id(), visits.KIND)
    chosen = next(
        (each for each in await queries.open_episodes(page, document) if str(each.id) == page.form.text("episode")),
        None,
    )
    if chosen is None:
        return await _episodes(page, document, {"episode": NO_EPISODE})
    await sync.move_to(page, document, chosen.id)
    page.flash(MOVED)
    return page.redirect(f"/visits/{document.id}")


async def _episodes(page: MisPage, document: sync.Document, errors: Mapping[str, str]) -> Response:
    return page.render(
        "corrections/episode.html",
        status=422 if errors else 200,
        keep=False,
        document=document,
        patient=await known_patient(page, document.patient_id),
        episodes=await queries.open_episodes(page, document),
        errors=errors,
    )


@pages.add("GET /visits/{id}/cancel", roles=MEDICAL)
async def cancel_form(page: MisPage) -> Response:
    """Why a visit that central has was a mistake."""
    visit = await queries.accepted_visit(page, page.id())
    begun = await queries.cancellation_of(page, visit)
    if begun and not begun.is_editable:
        return page.redirect(f"/documents/{begun.id}")
    return await _cancel_form(page, visit, begun.form if begun else {}, {})


@pages.add("POST /visits/{id}/cancel", roles=MEDICAL)
async def cancel(page: MisPage) -> Response:
    visit = await queries.accepted_visit(page, page.id())
    values = {"reason": page.form.text("reason"), "letter": page.form.text("letter")}
    errors = model.errors(values, page.services.dictionaries.choices(model.REASONS))
    if errors:
        return await _cancel_form(page, visit, values, errors)
    document = await commands.cancel(page, visit, values)
    return page.redirect(f"/documents/{document.id}/sign")


async def _cancel_form(
    page: MisPage, visit: sync.Document, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    return page.render(
        "corrections/cancel.html",
        status=422 if errors else 200,
        keep=False,
        document=visit,
        data=visit.data,
        names=sync.names_of(visit),
        patient=await known_patient(page, visit.patient_id),
        reasons=page.services.dictionaries.choices(model.REASONS),
        values=values,
        errors=errors,
    )


@pages.add("GET /cancellations/{id}", roles=MEDICAL)
async def edit(page: MisPage) -> Response:
    """A cancellation is corrected where it was begun."""
    visit = await queries.visit_of(page, await sync.find(page, page.id(), model.KIND))
    return page.redirect(f"/visits/{visit.id}/cancel")


@pages.add("POST /cancellations/{id}/again", roles=MEDICAL)
async def again(page: MisPage) -> Response:
    """The visit that was taken back, to be recorded as it was."""
    visit = await queries.visit_of(page, await sync.find(page, page.id(), model.KIND))
    document = await visits.begin_again(page, visit)
    return page.redirect(f"/visits/{document.id}")


section = Section(
    "corrections",
    pages,
    kinds=(
        DocumentKind(model.KIND, "/cancellations/{id}", "corrections/readable.html", model.field_of, takes_back=True),
    ),
)
