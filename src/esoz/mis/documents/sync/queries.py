"""What the pages ask about documents."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from esoz.kernel.clock import KYIV
from esoz.kernel.db import Connection, Page, Row
from esoz.kernel.errors import NotFound
from esoz.mis.base.patient import Patient
from esoz.mis.base.section import DocumentKind
from esoz.mis.base.services import MisPage, Services
from esoz.sdk import CentralRefused

from . import store
from .model import PAY_DAY, Document, State, Wanted, as_refused, deadline

FIRST_FEW = Page(1, 3)
NEWEST = 100  # documents by which it is judged what somebody uses


async def mine(page: MisPage, document_id: UUID, *, lock: bool = False) -> Document:
    """A document of the page's user at their present clinic. Raises NotFound for anybody else's."""
    document = await store.find(page.db, document_id, lock=lock)
    if document is None or (document.user_id, document.clinic_id) != (page.user.id, page.user.work.clinic_id):
        raise NotFound()
    return document


async def find(page: MisPage, document_id: UUID, kind: str = "") -> Document:
    """A document of the page's user, of this kind when one is said. Raises NotFound."""
    document = await mine(page, document_id)
    if kind and document.kind != kind:
        raise NotFound()
    return document


async def counts(page: MisPage) -> store.QueueCounts:
    """Counters of the page's user for today."""
    start = datetime.combine(page.today, time(), KYIV)
    day = (start, datetime.combine(page.today + timedelta(days=1), time(), KYIV))
    waiting = [section.to_sign for section in page.services.sections if section.to_sign]
    return await store.counts(
        page.db,
        page.user.id,
        page.user.work.clinic_id,
        day=day,
        safe=first_payable_day(page.today),
        to_sign=[each.count for each in waiting if page.user.roles & set(each.roles)],
    )


async def choices(page: MisPage) -> tuple[list[str], dict[str, list[str]]]:
    """What the user's list can be narrowed to: titles, and why central refused: in our words, each with its own."""
    titles, refusals = await store.choices(page.db, page.user.id, page.user.work.clinic_id)
    reasons: dict[str, list[str]] = {}
    for words, kept in refusals.items():
        told = page.services.explanations.of(as_refused(kept))[0].told(page.gettext)
        reasons.setdefault(told, []).append(words)
    return sorted(titles, key=page.gettext), reasons


async def refused(page: MisPage) -> Sequence[Row]:
    """The newest of what central refused, to be told above the queue."""
    wanted = Wanted([str(State.REFUSED)])
    found = await store.listed(page.db, page.user.id, page.user.work.clinic_id, wanted, page=FIRST_FEW)
    return found.rows


def payment_deadline(counted: store.QueueCounts) -> date | None:
    """The nearest last day for records that a payment depends on; None when none waits in time."""
    return deadline(counted.first_service_date) if counted.first_service_date else None


def first_payable_day(today: date) -> date:
    """Records of days before this one can no longer be paid for."""
    this_month = today.replace(day=1)
    return (this_month - timedelta(days=1)).replace(day=1) if today.day <= PAY_DAY else this_month


async def of_episode(db: Connection, clinic_id: UUID, episode_id: UUID) -> list[Document]:
    """The clinic's documents of one episode, the newest first."""
    return await store.of_episode(db, clinic_id, episode_id)


async def latest_of_episode(db: Connection, clinic_id: UUID, episode_id: UUID, kind: str) -> Document | None:
    """The newest document of one kind of an episode."""
    found = await store.of_episode(db, clinic_id, episode_id)
    return next((document for document in found if document.kind == kind), None)


async def unsent_of_episode(page: MisPage, episode_id: UUID) -> list[Document]:
    """What the page's user has written into an episode and not sent: closing it would leave that nowhere to go."""
    found = await store.of_episode(page.db, page.user.work.clinic_id, episode_id)
    kinds = kinds_in_episodes(page.services)
    return [each for each in found if each.is_editable and each.kind in kinds and each.user_id == page.user.id]


async def is_stranded(page: MisPage, document: Document) -> bool:
    """Was the episode of an unsent document closed."""
    return await store.is_stranded(page.db, document.id, kinds_in_episodes(page.services))


async def taken_back_by(page: MisPage, document: Document) -> Document | None:
    """What takes back a document that central has, once it is signed."""
    if document.state is not State.ACCEPTED or document.episode_id is None:
        return None
    found = await store.of_episode(page.db, document.clinic_id, document.episode_id)
    kinds = {kind.name for section in page.services.sections for kind in section.kinds if kind.takes_back}
    same = (each for each in found if each.record_id == document.record_id and each.id != document.id)
    return next((each for each in same if each.kind in kinds and not each.is_editable), None)


def kinds_in_episodes(services: Services) -> frozenset[str]:
    """Kinds of documents that only an open episode takes."""
    return frozenset(kind.name for section in services.sections for kind in section.kinds if kind.move)


async def of_patient(db: Connection, clinic_id: UUID, patient_id: UUID, kind: str) -> list[Document]:
    """The clinic's documents of one kind about a patient that central does not have yet."""
    return await store.of_patient(db, clinic_id, patient_id, kind)


async def signed_before(page: MisPage, document: Document) -> Document | None:
    """The clinic's last signed document of the same kind about the same patient."""
    return await store.signed_before(page.db, document)


async def used_lately(page: MisPage, kind: str) -> dict[str, int]:
    """How often the page's user chose each value in their newest documents of a kind."""
    return await store.values_of_newest(page.db, page.user.id, page.user.work.clinic_id, kind, limit=NEWEST)


async def patient_of(page: MisPage, document: Document) -> Patient:
    """Whose document it is; its patient was opened by this clinic before it was begun."""
    find = next(section.find_patient for section in page.services.sections if section.find_patient)
    return await find(page.db, document.clinic_id, document.patient_id)


def refusal_of(document: Document) -> CentralRefused | None:
    """Why central refused the document, as long as that is its state."""
    return as_refused(document.refusal) if document.refusal and document.state is State.REFUSED else None


def kind_of(services: Services, name: str) -> DocumentKind:
    """How documents of this kind are shown and corrected."""
    return next(kind for section in services.sections for kind in section.kinds if kind.name == name)


async def to_sign(page: MisPage) -> int:
    """How many things of all sections wait for the user's signature: what «Підписати все» is about."""
    return (await counts(page)).to_sign


async def ready(page: MisPage, *, limit: int) -> list[Document]:
    """What waits for the user's signature here, the oldest first."""
    ids = await store.ids_in(page.db, page.user.id, page.user.work.clinic_id, State.READY, limit=limit)
    return [await mine(page, each) for each in ids]


def names_of(document: Document) -> dict[str, str]:
    """Chosen values → their words, for those that no dictionary describes."""
    form = document.form
    return {value: form[f"{name}_text"] for name, value in form.items() if f"{name}_text" in form}
