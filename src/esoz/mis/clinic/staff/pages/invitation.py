"""Inviting somebody, changing an employee: the form, the signature, the list of invitations."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import Conflict, NotFound, Problem, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import STAFF_KEEPERS, STAFF_READERS, hired_as
from esoz.mis.documents.signing import receive_signed
from esoz.mis.documents.sync import as_refused
from esoz.mis.link.access import calling
from esoz.mis.link.dictionaries import FIND
from esoz.mis.link.errors import explain
from esoz.spec.employees import BLOCKS

from .. import forms
from ..commands import invitations
from ..commands.invitations import CompletedForm
from ..model import positions
from ..model.employees import SHOWN, Employee, Event, Request, State
from ..model.fields import DEGREE, MOST_ROWS, OF_PARTY, OF_TRAINING, SELDOM, SPECIALITY, blocks_for
from ..queries import employees
from ..store import places, requests
from .registry import pages

SIZE = 25
MORE = "more"  # the button that adds a row; its value is the list's name
SIGNED = _("Підписано. Запрошення надсилається до ЕСОЗ.")
DISCARDED = _("Запрошення видалено.")
OPEN = (State.READY, State.QUEUED, State.REFUSED, State.SENT)
FILTERS: Mapping[str, tuple[State, ...]] = {
    "": tuple(state for state in State if state is not State.DISCARDED),
    "open": OPEN,
    **{str(state): (state,) for state in State if state is not State.DISCARDED},
}


@pages.add("GET /staff/requests", roles=STAFF_READERS)
async def listed(page: MisPage) -> Response:
    asked, name = page.query.get("state", ""), page.query.get("name", "").strip()[:100]
    states = [str(state) for state in FILTERS.get(asked, FILTERS[""])]
    clinic_id = page.user.work.clinic_id
    found = await requests.listed(page.db, clinic_id, name=name, states=states, page=page.list_page(SIZE))
    await record(page, Event.REQUESTS_LISTED, clinic_id, found=found.total)
    return page.render(
        "staff/requests.html",
        found=found,
        values={"state": asked, "name": name},
        labels=SHOWN,
        states=[
            (str(state), page.gettext(label))
            for state, (label, _colour) in SHOWN.items()
            if state is not State.DISCARDED
        ],
        may_write=bool(page.user.roles & STAFF_KEEPERS),
    )


@pages.add("GET /staff/new", roles=STAFF_KEEPERS)
async def new(page: MisPage) -> Response:
    """Which role; then the form for it."""
    role = page.query.get("role", "")
    if not role:
        return _roles(page)
    _must_be_hired(page, role)
    return await _form(page, role, forms.begun(role, _positions(page, role)), {})


def _positions(page: MisPage, role: str, changes: Employee | None = None) -> dict[str, str]:
    return positions.offered(role, page.services.dictionaries, changes.position if changes else "")


@pages.add("GET /staff/positions", roles=STAFF_KEEPERS)
async def find_position(page: MisPage) -> Response:
    """What the picker asks while somebody types."""
    role = page.query.get("role", "")
    _must_be_hired(page, role)
    kept = page.query.get("kept", "")
    found = positions.search(page.query.get("q", ""), positions.offered(role, page.services.dictionaries, kept).items())
    return page.json([{"value": code, "text": text} for code, text in found])


def _roles(page: MisPage) -> Response:
    describe = page.services.dictionaries.describe
    roles = [(each, describe("EMPLOYEE_TYPE", each)) for each in sorted(hired_as(page.user.work.clinic_type))]
    return page.render("staff/role.html", roles=roles)


def _must_be_hired(page: MisPage, role: str) -> None:
    if role not in hired_as(page.user.work.clinic_type):
        raise NotFound()


@pages.add("POST /staff/new", roles=STAFF_KEEPERS)
async def create(page: MisPage) -> Response:
    role = page.form.text("role")
    _must_be_hired(page, role)
    filled = await _filled(page, role)
    if isinstance(filled, Response):
        return filled
    return page.redirect(f"/staff/requests/{await invitations.begin(page, filled)}/sign")


@pages.add("GET /staff/{id}/change", roles=STAFF_KEEPERS)
async def change_form(page: MisPage) -> Response:
    """The form of what central knows, to be changed."""
    employee = await _changeable(page)
    central = await calling(page)
    details = await central.get(f"/api/employees/{employee.employee_id}")
    access = await places.access_of(page.db, employee.clinic_id, employee.employee_id)
    await record(page, Event.READ, employee.employee_id)
    return await _form(page, employee.role, forms.form_of(details.record(), access.email, employee.role), {}, employee)


@pages.add("POST /staff/{id}/change", roles=STAFF_KEEPERS)
async def change(page: MisPage) -> Response:
    employee = await _changeable(page)
    filled = await _filled(page, employee.role, employee)
    if isinstance(filled, Response):
        return filled
    return page.redirect(f"/staff/requests/{await invitations.begin(page, filled)}/sign")


async def _changeable(page: MisPage) -> Employee:
    """An employee whose data the user may change. Raises NotFound, Conflict."""
    employee = await employees.find(page, page.id())
    if not employee.works:
        raise Conflict()
    return employee


async def _filled(page: MisPage, role: str, changes: Employee | None = None) -> CompletedForm | Response:
    """What the form says; the form again while something is wrong or a row is added."""
    values = page.form.values()
    if values.get(MORE) or values.get(FIND):
        return await _form(page, role, _longer(values), {}, changes)
    divisions = await invitations.divisions(page)
    offers = forms.Offers(_positions(page, role, changes), divisions)
    payload, errors = forms.read(role, values, page.services.dictionaries, offers, page.today)
    if errors:
        return await _form(page, role, values, errors, changes)
    kept = {name: value for name, value in values.items() if name not in ("csrf", "form_token", MORE, FIND)}
    kept["division_name"] = divisions.get(values.get("division_id", ""), "")
    return CompletedForm(kept, payload, changes)


def _longer(values: dict[str, str]) -> dict[str, str]:
    block = next((each for each in OF_PARTY + OF_TRAINING if each.name == values.get(MORE)), None)
    return values if block is None else values | {f"{block.name}_rows": str(forms.rows_of(values, block) + 1)}


async def _form(
    page: MisPage,
    role: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    changes: Employee | None = None,
    *,
    refused: Request | None = None,
) -> Response:
    books = page.services.dictionaries
    blocks = blocks_for(role)
    used = {each.book for block in blocks for each in block.questions if each.book} | {"GENDER"}
    refusal = explain(page, as_refused(refused.refusal)) if refused and refused.refusal else []
    offered = _positions(page, role, changes)
    return page.render(
        "staff/form.html",
        status=422 if errors and not refused else 200,
        keep=False,
        role=role,
        values=_worded(values, offered),
        errors=errors,
        seldom=SELDOM,
        changes=changes,
        request=refused,
        refused=[each for each in refusal if not forms.field_of(each.entry)],
        blocks=blocks,
        rows={block.name: forms.rows_of(values, block) for block in blocks},
        single=DEGREE.name,
        office=SPECIALITY.name,
        most_rows=MOST_ROWS,
        choices={book: books.choices(book) for book in used},
        positions=list(offered.items()),
        is_searched=positions.is_searched(role),
        found=positions.search(values.get("position_text", ""), offered.items()) if values.get(FIND) else None,
        divisions=await invitations.divisions(page),
    )


def _worded(values: Mapping[str, str], offered: Mapping[str, str]) -> dict[str, str]:
    """The form with the words of the position that was chosen."""
    code = values.get("position", "")
    return {"position_text": f"{code} {offered[code]}" if code in offered else "", **values}


@pages.add("GET /staff/requests/{id}", roles=STAFF_READERS)
async def one(page: MisPage) -> Response:
    found = await invitations.find(page, page.id())
    await record(page, Event.REQUEST_READ, found.id)
    refused = explain(page, as_refused(found.refusal)) if found.refusal and found.state is State.REFUSED else []
    edit = f"/staff/requests/{found.id}/edit"
    return page.render(
        "staff/request.html",
        request=found,
        payload=found.payload,
        block=BLOCKS.get(found.role, ""),
        labels=SHOWN,
        refused=refused,
        links={each.entry: f"{edit}#{forms.field_of(each.entry)}" for each in refused if forms.field_of(each.entry)},
        may_write=bool(page.user.roles & STAFF_KEEPERS),
    )


@pages.add("GET /staff/requests/{id}/progress", roles=STAFF_READERS)
async def progress(page: MisPage) -> Response:
    """What htmx asks every two seconds; without scripts the page itself is opened again."""
    found = await invitations.find(page, page.id())
    if not page.is_fragment or found.state is not State.QUEUED:
        return page.redirect(f"/staff/requests/{found.id}")
    return page.render("staff/progress.html", request=found)


@pages.add("GET /staff/requests/{id}/edit", roles=STAFF_KEEPERS)
async def edit_form(page: MisPage) -> Response:
    found = await invitations.find(page, page.id())
    if not found.is_editable:
        return page.redirect(f"/staff/requests/{found.id}")
    await record(page, Event.REQUEST_READ, found.id)
    return await _form(
        page, found.role, found.form, _refused_fields(page, found), await _changed(page, found), refused=found
    )


def _refused_fields(page: MisPage, found: Request) -> dict[str, str]:
    """Field → what central has against it."""
    errors: dict[str, str] = {}
    for each in explain(page, as_refused(found.refusal)) if found.refusal else []:
        if field := forms.field_of(each.entry):
            errors.setdefault(field, each.filled(page.gettext(each.text)))
    return errors


async def _changed(page: MisPage, found: Request) -> Employee | None:
    return await employees.find(page, found.employee_id) if found.is_change and found.employee_id else None


@pages.add("POST /staff/requests/{id}/edit", roles=STAFF_KEEPERS)
async def edit(page: MisPage) -> Response:
    found = await invitations.find(page, page.id(), lock=True)
    filled = await _filled(page, found.role, await _changed(page, found))
    if isinstance(filled, Response):
        return filled
    await invitations.correct(page, found, filled)
    return page.redirect(f"/staff/requests/{found.id}/sign")


@pages.add("GET /staff/requests/{id}/sign", roles=STAFF_KEEPERS)
async def sign_form(page: MisPage) -> Response:
    found = await invitations.find(page, page.id())
    if found.state is not State.READY:
        return page.redirect(f"/staff/requests/{found.id}")
    await record(page, Event.REQUEST_READ, found.id)
    return _sign(page, found)


def _sign(page: MisPage, found: Request, problem: Problem | None = None) -> Response:
    return page.render(
        "staff/sign.html",
        status=422 if problem else 200,
        keep=False,
        request=found,
        payload=found.payload,
        block=BLOCKS.get(found.role, ""),
        errors=faults(problem) if problem else {},
    )


@pages.add("POST /staff/requests/{id}/sign", roles=STAFF_KEEPERS)
async def sign(page: MisPage) -> Response:
    found = await invitations.find(page, page.id(), lock=True)
    if found.state is not State.READY or found.content is None:
        return page.redirect(f"/staff/requests/{found.id}")
    try:
        signed = await receive_signed(page, found.content)
    except Rejected as problem:
        return _sign(page, found, problem)
    await invitations.sign(page, found, signed)
    page.flash(SIGNED)
    return page.redirect(f"/staff/requests/{found.id}")


@pages.add("POST /staff/requests/{id}/again", roles=STAFF_KEEPERS)
async def again(page: MisPage) -> Response:
    copy: UUID = await invitations.repeat(page, page.id())
    return page.redirect(f"/staff/requests/{copy}/sign")


@pages.add("GET /staff/requests/{id}/discard", roles=STAFF_KEEPERS)
async def discard_form(page: MisPage) -> Response:
    return page.render("staff/discard.html", request=await invitations.find(page, page.id()))


@pages.add("POST /staff/requests/{id}/discard", roles=STAFF_KEEPERS)
async def discard(page: MisPage) -> Response:
    await invitations.discard(page, page.id())
    page.flash(DISCARDED)
    return page.redirect("/staff/requests")
