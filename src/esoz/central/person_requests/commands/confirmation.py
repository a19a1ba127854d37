"""Asking somebody of the index to confirm: which way, and a code on its way."""

from typing import TypeVar
from uuid import UUID

from esoz.central import people
from esoz.central.people import AuthenticationMethod, AuthenticationType
from esoz.kernel.errors import TooMany, rejected
from esoz.kernel.outbox import Message, post
from esoz.kernel.work import Work

from ..model.confirmation import Confirmed, Way, new_code, wait_for_codes, with_code
from ..model.events import Event
from ..store import confirmation

C = TypeVar("C", bound=Confirmed)

TEXT = "Код для підтвердження Ваших даних в ЕСОЗ: {code}. Повідомте його в закладі, лише якщо згодні."
TEXT_OF_CABINET = "Код для зміни даних у Вашому кабінеті ЕСОЗ: {code}. Введіть його в кабінеті й нікому не кажіть."
UNKNOWN_METHOD = "Person's authentication method doesn't exist"


async def way_of(work: Work, person_id: UUID | None, method_id: UUID | None, *, without: UUID | None = None) -> Way:
    """How somebody of the index confirms: by the method asked for, else by one with a telephone, else by papers.

    `without`: the person whose word is not taken.

    Raises Rejected when the method asked for is not theirs, or is of somebody who speaks for them no longer (PS-15).
    """
    assert person_id is not None
    found = await people.authentication_methods(work.db, person_id)
    methods = [each for each in found if each.value is None or each.value != without]
    methods = [each for each in methods if await people.may_confirm(work, each)]
    if method_id is not None:
        methods = [method for method in methods if method.id == method_id]
        if not methods:
            raise rejected("$.authorize_with", UNKNOWN_METHOD)
    for method in methods:
        phone = await people.phone_of(work, method)
        if phone is not None:
            return Way(AuthenticationType.OTP, phone, by=method.value)
    return Way(_of_papers(methods), by=methods[0].value if methods else None)


def record_who_confirmed(work: Work, request: Confirmed) -> None:
    """Who confirms in the place of another finds that in their own log."""
    if request.confirmed_by is not None:
        work.record(Event.CONFIRMED_FOR_ANOTHER, request.id, patient_id=request.confirmed_by)


def _of_papers(methods: list[AuthenticationMethod]) -> AuthenticationType:
    """NA for who was never asked how they want to confirm, and for who has nobody left to do it."""
    asked = any(method.type is not AuthenticationType.NA for method in methods)
    return AuthenticationType.OFFLINE if asked else AuthenticationType.NA


async def with_code_sent(work: Work, request: C, *, text: str = TEXT) -> C:
    """The request with a new code on its way. Raises TooMany, for a telephone and a person too (OT-4)."""
    assert request.phone is not None
    await confirmation.lock_codes(work.db, request.phone, request.person_id)
    wait = wait_for_codes(await confirmation.codes_sent(work.db, request.phone, request.person_id, work.now))
    if wait is not None:
        raise TooMany(headers={"Retry-After": str(int(wait.total_seconds()))})
    code = new_code(work.dependencies.random)
    changed = with_code(request, code, secret=work.dependencies.secret, now=work.now)
    await post(work, Message("sms", request.phone, text.format(code=code), urgent=True))
    return changed
