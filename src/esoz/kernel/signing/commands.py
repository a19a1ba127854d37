"""Asking for a signature on the phone, taking what came back, ending what nobody answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NoReturn
from uuid import UUID, uuid4

from .. import audit, logs
from ..checking import judge
from ..errors import NotFound, Rejected, Unavailable, rejected
from ..pages.page import Page, Redirect, Services, User
from ..pages.translations import mark as _
from ..states import move
from ..work import Actor, AuditEntry
from . import store
from .model import (
    LIFETIME,
    MOST_DOCUMENTS,
    MOVES,
    Event,
    RemoteSigner,
    RemoteSigning,
    Signing,
    SigningAnswer,
    SigningRequest,
    State,
)
from .refusals import reason_of
from .wanted import FIELD, OTHER_PERSON, must_be_wanted

# Fields of the signing form itself; the others belong to the page that shows it.
OWN_FIELDS = frozenset({"csrf", "form_token", "sign_with", "signed_by", "signed_content", "document_name"})
NO_ANSWER = _("Дія зараз не відповідає. Спробуйте за хвилину або підпишіть в інший спосіб.")
USED = _("Цей підпис уже використано або його скасовано. Підпишіть документ ще раз.")
MISSING = _("У Дії підписано не всі документи. Надішліть запит ще раз і підпишіть кожен.")
TOO_MANY = _("Забагато документів для одного підпису. Підпишіть їх частинами.")
_EVENTS = {State(event.value.removeprefix("remote_signing.")): event for event in Event}


async def start(page: Page[Services, User], contents: Sequence[bytes], *, tax_id: str) -> NoReturn:
    """Ask for signatures; leads to the page that waits for them.

    Raises Detour, Rejected when there are too many documents, Unavailable when the service does not answer.
    """
    _signing, remote = _ways(page)
    if len(contents) > MOST_DOCUMENTS:
        raise rejected(FIELD, TOO_MANY)
    request = _request(page, contents, tax_id)
    documents = list(zip(request.names, request.contents, strict=True))
    try:
        link = await remote.ask(SigningRequest(request.id, documents, f"{page.profile.base_url}/signing/{request.id}"))
    except ConnectionError as fault:
        logs.warning("remote signing does not answer", fault=str(fault), request_id=page.request_id)
        raise Unavailable(NO_ANSWER) from fault
    await store.add(page.db, replace(request, link=link))
    await _record(page, request, State.REQUESTED)
    raise Redirect(f"/signing/{request.id}")


def _request(page: Page[Services, User], contents: Sequence[bytes], tax_id: str) -> RemoteSigning:
    return RemoteSigning(
        id=uuid4(),  # travels through the phone and the service, so it must not be guessed
        session_id=page.session.id,
        state=State.REQUESTED,
        action=page.path,
        fields={name: values for name, values in page.form.texts.items() if name not in OWN_FIELDS},
        names=names_of(page.form.all("document_name"), len(contents)),
        contents=list(contents),
        tax_id=tax_id,
        created_at=page.now,
        expires_at=page.now + LIFETIME,
    )


def names_of(given: Sequence[str], count: int) -> list[str]:
    """A name for each document, all different: the answer tells signatures apart by them."""
    names = [*given, *[""] * count][:count]
    return [
        name if name and names.count(name) == 1 else f"{number}-{name or 'document'}"
        for number, name in enumerate(names, 1)
    ]


async def find(page: Page[Services, User], id: UUID, *, lock: bool = False) -> RemoteSigning:
    """A request of this browser; one that is out of time ends now. Raises NotFound."""
    request = await store.find(page.db, id, session_id=page.session.id, lock=lock)
    if request is None:
        raise NotFound()
    return await _change(page, request, State.EXPIRED) if request.is_due(page.now) else request


async def open_link(page: Page[Services, User], id: UUID) -> RemoteSigning:
    """The person follows the link to the phone's application."""
    request = await find(page, id, lock=True)
    return await _change(page, request, State.OPENED) if request.state is State.REQUESTED else request


async def cancel(page: Page[Services, User], id: UUID) -> RemoteSigning:
    """The person signs in another way: what comes later is not taken."""
    request = await find(page, id, lock=True)
    return await _change(page, request, State.CANCELLED) if request.is_waiting else request


async def take(page: Page[Services, User], id: UUID) -> list[bytes]:
    """The signed documents of a request, once. Raises Rejected when there are none (any more)."""
    request = await store.find(page.db, id, session_id=page.session.id, lock=True)
    if request is None or request.state is not State.SIGNED:
        raise rejected(FIELD, USED)
    await _change(page, request, State.APPLIED)
    await store.forget_documents(page.db, request.id)
    return list(request.signed)


async def settle(page: Page[Services, User], answer: SigningAnswer) -> RemoteSigning:
    """What the service brought. The same twice changes nothing; what came too late is not taken.

    What is missing, not valid or of another person ends the request with the reason: nothing better comes, and the
    person who waits must be told. Raises NotFound.
    """
    request = await store.find(page.db, answer.id, lock=True)
    if request is None:
        raise NotFound()
    if request.is_due(page.now):
        request = await _change(page, request, State.EXPIRED)
    if not request.is_waiting:
        return request
    if not answer.signatures:
        return await _change(page, request, State.REFUSED)
    signing, _remote = _ways(page)
    try:
        signed = [
            await judge(partial(_open, page, signing, request, place, answer), at=page.now, is_stranger=False)
            for place in _places(request)
        ]
    except Rejected as fault:
        state = State.WRONG_PERSON if fault.invalid[0].rule == OTHER_PERSON else State.INVALID
        return await _change(page, replace(request, reason=reason_of(fault, page.now)), state)
    return await _change(page, replace(request, signed=signed), State.SIGNED)


def _places(request: RemoteSigning) -> range:
    return range(len(request.contents))


def _open(
    page: Page[Services, User], signing: Signing, request: RemoteSigning, place: int, answer: SigningAnswer
) -> bytes:
    """One signed document. Raises Rejected when it is not what was asked for."""
    signature = answer.signatures.get(request.names[place])
    if signature is None:
        raise rejected(FIELD, MISSING)
    content = request.contents[place]
    opened = signing.files.open(signature, [content], at=page.now)
    must_be_wanted(opened, [content], request.tax_id)
    return opened.document


async def _change(page: Page[Services, User], request: RemoteSigning, target: State) -> RemoteSigning:
    """Move by the table, with a line in the audit log."""
    changed = replace(request, state=move(MOVES, request.state, target))
    await store.change(page.db, changed)
    await _record(page, changed, changed.state)
    return changed


async def _record(page: Page[Services, User], request: RemoteSigning, state: State) -> None:
    event = _EVENTS[state]
    about = audit.AuditContext(page.now, page.request_id, str(event), Actor(user_id=page.session.user_id))
    facts: Mapping[str, object] = {"documents": len(request.names), "action": request.action}
    await audit.write(page.db, about, [AuditEntry(str(event), str(request.id), None, dict(facts))])


def _ways(page: Page[Services, User]) -> tuple[Signing, RemoteSigner]:
    """Raises NotFound when this site does not sign on the phone."""
    signing = page.profile.signing
    if signing is None or signing.remote is None:
        raise NotFound()
    return signing, signing.remote
