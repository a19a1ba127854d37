"""Pages of patients: search, the patient, an episode, the summary, personal data."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.paging import paged
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL, PERSONAL, SEARCHING
from esoz.mis.documents import sync
from esoz.mis.link.access import calling, several
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused, whole

from . import queries
from .model import UNREAD, Event, Search, allergy_in_words, read_fields, read_line

pages: MisPages = MisPages()
ALLERGIES = "allergy_intolerances"


@pages.add("GET /patients", roles=SEARCHING, reads=True)
async def search(page: MisPage) -> Response:
    """One box, or the separate fields; without anything asked, the form and recent patients."""
    typed = {name: page.query.get(name, "").strip() for name in Search.__slots__}
    line = page.query.get("q", "").strip()
    read = read_line(line, page.today)
    ways = [{**typed, **fields} for fields in read.readings()]
    values = {**ways[0], "q": line}  # what was typed stays in the box
    if not line and not any(values.values()):
        recent = await queries.recent(page)
        return page.render("patients/search.html", values={}, errors={}, recent=recent, others=_others(page, {}))
    errors = read_fields(values, page.today)[1]
    if read.unread:
        errors["q"] = page.gettext(UNREAD).format(words=", ".join(read.unread))
    if errors:
        return page.refuse("patients/search.html", keep=False, values=values, errors=errors, recent=[])
    try:
        asked, answer = await queries.search_in_turn(page, ways)
    except CentralRefused as refused:
        return page.refuse(
            "patients/search.html",
            keep=False,
            values=values,
            errors={},
            recent=[],
            refused=explain(page, refused),
        )
    found = paged(answer, page.list_page(queries.PAGE_SIZE))
    others = _others(page, asked)
    return page.render("patients/found.html", values={**asked, "q": line}, errors={}, found=found, others=others)


def _others(page: MisPage, asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where sections lead on whom the search does not find, with what was asked for."""
    items = [item for section in page.services.sections for item in section.search_links]
    told = {name: value for name, value in asked.items() if value and name in Search.__slots__}
    query = f"?{urlencode(told)}" if told else ""
    return [(item.text, f"{item.href}{query}") for item in items if page.user.roles & set(item.roles)]


@pages.add("GET /patients/{id}", roles=SEARCHING)
async def patient(page: MisPage) -> Response:
    known = await queries.known_patient(page, page.id())
    waiting = await sync.of_patient(page.db, page.user.work.clinic_id, known.id, "episode")
    episodes = allergies = None
    if page.user.roles & MEDICAL:
        central = await calling(page)
        path = f"/api/patients/{known.id}/episodes"
        clinic_id, here = page.user.work.clinic_id, page.list_page(queries.LIST_SIZE)
        [answer] = await several(
            central.get(path, managing_organization_id=clinic_id, page=here.number, page_size=here.size)
        )
        episodes = queries.part(page, answer, here)
        allergies = await queries.allergies(page, central, known.id)
    return page.render(
        "patients/patient.html",
        patient=known,
        episodes=episodes,
        allergies=allergies,
        in_words=allergy_in_words,
        waiting=waiting,
        may_see_personal=not page.user.roles.isdisjoint(PERSONAL),
        links=_links(page),
        lines=[text for line in queries.lines(page) if (text := await line.ask(page, known.id))],
    )


def _links(page: MisPage) -> list[tuple[str, str]]:
    """What the sections of this user offer for a patient."""
    items = [item for section in page.services.sections for item in section.patient_links]
    return [(item.text, item.href.format(id=page.id())) for item in items if page.user.roles & set(item.roles)]


@pages.add("GET /patients/{id}/personal", roles=PERSONAL)
async def personal(page: MisPage) -> Response:
    """Everything that central keeps of the person: only with the patient's permission."""
    known = await queries.known_patient(page, page.id())
    central = await calling(page)
    answer = await central.get(f"/api/persons/{known.id}/personal_data")
    await record(page, Event.PERSONAL_READ, known.id, patient_id=known.id)
    return page.render("patients/personal.html", patient=known, person=next(iter(answer.some()), {}))


@pages.add("GET /patients/{id}/summary", roles=MEDICAL)
async def summary(page: MisPage) -> Response:
    """What any doctor who treats the patient may see."""
    known = await queries.known_patient(page, page.id())
    central = await calling(page)
    base = f"/api/patients/{known.id}/summary"
    parts = await queries.parts(page, central, base, ("diagnoses", "conditions", "episodes", "encounters"))
    # An allergy on a second page is an allergy that nobody reads.
    [allergies] = await several(whole(central, f"{base}/{ALLERGIES}"))
    await record(page, Event.SUMMARY_READ, known.id, patient_id=known.id)
    parts[ALLERGIES] = queries.part(page, allergies)
    return page.render("patients/summary.html", patient=known, parts=parts, in_words=allergy_in_words)


@pages.add("GET /patients/{patient_id}/episodes/{episode_id}", roles=MEDICAL)
async def episode(page: MisPage) -> Response:
    """An episode: what central has of it, and our own documents that are not there yet."""
    known, episode_id = await queries.known_patient(page, page.id("patient_id")), page.id("episode_id")
    ours = await sync.of_episode(page.db, page.user.work.clinic_id, episode_id)
    central = await calling(page)
    base = f"/api/patients/{known.id}/episodes/{episode_id}"
    [itself] = await several(central.get(base))
    parts = await queries.parts(page, central, base, ("encounters", "conditions", "observations"))
    await record(page, Event.EPISODE_READ, episode_id, patient_id=known.id)
    opening = next((document for document in ours if document.kind == "episode"), None)
    return page.render(
        "patients/episode.html",
        patient=known,
        episode_id=episode_id,
        episode=queries.part(page, itself),
        opening=opening,
        allergies=await queries.allergies(page, central, known.id),
        in_words=allergy_in_words,
        waiting=[document for document in ours if document.state is not sync.State.ACCEPTED],
        parts=parts,
    )


section = Section(
    "patients", pages, nav=(NavItem(_("Пацієнти"), "/patients", SEARCHING),), find_patient=queries.find_patient
)
