"""The code that a patient tells where a device is handed over."""

from esoz.central.prescriptions import unseal

from .requests import Request


def code_of(request: Request, *, secret: bytes) -> str | None:
    """The code in clear, None for a request without one. Only for the patient: never log it."""
    if request.verification_code is None:
        return None
    return unseal(request.verification_code, request.id, secret=secret)
