"""What a signing form brought, whatever way the person chose: the signed documents, checked."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from ..checking import judge
from ..errors import Invalid, Rejected, rejected
from ..pages.forms import NOT_SIGNED, Upload
from ..pages.page import Page, Services, User
from ..pages.translations import mark as _
from . import commands
from .commands import USED
from .refusals import sentence
from .wanted import FIELD, must_be_wanted

IN_FILE = _("Файл %(name)s: %(fault)s")


async def receive(page: Page[Services, User], contents: Sequence[bytes], *, tax_id: str = "") -> list[bytes]:
    """The signed documents in the order of `contents`, each with its document inside.

    `tax_id`: whose signature is wanted; empty when anybody's. Raises Rejected on `$.signed_file` (further files:
    `$.signed_file-2` …) when one is missing, not valid, of other bytes or of somebody else; Detour when the person
    signs on the phone.
    """
    found = await receive_some(page, contents, tax_id=tax_id)
    if set(found) != set(contents):
        raise rejected(FIELD, NOT_SIGNED)
    return [found[content] for content in contents]


async def receive_some(
    page: Page[Services, User], contents: Sequence[bytes], *, tax_id: str = ""
) -> dict[bytes, bytes]:
    """Content → signed document, for those of `contents` that were signed; as `receive` otherwise."""
    if page.form.text("sign_with") == "phone":
        await commands.start(page, contents, tax_id=tax_id)
    files = await _files(page)
    signing = page.profile.signing
    if signing is None:
        return dict(zip(contents, [file.content for file in files], strict=False))
    found: dict[bytes, bytes] = {}
    faults: list[Invalid] = []
    for number, file in enumerate(files, 1):
        try:
            act = partial(signing.files.open, file.content, contents, at=page.now)
            opened = await judge(act, file.content, *contents, at=page.now, is_stranger=page.visitor is None)
            must_be_wanted(opened, contents, tax_id)
        except Rejected as fault:
            faults.append(_fault(page, fault, number, file, several=len(files) > 1))
        else:
            found[opened.signed.content] = opened.document
    if faults:
        raise Rejected(invalid=tuple(faults))
    return found


async def _files(page: Page[Services, User]) -> list[Upload]:
    """Signatures as they came: from the phone, from the browser's signer, or uploaded. Raises Rejected."""
    request = page.form.text("signed_by")
    if not request:
        return page.form.signed_files()
    try:
        taken = await commands.take(page, UUID(request))
    except ValueError as fault:
        raise rejected(FIELD, USED) from fault
    return [Upload("", "", content) for content in taken]


def _fault(page: Page[Services, User], fault: Rejected, number: int, file: Upload, *, several: bool) -> Invalid:
    """The fault at the field of its file, with the file's name when there are several."""
    text = sentence(page, fault)
    if several and file.name:
        text = page.gettext(IN_FILE) % {"name": file.name, "fault": text}
    return Invalid(FIELD if number == 1 else f"{FIELD}-{number}", fault.invalid[0].rule, text)
