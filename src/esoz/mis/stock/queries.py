"""What a pharmacist asks of the stock, and of central about divisions and packages."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling, several
from esoz.sdk import Answer, CentralRefused

from .model.batches import Medicine, Receipt, read_medicine
from .store import batches, counters, movements
from .store.batches import Place

MOST_DIVISIONS = 25  # to choose from at once; the others are found by their names
MOST_FOUND, SHORTEST = 20, 2


@dataclass(frozen=True, slots=True)
class Counter:
    """Where somebody works now."""

    place: Place
    name: str


async def counter(page: MisPage) -> Counter | None:
    """The division that was chosen last, else the user's own; None when there is neither."""
    work = page.user.work
    found = await counters.chosen(page.db, page.user.id, work.clinic_id)
    if found is None and work.division_id is not None:
        found = (work.division_id, work.division_name)
    return Counter(Place(work.clinic_id, found[0]), found[1]) if found else None


async def divisions(page: MisPage, central: CentralSession, asked: str, name: str) -> tuple[list[tuple[str, str]], int]:
    """The user's own division first, then the one asked for, then those with the name; and how many have it.

    A chain has hundreds: the list is never read whole, and one's own never depends on its place in it.
    """
    place = page.user.work
    path, own = "/api/divisions", str(place.division_id or "")
    certain = [each for each in dict.fromkeys((own, asked)) if each and _is_id(each)]
    listed, *answers = await several(
        central.get(
            path, legal_entity_id=place.clinic_id, status="ACTIVE", name=name or None, page_size=MOST_DIVISIONS
        ),
        *(central.get(f"{path}/{each}") for each in certain),
    )
    found: dict[str, str] = {}
    for id, answer in zip(certain, answers, strict=True):
        if isinstance(answer, Answer):
            division = answer.record()
            is_ours = division["legal_entity_id"] == str(place.clinic_id)
            found |= {id: division["name"]} if is_ours and division["status"] == "ACTIVE" else {}
        elif id == own and not (isinstance(answer, CentralRefused) and answer.status == 404):
            found[own] = place.division_name
    if not isinstance(listed, Answer):
        return list(found.items()), len(found)
    found |= {each["id"]: each["name"] for each in listed.rows() if each["id"] not in found}
    return list(found.items()), listed.total


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


async def look_up(page: MisPage, text: str) -> Sequence[Medicine]:
    """Medicines by the barcode that was scanned, or by words; known ones first. Raises CentralError."""
    words = text.strip()[:100]
    if len(words) < SHORTEST:
        return []
    clinic_id = page.user.work.clinic_id
    if words.isascii() and words.isdecimal():
        known = await batches.by_barcode(page.db, clinic_id, words)
        return [known] if known else []
    central = await calling(page)
    answer = await central.get("/api/pharmacy/medications", name=words, page_size=MOST_FOUND)
    return [read_medicine(each) for each in answer.rows()]


async def medicine(page: MisPage, medication_id: UUID) -> Medicine | None:
    """A medicine that this pharmacy knows, else as central's register has it; None when it has none."""
    known = await batches.medicine(page.db, page.user.work.clinic_id, medication_id)
    if known is not None:
        return known
    rows = (await (await calling(page)).get("/api/pharmacy/medications", id=medication_id)).rows()
    return read_medicine(rows[0]) if rows else None


async def receipt(page: MisPage, *, lock: bool = False) -> Receipt:
    """The act that the address names. Raises NotFound for another pharmacy's."""
    found = await movements.act(page.db, page.user.work.clinic_id, page.id(), lock=lock)
    if found is None:
        raise NotFound()
    return found
