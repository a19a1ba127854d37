"""Every list of central's pages: whatever page is asked for, one that exists is shown; none found is said so."""

import inspect
import re

import pytest

from esoz.central.site.app import CONTEXTS
from esoz.kernel.work import Work

from .conftest import Browser
from .test_lists import NAMES, register

ODD = ("0", "-1", "2", "99999", "9" * 40, "abc", "1.5", "٢", "")
LISTS = sorted(
    {
        route.path
        for context in CONTEXTS
        for route in context
        if route.method == "GET" and "{" not in route.path and "list_page" in inspect.getsource(route.handler)
    }
)


def rows(page: str) -> list[str]:
    return re.findall(r"<t[rd]\b.*?</t[rd]>|<h3\b.*?</h3>", re.sub(r'value="[^"]*"', "", page), re.DOTALL)


def test_lists_were_found() -> None:
    assert len(LISTS) >= 6, LISTS


@pytest.mark.parametrize("path", LISTS)
async def test_page_that_is_not_there_then_one_that_is(official: Browser, work: Work, path: str) -> None:
    await register(work, NAMES)
    first = await official.get(path)
    assert first.status_code == 200
    for asked in ODD:
        page = await official.http.get(f"{path}?page={asked}")
        assert (page.status_code, rows(page.text)) == (200, rows(first.text)), asked


@pytest.mark.parametrize("path", LISTS)
async def test_search_that_finds_nothing_then_says_so(official: Browser, path: str) -> None:
    form = (await official.get(path)).text
    fields = [name for name in ("words", "name", "email") if f'name="{name}"' in form]
    for name in fields:
        page = await official.get(path, **{name: "немає-такого-ніде"})
        assert page.status_code == 200 and re.search(r"[Нн]емає|[Нн]ічого|[Нн]е знайдено", page.text), name
