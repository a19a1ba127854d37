"""Registering, replacing and removing certificates of keys; noting those that were signed with; reminders by mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from esoz.kernel.checking import judge
from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound, Rejected, rejected
from esoz.kernel.outbox import Message, put
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import short_date
from esoz.kernel.signing import KeyCertificate, refusal_text
from esoz.kernel.signing.refusals import PLAIN, TEXTS
from esoz.kernel.spelling import same_number
from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services

from . import store
from .model import (
    DAY,
    FORGIVEN,
    MOVES,
    REMINDERS,
    USE_NOTED_EVERY,
    Ending,
    Event,
    RegisteredKey,
    Source,
    State,
    chosen,
    days_left,
    ending,
    problem,
    reminder,
)

FIELD = "$.certificate"
NONE_IN_FILE = _("У файлі немає сертифіката людини. Оберіть файл сертифіката підпису: .cer, .crt, .pem або .p7b.")
NO_DOCUMENT = _("Ви тут ще нічого не підписували. Завантажте файл сертифіката або оберіть файл ключа.")
NO_OWN_TAX_ID = _("У Вашому обліковому записі немає РНОКПП. Попросіть керівника закладу додати його й повторіть.")
# At registration the person chooses a certificate and does not sign; other reasons have the words of signing.
REGISTERING = TEXTS | {
    "expired": _(
        "Строк дії цього сертифіката закінчився %(ends)s. Отримайте новий у свого надавача (%(issuer)s)"
        " і зареєструйте його."
    ),
    "not_for_signing": _("Це сертифікат шифрування. Оберіть сертифікат підпису: надавач видав його разом із цим."),
    "seal": _("Це сертифікат печатки (%(holder)s). Зареєструйте сертифікат свого особистого КЕП."),
    "other_person": _("Сертифікат належить іншій людині: %(holder)s. Оберіть сертифікат свого ключа."),
}
KNOWN = _("Цей сертифікат уже зареєстровано.")
SUBJECT = _("Отримайте новий ключ КЕП")
TEXT = _(
    "Сертифікат Вашого ключа КЕП ({issuer}) діє ще {days} дн., до {ends}."
    " Після цього дня документи ним не підписати.\n\n"
    "Що зробити:\n"
    "1. Отримайте новий сертифікат у свого надавача. Поки старий діє, це зазвичай можна зробити онлайн.\n"
    "2. Зареєструйте його в робочому місці: {url}/account/key"
)


@dataclass(frozen=True, slots=True)
class KeyRegistration:
    """Certificates to register: where they came from, and which one they replace."""

    keys: Sequence[KeyCertificate]
    source: Source
    replaces: UUID | None = None


async def register(page: MisPage, registration: KeyRegistration) -> KeyCertificate:
    """Register the user's certificate among the given ones.

    Raises Rejected on `$.certificate` when none of them is one that the user may sign with, NeedsExternal when its
    issuer must be asked first, NotFound when there is nothing to replace.
    """
    if not page.user.tax_id:
        raise rejected(FIELD, NO_OWN_TAX_ID)
    key = chosen(registration.keys, page.user.tax_id, page.now)
    if key is None:
        raise rejected(FIELD, NONE_IN_FILE)
    standing = page.services.verifier.standing(key.content, at=page.now)
    rule = problem(key, page.user.tax_id, standing)
    if rule and rule not in FORGIVEN:
        raise _refused(page, key, rule)
    await _keep(page, key, registration.source)
    if registration.replaces is not None:
        await _replace(page, registration.replaces, key)
    return key


def _refused(page: MisPage, key: KeyCertificate, rule: str) -> Rejected:
    is_known = rule in REGISTERING
    text = refusal_text(page, rule, key, REGISTERING) if is_known else page.gettext(PLAIN.get(rule, NONE_IN_FILE))
    return rejected(FIELD, text, rule=rule)


async def _keep(page: MisPage, key: KeyCertificate, source: Source) -> None:
    """Keep a certificate as active; expired ones of before are replaced by it. Raises Rejected when it is active."""
    before = await store.same(page.db, page.user.id, key.fingerprint)
    if before is not None and before.state is State.ACTIVE:
        raise rejected(FIELD, KNOWN)
    if before is not None:
        await store.set_state(page.db, before.id, move(MOVES, before.state, State.ACTIVE), page.now)
        id = before.id
    else:
        id = await _add(page, key, source)
    await record(page, Event.REGISTERED, id, source=str(source))
    for each in await store.listed(page.db, page.user.id):
        if each.id != id and each.state is State.ACTIVE and each.not_after <= page.now:
            await _set(page, each, State.REPLACED, Event.REPLACED)


async def _add(page: MisPage, key: KeyCertificate, source: Source) -> UUID:
    kept = RegisteredKey(
        id=new_id(),
        user_id=page.user.id,
        fingerprint=key.fingerprint,
        certificate=key.content,
        issuer=key.issuer,
        edrpou=key.edrpou,
        not_after=key.not_after,
        state=State.ACTIVE,
        source=source,
        registered_at=page.now,
        changed_at=page.now,
        used_at=page.now if source is Source.DOCUMENT else None,
    )
    await store.add(page.db, kept)
    return kept.id


async def _replace(page: MisPage, id: UUID, key: KeyCertificate) -> None:
    old = await _mine(page, id)
    if old.fingerprint != key.fingerprint and old.state is State.ACTIVE:
        await _set(page, old, State.REPLACED, Event.REPLACED)


async def remove(page: MisPage, id: UUID) -> None:
    """Take a certificate out of use; it stays in the history. Raises NotFound, Conflict when it is not active."""
    await _set(page, await _mine(page, id), State.REMOVED, Event.REMOVED)


async def _mine(page: MisPage, id: UUID) -> RegisteredKey:
    found = await store.find(page.db, page.user.id, id)
    if found is None:
        raise NotFound()
    return found


async def _set(page: MisPage, kept: RegisteredKey, state: State, event: Event) -> None:
    await store.set_state(page.db, kept.id, move(MOVES, kept.state, state), page.now)
    await record(page, event, kept.id)


async def of_last_document(page: MisPage) -> list[KeyCertificate]:
    """The certificate of the last document that the user signed here. Raises Rejected when there is none."""
    document = await store.last_signed(page.db, page.user.id)
    key = await _signer_of(page, document) if document else None
    if key is None:
        raise rejected(FIELD, NO_DOCUMENT)
    return [key]


async def _signer_of(page: MisPage, document: bytes) -> KeyCertificate | None:
    return await judge(partial(page.services.verifier.signer_of, document), at=page.now, is_stranger=False)


async def note_use(page: MisPage, document: bytes) -> None:
    """A document was signed here: its key is registered when it is not known yet."""
    key = await _signer_of(page, document)
    if key is None or not same_number(key.drfo, page.user.tax_id or ""):
        return
    if await store.knows(page.db, page.user.id, key.fingerprint):
        await store.note_use(page.db, page.user.id, key.fingerprint, page.now, page.now - USE_NOTED_EVERY)
    else:
        await _keep(page, key, Source.DOCUMENT)


async def remind(services: Services) -> None:
    """Send the reminders that are due, each once; for a background work."""
    now = services.clock.now()
    async with services.database.transaction() as db:
        for near, active in await store.ending(db, now + REMINDERS[0] * DAY, now):
            due = reminder(days_left(near.not_after, now))
            if due is None or near.id not in {each.id for each in ending(active, now)}:
                continue
            if await store.note_reminder(db, near.id, due):
                await _send(db, services, near)


async def _send(db: Connection, services: Services, near: Ending) -> None:
    now = services.clock.now()
    body = TEXT.format(
        issuer=near.issuer, days=days_left(near.not_after, now), ends=short_date(near.not_after), url=services.base_url
    )
    await put(db, Message("mail", near.email, body, SUBJECT), id=new_id(), now=now)
