"""Care plans in the cabinet: the list, one with what it plans and what is left; never somebody else's."""

import uuid

from tests.central.care_plans.conftest import planning, referring
from tests.factories.care_plans import based_on

from .conftest import last_events

__all__ = ["planning", "referring"]


class TestList:
    async def test_none_then_said_so(self, patient):
        await patient.open("/plans")
        assert "Планів лікування ще немає." in patient.text

    async def test_then_name_number_status_and_until_when(self, patient, planning, own, world):
        plan = await planning.written()
        await patient.open("/plans")
        for words in (plan["title"], plan["requisition"], "Складено", "включно"):
            assert words in patient.text
        assert await last_events(own, 1) == [("care_plans.read", world.patient.person_id)]

    async def test_by_status_then_only_those(self, patient, planning):
        plan = await planning.written()
        await planning.cancel(plan)
        await patient.open("/plans", status="active")
        assert plan["requisition"] not in patient.text
        assert "Планів лікування з таким станом немає." in patient.text
        await patient.open("/plans", status="cancelled")
        assert plan["requisition"] in patient.text


class TestOne:
    async def test_then_what_it_plans_and_what_is_left(self, patient, planning, referring, own, world):
        plan = await planning.written(note="Дієта № 9")
        activity = await planning.planned(plan["id"])
        await referring.written(based_on=based_on(activity))
        await patient.open(f"/plans/{plan['id']}")
        for words in (
            plan["title"],
            "Дієта № 9",
            "Інша електрокардіографія",
            "Виконується",
            "Заплановано: 3",
            "залишилось призначити: 2",
            plan["author"]["display_value"],
        ):
            assert words in patient.text, words
        assert await last_events(own, 1) == [("care_plan.read", world.patient.person_id)]

    async def test_when_cancelled_then_warned(self, patient, planning):
        plan = await planning.written()
        await planning.cancel(plan)
        await patient.open(f"/plans/{plan['id']}")
        assert "Лікар скасував цей план." in patient.text

    async def test_when_not_theirs_then_not_found(self, patient):
        answer = await patient.open(f"/plans/{uuid.uuid4()}")
        assert answer.status_code == 404
