"""Small periodic works of the door: tokens of old passwords end, what is over is deleted, people are reminded."""

from datetime import timedelta

from esoz.kernel.clock import KYIV
from esoz.kernel.work import Work

from .commands.passwords import remind_of_terms
from .model import CODE_SENDS_WINDOW, NONCE_LIFE, TOKENS_KEPT, SignInRules
from .store import renewals as renewals_store
from .store import tokens as tokens_store
from .store import users as users_store

MOST_BATCHES = 20  # of 500 rows in one turn, so that a turn stays short
NIGHT_ENDS = 5  # o'clock in Kyiv: nobody is thrown out in the middle of a shift


async def end_tokens_of_old_passwords(work: Work) -> None:
    """AUTH-9: at night, tokens that stand on an expired password end."""
    rules = SignInRules.of(work.dependencies.settings)
    if rules.term is None or work.now.astimezone(KYIV).hour >= NIGHT_ENDS:
        return
    for _ in range(MOST_BATCHES):
        if await tokens_store.expire_tokens_of_old_passwords(work.db, work.now - rules.term, work.now) == 0:
            return


async def delete_what_is_over(work: Work) -> None:
    """AUTH-33, and the same for links, nonces and counted failures: nothing that is over is kept for ever."""
    rules = SignInRules.of(work.dependencies.settings)
    await tokens_store.delete_old_codes(work.db, work.now - CODE_SENDS_WINDOW)
    await renewals_store.delete_old(work.db, work.now)
    await tokens_store.delete_old_nonces(work.db, work.now - 2 * NONCE_LIFE)
    await users_store.delete_old_resets(work.db, work.now - timedelta(days=1))
    await users_store.delete_old_failures(work.db, work.now - rules.pause)
    for _ in range(MOST_BATCHES):
        if await tokens_store.delete_expired_tokens(work.db, work.now - TOKENS_KEPT) == 0:
            return


periodic_tasks = (
    ("tokens of old passwords", timedelta(minutes=10), end_tokens_of_old_passwords),
    ("sign-in clean-up", timedelta(minutes=5), delete_what_is_over),
    ("password reminders", timedelta(hours=1), remind_of_terms),
)
