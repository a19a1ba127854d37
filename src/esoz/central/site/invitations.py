"""The page that the mail of an invitation to work leads to: who invites, for which position, yes or no.

The link is the proof of the e-mail. Who has no account answers by it alone; who has one signs in first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from esoz.central import identity, workforce
from esoz.central.dictionaries import dictionaries
from esoz.central.organisations import LegalEntity, find_legal_entity
from esoz.central.workforce import EmployeeRequest
from esoz.kernel.errors import NotFound, Problem, Rejected
from esoz.kernel.pages import Pages, mark

from . import messages
from .frame import CentralServices, Page, Visitor, working

pages: Pages[CentralServices, Visitor] = Pages()

NOT_NOW = mark("Відповідь не записано: дані запрошення вже не чинні. Попросіть заклад надіслати нове запрошення.")
ANSWER = "answer"  # the part of the page that a refusal is told of


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation as its page shows it. `has_account`: somebody is registered with the e-mail it was sent to."""

    token: str
    request: EmployeeRequest
    entity: LegalEntity
    has_account: bool

    @property
    def address(self) -> str:
        return f"/invitations/{self.token}"

    @property
    def is_open(self) -> bool:
        return self.request.status == "NEW"

    @property
    def is_change(self) -> bool:
        """The clinic asks to change what is known of somebody who works there already."""
        return self.request.updates_employee_id is not None

    @property
    def role(self) -> str:
        code = self.request.employee_type
        return dictionaries.describe("EMPLOYEE_TYPE", code) or code

    @property
    def position(self) -> str:
        code = str(self.request.content["position"])
        return dictionaries.describe("POSITION", code) or code

    @property
    def since(self) -> str:
        return str(self.request.content["start_date"])

    @property
    def full_name(self) -> str:
        names = (self.request.last_name, self.request.first_name, self.request.second_name)
        return " ".join(name for name in names if name)

    def is_for(self, visitor: Visitor | None) -> bool:
        """Whether who is signed in is the one who is invited."""
        return visitor is not None and visitor.name.lower() == self.request.email.lower()


@pages.add("GET /invitations/{token}", public=True)
async def invitation(page: Page) -> Response:
    try:
        view = await _read(page)
    except NotFound:
        return page.refuse("invitation/unknown.html", status=404, keep=False)
    return _page(page, view)


@pages.add("POST /invitations/{token}/accept", public=True)
async def accept(page: Page) -> Response:
    return await _answer(page, agrees=True)


@pages.add("POST /invitations/{token}/reject", public=True)
async def reject(page: Page) -> Response:
    return await _answer(page, agrees=False)


async def _answer(page: Page, *, agrees: bool) -> Response:
    """Write the answer and lead to the page, which tells it; whatever is refused leaves nothing behind."""
    try:
        view = await _read(page)
    except NotFound:
        return page.refuse("invitation/unknown.html", status=404, keep=False)
    if not view.is_open:
        return _page(page, view, status=409)
    if view.has_account and not view.is_for(page.visitor):
        return page.redirect(view.address)  # the page says how to sign in
    try:
        await _write(page, view, agrees=agrees)
    except Problem as refusal:
        return _refused(page, view, refusal)
    return page.redirect(view.address)


def _refused(page: Page, view: InvitationView, refusal: Problem) -> Response:
    if isinstance(refusal, Rejected) and [each.entry for each in refusal.invalid] == ["$.password"]:
        return _page(page, view, {"password": messages.password_fault(refusal)}, status=422)
    return _page(page, view, {ANSWER: NOT_NOW}, status=409)


async def _write(page: Page, view: InvitationView, *, agrees: bool) -> None:
    async with working(page, f"POST /invitations/{{token}}/{'accept' if agrees else 'reject'}") as work:
        match view.has_account, agrees:
            case True, True:
                await workforce.approve_request(work, view.request.id)
            case True, False:
                await workforce.reject_request(work, view.request.id)
            case False, True:
                await workforce.accept_invitation(work, view.token, password=page.form.raw("password"))
            case False, False:
                await workforce.reject_invitation(work, view.token)


async def _read(page: Page) -> InvitationView:
    """What the link speaks of. Raises NotFound for a made-up or damaged one."""
    token = page.params["token"]
    async with working(page, "GET /invitations/{token}") as work:
        request = await workforce.read_invitation(work, token)
        entity = await find_legal_entity(work.db, request.legal_entity_id)
        user = await identity.user_by_email(work.db, request.email)
    return InvitationView(token, request, entity, user is not None)


def _page(page: Page, view: InvitationView, errors: Mapping[str, str] | None = None, *, status: int = 200) -> Response:
    name = "open" if view.is_open else "closed"
    return page.render(
        f"invitation/{name}.html",
        status=status,
        keep=False,
        view=view,
        errors=errors or {},
        is_mine=view.is_for(page.visitor),
    )
