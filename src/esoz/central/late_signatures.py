"""What follows when a certificate turns out revoked before it signed: the clinic is told by mail (SG-9)."""

from esoz.kernel.clock import KYIV
from esoz.kernel.errors import NotFound
from esoz.kernel.outbox import Message, post
from esoz.kernel.rechecks import Recheck
from esoz.kernel.work import Work

from .organisations import find_legal_entity

SUBJECT = "Підпис недійсний: сертифікат було відкликано"
TEXT = (
    "Документ, підписаний {signed:%d.%m.%Y о %H:%M}, прийнято, коли надавач довірчих послуг не відповідав.\n"
    "Надавач повідомив: сертифікат {serial_number} ({issuer}) відкликано {since:%d.%m.%Y о %H:%M}, до підписання.\n\n"
    "Підписи цим ключем недійсні. Отримайте новий сертифікат, перевірте записи, зроблені цим ключем,\n"
    "і підпишіть їх знову. Контрольна сума документа (SHA-256): {digest}"
)


async def tell_of_revoked(work: Work, found: Recheck) -> None:
    """Mail the legal entity that the document came through; documents of people's own come through none."""
    if found.client_id is None or found.revoked_since is None:
        return
    try:
        entity = await find_legal_entity(work.db, found.client_id)
    except NotFound:
        return
    text = TEXT.format(
        signed=found.accepted_at.astimezone(KYIV),
        serial_number=found.serial_number,
        issuer=found.issuer,
        since=found.revoked_since.astimezone(KYIV),
        digest=found.digest,
    )
    await post(work, Message("mail", entity.email, text, SUBJECT))
