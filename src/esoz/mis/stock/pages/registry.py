"""The pages of this section, gathered; at which division one works."""

from esoz.kernel.pages import Redirect
from esoz.mis.base.services import MisPage, MisPages

from .. import queries
from ..queries import Counter

pages: MisPages = MisPages()
HOME = "/stock"
DIVISIONS = f"{HOME}/divisions"
RECEIPTS = f"{HOME}/receipts"
INVENTORY = f"{HOME}/inventory"
JOURNAL = f"{HOME}/journal"
SIZE = 50


async def here(page: MisPage) -> Counter:
    """Where the user works now; they choose first when nothing says it."""
    found = await queries.counter(page)
    if found is None:
        raise Redirect(DIVISIONS, taken=False)
    return found


def words(page: MisPage) -> str:
    """What a search asks for."""
    return page.query.get("q", "").strip()[:100]
