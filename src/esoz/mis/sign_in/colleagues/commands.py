"""What the head of a clinic decides about second factors."""

from datetime import date
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.sessions import end_all
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.sign_in import factors, passkeys
from esoz.mis.sign_in.accounts import tell

from . import store
from .model import Colleague, Event

RESET = _("Керівник скинув Ваш другий фактор")
RESET_TEXT = _(
    "Керівник закладу скинув Ваш другий фактор і ключі доступу до робочого місця ЕСОЗ та завершив сеанси."
    " Увійдіть паролем і додайте їх знову."
)


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
    await factors.delete(page.db, user_id)
    await passkeys.delete_all(page.db, user_id)
    await end_all(page.db, user_id)
    await record(page, Event.RESET, user_id)
    await tell(page, user_id, page.gettext(RESET), page.gettext(RESET_TEXT))


async def require_from(page: MisPage, day: date | None) -> None:
    """Require a second factor of everybody of the clinic from a day on; None: of nobody."""
    clinic_id = page.user.work.clinic_id
    await store.require_from(page.db, clinic_id, day)
    await record(page, Event.REQUIRED, clinic_id, day=day.isoformat() if day else None)
