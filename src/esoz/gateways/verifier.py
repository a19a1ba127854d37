"""Judges signed documents with esoz.signature, a trust list and what providers say; refusals in the published form."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

import msgspec

from esoz.kernel import logs
from esoz.kernel.errors import Invalid, Rejected, rejected
from esoz.kernel.rechecks import Rechecked
from esoz.kernel.settings import Settings
from esoz.kernel.signing.certificates import KeyCertificate, KeyRefused, KeyStanding, Proof
from esoz.kernel.work import NeedsExternal, SignedContent, Signer
from esoz.signature import Certificate, NotForSigning, Revoked, SignatureError, TrustList, Untrusted, oids, verify
from esoz.signature import Signer as CertifiedSigner
from esoz.signature.trust import must_be_valid

from . import key_certificates
from .revocation import Revocation, RevocationStatus, State, can_be_asked
from .trust import TrustFolder
from .unknown_authorities import AGAIN_SECONDS, UnknownAuthorities

FIELD = "$.signed_content"
NOT_PROVEN = (
    "Сертифікат не вдалося перевірити: служба надавача не відповіла або не знає його."
    " Спробуйте ще раз за кілька хвилин."
)
TEST_KEY = "Це тестовий ключ. Підпишіть ключем кваліфікованого надавача."


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


# SG-9: a document is accepted off-line when the provider cannot be asked, and that is remembered with
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


MOST_UNPROVEN = 1000  # certificates that are told of in that time


class TrustListVerifier:
    """Opens a document when every signature in it is valid at the moment asked about.

    With `revocation` the signers' certificates must not be revoked either. Judging itself never waits for the
    network: what is not known yet is raised as NeedsExternal, to be asked where no transaction is open. Without
    `takes_test_keys` keys of authorities that call themselves test ones are refused, trusted or not.
    """

    def __init__(
        self,
        trust: TrustList | TrustFolder,
        revocation: Revocation | None = None,
        mode: Mode = Mode.SOFT,
        *,
        takes_test_keys: bool = True,
    ) -> None:
        self._given, self._mode, self._takes_test_keys = trust, mode, takes_test_keys
        self._unknown = UnknownAuthorities()
        self._unproven = logs.Seldom(AGAIN_SECONDS, MOST_UNPROVEN)
        self._revocation = None if mode is Mode.OFF else revocation

    @classmethod
    def trusting(cls, folder: Path) -> "TrustListVerifier":
        """Trust the authorities whose certificates lie in the folder; revocation is somebody else's question."""
        return cls(TrustFolder(folder))

    @classmethod
    def of(cls, settings: Settings, *, takes_test_keys: bool = True) -> "TrustListVerifier":
        """The verifier of the settings; ValueError for a mode that does not exist."""
        trust = TrustFolder(settings.folder("ESOZ_TRUST", "trust"), settings.text("ESOZ_REVOCATION_HOSTS"))
        revocation = Revocation(trust, trust, seconds=float(settings.text("ESOZ_REVOCATION_SECONDS")))
        return cls(trust, revocation, Mode(settings.text("ESOZ_REVOCATION")), takes_test_keys=takes_test_keys)

    @property
    def _trust(self) -> TrustList:
        return self._given.trust if isinstance(self._given, TrustFolder) else self._given

    def __call__(self, document: bytes, *, at: datetime, now: datetime | None = None) -> SignedContent:
        try:
            signed = verify(document, self._trust, at=at)
            signers = tuple(_signer(signer) for signer in signed.signers)  # reads names that nothing before asked for
        except SignatureError as fault:
            raise self._refusal(fault, key_certificates.signer_of(document, self._trust.certificates)) from fault
        for signer in signed.signers:
            self._must_be_real(signer.certificate)
        asked_at = now or at
        statuses = self._statuses(signed.signers, at, asked_at)
        return SignedContent(
            signed.content,
            signers,
            _check(statuses, asked_at),
            asks_again=any(not _is_proven(each) and can_be_asked(each[0].certificate) for each in statuses),
        )

    async def recheck(self, document: bytes, *, accepted_at: datetime, now: datetime) -> Rechecked:
        """What providers say now of a document that was accepted at a moment when they were away (SG-9).

        Judged by the moment of acceptance: a certificate revoked afterwards proves nothing against the document.
        Raises Rejected when the document is not valid by the authorities trusted now.
        """
        if self._revocation is None:
            return Rechecked()
        try:
            signed = await asyncio.to_thread(verify, document, self._trust, at=accepted_at)
        except SignatureError as fault:
            raise rejected(FIELD, fault.message, rule=fault.code) from fault
        asked = (self._revocation.ask(each.certificate, _issuer(each), now) for each in signed.signers)
        statuses = list(zip(signed.signers, await asyncio.gather(*asked), strict=True))
        against = [found.since for signer, found in statuses if found.is_against(signer.judged_at, accepted_at)]
        return Rechecked(
            is_proven=all(map(_is_proven, statuses)),
            revoked_since=min((since for since in against if since is not None), default=None),
            check=_check(statuses, now),
        )

    def _statuses(
        self, signers: Sequence[CertifiedSigner], at: datetime, now: datetime
    ) -> list[tuple[CertifiedSigner, RevocationStatus]]:
        """What is known now of every signer's certificate; raises the refusal of the first that was not to be believed.

        Words of providers are of now; a certificate that was revoked after `at` proves nothing against the document.
        """
        if self._revocation is None:
            return []
        pairs = [(signer, self._revocation.known(signer.certificate, now)) for signer in signers]
        statuses = [(signer, status) for signer, status in pairs if status is not None]
        if len(statuses) < len(pairs):
            raise NeedsExternal(self._asking([signer for signer, status in pairs if status is None], now))
        for signer, status in statuses:
            self._must_stand(signer, status, at)
        return statuses

    def _asking(self, signers: Sequence[CertifiedSigner], at: datetime) -> Callable[[], Awaitable[object]]:
        revocation = self._revocation
        assert revocation is not None

        async def ask() -> None:
            await asyncio.gather(*(revocation.ask(each.certificate, _issuer(each), at) for each in signers))

        return ask

    def _must_stand(self, signer: CertifiedSigner, status: RevocationStatus, at: datetime) -> None:
        if status.state is State.REVOKED and not status.is_against(signer.judged_at, at):
            return  # a timestamp proves that the signature is older than the revocation
        verdict = DECISIONS[status.state, self._mode]
        if verdict is Verdict.REVOKED:
            fault = Revoked(f"since {status.since:%Y-%m-%d}")
            raise self._refusal(fault, signer.certificate, status.since) from fault
        if verdict is Verdict.ACCEPT or signer.is_revocation_known:
            return
        if verdict is Verdict.REFUSE:
            raise rejected(FIELD, NOT_PROVEN, rule="revocation_not_proven")
        serial_number = f"{signer.certificate.serial_number:x}"
        if self._unproven.is_due(serial_number):
            logs.warning("signatures are accepted without proof of revocation", serial_number=serial_number)

    def _must_be_real(self, certificate: Certificate) -> None:
        if not self._takes_test_keys and key_certificates.is_test(certificate):
            key = key_certificates.described(certificate)
            raise KeyRefused(invalid=(Invalid(FIELD, "test_key", TEST_KEY),), key=key)

    def _refusal(
        self, fault: SignatureError, certificate: Certificate | None, since: datetime | None = None
    ) -> Rejected:
        """The code is for programs, the sentence for the person; the English detail is for us only."""
        unnamed = rejected(FIELD, fault.message, rule=fault.code)
        if certificate is None:
            return unnamed
        try:
            self._must_be_real(certificate)
            if isinstance(fault, Untrusted):
                self._unknown.note(certificate)
            key = key_certificates.described(certificate)
        except SignatureError:  # names that cannot be read: nobody to speak of
            return unnamed
        return KeyRefused(invalid=(Invalid(FIELD, fault.code, fault.message),), key=key, since=since)

    def read(self, file: bytes) -> list[KeyCertificate]:
        """Certificates of a file: DER, PEM, a bundle. Raises Rejected on `$.certificate` when there are none in it."""
        return key_certificates.read(file)

    def signer_of(self, document: bytes) -> KeyCertificate | None:
        """The certificate of a signed document's first signer; None when it is nowhere."""
        found = key_certificates.signer_of(document, self._trust.certificates)
        try:
            return key_certificates.described(found) if found else None
        except SignatureError:
            return None

    def standing(self, content: bytes, *, at: datetime) -> KeyStanding:
        """Whether a signature made with this certificate (DER) at this moment would be taken, and what its issuer says.

        Raises NeedsExternal when the issuer must be asked, SignatureError for bytes that are no certificate.
        """
        certificate = Certificate.parse(content)
        try:
            self._must_be_real(certificate)
            if not certificate.may_sign:
                raise NotForSigning("key usage")
            chain = self._trust.chain(certificate, at=at)
            must_be_valid(chain, at)
        except SignatureError as fault:
            if isinstance(fault, Untrusted):
                self._unknown.note(certificate)
            return KeyStanding(fault.code)
        except KeyRefused as refused:
            return KeyStanding(refused.invalid[0].rule)
        if self._revocation is None or not can_be_asked(certificate):
            return KeyStanding(_fault_of(State.UNREACHABLE, self._mode) if self._revocation else "")
        issuer = chain[1] if len(chain) > 1 else certificate
        found = self._revocation.known(certificate, at)
        if found is None:
            raise NeedsExternal(partial(self._revocation.ask, certificate, issuer, at))
        return KeyStanding(_fault_of(found.state, self._mode), Proof(found.state), found.since, found.asked_at)

    def latest(self) -> KeyStanding | None:
        """The newest word of a trust provider, whoever's certificate it was about; None when none was asked yet."""
        found = self._revocation.latest if self._revocation else None
        return KeyStanding("", Proof(found.state), asked_at=found.asked_at) if found else None


def _issuer(signer: CertifiedSigner) -> Certificate:
    return signer.chain[1] if len(signer.chain) > 1 else signer.certificate


def _check(statuses: Sequence[tuple[CertifiedSigner, RevocationStatus]], at: datetime) -> bytes:
    """What is proven of every signer, as JSON; empty when nothing was asked."""
    if not statuses:
        return b""
    rows = [_row(signer, status) for signer, status in statuses]
    return msgspec.json.encode({"checked_at": at, "signers": rows}, order="deterministic")


def _is_proven(pair: tuple[CertifiedSigner, RevocationStatus]) -> bool:
    """Whether the provider has answered, now or in what came along with the signature."""
    signer, status = pair
    return status.state in (State.GOOD, State.REVOKED) or signer.is_revocation_known


def _fault_of(state: State, mode: Mode) -> str:
    """The rule by which a signature of now is refused; empty when it is taken."""
    verdict = DECISIONS[state, mode]
    return {Verdict.REVOKED: "revoked", Verdict.REFUSE: "revocation_not_proven"}.get(verdict, "")


def _row(signer: CertifiedSigner, status: RevocationStatus) -> dict[str, object]:
    """What was proven of one signer, and when: enough to prove it again to somebody else."""
    carried = status.state not in (State.GOOD, State.REVOKED) and signer.is_revocation_known
    said = {name: getattr(status, name) for name in RevocationStatus.__slots__ if name != "until"}
    return {
        "serial_number": f"{signer.certificate.serial_number:x}",
        "issuer": signer.certificate.issuer.get(oids.COMMON_NAME),
        "is_revocation_proven": _is_proven((signer, status)),
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
        issuer=signer.certificate.issuer.get(oids.COMMON_NAME) or "",
        unzr=identity.unzr,
    )
