"""Administrators' page of people who may not be hired."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.central import identity, workforce
from esoz.kernel.errors import Conflict, Rejected
from esoz.kernel.pages import Pages, faults, mark

from .frame import CentralServices, Page, Visitor, working
from .lists import query_choice, query_text

pages: Pages[CentralServices, Visitor] = Pages()

ADMINISTRATORS = (identity.ADMINISTRATOR,)
PATH = "/administration/black-list"
FAULTS = {
    "tax_id": mark("Введіть РНОКПП: 10 цифр, або номер паспорта того, хто не має РНОКПП."),
    "reason": mark("Поясніть рішення, до 500 символів."),
}
CONFLICTS = {
    "Not all users were blocked": mark("Спершу заблокуйте всі облікові записи цієї людини."),
    "This user is already in a black list": mark("Цей РНОКПП уже є в списку."),
}
ADDED = mark("Додано до списку: прийняти цю людину на роботу більше не можна.")
ENDED = mark("Запис припинено: людину знову можна прийняти на роботу.")


@pages.add(f"GET {PATH}", roles=ADMINISTRATORS)
async def overview(page: Page) -> Response:
    return await _list(page, {})


@pages.add(f"POST {PATH}", roles=ADMINISTRATORS)
async def add(page: Page) -> Response:
    try:
        async with working(page, f"POST {PATH}") as work:
            await workforce.add_to_black_list(work, page.form.text("tax_id"), page.form.text("reason"))
    except Rejected as refusal:
        return await _list(page, {name: FAULTS.get(name, message) for name, message in faults(refusal).items()})
    except Conflict as refusal:
        return await _list(page, {"tax_id": CONFLICTS[refusal.message]})
    page.flash(ADDED)
    return page.redirect(PATH)


@pages.add(f"POST {PATH}/{{id}}/end", roles=ADMINISTRATORS)
async def end(page: Page) -> Response:
    async with working(page, f"POST {PATH}/{{id}}/end") as work:
        await workforce.end_black_listing(work, page.id())
    page.flash(ENDED)
    return page.redirect(PATH)


async def _list(page: Page, errors: Mapping[str, str]) -> Response:
    state, text = query_choice(page, "state", {"active", "ended"}), query_text(page, "words")
    async with working(page, f"GET {PATH}") as work:
        found = await workforce.black_list(
            work, page.list_page(), text=text, is_active=None if state is None else state == "active"
        )
    return page.render(
        "administration/black_list.html",
        status=422 if errors else 200,
        keep=False,
        found=found,
        errors=errors,
        values=page.form.values(),
        query=page.query,
        is_filtered=bool(state or text),
        path=PATH,
    )
