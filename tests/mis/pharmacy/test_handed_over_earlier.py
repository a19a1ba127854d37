"""What was handed over while the system was away: recorded later, with its day and the reason."""

from uuid import UUID

import pytest

from esoz.kernel.db import Database
from tests.factories.prescriptions import Document

from ..conftest import Browser
from .counter import find, hold


# MD-14
class TestHandedOverEarlier:
    async def test_then_its_day_and_the_reason_are_asked_and_signed(
        self, *, pharmacist: Browser, rx: Document, code: str, ten: list[UUID], central_database: Database
    ) -> None:
        async with central_database.connection() as db:
            await db.execute(
                "update medication_requests set created_at = created_at - 10,"
                " dispense_valid_from = dispense_valid_from - 10 where id = $1",
                UUID(rx["id"]),
            )
        await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1, "dispensed_at": "2026-11-21"})
        assert "Напишіть, чому відпуск не записали того ж дня" in pharmacist.text
        typed = {f"packages-{ten[0]}": 1, "dispensed_at": "2026-11-21", "note": "Не було світла"}
        await pharmacist.send(**typed)
        assert pharmacist.path.startswith("/pharmacy/dispenses/"), pharmacist.text
        assert "21.11.2026" in pharmacist.text and "Не було світла" in pharmacist.text

    @pytest.mark.parametrize(
        ("day", "told"), [("2026-11-10", "Минуло забагато днів"), ("2999-01-01", "сьогоднішній або раніший")]
    )
    async def test_of_a_day_that_does_not_fit_then_told_at_the_field_and_kept(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        ten: list[UUID],
        central_database: Database,
        day: str,
        told: str,
    ) -> None:
        async with central_database.connection() as db:
            await db.execute(
                "update medication_requests set created_at = created_at - 30,"
                " dispense_valid_from = dispense_valid_from - 30 where id = $1",
                UUID(rx["id"]),
            )
        await find(pharmacist, rx["request_number"], code)
        answer = await pharmacist.send(**{f"packages-{ten[0]}": 1, "dispensed_at": day, "note": "Не було світла"})
        assert answer.status_code == 422 and told in pharmacist.text
        assert f'value="{day}"' in answer.text and "Не було світла" in answer.text
