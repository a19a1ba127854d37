"""Who comes: looked for first, so that nobody is registered twice."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import Explanation
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import REGISTERING
from esoz.mis.care.patients import Search, read_fields
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused

from .. import forms, queries
from ..commands import drafts
from ..model.similar import Similar
from .registry import HOME, pages

ASKED = ("last_name", "first_name", "second_name", "birth_date", "tax_id")
OTHER = "other"  # the button that says that none of those found is this person
NOT_BORN = _("Дата народження не може бути в майбутньому.")


@pages.add(f"GET {HOME}/new", roles=REGISTERING)
async def new(page: MisPage) -> Response:
    """What the search for patients has asked already stands in the fields."""
    return _form(page, {name: page.query.get(name, "")[:100] for name in ASKED}, {})


def _form(
    page: MisPage,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    found: Sequence[Similar] = (),
    refused: Sequence[Explanation] = (),
) -> Response:
    return page.render(
        "registration/new.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        found=found,
        refused=refused,
    )


@pages.add(f"POST {HOME}/new", roles=REGISTERING)
async def create(page: MisPage) -> Response:
    """Those found are shown once; who is none of them is registered."""
    values = {name: page.form.text(name)[:100] for name in ASKED}
    search, errors = read_fields(values, page.today)
    if not errors and date.fromisoformat(search.birth_date) > page.today:
        errors["birth_date"] = NOT_BORN
    if errors:
        return _form(page, values, errors)
    if not page.form.text(OTHER):
        try:
            found = await queries.similar(page, values, search)
        except CentralRefused as refused:
            return _form(page, values, {}, refused=explain(page, refused))
        if found:
            return _form(page, values, {}, found)
    return page.redirect(f"{HOME}/{await _begin(page, values, search)}/edit")


async def _begin(page: MisPage, values: Mapping[str, str], search: Search) -> object:
    born = date.fromisoformat(search.birth_date)
    names = {name: getattr(search, name) for name in ("last_name", "first_name", "second_name")}
    told = drafts.Beginning(**names, birth_date=born, form=forms.begun({**values, **names}, born, page.today))
    return await drafts.begin(page, told)
