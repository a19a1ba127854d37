"""A list of central that is needed whole is read to its end, whatever its pages are, and no further than a bound."""

import math

import pytest

from esoz.sdk import Answer, CentralUnreadable, is_whole, whole


class Listing:
    """A list that gives at most so many rows a page, and grows at its beginning while it is read."""

    def __init__(self, rows: int, *, most: int = 300, grows: int = 0) -> None:
        self.rows = [{"id": number} for number in range(rows)]
        self.most, self.grows, self.asked = most, grows, 0

    async def get(self, path: str, **query: object) -> Answer:
        self.asked += 1
        page, size = int(str(query["page"])), min(int(str(query["page_size"])), self.most)
        part, total = self.rows[(page - 1) * size : page * size], len(self.rows)
        for _ in range(self.grows):
            self.rows.insert(0, {"id": -len(self.rows)})
        pages = max(1, math.ceil(total / size))
        return Answer(200, part, paging={"page_size": size, "total_entries": total, "total_pages": pages})


@pytest.mark.parametrize(
    ("rows", "most", "requests"), [(0, 300, 1), (1, 300, 1), (300, 300, 1), (301, 300, 2), (250, 100, 3)]
)
async def test_whole_when_read_then_every_row_in_order_and_no_request_more(rows: int, most: int, requests: int) -> None:
    listing = Listing(rows, most=most)
    answer = await whole(listing, "/api/x")
    assert [row["id"] for row in answer.data] == list(range(rows))
    assert (answer.paging["total_entries"], is_whole(answer), listing.asked) == (rows, True, requests)


async def test_whole_when_the_list_is_longer_than_the_bound_then_says_how_long_it_is() -> None:
    listing = Listing(1000, most=100)
    answer = await whole(listing, "/api/x", most=250)
    assert (len(answer.data), answer.paging["total_entries"], is_whole(answer), listing.asked) == (300, 1000, False, 3)


async def test_whole_when_rows_are_added_before_it_then_each_comes_once() -> None:
    found = [row["id"] for row in (await whole(Listing(250, most=100, grows=3), "/api/x")).data]
    assert len(found) == len(set(found)) and set(range(250)) <= set(found)


@pytest.mark.parametrize("answer", [Answer(200, {}), Answer(200, [])])
async def test_whole_when_central_tells_nothing_then_nothing(answer: Answer) -> None:
    class Silent:
        async def get(self, path: str, **query: object) -> Answer:
            return answer

    found = await whole(Silent(), "/api/x")
    assert (found.data, is_whole(found)) == ([], True)


async def test_whole_when_central_has_no_list_then_it_is_not_taken_for_an_empty_one() -> None:
    class Odd:
        async def get(self, path: str, **query: object) -> Answer:
            return Answer(200, None)

    with pytest.raises(CentralUnreadable):
        await whole(Odd(), "/api/x")


async def test_whole_when_one_object_stands_for_the_list_then_it_is_the_only_row() -> None:
    class Single:
        async def get(self, path: str, **query: object) -> Answer:
            return Answer(200, {"id": 1})

    assert (await whole(Single(), "/api/x")).data == [{"id": 1}]


async def test_whole_when_central_promises_pages_that_are_empty_then_stops() -> None:
    class Promising:
        asked = 0

        async def get(self, path: str, **query: object) -> Answer:
            self.asked += 1
            return Answer(200, [], paging={"total_pages": 10**9, "total_entries": 10**9})

    central = Promising()
    await whole(central, "/api/x")
    assert central.asked == 1
