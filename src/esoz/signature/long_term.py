"""Whether the proofs of a long-term signature (CAdES-C, -XL) hold: references, values, and what the values say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain as joined
from typing import TypeVar

from . import der, hashes, oids
from .algorithms import read_identifier
from .certificate import Certificate
from .cms import SignerInfo
from .errors import NoCertificate, SignatureError, Unreadable, WrongContent
from .evidence import Evidence, Statement, certificate_values, read_statement, revocation_values
from .trust import Chain

# References name certificates and statements by their digests; more, or by more hashes, are there only to cost time.
_MOST_REFERENCES = 256
_MOST_HASHES = 2

T = TypeVar("T")
Reference = tuple[str, bytes]


@dataclass(frozen=True)
class Proofs:
    """The references and the values of one signature; what of them cannot be read proves nothing and is noted."""

    certificate_references: tuple[Reference, ...]
    statement_references: tuple[Reference, ...]
    certificates: tuple[Certificate, ...]
    statements: tuple[Statement, ...]
    has_values: bool
    faults: tuple[SignatureError, ...]

    @staticmethod
    def read(info: SignerInfo) -> "Proofs":
        """The four attributes of CAdES-C and -XL (RFC 5126, 6.2 and 6.3)."""
        if info.unsigned.node is None:
            return _NONE
        values, faults = info.unsigned.all, list[SignatureError]()
        of_certificates = _all(values(oids.CERTIFICATE_REFS), _certificate_references, faults)
        of_statements = _all(values(oids.REVOCATION_REFS), _statement_references, faults)
        return Proofs(
            certificate_references=tuple(joined.from_iterable(of_certificates)),
            statement_references=tuple(joined.from_iterable(of_statements)),
            certificates=_all(certificate_values(values(oids.CERTIFICATE_VALUES)), Certificate, faults),
            statements=_all(revocation_values(values(oids.REVOCATION_VALUES)), read_statement, faults),
            has_values=bool(values(oids.CERTIFICATE_VALUES) and values(oids.REVOCATION_VALUES)),
            faults=tuple(faults),
        )

    def doubts(self, chain: Chain, evidence: Evidence, at: datetime) -> tuple[SignatureError, ...]:
        """Why they do not prove the signature at its moment; empty when they do. `chain` is that of the signer."""
        if not self.has_values:
            return self.faults
        # Revocation lists may also stand beside the certificates of the container.
        carried = replace(evidence, revocations=())
        wrong = carried.broken(self.statements)
        if len(chain) > 1 and not wrong and not carried.is_clear(chain[0], chain[1], at):
            wrong = carried.faults_about(chain[0], chain[1])[:1] or [
                NoCertificate("nothing about the signer's certificate")
            ]
        return (*self.faults, *self._missing(), *wrong)

    def _missing(self) -> list[SignatureError]:
        """What is referred to and not there."""
        certificates = [certificate.der for certificate in self.certificates]
        statements = [form for statement in self.statements for form in statement.forms]
        wanted = {algorithm for algorithm, _ in (*self.certificate_references, *self.statement_references)}
        if len(wanted) > _MOST_HASHES:
            return [Unreadable(f"references by {len(wanted)} hashes")]
        try:
            present = {(name, hashes.digest(name, form)) for name in wanted for form in (*certificates, *statements)}
        except SignatureError as fault:
            return [fault]
        lost = {*self.certificate_references, *self.statement_references} - present
        return [WrongContent(f"{len(lost)} references without their values")] if lost else []


_NONE = Proofs((), (), (), (), has_values=False, faults=())


def _all(nodes: Iterable[der.Node], read: Callable[[der.Node], T], faults: list[SignatureError]) -> tuple[T, ...]:
    found = []
    for node in nodes:
        try:
            found.append(read(node))
        except SignatureError as fault:
            faults.append(fault)
    return tuple(found)


def _certificate_references(value: der.Node) -> list[Reference]:
    """CompleteCertificateRefs: a sequence of OtherCertID."""
    return _must_be_some([_reference(node.fields().take()) for node in value.expect(der.SEQUENCE).children])


def _statement_references(value: der.Node) -> list[Reference]:
    """CompleteRevocationRefs: a sequence of CrlOcspRef, each with lists ([0]) and answers ([1])."""
    found = []
    for each in value.expect(der.SEQUENCE).children:
        for part in each.expect(der.SEQUENCE).children:
            names = part.only().only().children if part.context in (0, 1) else ()
            for name in names:
                fields = name.fields()
                if part.context == 1:
                    fields.take()
                # The hash of an answer may be left out.
                if fields:
                    found.append(_reference(fields.take()))
    return _must_be_some(found)


def _must_be_some(references: list[Reference]) -> list[Reference]:
    if not 0 < len(references) <= _MOST_REFERENCES:
        raise Unreadable(f"{len(references)} references")
    return references


def _reference(node: der.Node) -> Reference:
    """OtherHash: SHA-1 alone, or an algorithm with a digest."""
    if node.tag == der.OCTET_STRING:
        return oids.SHA1, node.octets()
    fields = node.fields()
    return read_identifier(fields.take())[0], fields.take(der.OCTET_STRING).octets()
