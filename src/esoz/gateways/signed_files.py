"""Reads signature files as people have them, and says in their words what is wrong with one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from esoz.kernel.errors import Rejected, rejected
from esoz.kernel.pages import mark as _
from esoz.kernel.signing import KeyRefused, Opened
from esoz.kernel.work import SignatureVerifier
from esoz.signature import SignatureError, WrongContent, attach, is_detached, unwrapped

FIELD = "$.signed_file"
OTHER_DOCUMENT = _("Підписано інший документ. Завантажте документ із цієї сторінки й підпишіть саме його.")
IS_DOCUMENT = _("Це сам документ, а не підписаний файл. Підпишіть його й додайте файл із закінченням .p7s.")

# Signed by other programs in one piece with the document: central takes signatures of CAdES only.
IN_PDF = _("Це файл PDF. Підпишіть документ ще раз і збережіть підпис окремим файлом (.p7s), а не всередині PDF.")
IN_ARCHIVE = _("Підпис лежить в архіві ASiC. Підпишіть документ ще раз і збережіть підпис окремим файлом (.p7s).")
_WHOLE_FILES = {
    "PDF": IN_PDF,
    "ASiC-E": IN_ARCHIVE,
    "ASiC with XAdES": IN_ARCHIVE,
    "ZIP or ASiC": IN_ARCHIVE,
}


class SignedFiles:
    """Checks with a verifier; gives every document back with its signature as one file."""

    def __init__(self, verifier: SignatureVerifier) -> None:
        self._judge = verifier

    def open(self, file: bytes, contents: Sequence[bytes], *, at: datetime) -> Opened:
        """Check a signature (DER, PEM or base64); a detached one gets that of `contents` inside which it fits.

        Raises Rejected on `$.signed_file` with a Ukrainian sentence.
        """
        if file in contents:
            raise rejected(FIELD, IS_DOCUMENT)
        try:
            document = unwrapped(file) if file else file
            if not is_detached(document):
                return self._open(document, at)
        except SignatureError as fault:
            raise rejected(FIELD, _WHOLE_FILES.get(fault.detail, fault.message), rule=fault.code) from fault
        for content in contents:
            try:
                return self._open(attach(document, content), at)
            except Rejected as fault:
                if not isinstance(fault.__cause__, WrongContent):
                    raise
        raise rejected(FIELD, OTHER_DOCUMENT)

    def _open(self, document: bytes, at: datetime) -> Opened:
        try:
            return Opened(document, self._judge(document, at=at))
        except KeyRefused as fault:
            raise fault.at(FIELD) from fault.__cause__
        except Rejected as fault:
            refusal = Rejected(invalid=tuple(replace(each, entry=FIELD) for each in fault.invalid))
            raise refusal from fault.__cause__
