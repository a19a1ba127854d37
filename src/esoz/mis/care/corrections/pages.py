"""Pages of putting a visit right: moving it to another episode."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL
from esoz.mis.care import visits
from esoz.mis.care.patients import known_patient
from esoz.mis.documents import sync

from . import queries

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


section = Section("corrections", pages)
