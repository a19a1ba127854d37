"""A person proves who they are, reads what the site will be told, agrees or not."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
from starlette.responses import Response

from esoz.kernel import signing
from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.states import move

from . import store
from .model import (
    CODE_TERM,
    MOVES,
    PERSON_TERM,
    Identification,
    State,
    auth_types,
    fault_of,
    told_by_key,
    told_by_papers,
)
from .services import IdPage, IdPages

pages: IdPages = IdPages()

ONE = "/identifications/{id}"
PAGE_SIZE = 10
MARK = "identification"  # in the session, so that the browser is known again
DENIED = "access_denied"
# What the site is told, in words.
WORDS: Mapping[str, str] = {
    "lastname": _("Прізвище"),
    "givenname": _("Ім’я"),
    "middlename": _("По батькові"),
    "drfocode": _("РНОКПП або номер паспорта"),
    "unzr": _("УНЗР"),
    "phone": _("Телефон"),
    "issuercn": _("Хто видав підпис"),
}


@pages.add("GET /", public=True)
async def ask(page: IdPage) -> Response:
    """A site sends a browser: the question is kept, and the person chooses how to prove themselves."""
    asked = page.query
    client = page.services.clients.get(asked.get("client_id", ""))
    fault = fault_of(asked, client)
    if fault or client is None:
        return page.refuse("wrong.html", keep=False, status=400, fault=fault)
    page.session.put(MARK, True)
    made = Identification(
        id=uuid4(),
        session_id=page.session.id,
        client_id=client.id,
        return_address=client.return_address,
        state=State.ASKED,
        opaque=asked["state"],
        auth_types=auth_types(asked),
        told={},
        until=page.now + PERSON_TERM,
    )
    await store.add(page.db, made)
    return page.redirect(f"/identifications/{made.id}")


@pages.add(f"GET {ONE}", public=True)
async def choose(page: IdPage) -> Response:
    found = await _find(page)
    if found.state is State.PROVEN:
        return page.redirect(f"/identifications/{found.id}/consent")
    return _ways(page, found) if _waits(page, found, State.ASKED) else _over(page)


def _ways(page: IdPage, found: Identification, errors: Mapping[str, str] | None = None) -> Response:
    words = page.query.get("words", "")[:100]
    return page.render(
        "choose.html",
        status=422 if errors else 200,
        keep=False,
        identification=found,
        client=page.services.clients[found.client_id],
        content=_content(found),
        people=page.services.people.search(words, page.list_page(PAGE_SIZE)),
        values={"words": words},
        errors=errors or {},
    )


def _content(found: Identification) -> bytes:
    """What is signed to prove oneself with a key: it says what for, and fits this identification only."""
    return msgspec.json.encode({"purpose": "identification", "id": found.id, "site": found.client_id})


@pages.add(f"POST {ONE}/person", public=True)
async def prove_by_bank(page: IdPage) -> Response:
    found = await _find(page)
    if not _waits(page, found, State.ASKED):
        return _over(page)
    person = page.services.people.by_tax_id(page.form.text("tax_id"))
    if person is None or person.papers is None:
        raise NotFound()
    return await _proven(page, found, told_by_papers(person.papers))


@pages.add(f"POST {ONE}/key", public=True)
async def prove_by_key(page: IdPage) -> Response:
    found, ways = await _find(page), page.profile.signing
    if ways is None:
        raise NotFound()
    if not _waits(page, found, State.ASKED):
        return _over(page)
    content = _content(found)
    try:
        [document] = await signing.receive(page, [content])
    except Rejected as fault:
        return _ways(page, found, faults(fault))
    [signer] = ways.files.open(document, [content], at=page.now).signed.signers
    return await _proven(page, found, told_by_key(signer))


async def _proven(page: IdPage, found: Identification, told: Mapping[str, str]) -> Response:
    changed = replace(found, state=move(MOVES, found.state, State.PROVEN), told=told)
    await store.change(page.db, page.services.vault, changed)
    return page.redirect(f"/identifications/{found.id}/consent")


@pages.add(f"GET {ONE}/consent", public=True)
async def consent_form(page: IdPage) -> Response:
    found = await _find(page)
    if not _waits(page, found, State.PROVEN):
        return _over(page)
    client = page.services.clients[found.client_id]
    return page.render("consent.html", identification=found, client=client, words=WORDS)


@pages.add(f"POST {ONE}/consent", public=True)
async def consent(page: IdPage) -> Response:
    found = await _find(page)
    if not _waits(page, found, State.PROVEN):
        return _over(page)
    code = secrets.token_urlsafe(32)
    changed = replace(found, state=move(MOVES, found.state, State.CONSENTED), until=page.now + CODE_TERM)
    await store.change(page.db, page.services.vault, changed, code)
    return _back(found, code=code)


@pages.add(f"POST {ONE}/refusal", public=True)
async def refuse(page: IdPage) -> Response:
    """The person does not agree: the site is told so, and nothing else."""
    found = await _find(page)
    if found.is_over(page.now) or State.REFUSED not in MOVES[found.state]:
        return _over(page)
    changed = replace(found, state=move(MOVES, found.state, State.REFUSED), told={}, until=page.now + timedelta())
    await store.change(page.db, page.services.vault, changed)
    return _back(found, error=DENIED)


def _back(found: Identification, **told: str) -> Response:
    """To the site, with its `state` as it came."""
    address = f"{found.return_address}?{urlencode({**told, 'state': found.opaque})}"
    return Response(status_code=303, headers={"Location": address})


async def _find(page: IdPage) -> Identification:
    found = await store.find(page.db, page.services.vault, page.id(), page.session.id)
    if found is None:
        raise NotFound()
    return found


def _waits(page: IdPage, found: Identification, state: State) -> bool:
    return found.state is state and not found.is_over(page.now)


def _over(page: IdPage) -> Response:
    """Too late, or answered before: the person begins again at the site."""
    return page.refuse("over.html", keep=False, status=410)
