"""What a visit knows of its patient besides what is typed: central's records, the visit before."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import is_in_force
from esoz.mis.documents import sync
from esoz.mis.link.access import CentralSession, ConsentNeeded, calling
from esoz.mis.link.errors import explain
from esoz.sdk import Answer, CentralError, CentralRefused, CentralUnavailable, CentralUnreadable, whole

from . import store
from .model import MOST_SHOWN, PARTS, Card, CardPart, Event, latest_of_each, shown

SECONDS = 3.0  # a form waits no longer for what stands beside it
RECENT = 100  # measurements among which the last of each kind is looked for
OURS = "observations of ours"
NO_ANSWER = _("ЕСОЗ зараз не відповідає.")
NO_ACCESS = _("Немає доступу до ЕСОЗ. Надайте його на робочому столі.")

_SHOWN: Mapping[str, Sequence[str]] = {
    "allergies": ("id", "code", "type", "criticality"),
    "diagnoses": ("code", "role"),
    "prescriptions": ("id", "request_number", "medication_info", "started_at", "ended_at"),
    "observations": (
        *("code", "effective_date_time", "issued", "value_quantity", "value_codeable_concept"),
        *("value_string", "value_boolean"),
    ),
    "encounters": ("period", "class", "type", "performer_speciality"),
}
_Rows = Sequence[Mapping[str, Any]]
_CHOSEN: Mapping[str, Callable[[_Rows], _Rows]] = {
    "allergies": lambda rows: [each for each in rows if is_in_force(each)],
    "observations": latest_of_each,
}
_LEFT_ALONE: set[asyncio.Task[Any]] = set()  # questions that nobody waits for any more


async def card(page: MisPage, document: sync.Document, *, anew: bool = False) -> Card:
    """The patient's card of a visit: asked of central once, then kept for the visit. Never raises for central."""
    kept = await store.card(page.db, document.id)
    if kept is not None and kept.is_fresh(page.now) and not anew:
        return kept
    parts = await _ask(page, document.patient_id)
    found = Card(parts, page.now)
    if any(not part.trouble for part in parts.values()):
        await record(page, Event.CARD_READ, document.patient_id, patient_id=document.patient_id)
    await store.keep_card(page.db, document.id, found)
    return found


async def _ask(page: MisPage, patient_id: UUID) -> dict[str, CardPart]:
    try:
        central = await calling(page)
    except ConsentNeeded:
        return dict.fromkeys(PARTS, CardPart(trouble=NO_ACCESS))
    answers = await _soon(_questions(central, patient_id, page.user.work.clinic_id))
    ours = answers.pop(OURS)
    found = {name: _part(page, name, answer) for name, answer in answers.items()}
    # The summary tells of temperature and pressure alone; our clinic may see all that it measured itself.
    if isinstance(ours, Answer) and not (known := _part(page, "observations", ours)).trouble:
        rows = latest_of_each([*known.rows, *found["observations"].rows])
        found["observations"] = CardPart(rows, len(rows), found["observations"].trouble if not rows else "")
    return found


def _questions(central: CentralSession, patient_id: UUID, clinic_id: UUID) -> dict[str, Coroutine[Any, Any, Answer]]:
    """Everything that is asked, at once. What a role may not see says nothing of its right to work here."""
    summary = f"/api/patients/{patient_id}/summary"

    def ask(path: str, **query: object) -> Coroutine[Any, Any, Answer]:
        return central.call("GET", path, query=query, doubt=False)

    return {
        # Half a list of allergies would be taken for the whole.
        "allergies": whole(central, f"{summary}/allergy_intolerances"),
        "diagnoses": ask(f"{summary}/diagnoses", page_size=MOST_SHOWN),
        "prescriptions": ask(f"/api/persons/{patient_id}/medication_requests", status="ACTIVE", page_size=MOST_SHOWN),
        "observations": ask(f"{summary}/observations", page_size=RECENT),
        OURS: ask(f"/api/patients/{patient_id}/observations", managing_organization_id=clinic_id, page_size=RECENT),
        "encounters": ask(f"{summary}/encounters", page_size=MOST_SHOWN),
    }


async def _soon(questions: Mapping[str, Coroutine[Any, Any, Answer]]) -> dict[str, Answer | Exception]:
    """Answers that come in time. Late ones are not broken off: one of them may be renewing the user's token."""
    tasks = {name: asyncio.create_task(question) for name, question in questions.items()}
    await asyncio.wait(tasks.values(), timeout=SECONDS)
    found: dict[str, Answer | Exception] = {}
    for name, task in tasks.items():
        if not task.done():
            _LEFT_ALONE.add(task)
            task.add_done_callback(_forget)
            found[name] = CentralUnavailable("too slow for what stands beside a form")
        elif (fault := task.exception()) is None:
            found[name] = task.result()
        elif isinstance(fault, CentralError | ConsentNeeded):
            found[name] = fault
        else:
            raise fault
    return found


def _forget(task: asyncio.Task[Any]) -> None:
    _LEFT_ALONE.discard(task)
    if not task.cancelled():
        task.exception()  # told to nobody: the page has gone on without it


def _part(page: MisPage, name: str, answer: Answer | Exception) -> CardPart:
    if isinstance(answer, ConsentNeeded):
        return CardPart(trouble=NO_ACCESS)
    if isinstance(answer, CentralRefused):
        return CardPart(trouble=" ".join(each.told(page.gettext) for each in explain(page, answer)))
    if not isinstance(answer, Answer):
        return CardPart(trouble=NO_ANSWER)
    try:
        rows = answer.some()
        chosen = _CHOSEN[name](rows) if name in _CHOSEN else rows
        total = answer.total if chosen is rows else len(chosen)
        return CardPart(shown(chosen, _SHOWN[name]), max(total, len(chosen)))
    except CentralUnreadable:
        return CardPart(trouble=NO_ANSWER)
