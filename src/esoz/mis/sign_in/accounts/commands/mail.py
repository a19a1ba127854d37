"""Mail to a user about a change of their ways in, so that nobody adds or removes one unseen."""

from uuid import UUID

from esoz.kernel.clock import KYIV, new_id
from esoz.kernel.outbox import Message, put
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage

from .. import store
from .tries import origin_of

TEXT = _(
    "{what}\n\nКоли: {time}\nПристрій: {device}\nАдреса в мережі: {address}\n\n"
    "Якщо це були не Ви, одразу змініть пароль: {url}/recover – і повідомте керівника закладу."
)
UNKNOWN = _("невідомий")


async def tell(page: MisPage, user_id: UUID, subject: str, what: str) -> None:
    """Put a mail in the outbox: what has changed, when and from where, and what to do if it was somebody else.

    `subject` and `what` are in the page's language already.
    """
    account, origin = await store.account_of(page.db, user_id), origin_of(page)
    body = page.gettext(TEXT).format(
        what=what,
        time=f"{page.now.astimezone(KYIV):%d.%m.%Y, %H:%M}",
        device=origin.device or page.gettext(UNKNOWN),
        address=origin.address,
        url=page.services.base_url,
    )
    await put(page.db, Message("mail", account.email, body, subject), id=new_id(), now=page.now)
