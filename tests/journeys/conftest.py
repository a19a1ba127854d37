"""The whole system as real processes, started as README says, and a browser for each person of a story."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright
from tools.browser import HELP, find

ROOT = Path(__file__).parent.parent.parent
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PARTS = ("CENTRAL", "MIS", "CABINET", "INBOX", "DIIA", "GOVID", "PORTAL", "TRUST_CENTRE", "POSTGRES")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


@dataclass(frozen=True)
class Demo:
    """What var/demo.json tells."""

    table: dict[str, Any]
    folder: Path

    def address(self, part: str) -> str:
        address: str = self.table["addresses"][part]
        return address

    def worker(self, email: str) -> dict[str, Any]:
        return next(person for person in self.table["people"] if person["email"] == email)

    def patients(self) -> list[dict[str, Any]]:
        return [person for person in self.table["people"] if person["role"] == "PATIENT"]

    def key_file(self, person: dict[str, Any]) -> Path:
        return (ROOT / person["key_file"]).resolve()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: own folder, own ports; stopped at the end. ESOZ_JOURNEY_VAR names one that runs already."""
    running = os.environ.get("ESOZ_JOURNEY_VAR")
    if running:
        yield Demo(json.loads((Path(running) / "demo.json").read_text("utf-8")), Path(running))
        return
    folder = tmp_path_factory.mktemp("demo")
    ports = {f"ESOZ_{part}_PORT": str(free_port()) for part in PARTS}
    environment = os.environ | ports | {"ESOZ_SANDBOX": "1", "ESOZ_VAR": str(folder)}
    command = [sys.executable, "-m", "esoz"]
    subprocess.run([*command, "demo", "--detach"], env=environment, cwd=ROOT, check=True, timeout=240)
    yield Demo(json.loads((folder / "demo.json").read_text("utf-8")), folder)
    subprocess.run([*command, "demo-stop"], env=environment, cwd=ROOT, check=True, timeout=60)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = find()
    if path is None:
        pytest.fail(HELP)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        await browser.close()


class Screens:
    """Browser windows, one for a person; whatever the browser complains of fails the test."""

    def __init__(self, browser: Browser, stack: AsyncExitStack) -> None:
        self._browser, self._stack = browser, stack
        self.complaints: list[str] = []

    async def open(self, size: dict[str, int] = DESK) -> Page:
        context = await self._stack.enter_async_context(self._context(size))
        page = await context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    @asynccontextmanager
    async def _context(self, size: dict[str, int]) -> AsyncIterator[BrowserContext]:
        context = await self._browser.new_context(viewport=size, locale="uk-UA")
        try:
            yield context
        finally:
            await context.close()

    def _listen(self, message: ConsoleMessage) -> None:
        # A page that refuses (a wrong code, say) answers 4xx on purpose; the browser notes every such answer.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
async def screens(browser: Browser) -> AsyncIterator[Screens]:
    async with AsyncExitStack() as stack:
        found = Screens(browser, stack)
        yield found
    assert found.complaints == []
