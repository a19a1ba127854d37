"""Administrators' page of late proofs: documents accepted while a trust provider was away, and what came of them."""

from starlette.responses import Response

from esoz.central import identity
from esoz.kernel import rechecks
from esoz.kernel.errors import Conflict
from esoz.kernel.pages import Pages, mark
from esoz.kernel.rechecks import State

from .frame import CentralServices, Page, Visitor, working
from .lists import query_choice, query_text

pages: Pages[CentralServices, Visitor] = Pages()

ADMINISTRATORS = (identity.ADMINISTRATOR,)
STATES = {  # words and colour of the tag
    State.WAITING: (mark("чекає на відповідь надавача"), "yellow"),
    State.PROVEN: (mark("підтверджено"), "green"),
    State.REVOKED: (mark("відкликано до підписання"), "red"),
    State.UNANSWERED: (mark("надавач не відповів"), "grey"),
}
ASKED_AGAIN = mark("Надавача буде запитано знову найближчим часом.")
NOT_NOW = mark("Зараз запитати не можна: на документ уже відповіли або його вже запитують.")


@pages.add("GET /administration/signatures", roles=ADMINISTRATORS)
async def overview(page: Page) -> Response:
    state = query_choice(page, "state", set(State))
    text = query_text(page, "words")
    async with working(page, "GET /administration/signatures") as work:
        documents, found = await rechecks.listed(
            page.db, page.list_page(), text=text, state=State(state) if state else None
        )
        work.record(rechecks.Event.LISTED, "")
    return page.render(
        "administration/signatures.html",
        documents=documents,
        found=found,
        values=page.query,
        states=STATES,
        is_filtered=bool(state or text),
    )


@pages.add("GET /administration/signatures/{digest}", roles=ADMINISTRATORS)
async def document(page: Page) -> Response:
    async with working(page, "GET /administration/signatures/{digest}") as work:
        found = await rechecks.find(page.db, page.params["digest"])
        work.record(rechecks.Event.READ, found.digest)
    acts = await rechecks.acts_with(page.db, found)
    return page.render("administration/signature.html", found=found, acts=acts, states=STATES)


@pages.add("POST /administration/signatures/{digest}/again", roles=ADMINISTRATORS)
async def again(page: Page) -> Response:
    digest = page.params["digest"]
    try:
        async with working(page, "POST /administration/signatures/{digest}/again") as work:
            await rechecks.ask_again(work, digest)
    except Conflict:
        page.flash(NOT_NOW, "important")
    else:
        page.flash(ASKED_AGAIN)
    return page.redirect(f"/administration/signatures/{digest}")
