"""Receiving signed documents: valid, of exactly our bytes, by the user who is signed in."""

import asyncio
from collections.abc import Sequence

from esoz.kernel.errors import Problem, rejected
from esoz.kernel.pages import mark as _
from esoz.kernel.signed import must_be_signed_once, same_person
from esoz.signature import SignatureError

from .services import MisPage

FIELD = "$.signed_file"
OTHER_CONTENT = _("Підписано інший документ. Завантажте документ із цієї сторінки й підпишіть саме його.")
OTHER_PERSON = _("Ключ належить іншій людині. Підпишіть своїм КЕП.")
NOT_ONE = _("Документ має бути підписаний один раз, ключем людини, а не печаткою.")
NOT_VALID = _("Підпис недійсний. Підпишіть документ ще раз.")


async def receive_signed(page: MisPage, content: bytes) -> bytes:
    """The signed document of the page's signing form.

    Raises Rejected on `$.signed_file` when it is missing, not valid, of other bytes, or signed by somebody else.
    """
    return (await receive_all(page, [content]))[0]


async def receive_all(page: MisPage, contents: Sequence[bytes]) -> list[bytes]:
    """The signed documents of a form with several, in the order of `contents`, whatever order they came in."""
    found: dict[bytes, bytes] = {}
    for document in page.form.signed_all(len(contents)):
        found[await _content_of(page, document)] = document
    if set(found) != set(contents):
        raise rejected(FIELD, OTHER_CONTENT)
    return [found[content] for content in contents]


async def _content_of(page: MisPage, document: bytes) -> bytes:
    """What was signed, when the signature is the user's own."""
    try:
        signed = await asyncio.to_thread(page.services.judge, document, at=page.now)
    except Problem as fault:
        cause = fault.__cause__
        raise rejected(FIELD, cause.message if isinstance(cause, SignatureError) else NOT_VALID) from fault
    try:
        signer = must_be_signed_once(signed)
    except Problem as fault:
        raise rejected(FIELD, NOT_ONE) from fault
    if page.user.tax_id and not same_person(signer.drfo, page.user.tax_id):
        raise rejected(FIELD, OTHER_PERSON)
    return signed.content
