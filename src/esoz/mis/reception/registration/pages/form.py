"""The form of a person: all that is registered of them, on one page with sections."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.errors import Conflict
from esoz.mis.base.explanations import Explanation
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import REGISTERING
from esoz.mis.documents.sync import as_refused
from esoz.mis.link.dictionaries import FIND
from esoz.mis.link.errors import explain

from .. import forms, queries
from ..commands import drafts
from ..model import papers
from ..model.carried import with_the_rest
from ..model.registrations import THIRD_PERSON, Event, Registration, State
from .registry import HOME, pages

MORE = "more"  # the button that adds a document


@pages.add(f"GET {HOME}/places", roles=REGISTERING)
async def places(page: MisPage) -> Response:
    """What the picker of settlements asks while somebody types."""
    found = await queries.places(page, page.query.get("q", ""))
    return page.json([{"value": each, "text": text} for each, text in found])


@pages.add(f"GET {HOME}/{{id}}/edit", roles=REGISTERING)
async def edit_form(page: MisPage) -> Response:
    found = await queries.find(page, page.id())
    if not found.is_editable:
        return page.redirect(f"{HOME}/{found.id}")
    await record(page, Event.READ, found.id, patient_id=found.person_id)
    return _form(page, found, found.form, _refused_fields(page, found))


def refusal_of(page: MisPage, found: Registration) -> list[Explanation]:
    """What central has against it, in words; nothing once it was written anew."""
    shown = found.refusal and found.state in (State.DRAFT, State.REFUSED)
    return explain(page, as_refused(found.refusal)) if shown and found.refusal else []


def _refused_fields(page: MisPage, found: Registration) -> dict[str, str]:
    """Field → what central has against it."""
    errors: dict[str, str] = {}
    for each in refusal_of(page, found):
        if field := forms.field_of(each.entry):
            errors.setdefault(field, each.filled(page.gettext(each.text)))
    return errors


def _form(
    page: MisPage,
    found: Registration,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    options: list[tuple[str, str]] | None = None,
    is_fault: bool = False,
) -> Response:
    books = page.services.dictionaries
    born = found.birth_date
    return page.render(
        "registration/form.html",
        status=422 if is_fault else 200,
        keep=False,
        registration=found,
        values=values,
        errors=errors,
        refused=[] if is_fault else [each for each in refusal_of(page, found) if not forms.field_of(each.entry)],
        is_refused=not is_fault and bool(errors),
        choices={book: books.choices(book) for book in forms.CHOICES},
        rows=forms.rows_of(values),
        most_rows=papers.MOST_DOCUMENTS,
        field=forms.document_field,
        kinds=[(code, page.gettext(kind.advice)) for code, kind in papers.KINDS.items()],
        options=options,
        is_child=papers.is_child(born, page.today),
    )


@pages.add(f"POST {HOME}/{{id}}/edit", roles=REGISTERING)
async def edit(page: MisPage) -> Response:
    found = await queries.find(page, page.id(), lock=True)
    if not found.is_editable:
        raise Conflict()
    values = {name: text for name, text in page.form.values().items() if name in (*forms.FORM_FIELDS, MORE, FIND)}
    if values.get(FIND):
        return _form(page, found, values, {}, options=await queries.places(page, values.get("settlement_text", "")))
    if values.get(MORE):
        return _form(page, found, values | {"document_rows": str(forms.rows_of(values) + 1)}, {})
    place = await queries.place(page, values.get("settlement", ""))
    person, errors = forms.read(values, page.services.dictionaries, page.today, place, is_change=found.is_change)
    if errors:
        return _form(page, found, values, errors, is_fault=True)
    if found.is_change:
        person = with_the_rest(person, found.before)
    if place:
        values["settlement_text"] = queries.place_words(place)
    kept = dict.fromkeys(forms.FORM_FIELDS, "") | {name: values.get(name, "") for name in forms.FORM_FIELDS}
    changed = await drafts.write(page, found, kept, person)
    return page.redirect(f"{HOME}/{found.id}/{'confidant' if needs_speaker(changed) else 'check'}")


def needs_speaker(found: Registration) -> bool:
    """Does another person confirm for this one, and is nobody named yet."""
    methods = found.person.get("authentication_methods") or []
    by_another = any(method["type"] == THIRD_PERSON for method in methods)
    return by_another and "confidant_person" not in found.person
