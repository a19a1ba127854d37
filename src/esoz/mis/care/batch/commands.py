"""Signing one of many: what came of it in words, for the line of the list."""

from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.errors import Problem
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.care import prescriptions
from esoz.mis.care.prescriptions import Prescription
from esoz.mis.care.prescriptions import State as RxState
from esoz.mis.documents import sync
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused

SIGNED = _("Підписано. Надсилається до ЕСОЗ.")
ALREADY = _("Уже підписано.")
CHANGED = _("Запис змінено. Відкрийте його, перевірте й підпишіть.")
ISSUED = _("Рецепт виписано.")
NOT_KNOWN = _("Підписано. ЕСОЗ ще не відповіла: перевірте рецепт за хвилину.")
ENDED = _("Чернетка в ЕСОЗ прострочена або скасована. Створіть рецепт ще раз.")
REFUSED = _("ЕСОЗ не прийняла рецепт. Відкрийте його й перевірте.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether it needs no more signing, and the sentence about it."""

    done: bool
    text: str


async def sign_document(page: MisPage, document: sync.Document, signed: bytes) -> Outcome:
    """Queue a record with its signature."""
    await sync.queue(page, document, signed)
    return Outcome(True, SIGNED)


async def sign_prescription(page: MisPage, rx: Prescription, signed: bytes) -> Outcome:
    """Send a prescription with its signature. Raises CentralError."""
    try:
        return outcome_of(await prescriptions.sign(page, rx, signed))
    except CentralRefused as refused:
        explanations = explain(page, refused)
        return Outcome(False, explanations[0].told(page.gettext) if explanations else REFUSED)


def outcome_of(rx: Prescription) -> Outcome:
    """What there is to say of a prescription that is no longer waiting."""
    if rx.state is RxState.ISSUED:
        return Outcome(True, ISSUED)
    return Outcome(True, NOT_KNOWN) if rx.state is RxState.SENT else Outcome(False, ENDED)


def outcome_of_document(document: sync.Document) -> Outcome:
    """The same of a record."""
    is_signed = document.is_under_way or document.state is sync.State.ACCEPTED
    return Outcome(True, ALREADY) if is_signed else Outcome(False, CHANGED)


def fault(problem: Problem) -> Outcome:
    """Why a signature was not taken."""
    return Outcome(False, problem.invalid[0].description if problem.invalid else problem.message)


async def find_document(page: MisPage, id: UUID) -> sync.Document:
    """A record of the user; a second click waits for the first."""
    return await sync.mine(page, id, lock=True)


async def find_prescription(page: MisPage, id: UUID) -> Prescription:
    """A prescription of the user; a second click waits for the first."""
    return await prescriptions.find(page, id, lock=True)
