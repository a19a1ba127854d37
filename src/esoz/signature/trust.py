"""The trust list: which authorities are believed, and the way from a certificate to them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from . import cms, der
from .certificate import Certificate
from .errors import Expired, NoTrustList, NotYetValid, SignatureError, Unreadable, Untrusted, WrongArgument
from .pem import blocks, is_pem, undressed

_MAX_CHAIN = 8
_REMEMBERED = 4096
# Certificates that came with a document are tried as issuers; hostile ones must not cost much.
_MOST_CARRIED = 32
_CERTIFICATE_LABELS = ("CERTIFICATE", "PKCS7", "CMS", "PKCS #7 SIGNED DATA")
_SUFFIXES = frozenset({".cer", ".crt", ".pem", ".der", ".p7b"})

Chain = tuple[Certificate, ...]


class TrustList:
    """Certificates that an operator believes: roots, issuing authorities, timestamp and OCSP services.

    A chain may end at any of them; when the list also holds the issuer of the certificate it ends at, that
    signature is checked as well, up to the root. Checked signatures are remembered by fingerprint, because the same
    authorities come with every document.
    """

    def __init__(self, certificates: Iterable[Certificate]) -> None:
        self.certificates: tuple[Certificate, ...] = tuple(dict.fromkeys(certificates))
        self._listed = frozenset(self.certificates)
        self._by_subject: dict[object, list[Certificate]] = defaultdict(list)
        for certificate in self.certificates:
            self._by_subject[certificate.subject.attributes].append(certificate)
        self._verified: dict[tuple[bytes, bytes], bool] = {}

    @staticmethod
    def from_folder(path: Path | str) -> "TrustList":
        """Every certificate of a folder: .cer .crt .pem .der and bundles .p7b (CACertificates.p7b); or of one file.

        A file that cannot be read as certificates raises `Unreadable` with its name: a trust list is never partial.
        `NoTrustList` when there is no such folder, or no certificate in it.
        """
        try:
            source = Path(path)
            files = [source] if source.is_file() else sorted(source.iterdir())
        except TypeError as error:
            raise WrongArgument(f"path: {error}") from error
        except OSError as error:
            raise NoTrustList(f"{path}: {error.strerror}") from error
        found: list[Certificate] = []
        for file in files:
            if file == source or (file.suffix.lower() in _SUFFIXES and file.is_file()):
                try:
                    found += read_certificates(file.read_bytes())
                except Unreadable as error:
                    raise Unreadable(f"{file.name}: {error.detail}") from error
        if not found:
            raise NoTrustList(f"{path}: no certificates")
        return TrustList(found)

    def __reduce__(self) -> tuple[type["TrustList"], tuple[Chain]]:
        """For the processes of a pool: the certificates alone; what was checked is checked anew there."""
        return TrustList, (self.certificates,)

    def __contains__(self, certificate: Certificate) -> bool:
        return certificate in self._listed

    def chain(
        self, certificate: Certificate, extra: Iterable[Certificate] = (), *, at: datetime | None = None
    ) -> Chain:
        """From the certificate up to the end of the list; `Untrusted` when it does not lead there.

        `extra` are certificates that came with the document: they may stand in between but are not believed. Of two
        certificates of one authority and one key, the one that is valid `at` the moment is taken.
        """
        chain = [certificate]
        others = tuple(extra)[:_MOST_CARRIED]
        while len(chain) <= _MAX_CHAIN:
            current = chain[-1]
            current.must_be_understood()
            issuer = self._issuer_of(current, others, len(chain) - 1, at)
            if issuer is None or issuer == current:
                if current in self._listed:
                    return tuple(chain)
                raise Untrusted("no chain to the trust list")
            chain.append(issuer)
        raise Untrusted("the chain is too long")

    def _issuer_of(self, certificate: Certificate, extra: Chain, below: int, at: datetime | None) -> Certificate | None:
        """A certificate that signed this one: from the list first, then from what came along."""
        name = certificate.issuer.attributes
        wanted = certificate.authority_key_identifier
        candidates = [*self._by_subject.get(name, []), *extra]
        if at is not None:
            candidates.sort(key=lambda candidate: not candidate.not_before <= at <= candidate.not_after)
        for candidate in candidates:
            is_itself = candidate == certificate
            if candidate.subject.attributes != name or (is_itself and candidate not in self._listed):
                continue
            if wanted and candidate.key_identifier not in (None, wanted):
                continue
            if not is_itself and not _may_issue(candidate, below):
                continue
            # A root is believed because it is on the list; its signature under itself would prove nothing more.
            if is_itself or self._is_signed_by(certificate, candidate):
                return candidate
        return None

    def _is_signed_by(self, certificate: Certificate, issuer: Certificate) -> bool:
        key = (certificate.fingerprint, issuer.fingerprint)
        known = self._verified.get(key)
        if known is not None:
            return known
        try:
            certificate.must_be_signed_by(issuer)
            is_signed = True
        except SignatureError:
            # Not signed, or the candidate's key cannot be read: hostile certificates may come with a document.
            is_signed = False
        if len(self._verified) >= _REMEMBERED:
            # Starting anew is as good as any other order, and safe when several threads verify.
            self._verified.clear()
        self._verified[key] = is_signed
        return is_signed


def _may_issue(authority: Certificate, below: int) -> bool:
    """Whether the authority may stand above `below` other authorities; one with broken extensions may not."""
    try:
        return authority.is_authority and (authority.path_length is None or below <= authority.path_length)
    except Unreadable:
        return False


def must_be_valid(chain: Chain, at: datetime) -> None:
    """`NotYetValid` or `Expired` when a certificate of the chain is not valid at this moment."""
    for certificate in chain:
        if at < certificate.not_before:
            raise NotYetValid(f"until {certificate.not_before:%Y-%m-%d}")
        if at > certificate.not_after:
            raise Expired(f"since {certificate.not_after:%Y-%m-%d}")


def read_certificates(data: bytes) -> list[Certificate]:
    """One certificate, or all of a PKCS#7 bundle; in DER, bare base64 or PEM, there of every piece that has some."""
    data = undressed(data)
    if not is_pem(data):
        return _certificates_of(data)
    pieces = [block.content for block in blocks(data) if block.label.endswith(_CERTIFICATE_LABELS)]
    if not pieces:
        raise Unreadable("no certificate among the pieces")
    return [certificate for piece in pieces for certificate in _certificates_of(piece)]


def _certificates_of(data: bytes) -> list[Certificate]:
    try:
        return [Certificate.parse(data)]
    except Unreadable:
        bundle = cms.read(data)
    if len(bundle.certificates) != sum(choice.tag == der.SEQUENCE for choice in bundle.certificate_choices):
        raise Unreadable("a broken certificate in a bundle")
    return list(bundle.certificates)
