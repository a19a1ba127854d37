"""The second half of a sign-in: the code, after the right password."""

from esoz.mis.base.services import MisPage
from esoz.mis.sign_in import accounts, factors

from ..model import PendingSignIn
from . import pending
from .arrivals import arrive


async def complete(
    page: MisPage, waiting: PendingSignIn, code: str, recovery_code: str
) -> accounts.LockoutState | None:
    """Complete a sign-in by a code of either kind; where the user stands when it is not taken, else None."""
    account = await accounts.account_of(page.db, waiting.user_id)
    method = accounts.Method.RECOVERY_CODE if recovery_code else accounts.Method.CODE

    async def fits() -> bool:
        if recovery_code:
            return await factors.use_recovery_code(page, waiting.user_id, recovery_code)
        return await factors.use_code(page, waiting.user_id, code)

    refused = await accounts.try_secret(page, account, method, fits)
    if refused is None:
        pending.end(page)
        await accounts.mark_passed(page.db, waiting.number)
        await arrive(page, account, method)
        if recovery_code:
            await factors.note_recovery(page, waiting.user_id)
    elif refused.has_begun:
        await factors.warn(page, waiting.user_id)
    return refused
