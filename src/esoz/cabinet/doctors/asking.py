"""The settlement that somebody looks around in: chosen from the picker, typed, or their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from esoz.kernel.pages import mark as _
from esoz.kernel.spelling import plain_name

from ..services import CabinetPage
from . import queries, store
from .model import Around, Centre

NO_QUESTION = frozenset({"page", "lang"})
LONGEST = 100
SEVERAL = _("Таких населених пунктів кілька. Оберіть потрібний.")
NOWHERE = _("У населеному пункті з такою назвою лікарі не приймають. Введіть сусідній, більший.")
SHORT = _("Введіть назву населеного пункту, щонайменше дві літери.")


@dataclass(slots=True)
class Asked:
    """What was asked for, read: what is wrong with it, and settlements to choose among."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    options: Sequence[Centre] | None = None
    centre: Centre | None = None
    nowhere: str = NOWHERE


async def place_asked(page: CabinetPage, home: str, *, nowhere: str = NOWHERE) -> Asked:
    """The question with its settlement: one that was chosen, that the typed name means, or the patient's own."""
    asked = Asked(dict(page.query), nowhere=nowhere)
    if not page.query.keys() - NO_QUESTION:
        asked.centre = await store.centre(page.db, home)
        asked.values["around"] = str(Around.NEAR)
    else:
        await _choose(page, asked)
    if asked.centre is not None:
        asked.values |= {"settlement": asked.centre.settlement_id, "settlement_text": asked.centre.label}
    return asked


async def _choose(page: CabinetPage, asked: Asked) -> None:
    """The settlement that was chosen; without scripts an earlier choice travels on under another typed name."""
    chosen = await store.centre(page.db, asked.values.get("settlement", ""))
    typed = asked.values.get("settlement_text", chosen.label if chosen else "").strip()[:LONGEST]
    if chosen is not None and typed and plain_name(chosen.label).startswith(plain_name(typed)):
        asked.centre = chosen
        return
    asked.values["settlement"] = ""
    if typed:
        await _understand(page, asked, typed)


async def _understand(page: CabinetPage, asked: Asked, typed: str) -> None:
    """Which settlement a typed name means."""
    found = await queries.settlements(page.db, typed)
    exact = [each for each in found if plain_name(each.label) == plain_name(typed)]
    if len(exact or found) == 1:
        asked.centre = (exact or found)[0]
    elif found:
        asked.options = found
        asked.errors["settlement"] = SEVERAL
    else:
        asked.errors["settlement"] = asked.nowhere if len(plain_name(typed)) >= queries.SHORTEST else SHORT
