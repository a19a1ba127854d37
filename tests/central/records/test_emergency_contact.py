"""Whom to call: told to who may see the record that worries, and to nobody else."""

from uuid import uuid4

import pytest

from esoz.kernel.db import Connection
from tests.central.answers import answered
from tests.factories import kinds
from tests.factories.records import Chart
from tests.factories.world import Caller


def place(chart: Chart, kind: str, id: object = None) -> str:
    return f"{chart.path}/{kind}/{id or kinds.id_of(chart.visiting, kind)}/emergency_contact"


# RD-3
@pytest.mark.parametrize("kind", ["conditions", "diagnostic_reports"])
class TestContact:
    async def test_of_our_record_then_first_name_and_telephones_alone(
        self, written: Chart, kind: str, db: Connection
    ) -> None:
        found = answered(await written.doctor.get(place(written, kind)))["data"]
        contact = await db.fetchval("select emergency_contact from persons where id = $1", written.person_id)
        assert found == {"first_name": contact["first_name"], "phones": contact["phones"]}
        line = "select count(*) from audit_events where event = 'emergency_contact.viewed' and patient_id = $1"
        assert await db.fetchval(line, written.person_id) == 1

    async def test_of_another_clinics_record_then_refused(
        self, written: Chart, kind: str, foreign_doctor: Caller
    ) -> None:
        assert (await foreign_doctor.get(place(written, kind))).status_code == 403

    async def test_of_no_record_then_not_found(
        self, written: Chart, kind: str, declared_to_foreign_doctor: None, foreign_doctor: Caller
    ) -> None:
        assert (await foreign_doctor.get(place(written, kind, uuid4()))).status_code == 404


async def test_of_another_kind_then_not_found(written: Chart) -> None:
    assert (await written.doctor.get(place(written, "immunizations"))).status_code == 404
