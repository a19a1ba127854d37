"""What sections do when central's consent to a user changes: each of them looks after its own tables."""

from collections.abc import Sequence

from esoz.kernel.db import Connection

from .section import Consent
from .services import Services


async def granted(db: Connection, services: Services, consent: Consent) -> None:
    """A user has consented at a clinic: what waited for that goes on."""
    for section in services.sections:
        for act in section.on_consent:
            await act(db, consent, services.clock.now())


async def doubted(db: Connection, services: Services, consent: Consent) -> None:
    """Central lets a user do less than before: perhaps they do not work at the clinic any more."""
    for section in services.sections:
        for act in section.on_doubt:
            await act(db, consent, services.clock.now())


async def needed(db: Connection, services: Services, leaving: Sequence[Consent]) -> set[Consent]:
    """Those of the tokens of people who have signed out that something still has to be delivered with."""
    found: set[Consent] = set()
    for section in services.sections:
        if section.needs_consent is not None:
            found |= set(await section.needs_consent(db, leaving))
    return found
