"""Pages of the contact centre: asking somebody for papers, what has come, the judgement."""

from starlette.responses import Response

from esoz.central import contact_centre, identity
from esoz.central.contact_centre import Judgement
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.pages import Pages, mark

from .contact_centre import PATH as HOME
from .contact_centre import over, shown_card
from .frame import CentralServices, Page, Visitor, working

pages: Pages[CentralServices, Visitor] = Pages()

OPERATORS = (identity.CONTACT_CENTRE,)
PATH = f"{HOME}/papers"
CARD = f"{HOME}/cases/{{id}}/persons/{{person_id}}"
NO_COMMENT = mark("Напишіть, що людина має показати й чому: від 10 до 500 знаків.")
NO_FAULT = mark("Напишіть, що не збігається: від 10 до 500 знаків.")
NO_CHOICE = mark("Виберіть, чи документи збігаються з даними.")
ASKED = mark("Людину попрошено показати документи. Вона прочитає це у своєму кабінеті.")
JUDGED = mark("Висновок записано.")
NOT_ACTIVE = mark("Запис цієї людини не діє, документи не потрібні.")
ALREADY = mark("Ці документи вже перевірено або людина надсилає інші.")


@pages.add(f"GET {PATH}", roles=OPERATORS)
async def papers(page: Page) -> Response:
    async with working(page, f"GET {PATH}") as work:
        rows, found = await contact_centre.papers(work, page.list_page())
    return page.render("contact_centre/papers.html", papers=rows, found=found, path=PATH, home=HOME)


@pages.add(f"POST {PATH}/{{id}}/case", roles=OPERATORS)
async def open_card(page: Page) -> Response:
    """The card of who has handed them in, the papers being the reason."""
    try:
        async with working(page, f"POST {PATH}/{{id}}/case") as work:
            case = await contact_centre.open_case_of_papers(work, page.id())
    except NotFound:
        page.flash(ALREADY, "important")
        return page.redirect(PATH)
    return page.redirect(f"{HOME}/cases/{case.id}/persons/{case.person_ids[0]}#verification")


@pages.add(f"POST {CARD}/ask", roles=OPERATORS)
async def ask(page: Page) -> Response:
    try:
        async with working(page, f"POST {CARD}/ask") as work:
            await contact_centre.ask_for_papers(work, page.id(), page.id("person_id"), page.form.text("comment"))
    except NotFound:
        return over(page)
    except Rejected:
        return await shown_card(page, {"comment": NO_COMMENT})
    except Conflict:
        page.flash(NOT_ACTIVE, "important")
        return page.redirect(_card(page))
    page.flash(ASKED)
    return page.redirect(_card(page))


@pages.add(f"POST {CARD}/papers/{{papers_id}}", roles=OPERATORS)
async def judge(page: Page) -> Response:
    choice = page.form.text("judgement")
    if choice not in ("right", "wrong"):
        return await shown_card(page, {"judgement": NO_CHOICE})
    said = Judgement(page.id("person_id"), page.id("papers_id"), choice == "right", page.form.text("fault"))
    try:
        async with working(page, f"POST {CARD}/papers/{{papers_id}}") as work:
            await contact_centre.judge_papers(work, page.id(), said)
    except NotFound:
        page.flash(ALREADY, "important")
        return page.redirect(_card(page))
    except Rejected:
        return await shown_card(page, {"fault": NO_FAULT})
    page.flash(JUDGED)
    return page.redirect(PATH)


@pages.add(f"GET {CARD}/scans/{{type}}", roles=OPERATORS)
async def scan(page: Page) -> Response:
    async with working(page, f"GET {CARD}/scans/{{type}}") as work:
        content = await contact_centre.scan(work, page.id(), page.id("person_id"), page.params["type"])
    return page.download(content, f"{page.params['type'].lower()}.jpg", "image/jpeg")


def _card(page: Page) -> str:
    return f"{HOME}/cases/{page.id()}/persons/{page.id('person_id')}"
