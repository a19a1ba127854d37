"""What ЕСОЗ sent to the holder: notifications of Diia, and the messages of the inbox to their telephones."""

from collections.abc import Sequence

import httpx
import msgspec
from starlette.responses import Response

from esoz.sdk import CentralUnavailable

from ..door.access import calling
from ..door.home import WAYS
from ..door.lists import cut
from ..door.services import DoorPage, DoorPages
from .pushes import Message
from .services import phone

pages: DoorPages = DoorPages()

PAGE_SIZE = 20


async def sent_to(page: DoorPage) -> Sequence[Message]:
    """What was sent to the holder, the newest first. Raises CentralUnavailable without the inbox."""
    person = (await (await calling(page)).get("/api/pis/person")).record()
    numbers = {str(each["number"]) for each in person.get("phones") or ()} | {page.user.phone}
    found: list[Message] = [*phone(page).pushes.sent_to(page.user.tax_id)]
    for number in sorted(numbers - {""}):
        found += [each for each in await _ask(page, number) if each.recipient == number]
    return sorted(found, key=lambda each: each.at, reverse=True)


async def _ask(page: DoorPage, number: str) -> list[Message]:
    try:
        answer = await phone(page).inbox.get("/messages", params={"recipient": number})
        return msgspec.json.decode(answer.raise_for_status().content, type=list[Message])
    except (httpx.HTTPError, msgspec.MsgspecError) as fault:
        raise CentralUnavailable(f"inbox: {type(fault).__name__}") from fault


@pages.add("GET /notices", signed_in=True)
async def listing(page: DoorPage) -> Response:
    found = await sent_to(page)
    return page.render("notices.html", found=cut(found, page.list_page(PAGE_SIZE)), ways=WAYS)
