"""Adding, removing and signing in with passkeys."""

from uuid import UUID

from fido2.webauthn import AuthenticationResponse

from esoz.kernel.clock import new_id
from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.sign_in import accounts, login, sessions

from . import store, wire
from .model import LONGEST_NAME, MOST, Event, Passkey, is_counted_on
from .wire import NotTaken

COME_IN, ADD = "passkey", "new-passkey"  # purposes of challenges
ADDED, REMOVED = _("Додано ключ доступу"), _("Видалено ключ доступу")
ADDED_WHAT = _("До робочого місця ЕСОЗ додано ключ доступу «{name}»: ним можна входити без пароля.")
REMOVED_WHAT = _("З робочого місця ЕСОЗ видалено ключ доступу «{name}»: ним більше не можна входити.")
COPIED = _("Ключ доступу, можливо, скопійовано")
COPIED_WHAT = _(
    "До робочого місця ЕСОЗ намагалися ввійти копією ключа доступу «{name}». Її не прийнято. Видаліть цей ключ."
)


async def options_to_add(page: MisPage) -> str:
    """What the browser is asked for to make a passkey for the user."""
    challenge, known = accounts.challenges.make(page, ADD), await store.of_user(page.db, page.user.id)
    email = (await accounts.account_of(page.db, page.user.id)).email
    return wire.creation_options(page.services.base_url, challenge, page.user, email, known)


async def add(page: MisPage, name: str, answer: str) -> None:
    """Keep the passkey that the browser has made. Raises NotTaken."""
    response = wire.read_creation(answer)
    made = wire.made(page.services.base_url, response)
    if not await accounts.challenges.spend(page, ADD, wire.challenge_of(response)):
        raise NotTaken
    user_id = page.user.id
    known = await store.of_user(page.db, user_id, lock=True)
    if len(known) >= MOST or await store.exists(page.db, made.credential_id):
        raise NotTaken
    passkey = Passkey(
        id=new_id(),
        user_id=user_id,
        credential_id=made.credential_id,
        credential=made.credential,
        sign_count=made.sign_count,
        name=name[:LONGEST_NAME],
        inserted_at=page.now,
        last_used_at=None,
    )
    await store.add(page.db, passkey)
    await record(page, Event.ADDED, passkey.id)
    await accounts.tell(page, user_id, page.gettext(ADDED), page.gettext(ADDED_WHAT).format(name=passkey.name))


async def mine(page: MisPage) -> list[Passkey]:
    """The user's passkeys."""
    await record(page, Event.LISTED, page.user.id)
    return await store.of_user(page.db, page.user.id)


async def must_be_mine(page: MisPage, id: UUID) -> Passkey:
    """One of the user's passkeys. Raises NotFound."""
    found = next((passkey for passkey in await mine(page) if passkey.id == id), None)
    if found is None:
        raise NotFound()
    return found


async def remove(page: MisPage, id: UUID) -> None:
    """Forget one of the user's passkeys. Raises NotFound."""
    name = await store.delete(page.db, page.user.id, id)
    if name is None:
        raise NotFound()
    await record(page, Event.REMOVED, id)
    await accounts.tell(page, page.user.id, page.gettext(REMOVED), page.gettext(REMOVED_WHAT).format(name=name))


def options_to_come_in(page: MisPage) -> str:
    """What the browser is asked for at sign-in."""
    return wire.request_options(page.services.base_url, accounts.challenges.make(page, COME_IN))


async def sign_in(page: MisPage, answer: str) -> bool:
    """Let in whose passkey has answered; False when it is not taken, which is noted."""
    passkey = await _proved(page, answer)
    if passkey is None:
        return False
    await login.arrive(page, await accounts.account_of(page.db, passkey.user_id), accounts.Method.PASSKEY)
    return True


async def unlock(page: MisPage, answer: str) -> bool:
    """Open the locked screen for a passkey of its own user; False for any other."""
    passkey = await _proved(page, answer)
    if passkey is None or passkey.user_id != page.user.id:
        return False
    await sessions.unlock(page)
    return True


async def _proved(page: MisPage, answer: str) -> Passkey | None:
    """The passkey that has answered; None when it is not taken, which is noted."""
    passkey = None
    try:
        response = wire.read_request(answer)
        passkey = await store.find(page.db, response.raw_id)
        await _take(page, passkey, response)
    except NotTaken:
        await _refuse(page, passkey)
        return None
    return passkey


async def _take(page: MisPage, passkey: Passkey | None, response: AuthenticationResponse) -> None:
    if passkey is None:
        raise NotTaken
    counter = wire.must_be_of(page.services.base_url, passkey, response)
    if not await accounts.challenges.spend(page, COME_IN, wire.challenge_of(response)):
        raise NotTaken
    if not is_counted_on(passkey.sign_count, counter):
        await record(page, Event.COPIED, passkey.id)
        await accounts.tell(
            page, passkey.user_id, page.gettext(COPIED), page.gettext(COPIED_WHAT).format(name=passkey.name)
        )
        raise NotTaken
    await store.use(page.db, passkey.id, counter, page.now)


async def _refuse(page: MisPage, passkey: Passkey | None) -> None:
    """Note a passkey that opened nothing; its user is shown it when it is known whose it is."""
    account = await accounts.account_of(page.db, passkey.user_id) if passkey else None
    await accounts.refuse(page, account, accounts.Method.PASSKEY)
