"""People who may not be hired: entered by administrators, asked about at each invitation and at its acceptance."""

from uuid import uuid4

import pytest

from esoz.central import identity, workforce
from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection, Page
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.work import Work
from tests.central.answers import answered, refused
from tests.factories.people import tax_id
from tests.factories.world import Caller

from .test_requests import NEWCOMER, PATH, body, newcomer, told

WORDS = "new employee with this tax_id can't be created"


@pytest.fixture(autouse=True)
async def _known_codes(db: Connection) -> None:
    await dictionaries.load(db)


class TestAdd:
    # EM-26
    async def test_users_are_not_blocked_then_conflict_until_they_are(self, work: Work, doctor: Caller) -> None:
        with pytest.raises(Conflict, match="Not all users were blocked"):
            await workforce.add_to_black_list(work, doctor.tax_id, "вирок суду")
        await identity.block_user(work, doctor.user_id, "вирок суду")
        await workforce.add_to_black_list(work, doctor.tax_id, "вирок суду")
        refused(await doctor.get("/api/employees"), 401, "token_expired")

    async def test_twice_then_conflict_and_again_after_the_end(self, work: Work) -> None:
        id = await workforce.add_to_black_list(work, NEWCOMER, "вирок суду")
        with pytest.raises(Conflict, match="already in a black list"):
            await workforce.add_to_black_list(work, NEWCOMER, "знову")
        await workforce.end_black_listing(work, id)
        with pytest.raises(NotFound):
            await workforce.end_black_listing(work, id)
        await workforce.add_to_black_list(work, NEWCOMER, "знову")

    @pytest.mark.parametrize(
        ("number", "reason", "field"),
        [
            ("1234567890", "вирок", "$.tax_id"),
            ("", "вирок", "$.tax_id"),
            (NEWCOMER, "", "$.reason"),
            (NEWCOMER, "а" * 501, "$.reason"),
        ],
    )
    async def test_wrong_number_or_no_reason_then_refused(
        self, work: Work, number: str, reason: str, field: str
    ) -> None:
        with pytest.raises(Rejected) as refusal:
            await workforce.add_to_black_list(work, number, reason)
        assert refusal.value.invalid[0].entry == field

    async def test_nobody_of_an_unknown_entry(self, work: Work) -> None:
        with pytest.raises(NotFound):
            await workforce.end_black_listing(work, uuid4())


class TestHiring:
    # EM-11
    async def test_listed_before_the_invitation_then_conflict(self, work: Work, world) -> None:
        await workforce.add_to_black_list(work, NEWCOMER, "вирок суду")
        answer = await world.owner.post(PATH, body(world.owner.sign(told(world.owner))))
        refused(answer, 409, "request_conflict", WORDS)

    async def test_listed_after_the_invitation_then_not_accepted_until_the_end(self, work: Work, world) -> None:
        made = answered(await world.owner.post(PATH, body(world.owner.sign(told(world.owner)))))["data"]
        id = await workforce.add_to_black_list(work, NEWCOMER, "вирок суду")
        invited = await newcomer(work, world.owner)
        path = f"/employee_requests/{made['id']}/actions/approve"
        refused(await invited.post(path), 409, "request_conflict", WORDS)
        await workforce.end_black_listing(work, id)
        assert answered(await invited.post(path))["data"]["status"] == "APPROVED"

    @pytest.mark.parametrize("typed", ["KC000017", "КC000017", "КС000017"])
    async def test_document_is_listed_then_no_spelling_of_it_passes(self, work: Work, world, typed: str) -> None:
        await workforce.add_to_black_list(work, "КС000017", "вирок суду")
        content = told(world.owner)
        content["employee_request"]["party"] |= {"no_tax_id": True, "tax_id": typed}
        answer = await world.owner.post(PATH, body(world.owner.sign(content)))
        refused(answer, 409, "request_conflict", WORDS)
        with pytest.raises(Conflict, match="already in a black list"):
            await workforce.add_to_black_list(work, typed, "вирок суду")

    async def test_somebody_else_is_listed_then_nothing_changes(self, work: Work, world) -> None:
        await workforce.add_to_black_list(work, tax_id(330_000_009), "вирок суду")
        answered(await world.owner.post(PATH, body(world.owner.sign(told(world.owner)))))


class TestList:
    async def test_words_and_state_choose(self, work: Work) -> None:
        first = await workforce.add_to_black_list(work, NEWCOMER, "вирок суду")
        await workforce.add_to_black_list(work, tax_id(330_000_009), "100% підробка")
        await workforce.end_black_listing(work, first)
        for text, is_active, count in (
            (None, None, 2),
            ("вирок", None, 1),
            (NEWCOMER[:5], None, 1 + tax_id(330_000_009).startswith(NEWCOMER[:5])),
            ("%", None, 1),
            ("_", None, 0),
            (None, True, 1),
            (None, False, 1),
        ):
            found = await workforce.black_list(work, Page(), text=text, is_active=is_active)
            assert found.total == count, text
