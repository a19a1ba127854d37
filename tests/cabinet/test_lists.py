"""Lists of the cabinet: a page past the end is the last one, as everywhere."""

import pytest

from esoz.cabinet.listing import cut
from esoz.kernel.db import Page

from .conftest import Browser


@pytest.mark.parametrize(("asked", "shown"), [(1, [1, 2]), (3, [5]), (4, [5]), (99_999, [5])])
def test_page_past_the_end_then_the_last_one(asked: int, shown: list[int]) -> None:
    paged = cut([1, 2, 3, 4, 5], Page(asked, 2, ends_at_last=True))
    assert list(paged.rows) == shown and paged.total == 5


def test_empty_list_then_its_first_page() -> None:
    assert cut([], Page(9, 25, ends_at_last=True)).page.number == 1


@pytest.mark.parametrize(
    "path", ["/prescriptions", "/referrals", "/conclusions", "/plans", "/declarations", "/readings", "/doctors"]
)
async def test_odd_page_then_what_the_first_one_shows(patient: Browser, path: str) -> None:
    await patient.open(path)
    first = patient.text
    for asked in ("0", "-1", "2", "99999", "9" * 40, "abc", "1.5", "٢"):
        await patient.open(path, page=asked)
        assert patient.page.status_code == 200 and patient.text == first, asked
