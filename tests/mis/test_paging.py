"""Lists of central, which begin with the oldest, shown from the newest."""

import pytest

from esoz.kernel.db import Page
from esoz.mis.base.paging import newest_first
from esoz.sdk import Answer


class Central:
    """A list of so many entries, the oldest is 1."""

    def __init__(self, total: int, *, counts: bool = True) -> None:
        self.rows, self.counts = [{"id": number} for number in range(1, total + 1)], counts
        self.asked: list[int] = []

    async def __call__(self, number: int, size: int) -> Answer:
        self.asked.append(number)
        rows = self.rows[(number - 1) * size : number * size]
        return Answer(data=rows, paging={"total_entries": len(self.rows)} if self.counts else {}, urgent={}, status=200)


@pytest.mark.parametrize("total", [0, 1, 9, 10, 11, 20, 25])
async def test_all_pages_then_everything_once_from_the_newest(total: int) -> None:
    central, size = Central(total), 10
    pages = [await newest_first(central, Page(number, size)) for number in range(1, total // size + 3)]
    assert [row for page in pages for row in page.rows] == central.rows[::-1]
    assert {page.total for page in pages} == {total}
    assert [len(page.rows) for page in pages[: total // size]] == [size] * (total // size)


async def test_then_at_most_three_questions() -> None:
    central = Central(95)
    await newest_first(central, Page(3, 10))
    assert len(central.asked) <= 3


async def test_when_central_does_not_count_then_what_came() -> None:
    assert (await newest_first(Central(3, counts=False), Page(1, 10))).rows == [{"id": 3}, {"id": 2}, {"id": 1}]
