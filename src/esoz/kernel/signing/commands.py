"""Asking for a signature on the phone, taking what came back, ending what nobody answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NoReturn
from uuid import UUID, uuid4

from .. import audit, logs
from ..checking import judge
from ..errors import NotFound, Unavailable, rejected
from ..pages.page import Page, Redirect, Services, User
from ..pages.translations import mark as _
from ..signed import must_be_signed_once
from ..spelling import same_number
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

FIELD = "$.signed_file"
# Fields of the signing form itself; the others belong to the page that shows it.
OWN_FIELDS = frozenset({"csrf", "form_token", "sign_with", "signed_by", "signed_content", "document_name"})
NO_ANSWER = _("Дія зараз не відповідає. Спробуйте за хвилину або підпишіть в інший спосіб.")
USED = _("Цей підпис уже використано або його скасовано. Підпишіть документ ще раз.")
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
    """What the service brought. The same twice changes nothing; what came too late or is not valid is not taken.

    Raises NotFound, Rejected when a signature is missing or not valid (the request then goes on waiting).
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
    opened = [
        await judge(partial(_open, page, signing, request, place, answer), at=page.now, is_stranger=False)
        for place in _places(request)
    ]
    if not all(own for _document, own in opened):
        return await _change(page, request, State.WRONG_PERSON)
    return await _change(page, request, State.SIGNED, [document for document, _own in opened])


def _places(request: RemoteSigning) -> range:
    return range(len(request.contents))


def _open(
    page: Page[Services, User], signing: Signing, request: RemoteSigning, place: int, answer: SigningAnswer
) -> tuple[bytes, bool]:
    """One signed document, and whether the right person signed it. Raises Rejected."""
    signature = answer.signatures.get(request.names[place])
    if signature is None:
        raise rejected(FIELD, "A signature is missing")
    content = request.contents[place]
    opened = signing.files.open(signature, [content], at=page.now)
    if opened.signed.content != content:
        raise rejected(FIELD, "The signature is of another document")
    signer = must_be_signed_once(opened.signed)
    return opened.document, not request.tax_id or same_number(signer.drfo, request.tax_id)


async def _change(
    page: Page[Services, User], request: RemoteSigning, target: State, signed: Sequence[bytes] = ()
) -> RemoteSigning:
    """Move by the table, with a line in the audit log."""
    state = move(MOVES, request.state, target)
    await store.change(page.db, request.id, state, signed=signed)
    await _record(page, request, state)
    return replace(request, state=state, signed=signed or request.signed)


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
