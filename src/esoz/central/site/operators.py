"""Administrators' page of the operators of the contact centre: who they are, a new one, one who leaves."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.central import identity
from esoz.kernel.errors import Rejected
from esoz.kernel.pages import Pages, end_all, faults, mark

from . import messages
from .frame import CentralServices, Page, Visitor, working

pages: Pages[CentralServices, Visitor] = Pages()

ADMINISTRATORS = (identity.ADMINISTRATOR,)
PATH = "/administration/operators"
FAULTS = {
    "email": mark("Введіть електронну адресу людини, яку не заблоковано, як-от oksana@esoz.example."),
    "phone": messages.BAD_PHONE,
}
APPOINTED = mark("Оператора додано. Новій людині надіслано лист, щоб задати пароль.")
DISMISSED = mark("Людина більше не оператор, її сеанси завершено.")


@pages.add(f"GET {PATH}", roles=ADMINISTRATORS)
async def operators(page: Page) -> Response:
    return await _list(page, {})


@pages.add(f"POST {PATH}", roles=ADMINISTRATORS)
async def appoint(page: Page) -> Response:
    phone = page.form.text("phone").replace(" ", "")
    try:
        async with working(page, f"POST {PATH}") as work:
            user = await identity.appoint(
                work,
                identity.CONTACT_CENTRE,
                email=page.form.text("email"),
                phone=phone,
                reset_page=f"{page.profile.base_url}/password/reset",
            )
    except Rejected as refusal:
        return await _list(page, {name: FAULTS[name] for name in faults(refusal) if name in FAULTS})
    # A session that began without a second factor does not become an operator's.
    await end_all(page.db, user.id)
    page.flash(APPOINTED)
    return page.redirect(PATH)


@pages.add(f"POST {PATH}/{{id}}/dismiss", roles=ADMINISTRATORS)
async def dismiss(page: Page) -> Response:
    async with working(page, f"POST {PATH}/{{id}}/dismiss") as work:
        await identity.dismiss(work, page.id(), identity.CONTACT_CENTRE)
    await end_all(page.db, page.id())
    page.flash(DISMISSED)
    return page.redirect(PATH)


async def _list(page: Page, errors: Mapping[str, str]) -> Response:
    async with working(page, f"GET {PATH}") as work:
        found = await identity.officials(work, identity.CONTACT_CENTRE, page.list_page())
    return page.render(
        "administration/operators.html",
        status=422 if errors else 200,
        keep=True,  # that the list was read stays in the audit log; a refused appointment has written nothing
        found=found,
        errors=errors,
        path=PATH,
        values=page.form.values(),
    )
