"""A request for a declaration on its way: what waits for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _


class Event(StrEnum):
    STANDING_READ = "patient_declaration.read"
    LIST_READ = "declarations.read"
    READ = "declaration.read"
    LIST_EXPORTED = "declarations.exported"
    LOADS_READ = "declaration_loads.read"
    LOADS_EXPORTED = "declaration_loads.exported"
    REQUESTS_READ = "declaration_requests.read"
    REQUEST_READ = "declaration_request.read"
    REQUESTED = "declaration_request.created"
    CODE_RESENT = "declaration_request.code_resent"
    SCANS_SENT = "declaration_request.scans_sent"
    APPROVED = "declaration_request.approved"
    WITHDRAWN = "declaration_request.rejected"
    SIGNED = "declaration_request.signed"
    PRINTED = "declaration.printed"


# Central's statuses of a request (DC-1): words and colour of the tag.
REQUEST_STATUSES: Mapping[str, tuple[str, str]] = {
    "NEW": (_("Чекає на пацієнта"), "yellow"),
    "APPROVED": (_("Чекає на підпис лікаря"), "blue"),
    "SIGNED": (_("Підписано"), "green"),
    "REJECTED": (_("Відкликано"), "grey"),
    "CANCELLED": (_("Замінено новим запитом"), "grey"),
    "EXPIRED": (_("Час вийшов"), "grey"),
}
FROM_CLINIC = "MIS"
# Of the types of scans, `confidant_person.PRIMARY.RELATIONSHIP.BIRTH_CERTIFICATE` for one: whose it is.
OF_PATIENT, OF_CONFIDANT = _("Пацієнт"), _("Законний представник")
OTHER_PAPERS = {"tax_id": _("РНОКПП"), "no_tax_id": _("відмітка про відмову від РНОКПП")}
KINDS = {True: "DOCUMENT_RELATIONSHIP_TYPE", False: "DOCUMENT_TYPE"}  # dictionaries
CODE = "OTP"


@dataclass(frozen=True, slots=True)
class Scan:
    """A document that central waits for, and the link by which it comes."""

    type: str
    url: str

    @property
    def whose(self) -> str:
        return OF_CONFIDANT if self.type.startswith("confidant_person") else OF_PATIENT

    @property
    def paper(self) -> str:
        """The code of the paper, or words of what no dictionary has."""
        code = self.type.rpartition(".")[2]
        return OTHER_PAPERS.get(code, code)

    @property
    def dictionary(self) -> str:
        return KINDS[".RELATIONSHIP." in self.type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as central tells it now; `document` is what will be signed, empty before the patient confirmed."""

    id: UUID
    status: str
    channel: str
    patient_id: UUID
    employee_id: UUID
    division_id: UUID
    declaration_id: UUID | None = None
    number: str = ""
    method: str = ""
    phone: str = ""
    scans: Sequence[Scan] = ()
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_code(self) -> bool:
        return self.method == CODE

    @property
    def is_from_clinic(self) -> bool:
        return self.channel == FROM_CLINIC

    @property
    def shown_status(self) -> tuple[str, str]:
        """Words and colour of the tag; what the patient sent waits for the patient's own signature."""
        return REQUEST_STATUSES.get(self.status, (self.status, "grey"))

    @property
    def path(self) -> str:
        return f"/declarations/requests/{self.id}"


def is_open(status: str) -> bool:
    """Whether something can still come of it (DC-1)."""
    return status in {"NEW", "APPROVED"}


def next_step(request: Request) -> str:
    """What is to be done now: `confirm`, `sign`, `patient` (who signs in the cabinet); "" when it is over."""
    # DC-1: what the patient sent is signed by the patient.
    if request.status == "NEW":
        return "confirm" if request.is_from_clinic else "patient"
    return "sign" if request.status == "APPROVED" else ""
