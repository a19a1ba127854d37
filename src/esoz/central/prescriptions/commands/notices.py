"""Words to the patient: the number and the code of a prescription, and that it was taken back."""

from dataclasses import dataclass
from uuid import UUID

from esoz.central.people import AuthenticationMethod, AuthenticationType, authentication_methods
from esoz.central.programmes import Settings
from esoz.kernel.db import Connection
from esoz.kernel.errors import rejected
from esoz.kernel.outbox import Message, post
from esoz.kernel.work import Work

from ..model import Intent, Request
from ..model.codes import unseal
from ..model.drafts import ROOT


@dataclass(frozen=True, slots=True)
class Informed:
    """How the patient is told: `phone` is theirs or that of who speaks for them, None when there is none."""

    type: AuthenticationType
    phone: str | None


async def way_to_inform(db: Connection, person_id: UUID, method_id: UUID | None) -> Informed:
    """The way the doctor chose, or the patient's current one; raise Rejected when the chosen one is not theirs."""
    methods = await authentication_methods(db, person_id)
    if method_id is not None:
        methods = [method for method in methods if method.id == method_id]
        if not methods:
            raise rejected(f"{ROOT}.inform_with", "Person's authentication method doesn't exist")
    method = _reachable(methods)
    if method is None:
        return Informed(AuthenticationType.NA, None)
    return Informed(method.type, await _phone(db, method))


# The way that reaches the patient soonest: their own phone, who speaks for them, paper.
_PREFERENCE = (
    AuthenticationType.OTP,
    AuthenticationType.THIRD_PERSON,
    AuthenticationType.OFFLINE,
    AuthenticationType.NA,
)


def _reachable(methods: list[AuthenticationMethod]) -> AuthenticationMethod | None:
    return min(methods, key=lambda method: _PREFERENCE.index(method.type), default=None)


async def _phone(db: Connection, method: AuthenticationMethod) -> str | None:
    if method.type is AuthenticationType.OTP:
        return method.phone_number
    if method.type is AuthenticationType.THIRD_PERSON and method.value is not None:
        theirs = await authentication_methods(db, method.value)
        return next((each.phone_number for each in theirs if each.type is AuthenticationType.OTP), None)
    return None


def is_told_by_phone(intent: Intent, settings: Settings, informed: Informed) -> bool:
    """Whether number and code go to a phone; if not, the code is printed on the note (regulation of 2025)."""
    return intent is Intent.ORDER and settings.notifies and informed.phone is not None


async def send_code(work: Work, request: Request, informed: Informed) -> None:
    """Send number and code; the caller made sure that there is a phone and a code."""
    assert informed.phone is not None
    code = code_of(work, request)
    words = f"Ваш рецепт: {request.request_number}. Код підтвердження: {code}"
    await post(work, Message("sms", informed.phone, words))


async def send_rejection(work: Work, request: Request, informed: Informed) -> None:
    """Tell that the prescription was taken back, when there is a phone."""
    if informed.phone is not None:
        words = f"Відкликано рецепт: {request.request_number} від {request.created_at:%d.%m.%Y}"
        await post(work, Message("sms", informed.phone, words))


def code_of(work: Work, request: Request) -> str | None:
    """The code in clear, None for a prescription without one. Only for the patient: never log or answer it."""
    if request.verification_code is None:
        return None
    return unseal(request.verification_code, request.id, secret=work.dependencies.secret)
