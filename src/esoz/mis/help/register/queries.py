"""How this workplace stands in the register, as it was heard last: nobody is asked and nothing is waited for."""

from esoz.mis.base.register import Standing, standings
from esoz.mis.base.services import MisPage

from .texts import NOT_ASKED, TAGS, WELL


def standings_now(page: MisPage) -> tuple[Standing, ...]:
    """What has to be told now; nothing while central was never heard."""
    entry = page.services.register.entry
    return standings(entry, page.profile.version, page.today) if entry else ()


def tags(page: MisPage) -> list[tuple[str, str]]:
    """The words of the page of the state, with their colours."""
    if page.services.register.entry is None:
        return [NOT_ASKED]
    return [TAGS[each] for each in standings_now(page)] or [WELL]
