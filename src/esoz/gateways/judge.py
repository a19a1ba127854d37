"""Judges signed documents with esoz.signature and a trust list; tells refusals in the published form."""

from datetime import datetime
from pathlib import Path

from esoz.kernel.errors import rejected
from esoz.kernel.work import SignedContent, Signer
from esoz.signature import SignatureError, TrustList, verify
from esoz.signature import Signer as CertifiedSigner


class Judge:
    """Opens a document when every signature in it is valid at the moment asked about."""

    def __init__(self, trust: TrustList) -> None:
        self._trust = trust

    @classmethod
    def trusting(cls, folder: Path) -> "Judge":
        """Trust the authorities whose certificates lie in the folder."""
        return cls(TrustList.from_folder(folder))

    def __call__(self, document: bytes, *, at: datetime) -> SignedContent:
        try:
            signed = verify(document, self._trust, at=at)
        except SignatureError as fault:
            raise rejected("$.signed_content", str(fault), rule=fault.code) from fault
        return SignedContent(signed.content, tuple(_signer(signer) for signer in signed.signers))


def _signer(signer: CertifiedSigner) -> Signer:
    identity = signer.identity
    return Signer(
        drfo=identity.drfo,
        edrpou=identity.edrpou,
        surname=identity.surname or "",
        given_name=identity.given_name or "",
        is_stamp=identity.is_seal,
        serial_number=f"{signer.certificate.serial_number:x}",
        signed_at=signer.signed_at,
    )
