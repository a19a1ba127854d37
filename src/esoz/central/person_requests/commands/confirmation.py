"""Asking somebody of the index to confirm: which way, and a code on its way."""

from typing import TypeVar
from uuid import UUID

from esoz.central import people
from esoz.central.people import AuthenticationMethod, AuthenticationType
from esoz.kernel.errors import TooMany, rejected
from esoz.kernel.outbox import Message, post
from esoz.kernel.work import Work

from ..model.confirmation import MOST_OF_PHONE, PHONE_WINDOW, Confirmed, Way, new_code, with_code
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
            return Way(AuthenticationType.OTP, phone)
    return Way(_of_papers(methods))


def _of_papers(methods: list[AuthenticationMethod]) -> AuthenticationType:
    """NA for who was never asked how they want to confirm, and for who has nobody left to do it."""
    asked = any(method.type is not AuthenticationType.NA for method in methods)
    return AuthenticationType.OFFLINE if asked else AuthenticationType.NA


async def with_code_sent(work: Work, request: C, *, text: str = TEXT) -> C:
    """The request with a new code on its way. Raises TooMany, for a telephone too (OT-4)."""
    assert request.phone is not None
    await confirmation.lock_phone(work.db, request.phone)
    if await confirmation.codes_sent(work.db, request.phone, work.now - PHONE_WINDOW) >= MOST_OF_PHONE:
        raise TooMany(headers={"Retry-After": str(int(PHONE_WINDOW.total_seconds()))})
    code = new_code(work.dependencies.random)
    changed = with_code(request, code, secret=work.dependencies.secret, now=work.now)
    await post(work, Message("sms", request.phone, text.format(code=code), urgent=True))
    return changed
