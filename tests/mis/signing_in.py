"""Signing in as tests do it: the telephone's application, the password, the code."""

from uuid import UUID

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from esoz.mis.sign_in.factors import store
from esoz.mis.sign_in.factors.model import code_at, step_of

from .conftest import PASSWORD, Browser, email_of

FACTOR = "/account/second-factor"


async def confirm(browser: Browser) -> None:
    """Type the password again when it is asked for."""
    if browser.path == "/account/confirm":
        await browser.send("/account/confirm", password=PASSWORD)


async def secret_of(mis: Mis, user_id: UUID) -> str:
    """What the user's application keeps."""
    async with mis.services.database.connection() as db:
        factor = await store.find(db, mis.services.vault, user_id)
    assert factor
    return factor.secret


async def enrol(browser: Browser, clock: FixedClock) -> list[str]:
    """Add a second factor; the recovery codes. The browser is left on their page."""
    await browser.get(f"{FACTOR}/new")
    await confirm(browser)
    await browser.send(f"{FACTOR}/new", code=code_at(shown_secret(browser), step_of(clock.now())))
    assert browser.path == f"{FACTOR}/codes", browser.text
    return shown_codes(browser)


def shown_secret(browser: Browser) -> str:
    """The secret as the page shows it for typing."""
    assert browser.page
    return browser.page.text.split("<code>")[1].split("</code>")[0].replace(" ", "")


def shown_codes(browser: Browser) -> list[str]:
    assert browser.page
    return [part.split("</code>")[0] for part in browser.page.text.split('<code class="govuk-!-font-size-24">')[1:]]


async def password(browser: Browser, role: str = "DOCTOR") -> None:
    """The right password at sign-in."""
    await browser.get("/sign-in")
    await browser.send("/sign-in", email=email_of(role), password=PASSWORD)


async def tries(mis: Mis) -> list[tuple[str, str]]:
    """Outcome and method of every try, the oldest first."""
    async with mis.services.database.connection() as db:
        rows = await db.fetch("select outcome, method from sign_ins order by number")
    return [(row["outcome"], row["method"]) for row in rows]


async def mails(mis: Mis) -> list[tuple[str, str]]:
    """Recipient and subject of every mail, the oldest first."""
    async with mis.services.database.connection() as db:
        rows = await db.fetch("select recipient, subject from messages order by inserted_at, id")
    return [(row["recipient"], row["subject"]) for row in rows]


async def events(mis: Mis) -> list[str]:
    async with mis.services.database.connection() as db:
        return [row["event"] for row in await db.fetch("select event from audit_events")]
