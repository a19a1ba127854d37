"""Whether a valid signature is the one that is asked for: one check for files, the browser's signer and the phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Invalid, Problem, Rejected, rejected
from ..pages.translations import mark as _
from ..signed import must_be_signed_once
from ..spelling import same_number
from ..work import Signer
from .model import Opened

FIELD = "$.signed_file"
OTHER_CONTENT = _("Підписано інший документ. Завантажте документ із цієї сторінки й підпишіть саме його.")
NOT_ONE = _("Документ має бути підписаний один раз, ключем людини, а не печаткою.")
SEAL, NO_TAX_ID, OTHER_PERSON = "seal", "no_tax_id", "other_person"


@dataclass(eq=False)
class SignerRefused(Rejected):
    """A valid signature by a key that is not the wanted one; `signer` is who it belongs to."""

    signer: Signer | None = None


def must_be_wanted(opened: Opened, contents: Sequence[bytes], tax_id: str) -> None:
    """Raises Rejected when something else was signed, or by somebody else; an empty `tax_id`: anybody may sign."""
    signers = opened.signed.signers
    if len(signers) == 1 and signers[0].is_stamp:
        raise _refused(SEAL, signers[0])
    try:
        signer = must_be_signed_once(opened.signed)
    except Problem as fault:
        raise rejected(FIELD, NOT_ONE) from fault
    if opened.signed.content not in contents:
        raise rejected(FIELD, OTHER_CONTENT)
    if tax_id and not signer.drfo:
        raise _refused(NO_TAX_ID, signer)
    if tax_id and not same_number(signer.drfo, tax_id):
        raise _refused(OTHER_PERSON, signer)


def _refused(rule: str, signer: Signer) -> SignerRefused:
    return SignerRefused(invalid=(Invalid(FIELD, rule, "The key is not the wanted one"),), signer=signer)
