"""One note for all prescriptions of a visit: each with its number and code, printed by the doctor or a nurse."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.mis.care.prescriptions.model.note import CannotPrint, Issuer, Printed, note_of_several
from esoz.mis.care.prescriptions.pages.issued import _visits_of
from tests.factories.world import World

from ..conftest import Browser
from ..test_note import REQUEST
from .conftest import reasons
from .test_series import THREE, begin
from .test_several import asked, sign_one

TODAY = date(2026, 11, 22)


def request(**changes: Any) -> dict[str, Any]:
    return {**REQUEST, **changes}


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/")


class TestDocument:
    def test_of_three_then_tagged_and_readable_by_ear(self) -> None:
        found = [Printed(REQUEST, "4821"), Printed(request(dispense_valid_from="2026-12-14")), Printed(REQUEST)]
        pdf = note_of_several(found, issuer=Issuer("м. Київ", "+380440000000"), printed_on=TODAY)
        assert pdf.startswith(b"%PDF-") and b"pdfuaid" in pdf and 1 <= pages(pdf) <= 2

    def test_of_twenty_with_long_names_then_all_are_printed(self) -> None:
        info = {**REQUEST["medication_info"], "medication_name": "довгаречовина" * 12}
        found = [Printed(request(medication_info=info), "1111", "https://prices.test/x") for _ in range(20)]
        assert pages(note_of_several(found, issuer=Issuer(), printed_on=TODAY)) >= 5

    def test_with_an_odd_number_or_address_then_printed_without_its_picture(self) -> None:
        found = [Printed(request(request_number="номер-кирилицею"), None, "javascript:alert(1)")]
        assert note_of_several(found, issuer=Issuer(), printed_on=TODAY).startswith(b"%PDF-")

    def test_without_a_number_then_refused(self) -> None:
        with pytest.raises(CannotPrint):
            note_of_several([Printed(REQUEST), Printed(request(request_number=""))], issuer=Issuer(), printed_on=TODAY)


def test_visits_of_a_day_then_each_once_with_a_number_in_force() -> None:
    def row(visit: str, number: str, status: str = "ACTIVE", day: str = "2026-11-22") -> dict[str, Any]:
        context = {"context": {"identifier": {"value": visit}}} if visit else {}
        return {"status": status, "created_at": day, "request_number": number, **context}

    rows = [
        row("a", "1", "REJECTED"),
        row("", "2"),
        row("b", "3"),
        row("a", "4"),
        row("b", "5"),
        row("c", "6", day="x"),
    ]
    assert _visits_of(rows, TODAY) == {"b": "3", "a": "4"}


class TestPage:
    @pytest.fixture
    async def visit(
        self, doctor: Browser, connected: World, patient_id: UUID, encounter_id: UUID, medication_id: UUID
    ) -> str:
        """Three prescriptions of a visit are signed; the address of their note."""
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await doctor.send(path, **THREE)
        await doctor.send(f"{path}/make", **reasons(doctor))
        for address, content in asked(doctor).items():
            await sign_one(doctor, address, connected.doctor.sign(content))
        return f"/patients/{patient_id}/encounters/{encounter_id}/note.pdf"

    async def test_of_a_visit_then_a_pdf_that_is_linked_from_the_list(
        self, doctor: Browser, visit: str, patient_id: UUID
    ) -> None:
        await doctor.get(f"/patients/{patient_id}/prescriptions")
        assert doctor.page is not None and f'href="{visit}"' in doctor.page.text
        answer = await doctor.get(visit)
        assert answer.content.startswith(b"%PDF") and answer.headers["content-disposition"].startswith("inline")

    async def test_of_a_visit_without_prescriptions_then_told(self, doctor: Browser, patient_id: UUID) -> None:
        await doctor.get(f"/patients/{patient_id}/encounters/{uuid4()}/note.pdf")
        assert doctor.path == f"/patients/{patient_id}/prescriptions"
        assert "друкувати нічого" in doctor.text
