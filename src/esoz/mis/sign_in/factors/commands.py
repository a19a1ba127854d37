"""Adding and removing the second factor, recovery codes, taking a code."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.sign_in.accounts import tell

from . import store
from .model import ENROLLING, MUST_ENROL, Event, Factor, new_recovery_codes, new_secret, recovery_digest, taken_step

BEGUN, NEW_CODES = "new_factor", "new_recovery_codes"  # in the session, sealed
ENROLLED = _("Додано другий фактор входу")
REMOVED = _("Вимкнено другий фактор входу")
CODE_USED = _("Використано код відновлення")
RENEWED = _("Створено нові коди відновлення")
GUESSED = _("Хтось знає Ваш пароль")
WHAT = {
    ENROLLED: _("До робочого місця ЕСОЗ додано другий фактор: коди із застосунку на телефоні."),
    REMOVED: _("У робочому місці ЕСОЗ вимкнено другий фактор: тепер для входу досить пароля."),
    CODE_USED: _("До робочого місця ЕСОЗ увійшли з Вашим паролем і кодом відновлення. Цей код більше не діє."),
    RENEWED: _("Для робочого місця ЕСОЗ створено нові коди відновлення. Попередні більше не діють."),
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


async def use_recovery_code(page: MisPage, user_id: UUID, code: str) -> bool:
    """Spend a recovery code; False when there is no such, or not any more."""
    return await store.use_code(page.db, user_id, recovery_digest(code, user_id, page.services.secret), page.now)


async def note_recovery(page: MisPage, user_id: UUID) -> None:
    """Somebody has come in with a recovery code: their user is mailed."""
    await record(page, Event.CODE_USED, user_id)
    await inform(page, user_id, CODE_USED)


async def warn(page: MisPage, user_id: UUID) -> None:
    """Somebody knows the password and guesses the code: its user is mailed."""
    await inform(page, user_id, GUESSED)


async def use_code(page: MisPage, user_id: UUID, code: str) -> bool:
    """Take a code of the application; it is not taken again."""
    factor = await store.find(page.db, page.services.vault, user_id, lock=True)
    step = taken_step(factor.secret, code, page.now, factor.last_step) if factor else None
    if step is None:
        return False
    await store.use_step(page.db, user_id, step)
    return True
