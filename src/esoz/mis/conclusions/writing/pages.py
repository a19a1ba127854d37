"""Pages of who writes conclusions: a patient's list, the form, one of them with its paper, taking it back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.certificates import CannotPrint, certificate
from esoz.kernel.compositions import admissions, code_of, sections, validity
from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_name, full_years, short_date
from esoz.mis.base.journal import record
from esoz.mis.base.section import DocumentKind, NavItem, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL, holders
from esoz.mis.care.patients import known_patient
from esoz.mis.documents import sync
from esoz.mis.link.access import CentralSession, calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused

from . import commands, forms, queries
from .forms import Around, Visit
from .model import conclusions as model
from .model.conclusions import APPENDS, CATEGORIES, REPLACES, TYPES, Earlier, Event, Kind, key_of, status_tag
from .texts import KNOWN, NO_PAPER, RESENT

pages: MisPages = MisPages()

WRITING = MEDICAL & holders("composition:write")
READING = MEDICAL & holders("composition:read")
OF_PATIENT = "/patients/{id}/conclusions"
ONE = f"{OF_PATIENT}/{{conclusion}}"
FIELDS = ("document", "kind", "encounter", "first", "last", "relation", "words")
NAMED = ("kind", "encounter", "relation")  # what is chosen: its words are kept beside it


@pages.add(f"GET {OF_PATIENT}", roles=READING)
async def of_patient(page: MisPage) -> Response:
    patient = await known_patient(page, page.id())
    waiting = [
        document
        for kind in (model.KIND, model.MARK)
        for document in await sync.of_patient(page.db, page.user.work.clinic_id, patient.id, kind)
    ]
    found = await queries.of_patient(page, patient.id)
    replaced = model.replaced_in(found.rows)
    return page.render(
        "conclusions/of_patient.html",
        patient=patient,
        found=found,
        waiting=waiting,
        rows=[(each, status_tag(each, page.today, replaced), validity(each)) for each in found.rows],
        kind_words=lambda each: _kind_words(page, code_of(each, "type"), code_of(each, "category")),
        may_write=bool(page.user.roles & WRITING),
    )


def _kind_words(page: MisPage, type: str, category: str) -> str:
    """Медичний висновок про тимчасову непрацездатність: догляд за хворою дитиною"""
    described = page.services.dictionaries.describe
    return f"{described(TYPES, type)}: {described(CATEGORIES, category)}"


def _kind_choice(page: MisPage, kind: Kind) -> str:
    """What tells the kinds apart stands first: on a telephone no more of a list is seen."""
    described = page.services.dictionaries.describe
    return f"{described(CATEGORIES, kind.category)} – {described(TYPES, kind.type)}"


@pages.add(f"GET {OF_PATIENT}/new", roles=WRITING)
async def new(page: MisPage) -> Response:
    document = await _given(page)
    if document is not None and not document.is_editable:
        return page.redirect(f"/documents/{document.id}")
    names = ("kind", "encounter", "relation", "first")
    asked = {name: page.query.get(name, "") for name in names}
    begun = {"document": str(document.id)} if document else {}
    values = {**document.form, **begun} if document else {**asked, "first": asked["first"] or page.today.isoformat()}
    return await _form(page, values, {}, refused=sync.refusal_of(document) if document else None)


async def _given(page: MisPage) -> sync.Document | None:
    """The document that the address or the form names, of this kind. Raises NotFound."""
    text = page.form.text("document") if page.request.method == "POST" else page.query.get("document", "")
    if not text:
        return None
    try:
        document = await sync.find(page, UUID(text), model.KIND)
    except ValueError as fault:
        raise NotFound() from fault
    if document.patient_id != page.id():
        raise NotFound()
    return document


@pages.add(f"POST {OF_PATIENT}/new", roles=WRITING)
async def write(page: MisPage) -> Response:
    document = await _given(page)
    values = {name: page.form.text(name) for name in FIELDS}
    values["admissions"] = ",".join(page.form.all("admissions"))
    patient, central = await known_patient(page, page.id()), await calling(page)
    around = await _around(page, central)
    around = replace(around, observations=await _observations(page, central, around, values))
    statement, errors = forms.read(values, around, page.gettext)
    if statement is None:
        return await _form(page, values, errors, around=around)
    named = {f"{name}_text": dict(_choices(page, around)[name]).get(values[name], "") for name in NAMED}
    try:
        ready = await commands.prepare(page, patient, statement, values | named, document)
    except CentralRefused as refused:
        return await _form(page, values, {}, around=around, refused=refused)
    return page.redirect(f"/documents/{ready.id}/sign")


async def _observations(
    page: MisPage, central: CentralSession, around: Around, values: Mapping[str, str]
) -> list[UUID]:
    """What was measured in the visit, where the kind stands on it."""
    kind, visit = around.kinds.get(values["kind"]), around.visits.get(values["encounter"])
    if kind is None or visit is None or "observation" not in (kind.settings.required_entries.check or ()):
        return []
    return await queries.observations(page, central, page.id(), visit.id)


async def _around(page: MisPage, central: CentralSession) -> Around:
    patient = await known_patient(page, page.id())
    visits = await queries.visits(page, central, patient.id)
    return Around(
        kinds=await _kinds(page, central),
        visits={each.id: each for each in visits},
        earlier=await queries.earlier(page, central, patient.id),
        patient=patient,
        years=full_years(patient.birth_date, page.today),
        today=page.today,
    )


async def _kinds(page: MisPage, central: CentralSession) -> Mapping[str, Kind]:
    """What the user writes most stands first."""
    found, used = await queries.kinds(page, central), await sync.used_lately(page, model.KIND)
    return dict(sorted(found.items(), key=lambda each: -used.get(each[0], 0)))


def _choices(page: MisPage, around: Around) -> Mapping[str, list[tuple[str, str]]]:
    """What each list of the form offers."""
    described = page.services.dictionaries.describe
    codes = [model.admissible(kind) for kind in around.kinds.values()]
    return {
        "kind": [(key, _kind_choice(page, kind)) for key, kind in around.kinds.items()],
        "encounter": [(id, _visit_words(visit)) for id, visit in around.visits.items()],
        "admissions": [(code, described(model.ADMISSIONS, code)) for code in sorted(set().union(*codes))],
        "relation": [pair for each in around.earlier for pair in _relations(page, each, around.kinds)],
    }


def _visit_words(visit: Visit) -> str:
    """22.11.2026, Грип"""
    return ", ".join([f"{visit.day:%d.%m.%Y}", *(name for _id, name in visit.diagnoses[:1] if name)])


def _relations(page: MisPage, earlier: Earlier, kinds: Mapping[str, Kind]) -> list[tuple[str, str]]:
    """What may be done about an earlier conclusion, by the rules of its kind (CM-9)."""
    kind = kinds.get(earlier.key)
    allowed = kind.settings.words("relates_to") if kind else frozenset()
    told = {"number": earlier.title, "last": f"{earlier.days.last:%d.%m.%Y}" if earlier.days else "—"}
    words = (
        (APPENDS, page.gettext(_("Продовжує %(number)s, що діє до %(last)s"))),
        (REPLACES, page.gettext(_("Замінює %(number)s, що діє до %(last)s"))),
    )
    return [(f"{type}:{earlier.id}", text % told) for type, text in words if allowed is not None and type in allowed]


async def _form(
    page: MisPage,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    around: Around | None = None,
    refused: CentralRefused | None = None,
) -> Response:
    around = around or await _around(page, await calling(page))
    at_fields = _at_fields(page, refused) if refused else {}
    return page.render(
        "conclusions/new.html",
        status=422 if errors or (refused and page.request.method == "POST") else 200,
        keep=False,
        patient=around.patient,
        values=values,
        errors={**at_fields, **errors},
        refused=explain(page, refused) if refused else [],
        choices=_choices(page, around),
    )


def _at_fields(page: MisPage, refused: CentralRefused) -> dict[str, str]:
    places = {fault.entry: model.field_of({}, fault.entry) for fault in refused.faults}
    return field_faults(page, refused, {entry: field for entry, field in places.items() if field})


@pages.add(f"GET {ONE}", roles=READING)
async def details(page: MisPage) -> Response:
    patient = await known_patient(page, page.id())
    found = await queries.one(page, patient.id, page.id("conclusion"))
    is_ours = found["custodian"]["identifier"]["value"] == str(page.user.work.clinic_id)
    may_write = is_ours and found["status"] == "FINAL" and bool(page.user.roles & WRITING)
    return page.render(
        "conclusions/details.html",
        patient=patient,
        **_shown(page, found),
        may_write=may_write,
        onward=await _onward(page, found) if may_write else [],
    )


def _shown(page: MisPage, found: Mapping[str, Any]) -> dict[str, Any]:
    """A conclusion for templates."""
    return {
        "conclusion": found,
        "tag": status_tag(found, page.today),
        "days": validity(found),
        "sections": list(sections(found)),
        "conditions": _conditions(page, found),
        "kind_words": _kind_words(page, code_of(found, "type"), code_of(found, "category")),
    }


def _conditions(page: MisPage, found: Mapping[str, Any]) -> list[str]:
    """Conditions of admission to driving, in words."""
    return [page.services.dictionaries.describe(*each) for each in admissions(found)]


async def _onward(page: MisPage, found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Links to the next conclusion that goes on after this one, or stands for it (CM-9)."""
    kind = (await queries.kinds(page, await calling(page))).get(key_of(found))
    allowed = (kind.settings.words("relates_to") if kind else None) or frozenset()
    days = validity(found)
    onward = []
    if APPENDS in allowed and days is not None:
        start = model.day_after(days).isoformat()
        onward.append((f"relation={APPENDS}:{found['id']}&first={start}", _("Продовжити")))
    if REPLACES in allowed:
        start = f"&first={days.first.isoformat()}" if days else ""
        onward.append((f"relation={REPLACES}:{found['id']}{start}", _("Замінити")))
    return [(f"kind={key_of(found)}&{query}", page.gettext(words)) for query, words in onward]


@pages.add(f"GET {ONE}/paper.pdf", roles=READING)
async def print_paper(page: MisPage) -> Response:
    """The patient's paper, shown in the browser and printed from there."""
    patient = await known_patient(page, page.id())
    found = await queries.one(page, patient.id, page.id("conclusion"))
    path = f"/patients/{patient.id}/conclusions/{page.id('conclusion')}"
    if found["status"] != "FINAL":
        return page.redirect(path)
    described = page.services.dictionaries.describe
    words = (described(TYPES, code_of(found, "type")), described(CATEGORIES, code_of(found, "category")))
    await record(page, Event.PRINTED, page.id("conclusion"), patient_id=patient.id)
    try:
        document = certificate(
            found, patient=_whom(patient), words=words, conditions=_conditions(page, found), printed_on=page.today
        )
    except CannotPrint:
        page.flash(NO_PAPER, "important")
        return page.redirect(path)
    name = quote(f"vysnovok-{found['title']}.pdf")
    return Response(
        document, media_type="application/pdf", headers={"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    )


def _whom(patient: Any) -> str:
    return f"{full_name(patient)}, {short_date(patient.birth_date)}"


@pages.add(f"POST {ONE}/resend", roles=WRITING)
async def resend(page: MisPage) -> Response:
    patient = await known_patient(page, page.id())
    await commands.resend(page, patient.id, page.id("conclusion"))
    page.flash(RESENT)
    return page.redirect(f"/patients/{patient.id}/conclusions/{page.id('conclusion')}")


@pages.add(f"GET {ONE}/mark", roles=WRITING)
async def ask_mark(page: MisPage) -> Response:
    return await _marking(page, {}, {})


@pages.add(f"POST {ONE}/mark", roles=WRITING)
async def mark(page: MisPage) -> Response:
    """Taking back: the reason, then the text in full to be signed."""
    values = {name: page.form.text(name).strip() for name in ("reason", "letter")}
    errors = forms.read_marking(values, dict(page.services.dictionaries.choices(model.REASONS)))
    if errors:
        return await _marking(page, values, errors)
    patient = await known_patient(page, page.id())
    found = await queries.one(page, patient.id, page.id("conclusion"))
    ready = await commands.mark(page, patient.id, found, values)
    return page.redirect(f"/documents/{ready.id}/sign")


async def _marking(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    patient = await known_patient(page, page.id())
    found = await queries.one(page, patient.id, page.id("conclusion"))
    return page.render(
        "conclusions/mark.html",
        status=422 if errors else 200,
        keep=False,
        patient=patient,
        values=values,
        errors=errors,
        reasons=page.services.dictionaries.choices(model.REASONS),
        **_shown(page, found),
    )


@pages.add("GET /conclusions/marks/{id}", roles=WRITING)
async def edit_mark(page: MisPage) -> Response:
    """What takes a conclusion back is corrected where it was begun."""
    document = await sync.find(page, page.id(), model.MARK)
    return page.redirect(f"/patients/{document.patient_id}/conclusions/{document.record_id}/mark")


SEE = NavItem(_("Переглянути й надрукувати"), "/patients/{patient_id}/conclusions/{record_id}", READING)
section = Section(
    "conclusions",
    pages,
    patient_links=(
        NavItem(_("Медичні висновки"), OF_PATIENT, READING),
        NavItem(_("Скласти медичний висновок"), f"{OF_PATIENT}/new", WRITING),
    ),
    errors=KNOWN,
    kinds=(
        DocumentKind(
            model.KIND,
            "/patients/{patient_id}/conclusions/new?document={id}",
            "conclusions/readable.html",
            model.field_of,
            (SEE,),
        ),
        DocumentKind(
            model.MARK,
            "/conclusions/marks/{id}",
            "conclusions/mark_readable.html",
            model.field_of,
            (SEE,),
            takes_back=True,
        ),
    ),
)
