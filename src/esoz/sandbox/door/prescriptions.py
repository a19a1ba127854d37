"""Prescriptions of the holder: the number, the code, and the QR of the number for the pharmacist's scanner."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import segno
from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.sdk import whole

from .access import CentralSession, calling
from .lists import cut
from .services import DoorPage, DoorPages

pages: DoorPages = DoorPages()

PATH = "/api/cabinet/medication_requests"
PAGE_SIZE = 10
BLOCKED = "BLOCKED"  # ours: an active prescription that pharmacies may not use now
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "ACTIVE": (_("Чинний"), "green"),
    "COMPLETED": (_("Використаний"), "grey"),
    "EXPIRED": (_("Строк минув"), "grey"),
    "REJECTED": (_("Відкликаний"), "red"),
    BLOCKED: (_("Призупинений"), "yellow"),
}


@dataclass(frozen=True, slots=True)
class Prescription:
    """One prescription from central's answer."""

    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def number(self) -> str:
        return str(self.content["request_number"])

    @property
    def code(self) -> str:
        """The code for the pharmacist; empty when there is none, or in a list."""
        return str(self.content.get("verification_code") or "")

    @property
    def status(self) -> str:
        status = str(self.content["status"])
        return BLOCKED if status == "ACTIVE" and self.content.get("block_reason_code") else status

    @property
    def is_usable(self) -> bool:
        """Whether a pharmacy hands something over by it: not by a plan of a course."""
        return self.status == "ACTIVE" and self.content.get("intent") != "plan"

    @property
    def medicine(self) -> Mapping[str, Any]:
        """What is prescribed, as central tells of it."""
        info: Mapping[str, Any] = self.content.get("medication_info") or {}
        return info

    @property
    def substance(self) -> str:
        name = str(self.medicine.get("medication_name") or "")
        return name[:1].upper() + name[1:]

    @property
    def first_day(self) -> str:
        return str(self.content.get("dispense_valid_from") or self.content.get("started_at") or "")

    @property
    def last_day(self) -> str:
        return str(self.content.get("dispense_valid_to") or self.content.get("ended_at") or "")

    @property
    def instructions(self) -> list[str]:
        """How to take it, in the doctor's words."""
        lines = self.content.get("dosage_instruction") or []
        return [text for line in lines if (text := line.get("patient_instruction") or line.get("text"))]

    def days_left(self, today: date) -> int | None:
        """Days of validity, today included; None when the last day is not known."""
        return (date.fromisoformat(self.last_day) - today).days + 1 if self.last_day else None


async def listed(central: CentralSession, status: str | None = None) -> list[Prescription]:
    """Prescriptions of a status, or all; the newest first (central has the oldest first)."""
    found = await whole(central, PATH, status=status)
    return [Prescription(content) for content in reversed(found.data)]


async def _one(central: CentralSession, id: UUID) -> Prescription:
    return Prescription((await central.get(f"{PATH}/{id}")).record())


@pages.add("GET /prescriptions", signed_in=True)
async def listing(page: DoorPage) -> Response:
    found = await listed(await calling(page))
    return page.render("prescriptions.html", found=cut(found, page.list_page(PAGE_SIZE)), status_words=STATUS_WORDS)


@pages.add("GET /prescriptions/{id}", signed_in=True)
async def one(page: DoorPage) -> Response:
    found = await _one(await calling(page), page.id())
    return page.render("prescription.html", prescription=found, status_words=STATUS_WORDS)


@pages.add("GET /prescriptions/{id}/qr.svg", signed_in=True)
async def qr(page: DoorPage) -> Response:
    """The number only; the code is told by word, when the medicine is there."""
    found = await _one(await calling(page), page.id())
    image = io.BytesIO()
    segno.make(found.number, error="m", micro=False).save(image, kind="svg", scale=6, border=4, light="#fff")
    return Response(image.getvalue(), media_type="image/svg+xml")
