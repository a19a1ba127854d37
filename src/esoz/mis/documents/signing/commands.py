"""Receiving signed documents: valid, of exactly our bytes, by the user who is signed in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from esoz.kernel import signing
from esoz.kernel.errors import Invalid, Rejected, rejected
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.sign_in.keys import NO_OWN_TAX_ID, note_use

FIELD = "$.signed_file"
# After these the person needs another key, and this is where it is made known.
NEW_KEY = frozenset({"expired", "revoked"})
REGISTER = _("Новий ключ зареєструйте на сторінці «Мій ключ КЕП».")


async def receive_signed(page: MisPage, content: bytes) -> bytes:
    """The signed document of the page's signing form.

    Raises Rejected on `$.signed_file` when it is missing, not valid, of other bytes, or signed by somebody else;
    Redirect when the user signs on the phone.
    """
    with _advised(page):
        signed = (await signing.receive(page, [content], tax_id=_tax_id(page)))[0]
    await note_use(page, signed)
    return signed


async def receive_some(page: MisPage, contents: Sequence[bytes]) -> dict[bytes, bytes]:
    """Content → signed document, for those that were signed. Raises as `receive_signed`."""
    with _advised(page):
        signed = await signing.receive_some(page, contents, tax_id=_tax_id(page))
    for document in list(signed.values())[:1]:
        await note_use(page, document)
    return signed


def _tax_id(page: MisPage) -> str:
    """Whose signature it must be: nobody's would be anybody's. Raises Rejected."""
    if not page.user.tax_id:
        raise rejected(FIELD, page.gettext(NO_OWN_TAX_ID), rule="no_own_tax_id")
    return page.user.tax_id


@contextmanager
def _advised(page: MisPage) -> Iterator[None]:
    """Refusals of a key that will never sign again also say where the next one is registered."""
    try:
        yield
    except Rejected as fault:
        raise Rejected(invalid=tuple(_with_advice(page, each) for each in fault.invalid)) from fault


def _with_advice(page: MisPage, invalid: Invalid) -> Invalid:
    if invalid.rule not in NEW_KEY:
        return invalid
    return replace(invalid, description=f"{invalid.description} {page.gettext(REGISTER)}")
