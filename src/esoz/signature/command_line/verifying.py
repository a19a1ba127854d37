"""`verify`: who signed a document, when, and whether it is to be believed."""

import argparse
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from .. import cms, oids
from ..attaching import signatures_in, unwrapped
from ..certificate import Certificate, readable
from ..errors import NotASignature, SignatureError, Unreadable, Untrusted
from ..evidence import Statement, certificate_values
from ..ocsp import OcspAnswer
from ..report import Finding, Report, Signer, lowest
from ..revocation import RevocationList
from ..trust import TrustList
from ..verification import examine
from . import files, messages
from .recognising import kind_of

# Signed files inside signed files: more would only keep the processor busy.
_DEEPEST = 8
# What is wrong with the signature itself; everything else is wrong with the certificate or its chain.
_OF_SIGNATURE = frozenset({"unreadable", "wrong_content", "not_for_signature", "wrong_signature"})


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0 when every signature is valid, 1 when one is not; an unreadable file raises."""
    reports, has_trust = _examined(arguments)
    view = _View(arguments.lang, has_trust=has_trust)
    if arguments.json:
        _print_json(view.as_json(reports))
    else:
        if arguments.trust_embedded:
            print(messages.say("embedded_trust", arguments.lang))
        print("\n".join(view.lines(reports, is_deep=arguments.nested)))
    return 0 if all(report.is_valid for report in reports) else 1


def refused(_sentence: str) -> None:
    """The published shape when nothing could be read; why not, is said beside it."""
    _print_json({"valid": False, "level": None, "signers": [], "content_sha256": None})


def _examined(arguments: argparse.Namespace) -> tuple[list[Report], bool]:
    """The report of the file, then (when asked for) of the signed files inside it; whether a trust list was named."""
    data = files.read(arguments.file)
    try:
        embedded = _carried(data) if arguments.trust_embedded else ()
        trust = files.trust_of(arguments, embedded)
        statements = [_statement(name) for name in arguments.revocations]
        judge = partial(examine, trust=trust or TrustList([]), at=arguments.at or files.now(), revocations=statements)
        reports = [judge(data, content=None if arguments.content is None else files.read(arguments.content))]
    except Unreadable as fault:
        raise _explained(data, fault) from fault
    while arguments.nested and len(reports) < _DEEPEST:
        content = reports[-1].content
        if content is None or not _is_signed(content):
            break
        reports.append(judge(content))
    return reports, trust is not None


def _explained(data: bytes, fault: Unreadable) -> Unreadable:
    """The same refusal, saying what the file is when it is something else."""
    if getattr(fault, "__notes__", None):
        return fault
    try:
        kind = kind_of(data)
    except NotASignature as better:
        return better
    except SignatureError:
        return fault
    if kind != "signature":
        return NotASignature(kind)
    return NotASignature("signature of another kind") if isinstance(fault, NotASignature) else fault


def _print_json(value: dict[str, object]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _carried(data: bytes) -> tuple[Certificate, ...]:
    """Certificates of the containers, and those that their long-term signatures carry."""
    signed = [cms.read(container) for container in signatures_in(data)]
    infos = [info for each in signed for info in each.signers]
    values = [value for info in infos for value in info.unsigned.all(oids.CERTIFICATE_VALUES)]
    return (*(found for each in signed for found in each.certificates), *readable(certificate_values(values)))


def _statement(name: str) -> Statement:
    data = unwrapped(files.read(name))
    with files.about(name):
        try:
            return RevocationList.parse(data)
        except Unreadable:
            return OcspAnswer.parse(data)


class _View:
    """A report as JSON and as sentences."""

    def __init__(self, lang: str, *, has_trust: bool) -> None:
        self._lang, self._has_trust = lang, has_trust

    def as_json(self, reports: list[Report]) -> dict[str, object]:
        """The published shape; nothing else stands in it. The document is that of the innermost file."""
        return {
            "valid": all(report.is_valid for report in reports),
            "level": lowest([report.level for report in reports if report.level is not None]),
            "signers": [self._signer_json(finding) for report in reports for finding in report.findings],
            "content_sha256": _digest(reports[-1].content),
        }

    def _signer_json(self, finding: Finding) -> dict[str, object]:
        signer = finding.signer
        identity = None if signer is None else signer.identity
        return {
            "valid": finding.is_valid,
            "common_name": identity and identity.common_name,
            "surname": identity and identity.surname,
            "given_name": identity and identity.given_name,
            "drfo": identity and identity.drfo,
            "edrpou": identity and identity.edrpou,
            "signed_at": _moment(None if signer is None else signer.signed_at or signer.proven_at),
            "certificate_valid": signer is not None and bool(signer.chain) and _is_certified(finding),
            "chain": [] if signer is None else [_name(certificate) for certificate in signer.chain],
            "reasons": [self._reason(fault) for fault in finding.reasons],
        }

    def _reason(self, fault: SignatureError) -> str:
        if isinstance(fault, Untrusted) and not self._has_trust:
            return messages.say("no_trust", self._lang)
        return messages.reason(fault, self._lang)

    def lines(self, reports: list[Report], *, is_deep: bool) -> Iterator[str]:
        """For people: the file and, below it, the signed files inside."""
        for number, report in enumerate(reports):
            if number:
                yield from ("", messages.say("inside", self._lang))
            yield from self._report(report)
        if not is_deep and reports[-1].content is not None and _is_signed(reports[-1].content):
            yield from ("", messages.say("nested", self._lang))

    def _report(self, report: Report) -> Iterator[str]:
        yield messages.say("valid" if report.is_valid else "invalid", self._lang)
        if report.level is not None:
            yield self._field("level", report.level)
        if report.content is not None:
            yield self._field("content_sha256", _digest(report.content) or "")
        for finding in report.findings:
            yield ""
            yield from self._finding(finding, "signed")

    def _finding(self, finding: Finding, verb: str) -> Iterator[str]:
        signer = finding.signer
        if signer is None:
            yield messages.say("unknown_signer", self._lang)
        else:
            yield from self._signer(signer, verb)
        for fault in dict.fromkeys(map(self._reason, finding.reasons)):
            yield f"  ✗ {fault}"
        for counter in () if signer is None else signer.counter_signers:
            yield from ("  " + line for line in self._finding(counter, "counter_signed"))

    def _signer(self, signer: Signer, verb: str) -> Iterator[str]:
        identity = signer.identity
        name = identity.common_name or identity.organization or "?"
        yield self._field("sealed" if identity.is_seal and verb == "signed" else verb, name)
        for field in ("drfo", "edrpou", "organization", "title"):
            value = getattr(identity, field)
            if value:
                yield f"  {messages.label(field, self._lang)}: {value}"
        for field in ("signed_at", "proven_at", "judged_at"):
            moment = _moment(getattr(signer, field))
            if moment:
                yield "  " + self._field(field, moment)
        if signer.chain:
            yield "  " + self._field("chain", " → ".join(_name(certificate) or "?" for certificate in signer.chain))
        for doubt in dict.fromkeys(map(self._reason, signer.doubts)):
            yield f"  {messages.say('level_lowered', self._lang)}: {doubt}"
        known = "revocation_known" if signer.is_revocation_known else "revocation_unknown"
        yield "  " + messages.say(known, self._lang)

    def _field(self, name: str, value: str) -> str:
        return f"{messages.say(name, self._lang)}: {value}"


def _is_certified(finding: Finding) -> bool:
    """Whether nothing is wrong with the certificate and its chain."""
    return all(fault.code in _OF_SIGNATURE for fault in finding.own_reasons)


def _is_signed(content: bytes) -> bool:
    try:
        return any(cms.read(container).signers for container in signatures_in(content))
    except SignatureError:
        return False


def _name(certificate: Certificate) -> str | None:
    return certificate.subject.get(oids.COMMON_NAME) or certificate.subject.get(oids.ORGANIZATION)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
