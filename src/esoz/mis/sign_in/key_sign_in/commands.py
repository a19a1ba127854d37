"""Whose key it is, and letting them in."""

from functools import partial

from esoz.kernel import signing
from esoz.kernel.checking import judge
from esoz.kernel.errors import rejected
from esoz.kernel.signed import must_be_signed_once
from esoz.kernel.spelling import plain_number
from esoz.mis.base.services import MisPage
from esoz.mis.sign_in import accounts, login, sessions

from .model import NO_CODE, NOT_ONE, NOT_YOURS, PURPOSE, STALE, text_to_sign

FIELD = "$.signed_file"


def content_of(page: MisPage, challenge: bytes) -> bytes:
    """What is to be signed. Raises Rejected when the challenge is not of this browser, or its time is over."""
    if not accounts.challenges.is_live(page, PURPOSE, challenge):
        raise rejected(FIELD, STALE)
    return text_to_sign(page.services.base_url, accounts.challenges.made_at(challenge), challenge)


async def sign_in(page: MisPage, challenge: bytes) -> None:
    """Let in whose key has signed the request; raises as `owner_of`."""
    await login.arrive(page, await owner_of(page, challenge), accounts.Method.KEY)


async def unlock(page: MisPage, challenge: bytes) -> None:
    """Open the locked screen for the key of its own user; raises as `owner_of`, for anybody else's too."""
    if (await owner_of(page, challenge)).id != page.user.id:
        raise rejected(FIELD, NOT_YOURS)
    await sessions.unlock(page)


async def owner_of(page: MisPage, challenge: bytes) -> accounts.Account:
    """The user whose key has signed the request, which is thereby answered.

    Raises Rejected on `$.signed_file` when the signature is not valid or not of a person, when the request is not a
    live one, or when the certificate's code is not that of exactly one user; Redirect when it is signed on the phone.
    """
    content = content_of(page, challenge)
    document = (await signing.receive(page, [content]))[0]
    if not await accounts.challenges.spend(page, PURPOSE, challenge):
        raise rejected(FIELD, STALE)
    act = partial(page.services.verifier, document, at=page.now)
    signed = await judge(act, b"signer", document, at=page.now, is_stranger=page.visitor is None)
    code = plain_number(must_be_signed_once(signed).drfo or "")
    if not code:
        raise rejected(FIELD, NO_CODE)
    found = await accounts.accounts_of_code(page.db, code)
    if len(found) != 1:
        raise rejected(FIELD, NOT_ONE)
    return found[0]
