"""Asking central for the patient's declarations."""

from uuid import UUID

from esoz.sdk import whole

from ..access import CentralSession
from .model import LIVE, Declaration

PATH = "/api/pis/declarations"


async def listed(central: CentralSession) -> list[Declaration]:
    """All declarations, the latest first."""
    found = (await whole(central, PATH)).data
    return [Declaration(content) for content in sorted(found, key=_age, reverse=True)]


def _age(content: dict[str, object]) -> tuple[str, str]:
    return str(content.get("start_date") or ""), str(content.get("inserted_at") or "")


async def one(central: CentralSession, declaration_id: UUID) -> Declaration:
    """One declaration. Raises CentralRefused when it is not theirs."""
    return Declaration((await central.get(f"{PATH}/{declaration_id}")).record())


async def current(central: CentralSession) -> Declaration | None:
    """The active declaration, else one that the NHS verifies still; None when the patient has no doctor."""
    for status in LIVE:
        found = (await central.get(PATH, status=status, page_size=1)).rows()
        if found:
            return await one(central, UUID(found[0]["id"]))
    return None
