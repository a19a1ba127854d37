"""Receiving signed documents: valid, of exactly our bytes, by the user who is signed in."""

from collections.abc import Sequence

from esoz.kernel import signing

from .services import MisPage


async def receive_signed(page: MisPage, content: bytes) -> bytes:
    """The signed document of the page's signing form.

    Raises Rejected on `$.signed_file` when it is missing, not valid, of other bytes, or signed by somebody else; Detour
    when the user signs on the phone.
    """
    return (await signing.receive(page, [content], tax_id=page.user.tax_id or ""))[0]


async def receive_some(page: MisPage, contents: Sequence[bytes]) -> dict[bytes, bytes]:
    """Content → signed document, for those that were signed. Raises as `receive_signed`."""
    return await signing.receive_some(page, contents, tax_id=page.user.tax_id or "")
