"""Verifies CAdES signatures: the document, every signature over it, every signer's way to the trust list."""

from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass, field, replace
from datetime import datetime

from . import asic, budget, cms, der, hashes, oids, pades, timestamps
from .arguments import moment, octets
from .attaching import open_signature
from .certificate import Certificate
from .errors import NoDocument, NotASignature, NotForSignature, NotForSigning, SignatureError, Unreadable
from .evidence import Evidence, Statement, carried_statements, certificate_values
from .long_term import Proofs
from .pem import undressed
from .report import Finding, Level, Report, Signer, level_of, lowest, proven_level
from .signer_info import faults, signer_certificate
from .timestamps import ProofKind, Stamped
from .trust import TrustList, must_be_valid

# More would be an attempt to keep the processor busy: every signature costs milliseconds.
_MOST_COUNTER_SIGNERS = 8
_DEEPEST_COUNTER_SIGNATURE = 3
_CONTENT_TYPES = (oids.DATA, oids.SIGNED_DATA)

# Judges one container (DER) over a document.
Judge = Callable[[bytes, bytes | None], Report]


@dataclass(frozen=True)
class SignedDocument:
    """A document with everyone who validly signed it."""

    content: bytes
    signers: tuple[Signer, ...]
    # The documents of an archive by their names; `content` is that of the only one.
    files: Mapping[str, bytes] = field(default_factory=dict)


def verify(
    data: bytes,
    trust: TrustList,
    *,
    at: datetime,
    content: bytes | None = None,
    revocations: Statement | Iterable[Statement] | None = None,
) -> SignedDocument:
    """Read and verify a signature (DER, PEM, base64, S/MIME, ASiC, PDF), attached or, with `content`, detached.

    `at` is the moment of judgement. A chain is judged at the moment that a trusted timestamp over the signature
    proves, when there is one, else at `at`: every certificate must be valid then and not revoked by then, according
    to `revocations` (lists and OCSP answers) and to those that came with the signature. All parallel signatures must
    be valid. Raises the first `SignatureError` that `examine` finds, never answers False.
    """
    report = examine(data, trust, at=at, content=content, revocations=revocations)
    signers = []
    for finding in report.findings:
        if finding.reasons or finding.signer is None:
            raise finding.reasons[0]
        signers.append(finding.signer)
    return SignedDocument(report.content or b"", tuple(signers), report.files)


def examine(
    data: bytes,
    trust: TrustList,
    *,
    at: datetime,
    content: bytes | None = None,
    revocations: Statement | Iterable[Statement] | None = None,
) -> Report:
    """The same as `verify`, but tells everything: each signature with all reasons why it is not valid.

    Raises `Unreadable` when the container is not one.
    """
    data, at, statements = undressed(data), moment(at), _statements(revocations)

    def judged(signature: bytes, document: bytes | None) -> Report:
        return _within_budget(signature, trust, at, document, statements)

    if asic.is_archive(data):
        return _examined_archive(asic.read(data), content, judged)
    if pades.is_pdf(data):
        return _examined_pdf(data, content, judged)
    message = open_signature(data)
    # S/MIME has the document beside the signature, perhaps in more than one form.
    forms = message.contents or (None,) if content is None else (octets(content, "content"),)
    reports = [judged(message.signature, form) for form in forms]
    return next((report for report in reports if report.is_valid), reports[0])


def _examined_archive(archive: asic.Archive, content: bytes | None, judged: Judge) -> Report:
    """Each signature of ASiC over its document or manifest; what is wrong with a manifest is so with its signers."""
    if len(archive.signatures) > cms.MOST_SIGNERS:
        raise Unreadable(f"{len(archive.signatures)} signatures")
    found: list[Finding] = []
    other = content is not None and content not in archive.files.values()
    faults = [*filter(None, [archive.fault]), *([NotForSignature("not the document of the archive")] if other else [])]
    for signature in archive.signatures:
        report = judged(open_signature(signature.der).signature, signature.content)
        wrong = (*signature.faults, *faults)
        found += [replace(finding, reasons=(*wrong, *finding.reasons)) for finding in report.findings]
    only = next(iter(archive.files.values())) if len(archive.files) == 1 else None
    return Report(only, _level_of(found), tuple(found), archive.files)


def _examined_pdf(data: bytes, content: bytes | None, judged: Judge) -> Report:
    """Each signature of PAdES over its part of the file, which is the file itself as it was then."""
    if content is not None and content != data:
        raise NotForSignature("a PDF holds its document itself")
    reports = [judged(undressed(found.der), found.covered) for found in pades.signatures(data)]
    findings = [finding for report in reports for finding in report.findings]
    return Report(data, _level_of(findings), tuple(findings))


def _level_of(findings: Iterable[Finding]) -> Level | None:
    return lowest([finding.signer.level for finding in findings if finding.signer is not None])


def _within_budget(
    data: bytes, trust: TrustList, at: datetime, content: bytes | None, statements: tuple[Statement, ...]
) -> Report:
    try:
        with budget.limited(len(data) + len(content or b"")):
            return _examined(cms.read(data), trust, at, content, statements)
    except budget.Exhausted as error:
        raise Unreadable("a container that costs more than any honest one") from error


def _statements(revocations: Statement | Iterable[Statement] | None) -> tuple[Statement, ...]:
    return (revocations,) if isinstance(revocations, Statement) else tuple(revocations or ())


def _examined(
    signed: cms.SignedData,
    trust: TrustList,
    at: datetime,
    content: bytes | None,
    statements: tuple[Statement, ...],
) -> Report:
    if not signed.signers:
        raise NotASignature("certificates without signatures")
    _must_be_few(signed.certificate_choices)
    if signed.content_type not in _CONTENT_TYPES:
        raise NotASignature(f"signed content of the type {signed.content_type}")
    document, fault = _document(signed, content)
    message = None if document is None else hashes.Message(document)
    examination = _Examination(signed, message, trust, at, statements, carried_statements(signed.revocations))
    findings = _counted_once((info, examination.signer(info)) for info in _different(signed.signers))
    if fault is not None:
        findings = [replace(finding, reasons=(fault, *finding.reasons)) for finding in findings]
    return Report(document, _level_of(findings), tuple(findings))


def _document(signed: cms.SignedData, content: bytes | None) -> tuple[bytes | None, SignatureError | None]:
    """The bytes that were signed, wherever they stand, and what is wrong with them."""
    if signed.content is None:
        if content is None:
            return None, NoDocument("a detached signature without its document")
        return content, None
    if content is not None and content != signed.content:
        return signed.content, NotForSignature("the attached document is another one")
    return signed.content, None


@dataclass(frozen=True)
class _Examination:
    """One container under examination."""

    signed: cms.SignedData
    document: hashes.Message | None
    trust: TrustList
    at: datetime
    # What the caller answers for.
    revocations: tuple[Statement, ...]
    # Revocation lists and OCSP answers beside the certificates of the container.
    beside: tuple[Statement, ...]

    def signer(self, info: cms.SignerInfo) -> Finding:
        """A signature over the document."""
        return self._finding(info, self.document, self.signed.content_type, 0)

    def _finding(
        self, info: cms.SignerInfo, content: hashes.Message | None, content_type: str | None, depth: int
    ) -> Finding:
        try:
            _must_be_few(certificate_values(info.unsigned.all(oids.CERTIFICATE_VALUES)))
            long_term = Proofs.read(info)
            extra = (*self.signed.certificates, *long_term.certificates)
            certificate = signer_certificate(info, (*extra, *self.trust.certificates))
            reasons = faults(info, certificate, content, content_type)
            evidence = Evidence(self.trust, self.revocations, (*self.beside, *long_term.statements), extra)
            proofs, wrong = timestamps.examine(Stamped(self.signed, info, content), evidence, self.at)
            signer, unclear = _judged(self._signer(info, certificate, proofs), evidence)
            signer = self._leveled(signer, info, long_term, evidence)
            reasons += [] if certificate.may_sign else [NotForSigning("key usage")]
        except SignatureError as fault:
            return Finding(None, (fault,))
        counter = self._counter_signers(info, depth)
        if not counter:
            return Finding(signer, (*reasons, *unclear, *wrong))
        below = [reason for finding in counter for reason in finding.reasons]
        return Finding(replace(signer, counter_signers=counter), (*reasons, *unclear, *wrong, *below))

    def _signer(self, info: cms.SignerInfo, certificate: Certificate, proofs: tuple[timestamps.Proof, ...]) -> Signer:
        signing_time = info.signed.one(oids.SIGNING_TIME)
        trusted = [proof for proof in proofs if proof.is_trusted and proof.kind != ProofKind.REFERENCES]
        # A timestamp over the document alone is older than the signature and says nothing about its moment.
        over = [proof.moment for proof in trusted if proof.kind != ProofKind.CONTENT]
        return Signer(
            identity=certificate.identity,
            certificate=certificate,
            signed_at=None if signing_time is None else signing_time.time(),
            chain=(),
            proven_at=min((proof.moment for proof in trusted), default=None),
            judged_at=min((self.at, *over)),
            proofs=proofs,
        )

    def _leveled(self, signer: Signer, info: cms.SignerInfo, long_term: Proofs, evidence: Evidence) -> Signer:
        """The signer with the level that is proven, and why it is not the one that the attributes claim."""
        doubts = long_term.doubts(signer.chain, evidence, signer.judged_at)
        if not self.trust.certificates:
            # Without a trust list nothing can be proven, so the form of the signature is told, as far as it holds.
            formal = lowest([level_of(info), *([Level.T] if doubts else [])]) or Level.CMS
            return replace(signer, level=formal, doubts=doubts)
        return replace(signer, level=proven_level(info, signer.proofs, doubts), doubts=doubts)

    def _counter_signers(self, info: cms.SignerInfo, depth: int) -> tuple[Finding, ...]:
        """Signatures over this signature, and over those (RFC 5652, 11.4)."""
        nodes = list({node.raw: node for node in info.unsigned.all(oids.COUNTER_SIGNATURE)}.values())
        if not nodes:
            return ()
        if len(nodes) > _MOST_COUNTER_SIGNERS or depth >= _DEEPEST_COUNTER_SIGNATURE:
            return (Finding(None, (Unreadable(f"{len(nodes)} counter-signatures, {depth} deep"),)),)
        return tuple(self._counter_signer(node, info.signature, depth + 1) for node in nodes)

    def _counter_signer(self, node: der.Node, signature: bytes, depth: int) -> Finding:
        try:
            return self._finding(cms.read_signer(node), hashes.Message(signature), None, depth)
        except SignatureError as fault:
            return Finding(None, (fault,))


def _different(infos: Iterable[cms.SignerInfo]) -> list[cms.SignerInfo]:
    """Each signature once, however often its bytes were repeated."""
    return list({info.node.raw: info for info in infos}.values())


def _counted_once(examined: Iterable[tuple[cms.SignerInfo, Finding]]) -> list[Finding]:
    """Valid signatures that differ only in what anybody can add to them are one: the one with the most proof."""
    found: list[Finding] = []
    places: dict[tuple[bytes, bytes], int] = {}
    for info, finding in examined:
        signer, attributes = finding.signer, info.signed.node
        if signer is None or attributes is None or finding.reasons:
            found.append(finding)
            continue
        key = (signer.certificate.fingerprint, attributes.as_set)
        place = places.setdefault(key, len(found))
        if place == len(found):
            found.append(finding)
        elif (known := found[place].signer) is not None and lowest([known.level, signer.level]) != signer.level:
            found[place] = finding
    return found


def _must_be_few(certificates: Sized) -> None:
    """`Unreadable` when so many certificates came along that looking through them would take long."""
    if len(certificates) > cms.MOST_CERTIFICATES:
        raise Unreadable(f"{len(certificates)} certificates")


def _judged(signer: Signer, evidence: Evidence) -> tuple[Signer, tuple[SignatureError, ...]]:
    """The signer with the chain, and what is wrong with it at its moment."""
    at = signer.judged_at
    reasons: list[SignatureError] = []
    is_known = False
    try:
        signer = replace(signer, chain=evidence.trust.chain(signer.certificate, evidence.extra, at=at))
        is_known = evidence.must_clear(signer.chain, at)
    except SignatureError as fault:
        reasons.append(fault)
    try:
        must_be_valid(signer.chain or (signer.certificate,), at)
    except SignatureError as fault:
        reasons.append(fault)
    return replace(signer, is_revocation_known=is_known), tuple(reasons)
