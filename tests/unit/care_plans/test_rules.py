"""The law of care plans, without a database: statuses, the number, what is left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from esoz.central.care_plans.model import CarePlan, Kind, Wish, named_pair
from esoz.central.care_plans.model import activities as rules
from esoz.central.care_plans.model.activities import Activity
from esoz.central.care_plans.model.plans import Status, moved, new_requisition
from esoz.central.care_plans.model.uses import must_be_planned
from esoz.kernel.errors import Conflict, Rejected
from esoz.kernel.fhir import concept

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PERSON, PLAN, ACTIVITY, PRODUCT, BY = (uuid4() for _ in range(5))
STAMPS = {"inserted_at": NOW, "inserted_by": BY, "updated_at": NOW, "updated_by": BY}


def plan(**changes: object) -> CarePlan:
    made = CarePlan(
        person_id=PERSON,
        id=PLAN,
        requisition="0000-0000-0000-0000",
        status=Status.ACTIVE,
        category="diabetics",
        started_at=NOW,
        ended_at=NOW + timedelta(days=10),
        encounter_id=uuid4(),
        author_id=uuid4(),
        legal_entity_id=uuid4(),
        addresses=["R80"],
        content={},
        signed_document="",
        history=(),
        **STAMPS,
    )
    return replace(made, **changes)


def activity(**changes: object) -> Activity:
    made = Activity(
        person_id=PERSON,
        id=ACTIVITY,
        care_plan_id=PLAN,
        status=rules.Status.SCHEDULED,
        kind=Kind.SERVICE,
        author_id=uuid4(),
        legal_entity_id=uuid4(),
        do_not_perform=False,
        content={},
        signed_document="",
        product_id=PRODUCT,
        quantity=Decimal(3),
        used=Decimal(1),
        **STAMPS,
    )
    return replace(made, **changes)


def wish(**changes: object) -> Wish:
    made = Wish(
        kind=Kind.SERVICE,
        request_id=uuid4(),
        care_plan_id=PLAN,
        activity_id=ACTIVITY,
        place="$.based_on",
        product_id=PRODUCT,
        quantity=Decimal(2),
        first=date(2026, 11, 22),
        last=date(2026, 12, 2),
    )
    return replace(made, **changes)


class TestMoves:
    # CP-5
    @pytest.mark.parametrize("status", list(Status))
    def test_plan_that_has_ended_then_moves_nowhere(self, status: Status) -> None:
        for target in Status:
            allowed = (status, target) in {
                (Status.NEW, Status.ACTIVE),
                (Status.NEW, Status.CANCELLED),
                (Status.NEW, Status.TERMINATED),
                (Status.ACTIVE, Status.COMPLETED),
                (Status.ACTIVE, Status.CANCELLED),
                (Status.ACTIVE, Status.TERMINATED),
            }
            if allowed:
                changes = moved(plan(status=status), target, NOW, BY, concept("eHealth/x", "why"))
                assert (changes["status"], changes["history"][-1]["status_reason"]["coding"][0]["code"]) == (
                    target,
                    "why",
                )
            else:
                with pytest.raises(Conflict):
                    moved(plan(status=status), target, NOW, BY)


class TestNumber:
    # CP-6
    def test_sixteen_signs_in_four_groups_and_each_chance_another(self) -> None:
        first, second = (new_requisition(lambda size, each=each: bytes([each]) * size) for each in (7, 8))
        assert [len(each) for each in first.split("-")] == [4, 4, 4, 4]
        assert first != second


class TestWish:
    # CP-12
    def test_as_much_as_is_left_then_taken(self) -> None:
        must_be_planned(wish(), plan(), activity(), NOW)
        must_be_planned(wish(quantity=None), plan(), activity(quantity=None, used=Decimal(0)), NOW)

    # CP-12
    @pytest.mark.parametrize(
        "wrong",
        [
            {"quantity": Decimal("2.0001")},
            {"quantity": None},
            {"kind": Kind.DEVICE},
            {"product_id": uuid4()},
            {"first": date(2026, 11, 21)},
            {"last": date(2026, 12, 3)},
        ],
    )
    def test_what_does_not_fit_then_rejected(self, wrong: dict[str, object]) -> None:
        with pytest.raises(Rejected):
            must_be_planned(wish(**wrong), plan(), activity(), NOW)

    # CP-12, CP-14
    @pytest.mark.parametrize(
        ("of_plan", "of_activity"),
        [
            ({"status": Status.CANCELLED}, {}),
            ({"ended_at": NOW - timedelta(seconds=1)}, {}),
            ({}, {"status": rules.Status.COMPLETED}),
            ({}, {"do_not_perform": True}),
        ],
    )
    def test_what_does_not_go_on_then_conflict(
        self, of_plan: dict[str, object], of_activity: dict[str, object]
    ) -> None:
        with pytest.raises(Conflict):
            must_be_planned(wish(), plan(**of_plan), activity(**of_activity), NOW)

    # CP-12
    def test_of_a_code_then_the_same_code(self) -> None:
        planned = activity(kind=Kind.DEVICE, product_id=None, product_system="nk", product_code="1")
        right = {"kind": Kind.DEVICE, "product_id": None}
        must_be_planned(wish(**right, product_code=("nk", "1")), plan(), planned, NOW)
        with pytest.raises(Rejected):
            must_be_planned(wish(**right, product_code=("nk", "2")), plan(), planned, NOW)

    # CP-12
    def test_named_both_or_neither(self) -> None:
        assert named_pair(None, None, "$") is None
        assert named_pair(PLAN, ACTIVITY, "$") == (PLAN, ACTIVITY)
        for one in ((PLAN, None), (None, ACTIVITY)):
            with pytest.raises(Rejected):
                named_pair(*one, "$")
