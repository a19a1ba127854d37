"""Acts of the stock: what comes in, goes out, is counted. Each is one transaction with its line in the audit log."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from esoz.kernel.clock import kyiv_date, new_id
from esoz.kernel.db import Connection
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services
from esoz.mis.base.workplace import holders
from esoz.mis.link.access import ConsentNeeded, session_of
from esoz.sdk import CentralRefused, CentralUnavailable

from . import wire
from .model import sharing
from .model.batches import Counted, Event, HandedOver, Kind, Line, Medicine, Receipt, take
from .model.sharing import Share, pause
from .store import batches, counters, movements, shares
from .store.batches import Place
from .store.movements import Cause, Moved, Noted

TELLERS = sorted(holders("medication_dispense:write"))
MOST_AT_ONCE = 20  # divisions that are told of in one turn


class Overtaken(Exception):
    """Somebody took from the same batch meanwhile: less is left than the act needs."""


async def choose(page: MisPage, division: tuple[UUID, str]) -> None:
    """Work at this division from now on."""
    await counters.choose(page.db, page.user.id, page.user.work.clinic_id, division)
    await record(page, Event.DIVISION_CHOSEN, division[0])


def _act(page: MisPage, place: Place, kind: Kind, *, day: date | None = None, **words: str) -> Receipt:
    names = {"document": "", "supplier": "", "reason": ""} | words
    return Receipt(
        id=new_id(),
        clinic_id=place.clinic_id,
        division_id=place.division_id,
        user_id=page.user.id,
        kind=str(kind),
        state="open" if kind is Kind.RECEIVED else "done",
        day=day or page.today,
        created_at=page.now,
        done_at=None if kind is Kind.RECEIVED else page.now,
        **names,
    )


def _cause(page: MisPage, place: Place, kind: Kind, **ids: UUID | None) -> Cause:
    return Cause(place=place, user_id=page.user.id, at=page.now, kind=kind, **ids)


async def _move(page: MisPage, cause: Cause, moved: Collection[Moved]) -> None:
    """Write into the journal; who is told what the division has is told anew."""
    await movements.add(page.db, cause, moved)
    await shares.note_change(page.db, cause.place, page.now + sharing.SOON)


async def begin_receipt(page: MisPage, place: Place, day: date, document: str, supplier: str) -> UUID:
    """A receipt that lines are added to."""
    act = _act(page, place, Kind.RECEIVED, day=day, document=document, supplier=supplier)
    await movements.add_act(page.db, act)
    await record(page, Event.RECEIPT_BEGUN, act.id)
    return act.id


async def add_lines(page: MisPage, receipt: Receipt, lines: Collection[tuple[Medicine, Line, str]]) -> None:
    """Lines of a receipt, each with its medicine and the barcode of the package, "" when none was scanned."""
    await batches.keep_medicines(page.db, receipt.clinic_id, {each.medication_id: each for each, *_ in lines}.values())
    for medicine, _line, barcode in lines:
        if barcode:
            await batches.keep_barcode(page.db, receipt.clinic_id, barcode, medicine.medication_id)
    await movements.add_lines(page.db, receipt, [line for _medicine, line, _barcode in lines])
    await record(page, Event.RECEIPT_CHANGED, receipt.id, lines=len(lines))


async def drop_line(page: MisPage, receipt: Receipt, line_id: UUID) -> None:
    await movements.drop_line(page.db, receipt.id, line_id)
    await record(page, Event.RECEIPT_CHANGED, receipt.id)


async def drop_receipt(page: MisPage, receipt: Receipt) -> None:
    await movements.drop(page.db, receipt.id)
    await record(page, Event.RECEIPT_DROPPED, receipt.id)


async def receive(page: MisPage, receipt: Receipt) -> None:
    """Enter a receipt into the books: a batch of each line."""
    place = Place(receipt.clinic_id, receipt.division_id)
    moved = []
    for row in await movements.lines(page.db, receipt.id):
        line, batch_id = Line(**{name: row[name] for name in Line.__dataclass_fields__}), new_id()
        await movements.add_batch(page.db, batch_id, receipt, line, page.now)
        moved.append(Moved(line.medication_id, batch_id, line.quantity))
    await movements.finish(page.db, receipt.id, page.now)
    await _move(page, _cause(page, place, Kind.RECEIVED, act_id=receipt.id), moved)
    await batches.begin_keeping(page.db, place, page.now)
    await record(page, Event.RECEIVED, receipt.id, lines=len(moved))


async def write_off(page: MisPage, batch_id: UUID, quantity: Decimal, code: str, words: str) -> None:
    """Take so much of a batch off the books. Raises Overtaken when less is left."""
    row = await batches.batch(page.db, page.user.work.clinic_id, batch_id, lock=True)
    if row is None or row["quantity"] < quantity:
        raise Overtaken()
    place = Place(row["clinic_id"], row["division_id"])
    act = _act(page, place, Kind.WRITTEN_OFF, reason=code, document=words)
    await movements.add_act(page.db, act)
    await batches.take_from(page.db, batch_id, quantity)
    moved = [Moved(row["medication_id"], batch_id, -quantity)]
    await _move(page, _cause(page, place, Kind.WRITTEN_OFF, act_id=act.id), moved)
    await record(page, Event.WRITTEN_OFF, act.id, reason=code)


async def count(page: MisPage, place: Place, counted: Sequence[Counted]) -> UUID:
    """PH-4: bring the books to what was counted. Raises Overtaken when less than the difference is left.

    What was dispensed while people counted stays dispensed: the difference to what the books said then is moved.
    """
    act = _act(page, place, Kind.COUNTED)
    await movements.add_act(page.db, act)
    moved = []
    for each in sorted(counted, key=lambda found: found.batch_id):
        row = await batches.batch(page.db, place.clinic_id, each.batch_id, lock=True)
        if row is None or row["division_id"] != place.division_id or row["quantity"] + each.difference < 0:
            raise Overtaken()
        await batches.take_from(page.db, each.batch_id, -each.difference)
        moved.append(Moved(row["medication_id"], each.batch_id, each.difference))
    await _move(page, _cause(page, place, Kind.COUNTED, act_id=act.id), moved)
    await record(page, Event.COUNTED, act.id, batches=len(moved))
    return act.id


async def settle(page: MisPage, place: Place, medication_id: UUID) -> None:
    """The books lacked what was dispensed, and somebody has looked why: told no more, kept in the journal."""
    await movements.wait_turn(page.db, place, medication_id)
    quantity = await movements.beyond(page.db, place, medication_id)
    if quantity == 0:
        return
    act = _act(page, place, Kind.COUNTED)
    await movements.add_act(page.db, act)
    await _move(page, _cause(page, place, Kind.COUNTED, act_id=act.id), [Moved(medication_id, None, quantity)])
    await record(page, Event.COUNTED, act.id, batches=0)


async def know(page: MisPage, packages: Mapping[UUID, Medicine]) -> None:
    """Remember what packages of programmes, by their ids there, are in the register: a dispense names only those."""
    await batches.keep_medicines(page.db, page.user.work.clinic_id, packages.values())
    await batches.keep_offers(page.db, {id: each.medication_id for id, each in packages.items()})


async def take_for_dispense(page: MisPage, dispense: Mapping[str, Any]) -> None:
    """Take what was handed over, once, in the transaction in which it is noted done.

    PH-3: a patient gets the medicine though the books say zero. Nothing of a division that keeps no stock here, or did
    not yet when it was dispensed.
    """
    place, dispense_id = Place(page.user.work.clinic_id, UUID(dispense["division"]["id"])), UUID(dispense["id"])
    since = await batches.keeps_stock(page.db, place)
    if since is None or datetime.fromisoformat(dispense["inserted_at"]) < since:
        return
    wanted = await _wanted(page, dispense)
    if wanted is None or not await movements.note_dispense(page.db, dispense_id, place, page.now):
        return
    cause = _cause(page, place, Kind.DISPENSED, dispense_id=dispense_id)
    await _take(page, replace(cause, user_id=await _who(page, dispense)), wanted)


async def _who(page: MisPage, dispense: Mapping[str, Any]) -> UUID:
    """Who dispensed, by name: a head may open what a pharmacist has done when the books do not have it yet."""
    user, party = page.user, dispense.get("party") or {}
    names = [party.get(name) or "" for name in ("last_name", "first_name", "second_name")]
    if not names[0] or names == [user.last_name, user.first_name, user.second_name or ""]:
        return user.id
    return await movements.worker_named(page.db, user.work.clinic_id, names) or user.id


async def _take(page: MisPage, cause: Cause, wanted: Mapping[UUID, Decimal]) -> None:
    """PH-1, PH-3: out of the batches that expire first."""
    moved: list[Moved] = []
    at_hand = await batches.of_medicines(page.db, cause.place, wanted, lock=True)
    for medication_id, quantity in sorted(wanted.items()):
        ours = [each for each in at_hand if each.medication_id == medication_id]
        for part in take(ours, quantity, page.today):
            if part.batch_id is not None:
                await batches.take_from(page.db, part.batch_id, part.quantity)
            moved.append(Moved(medication_id, part.batch_id, -part.quantity))
    await _move(page, cause, moved)
    await record(page, Event.TAKEN, cause.dispense_id or "")


async def remember(page: MisPage, medicines: Collection[Medicine]) -> None:
    """Remember what is going to be handed over outside of electronic prescriptions."""
    await batches.keep_medicines(page.db, page.user.work.clinic_id, medicines)


async def take_out(page: MisPage, handed: HandedOver) -> None:
    """Take what was handed over outside of electronic prescriptions, once, in the transaction of the act.

    Booked in the name of who signed it. Nothing of a division that kept no stock here on that day.
    """
    place = Place(page.user.work.clinic_id, handed.division_id)
    since = await batches.keeps_stock(page.db, place)
    if since is None or handed.day < kyiv_date(since):
        return
    if not await movements.note_dispense(page.db, handed.id, place, page.now, Noted(handed.way, handed.about_id)):
        return
    cause = _cause(page, place, Kind.DISPENSED, dispense_id=handed.id)
    await _take(page, replace(cause, user_id=handed.user_id), handed.quantities)


async def put_back(page: MisPage, ids: Collection[UUID]) -> None:
    """What was no handing over after all goes into the batches that it was taken from, each act once (PH-5)."""
    clinic_id = page.user.work.clinic_id
    for id in await movements.still_out(page.db, ids) if ids else ():
        if not await movements.lock_dispense(page.db, id, clinic_id):
            continue
        rows = await movements.of_dispense(page.db, id, clinic_id)
        if not rows or any(row["kind"] == Kind.RETURNED for row in rows):
            continue
        moved = [Moved(row["medication_id"], row["batch_id"], -row["quantity"]) for row in rows]
        for each in sorted(moved, key=lambda each: str(each.batch_id)):
            if each.batch_id is not None:
                await batches.take_from(page.db, each.batch_id, -each.quantity)
        place = Place(clinic_id, rows[0]["division_id"])
        await _move(page, _cause(page, place, Kind.RETURNED, dispense_id=id), moved)
        await movements.note_return(page.db, id, page.now)
        await record(page, Event.RETURNED, id)


async def _wanted(page: MisPage, dispense: Mapping[str, Any]) -> dict[UUID, Decimal] | None:
    """Quantities by medicine; None when a package was never seen at this counter."""
    ids = [UUID(each["program_medication_id"]) for each in dispense["details"] if each.get("program_medication_id")]
    known = await batches.offers(page.db, page.user.work.clinic_id, ids)
    if len(ids) < len(dispense["details"]) or not known.keys() >= set(ids):
        return None
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    for id, each in zip(ids, dispense["details"], strict=True):
        found[known[id]] += Decimal(str(each["medication_qty"]))
    return found


async def give_back(page: MisPage, dispense: Mapping[str, Any]) -> None:
    """Put what a patient brought back into the batches that it was taken from (PH-5).

    Central tells all that was ever returned of a dispense: what is in the books already is not put back again.
    """
    clinic_id, dispense_id = page.user.work.clinic_id, UUID(dispense["id"])
    if not dispense.get("returns") or not await movements.lock_dispense(page.db, dispense_id, clinic_id):
        return
    rows = await movements.of_dispense(page.db, dispense_id, clinic_id)
    left = await _returned(page, dispense)
    back: dict[tuple[UUID, UUID | None], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["kind"] == Kind.RETURNED:
            left[row["medication_id"]] -= row["quantity"]
            back[row["medication_id"], row["batch_id"]] += row["quantity"]
    moved: list[Moved] = []
    taken = [row for row in rows if row["kind"] == Kind.DISPENSED]
    # Batches in one order, as those who take from them lock them; what the books lacked comes last.
    for row in sorted(taken, key=lambda each: (each["batch_id"] is None, str(each["batch_id"]))):
        key = (row["medication_id"], row["batch_id"])
        part = min(-row["quantity"] - back[key], left[row["medication_id"]])
        if part > 0:
            left[row["medication_id"]] -= part
            moved.append(Moved(*key, part))
    for each in moved:
        if each.batch_id is not None:
            await batches.take_from(page.db, each.batch_id, -each.quantity)
    if moved:
        place = Place(clinic_id, taken[0]["division_id"])
        await _move(page, _cause(page, place, Kind.RETURNED, dispense_id=dispense_id), moved)
        await movements.note_return(page.db, dispense_id, page.now)
        await record(page, Event.RETURNED, dispense_id)


async def _returned(page: MisPage, dispense: Mapping[str, Any]) -> dict[UUID, Decimal]:
    """All that was ever returned of a dispense, by medicine."""
    lines = [line for each in dispense["returns"] for line in each.get("returned") or ()]
    ids = {UUID(line["program_medication_id"]) for line in lines}
    known = await batches.offers(page.db, page.user.work.clinic_id, ids)
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    for line in lines:
        id = UUID(line["program_medication_id"])
        if id in known:
            found[known[id]] += Decimal(str(line["medication_qty"]))
    return found


async def switch_sharing(page: MisPage, place: Place, *, is_on: bool) -> None:
    """Tell patients from now on what this division has, or no more."""
    await shares.switch(page.db, place, page.user.id, page.now, is_on=is_on)
    await record(page, Event.SHARING_SWITCHED, place.division_id, is_on=is_on)


async def tell(services: Services) -> None:
    """Tell central what divisions have, each in a transaction of its own; what fails is tried again later."""
    for _turn in range(MOST_AT_ONCE):
        async with services.database.transaction() as db:
            share = await shares.due(db, services.clock.now())
            if share is None:
                return
            await _tell(services, db, share)


async def _tell(services: Services, db: Connection, share: Share) -> None:
    now = services.clock.now()
    user_id = await shares.teller(db, share, TELLERS)
    if user_id is None:
        await shares.put_off(db, share, now + pause(share.tries), sharing.NOBODY)
        return
    goods = await shares.assortment(db, share, kyiv_date(now), sharing.MOST) if share.is_on else []
    try:
        central = await session_of(db, services, user_id, share.clinic_id)
        path = f"/api/pharmacy/divisions/{share.division_id}/assortment"
        await central.call("PUT", path, body={"assortment": [wire.stocked(row) for row in goods]})
    except (CentralRefused, CentralUnavailable, ConsentNeeded) as fault:
        words = {CentralUnavailable: sharing.AWAY, ConsentNeeded: sharing.NOBODY}
        refusal = next((word for kind, word in words.items() if isinstance(fault, kind)), "refused")
        await shares.put_off(db, share, now + pause(share.tries), refusal)
        return
    await shares.settle(db, share, now, now + sharing.AGAIN if share.is_on else None, len(goods))
    await shares.note(db, share, user_id, now, len(goods))
