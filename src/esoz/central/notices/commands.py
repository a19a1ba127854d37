"""Telling somebody, and passing on to the next way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

import msgspec

from esoz.central.people import AuthenticationType, find_person, mask_number, mask_phone
from esoz.kernel.outbox import Message, put, withdraw
from esoz.kernel.settings import Settings
from esoz.kernel.states import move
from esoz.kernel.vault import Sealed, Vault
from esoz.kernel.work import Work

from . import store
from .model import (
    MOVES,
    PASSING,
    Asked,
    Letter,
    Notice,
    Outcome,
    State,
    Way,
    first_delivered,
    outcome_of,
    pass_at,
    read_order,
    ways_of,
)

VAULT = "esoz.central.notices"


class Contents(msgspec.Struct, frozen=True):
    """What is needed to tell somebody, and forgotten when it is over."""

    text: str
    addresses: dict[Way, str]


async def tell(work: Work, letter: Letter) -> None:
    """Tell a person by the first way that they have; the worker passes on. Nobody is told who has no way at all."""
    addresses = await _addresses(work, letter)
    ways = ways_of(order_of(work.dependencies.settings), addresses)
    if not ways:
        return
    id, contents = work.new_id(), Contents(letter.text, addresses)
    notice = Notice(
        person_id=letter.person_id,
        id=id,
        kind=letter.kind,
        resource_id=letter.resource_id,
        urgent=letter.urgent,
        ways=ways[1:],
        state=State.UNDER_WAY,
        sealed=_seal(work, id, contents),
        look_at=pass_at(work.now, ways[1:], silence_of(work.dependencies.settings, urgent=letter.urgent)),
        inserted_at=work.now,
    )
    await store.add(work.db, notice)
    await _ask(work, notice, contents, ways[0])


async def _addresses(work: Work, letter: Letter) -> dict[Way, str]:
    """To the telephone of who speaks for the person there is no push: it would go to the person themselves."""
    phone = letter.contact.phone
    if phone is None:
        return {}
    found = {Way.VIBER: phone, Way.SMS: phone}
    is_own = letter.contact.type is AuthenticationType.OTP
    if is_own and Way.PUSH in order_of(work.dependencies.settings):
        person = await find_person(work.db, letter.person_id)
        if person.tax_id:
            found[Way.PUSH] = person.tax_id
    return found


async def _ask(work: Work, notice: Notice, contents: Contents, way: Way) -> None:
    """Hand a notice to a way, in the transaction that says so: killed between the two nothing is told twice or lost."""
    address, id = contents.addresses[way], work.new_id()
    message = Message(str(way), address, contents.text, urgent=notice.urgent)
    await put(work.db, message, id=id, now=work.now)
    asked = Asked(
        message_id=id,
        place=len(notice.asked),
        way=way,
        address=mask_number(address) if way is Way.PUSH else mask_phone(address),
        outcome=Outcome.UNDER_WAY,
        outcome_at=work.now,
        pass_at=notice.look_at,
    )
    await store.add_way(work.db, notice, asked)


async def look_again(work: Work, notice: Notice) -> None:
    """Draw the consequences of what is known of a notice now: it is over, it waits on, or the next way is asked."""
    if not notice.asked:  # its messages were deleted by hand
        await _end(work, notice, State.FAILED)
        return
    last, reached = notice.asked[-1], first_delivered(notice.asked)
    outcome = Outcome.DELIVERED if reached else outcome_of(last, work.now)
    if reached is not None:
        if reached.message_id != last.message_id:
            await _leave(work, last, Outcome.GIVEN_UP)
        await store.set_outcome(work.db, reached.message_id, Outcome.DELIVERED, work.now)
        await _end(work, notice, State.DELIVERED)
    elif outcome is Outcome.SENT:
        await store.set_outcome(work.db, last.message_id, outcome, work.now)
        await _end(work, notice, State.SENT)
    elif outcome in PASSING:
        await _leave(work, last, outcome)
        await _pass_on(work, notice)
    else:
        await store.save(work.db, replace(notice, look_at=last.pass_at))


async def _leave(work: Work, asked: Asked, outcome: Outcome) -> None:
    await withdraw(work.db, asked.message_id)
    await store.set_outcome(work.db, asked.message_id, outcome, work.now)


async def _pass_on(work: Work, notice: Notice) -> None:
    contents = _open(work, notice.id, notice.sealed) if notice.ways else None
    if contents is None:
        await _end(work, notice, State.FAILED)
        return
    way, *left = notice.ways
    silence = silence_of(work.dependencies.settings, urgent=notice.urgent)
    passed = replace(notice, ways=left, look_at=pass_at(work.now, left, silence))
    await _ask(work, passed, contents, way)
    await store.save(work.db, passed)


async def _end(work: Work, notice: Notice, state: State) -> None:
    over = replace(notice, state=move(MOVES, notice.state, state), ways=(), sealed=b"", look_at=None, ended_at=work.now)
    await store.save(work.db, over)


def order_of(settings: Settings) -> tuple[Way, ...]:
    """The ways that are set up, in their order. Raises ValueError."""
    is_set_up: Mapping[Way, bool] = {
        Way.PUSH: settings.sandbox or bool(settings.text("ESOZ_DIIA_PUSH_URL")),
        Way.VIBER: settings.sandbox or bool(settings.text("ESOZ_VIBER_URL")),
        Way.SMS: True,
    }
    return tuple(way for way in read_order(settings.text("ESOZ_MESSAGE_WAYS")) if is_set_up[way])


def silence_of(settings: Settings, *, urgent: bool) -> timedelta:
    name = "ESOZ_MESSAGE_URGENT_SILENCE_SECONDS" if urgent else "ESOZ_MESSAGE_SILENCE_SECONDS"
    return timedelta(seconds=settings.number(name))


def _seal(work: Work, id: UUID, contents: Contents) -> bytes:
    return _vault(work.dependencies.secret).seal(msgspec.json.encode(contents).decode(), f"notice {id}")


def _open(work: Work, id: UUID, sealed: bytes) -> Contents | None:
    """None when the secret of the installation was changed meanwhile: one notice must not stop all others."""
    try:
        text = _vault(work.dependencies.secret).open(sealed, f"notice {id}")
    except Sealed:
        return None
    return msgspec.json.decode(text, type=Contents)


@lru_cache(maxsize=4)
def _vault(secret: bytes) -> Vault:
    return Vault(secret, VAULT)
