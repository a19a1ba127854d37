"""Adding and removing the second factor, recovery codes, the code at the door, and what the head decides."""

from datetime import date, datetime
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.sessions import end_all
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.sign_in import login
from esoz.mis.sign_in.login import halfway
from esoz.mis.sign_in.login import store as accounts
from esoz.mis.sign_in.login.telling import tell
from esoz.mis.sign_in.passkeys import store as passkeys

from . import store
from .model import (
    ENROLLING,
    MUST_ENROL,
    Colleague,
    Event,
    Factor,
    new_recovery_codes,
    new_secret,
    recovery_digest,
    taken_step,
)

BEGUN, NEW_CODES = "new_factor", "new_recovery_codes"  # in the session, sealed
ENROLLED = _("Додано другий фактор входу")
REMOVED = _("Вимкнено другий фактор входу")
CODE_USED = _("Використано код відновлення")
RENEWED = _("Створено нові коди відновлення")
RESET = _("Керівник скинув Ваш другий фактор")
GUESSED = _("Хтось знає Ваш пароль")
WHAT = {
    ENROLLED: _("До робочого місця ЕСОЗ додано другий фактор: коди із застосунку на телефоні."),
    REMOVED: _("У робочому місці ЕСОЗ вимкнено другий фактор: тепер для входу досить пароля."),
    CODE_USED: _("До робочого місця ЕСОЗ увійшли з Вашим паролем і кодом відновлення. Цей код більше не діє."),
    RENEWED: _("Для робочого місця ЕСОЗ створено нові коди відновлення. Попередні більше не діють."),
    RESET: _(
        "Керівник закладу скинув Ваш другий фактор і ключі доступу до робочого місця ЕСОЗ та завершив сеанси."
        " Увійдіть паролем і додайте їх знову."
    ),
    GUESSED: _("Хтось увів Ваш правильний пароль до робочого місця ЕСОЗ і кілька разів помилився в коді."),
}


async def inform(page: MisPage, user_id: UUID, subject: str) -> None:
    """Mail about one of these changes."""
    await tell(page, user_id, page.gettext(subject), page.gettext(WHAT[subject]))


def begun_secret(page: MisPage) -> str:
    """The secret of the enrolment that this browser has begun; another one when there is none or its time is over."""
    kept = _kept(page, BEGUN)
    return kept or _keep(page, BEGUN, new_secret())


def _keep(page: MisPage, name: str, value: str) -> str:
    sealed = page.services.vault.seal(value, f"{name}:{page.user.id}")
    page.session.put(name, {"sealed": sealed.hex(), "at": page.now.isoformat()})
    return value


def _kept(page: MisPage, name: str) -> str:
    kept = page.session.data.get(name)
    if not isinstance(kept, dict) or page.now - datetime.fromisoformat(kept["at"]) >= ENROLLING:
        return ""
    return page.services.vault.open(bytes.fromhex(kept["sealed"]), f"{name}:{page.user.id}")


async def enrol(page: MisPage, code: str) -> bool:
    """Add the application that shows this code, in the place of an earlier one; False when the code is another."""
    secret = begun_secret(page)
    step = taken_step(secret, code, page.now, last_step=0)
    if step is None:
        return False
    user_id = page.user.id
    await store.add(page.db, page.services.vault, Factor(user_id, secret, step, page.now))
    await _make_codes(page)
    page.session.pop(BEGUN)
    page.session.pop(MUST_ENROL)
    await record(page, Event.ENROLLED, user_id)
    await inform(page, user_id, ENROLLED)
    return True


async def _make_codes(page: MisPage) -> None:
    """New recovery codes in the place of the earlier ones; they can be read in this browser for ten minutes."""
    codes, user_id = new_recovery_codes(), page.user.id
    digests = [recovery_digest(code, user_id, page.services.secret) for code in codes]
    await store.replace_codes(page.db, user_id, digests)
    _keep(page, NEW_CODES, " ".join(codes))


def shown_codes(page: MisPage) -> list[str]:
    """The recovery codes that were made in this browser lately; none any more once they are noted."""
    return _kept(page, NEW_CODES).split()


def forget_codes(page: MisPage) -> None:
    """The user has noted them."""
    page.session.pop(NEW_CODES)


async def renew_codes(page: MisPage) -> None:
    """Other recovery codes. Raises NotFound without a second factor."""
    if not await store.exists(page.db, page.user.id):
        raise NotFound()
    await _make_codes(page)
    await record(page, Event.CODES_RENEWED, page.user.id)
    await inform(page, page.user.id, RENEWED)


async def remove(page: MisPage) -> None:
    """The password alone is enough again."""
    if await store.delete(page.db, page.user.id):
        await record(page, Event.REMOVED, page.user.id)
        await inform(page, page.user.id, REMOVED)


async def complete(page: MisPage, half: login.Half, code: str, recovery_code: str) -> login.Standing | None:
    """Complete a sign-in by a code of either kind; where the user stands when it is not taken, else None."""
    account = await accounts.account_of(page.db, half.user_id)
    method = login.Method.RECOVERY_CODE if recovery_code else login.Method.CODE

    async def fits() -> bool:
        if recovery_code:
            digest = recovery_digest(recovery_code, half.user_id, page.services.secret)
            return await store.use_code(page.db, half.user_id, digest, page.now)
        return await _use_code(page, half.user_id, code)

    refused = await login.try_secret(page, account, method, fits)
    if refused is None:
        halfway.end(page)
        await accounts.pass_half(page.db, half.number)
        await login.arrive(page, account, method)
        if recovery_code:
            await record(page, Event.CODE_USED, half.user_id)
            await inform(page, half.user_id, CODE_USED)
    elif refused.has_begun:
        await inform(page, half.user_id, GUESSED)
    return refused


async def _use_code(page: MisPage, user_id: UUID, code: str) -> bool:
    """Take a code of the application; it is not taken again."""
    factor = await store.find(page.db, page.services.vault, user_id, lock=True)
    step = taken_step(factor.secret, code, page.now, factor.last_step) if factor else None
    if step is None:
        return False
    await store.use_step(page.db, user_id, step)
    return True


async def must_be_colleague(page: MisPage, user_id: UUID) -> Colleague:
    """Somebody else of the head's clinic. Raises NotFound for anybody else."""
    found = await store.colleague(page.db, page.user.work.clinic_id, page.user.id, user_id)
    if found is None:
        raise NotFound()
    return found


async def reset(page: MisPage, user_id: UUID) -> None:
    """Take the second factor and the passkeys from a colleague who has lost the telephone; sessions end too.

    Raises NotFound.
    """
    await must_be_colleague(page, user_id)
    await store.delete(page.db, user_id)
    await passkeys.delete_all(page.db, user_id)
    await end_all(page.db, user_id)
    await record(page, Event.RESET, user_id)
    await inform(page, user_id, RESET)


async def require_from(page: MisPage, day: date | None) -> None:
    """Require a second factor of everybody of the clinic from a day on; None: of nobody."""
    clinic_id = page.user.work.clinic_id
    await store.require_from(page.db, clinic_id, day)
    await record(page, Event.REQUIRED, clinic_id, day=day.isoformat() if day else None)
