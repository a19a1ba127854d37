"""Devices on prescription in the cabinet: list, number and code, never somebody else's."""

import uuid

import pytest

from tests.central.devices.conftest import prescribing
from tests.factories.devices import STRIPS, sent_code

from .conftest import last_events

__all__ = ["prescribing"]


class TestDevices:
    async def test_none_then_said_so(self, patient):
        await patient.open("/devices")
        assert "Медичних виробів за рецептом ще немає." in patient.text

    async def test_then_name_number_code_and_what_is_left(self, patient, prescribing, db, own, world):
        made = await prescribing.made()
        await patient.open("/devices")
        assert made["requisition"] in patient.text and "Чинний" in patient.text
        await patient.open(f"/devices/{made['id']}")
        for words in (made["requisition"], await sent_code(db, made["requisition"]), "100 шт."):
            assert words in patient.text
        assert await last_events(own, 1) == [("device.read", world.patient.person_id)]

    async def test_named_then_by_its_name_and_over_without_a_code(self, patient, prescribing, db):
        reference = {"type": {"coding": [{"system": "eHealth/resources", "code": "device_definition"}]}}
        named = {"identifier": reference | {"value": str(STRIPS[0].id)}}
        made = await prescribing.made(code=None, code_reference=named)
        code = await sent_code(db, made["requisition"])
        await prescribing.end(made, "revoke")
        await patient.open(f"/devices/{made['id']}")
        assert STRIPS[0].device_names[0].name in patient.text and "Відкликаний" in patient.text
        assert code not in patient.text

    @pytest.mark.parametrize("path", [f"/devices/{uuid.UUID(int=1)}", "/devices/1"])
    async def test_of_nobody_then_not_found(self, patient, path):
        assert (await patient.open(path)).status_code == 404
