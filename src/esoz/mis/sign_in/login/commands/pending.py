"""Between the password and the code: the session belongs to nobody yet and remembers whose code it waits for."""

from datetime import datetime
from uuid import UUID

from esoz.mis.base.services import MisPage
from esoz.mis.sign_in import passwords

from ..model import PendingSignIn, still_waits

KEY = "half_signed_in"


def begin(page: MisPage, user_id: UUID, number: int) -> None:
    """The password was right; `number` is that of the try. Another token from here on."""
    page.session.renew(page.now)
    page.session.put(KEY, {"user": str(user_id), "at": page.now.isoformat(), "number": number})


async def find(page: MisPage) -> PendingSignIn | None:
    """The sign-in that waits in this browser; None when there is none, or its time is over."""
    kept = page.session.data.get(KEY)
    if not isinstance(kept, dict):
        return None
    found = PendingSignIn(UUID(kept["user"]), datetime.fromisoformat(kept["at"]), kept["number"])
    set_at = await passwords.set_at(page.db, found.user_id)
    return found if still_waits(found, set_at, page.now) else None


def end(page: MisPage) -> None:
    """Nothing waits any more."""
    page.session.pop(KEY)
