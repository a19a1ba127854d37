"""Judges signed documents with esoz.signature, a trust list and what providers say; refusals in the published form."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from esoz.kernel import logs
from esoz.kernel.errors import Rejected, rejected
from esoz.kernel.settings import Settings
from esoz.kernel.work import NotYet, SignedContent, Signer
from esoz.signature import Certificate, Revoked, SignatureError, TrustList, oids, verify
from esoz.signature import Signer as CertifiedSigner

from .hosts import Hosts
from .revocation import Revocation, Standing, State

FIELD = "$.signed_content"
NOT_PROVEN = (
    "Сертифікат не вдалося перевірити: служба надавача не відповіла або не знає його."
    " Спробуйте ще раз за кілька хвилин."
)


class Mode(StrEnum):
    """What happens when it cannot be proven that a certificate is not revoked."""

    OFF = "off"
    SOFT = "soft"
    HARD = "hard"


class Verdict(StrEnum):
    ACCEPT = "accept"
    NOTE = "note"
    REFUSE = "refuse"
    REVOKED = "revoked"


# SG-9 (2019 source): a document is accepted off-line when the provider cannot be asked, and that is remembered with
# it; so the usual mode is soft. No published rule names another: hard is for who must prove every signature at once.
DECISIONS: Mapping[tuple[State, Mode], Verdict] = {
    (State.GOOD, Mode.SOFT): Verdict.ACCEPT,
    (State.GOOD, Mode.HARD): Verdict.ACCEPT,
    (State.REVOKED, Mode.SOFT): Verdict.REVOKED,
    (State.REVOKED, Mode.HARD): Verdict.REVOKED,
    (State.UNKNOWN, Mode.SOFT): Verdict.NOTE,
    (State.UNKNOWN, Mode.HARD): Verdict.REFUSE,
    (State.UNREACHABLE, Mode.SOFT): Verdict.NOTE,
    (State.UNREACHABLE, Mode.HARD): Verdict.REFUSE,
}


class Judge:
    """Opens a document when every signature in it is valid at the moment asked about.

    With `revocation` the signers' certificates must not be revoked either. Judging itself never waits for the
    network: what is not known yet is raised as NotYet, to be asked where no transaction is open.
    """

    def __init__(self, trust: TrustList, revocation: Revocation | None = None, mode: Mode = Mode.SOFT) -> None:
        self._trust, self._mode = trust, mode
        self._revocation = None if mode is Mode.OFF else revocation

    @classmethod
    def trusting(cls, folder: Path) -> "Judge":
        """Trust the authorities whose certificates lie in the folder; revocation is somebody else's question."""
        return cls(TrustList.from_folder(folder))

    @classmethod
    def of(cls, settings: Settings) -> "Judge":
        """The judge of the settings; ValueError for a mode that does not exist."""
        folder = settings.folder("ESOZ_TRUST", "trust")
        trust, hosts = TrustList.from_folder(folder), Hosts.of(folder, settings.text("ESOZ_REVOCATION_HOSTS"))
        revocation = Revocation(trust, hosts, seconds=float(settings.text("ESOZ_REVOCATION_SECONDS")))
        return cls(trust, revocation, Mode(settings.text("ESOZ_REVOCATION")))

    def __call__(self, document: bytes, *, at: datetime) -> SignedContent:
        try:
            signed = verify(document, self._trust, at=at)
        except SignatureError as fault:
            raise _refusal(fault) from fault
        check = self._check(signed.signers, at)
        return SignedContent(signed.content, tuple(_signer(signer) for signer in signed.signers), check)

    def _check(self, signers: Sequence[CertifiedSigner], at: datetime) -> bytes:
        """What is proven of every signer's certificate; raises the refusal of the first that is not to be believed."""
        if self._revocation is None:
            return b""
        pairs = [(signer, self._revocation.known(signer.certificate, at)) for signer in signers]
        standings = [(signer, standing) for signer, standing in pairs if standing is not None]
        if len(standings) < len(pairs):
            raise NotYet(self._asking([signer for signer, standing in pairs if standing is None], at))
        for signer, standing in standings:
            self._must_stand(signer, standing, at)
        rows = [_row(signer, standing) for signer, standing in standings]
        return msgspec.json.encode({"checked_at": at, "signers": rows}, order="deterministic")

    def _asking(self, signers: Sequence[CertifiedSigner], at: datetime) -> Callable[[], Awaitable[object]]:
        revocation = self._revocation
        assert revocation is not None

        async def ask() -> None:
            await asyncio.gather(*(revocation.ask(each.certificate, _issuer(each), at) for each in signers))

        return ask

    def _must_stand(self, signer: CertifiedSigner, standing: Standing, at: datetime) -> None:
        if standing.state is State.REVOKED and not standing.is_against(signer.judged_at, at):
            return  # a timestamp proves that the signature is older than the revocation
        verdict = DECISIONS[standing.state, self._mode]
        if verdict is Verdict.REVOKED:
            fault = Revoked(f"since {standing.since:%Y-%m-%d}")
            raise _refusal(fault) from fault
        if verdict is Verdict.ACCEPT or signer.is_revocation_known:
            return
        if verdict is Verdict.REFUSE:
            raise rejected(FIELD, NOT_PROVEN, rule="revocation_not_proven")
        serial_number = f"{signer.certificate.serial_number:x}"
        logs.warning("a signature is accepted without proof of revocation", serial_number=serial_number)


def _issuer(signer: CertifiedSigner) -> Certificate:
    return signer.chain[1] if len(signer.chain) > 1 else signer.certificate


def _refusal(fault: SignatureError) -> Rejected:
    """The code is for programs, the sentence for the person; the English detail is for us only."""
    return rejected(FIELD, fault.message, rule=fault.code)


def _row(signer: CertifiedSigner, standing: Standing) -> dict[str, object]:
    """What was proven of one signer, and when: enough to prove it again to somebody else."""
    carried = standing.state not in (State.GOOD, State.REVOKED) and signer.is_revocation_known
    said = {name: getattr(standing, name) for name in Standing.__slots__ if name != "until"}
    return {
        "serial_number": f"{signer.certificate.serial_number:x}",
        "issuer": signer.certificate.issuer.get(oids.COMMON_NAME),
        "is_revocation_proven": carried or standing.state in (State.GOOD, State.REVOKED),
        "signed_at": signer.signed_at,
        "proven_at": signer.proven_at,
        "judged_at": signer.judged_at,
        "level": str(signer.level),
        "revocation": said | {"method": "carried"} if carried else said,
    }


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
