"""Accessibility of a page in the browser: axe-core with the rules of WCAG 2.2 AA, and no page wider than its window."""

from functools import cache
from pathlib import Path
from typing import Any

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _script() -> str:
    return AXE.read_text("utf-8")


async def assert_accessible(page: Any) -> None:
    """Fail with every violation named, or when the page itself scrolls sideways. `page` is Playwright's (async)."""
    await page.evaluate(_script())  # the debugger's road: our content policy allows no foreign script
    found = await page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    faults = [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert not faults, f"{page.url}\n" + "\n".join(faults)
    assert found["passes"], f"{page.url}: axe checked nothing"
    wide, window = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= window, f"{page.url} is {wide} px wide in a window of {window}"
