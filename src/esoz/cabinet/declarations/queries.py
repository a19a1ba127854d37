"""Asking central for the patient's declarations."""

from uuid import UUID

from ..access import Line
from ..listing import everything
from .model import Declaration

PATH = "/api/pis/declarations"


async def listed(line: Line) -> list[Declaration]:
    """All declarations, the latest first."""
    found = await everything(line, PATH)
    return [Declaration(content) for content in sorted(found, key=_age, reverse=True)]


def _age(content: dict[str, object]) -> tuple[str, str]:
    return str(content.get("start_date") or ""), str(content.get("inserted_at") or "")


async def one(line: Line, declaration_id: UUID) -> Declaration:
    """One declaration. Raises CentralRefused when it is not theirs."""
    return Declaration((await line.get(f"{PATH}/{declaration_id}")).data)


async def current(line: Line) -> Declaration | None:
    """The active declaration, None when the patient has no doctor."""
    found = (await line.get(PATH, status="active", page_size=1)).data
    return await one(line, UUID(found[0]["id"])) if found else None
