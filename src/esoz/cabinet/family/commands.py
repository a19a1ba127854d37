"""Acting for a child or a ward, and coming back to one's own data."""

from .. import access
from ..journal import record
from ..services import CabinetPage, Patient
from .model import Event, Ward

SIGN_IN = "/api/pis/confidant/sign-in"


async def act_for(page: CabinetPage, ward: Ward, document: bytes) -> None:
    """The pages that follow are the ward's. Raises CentralRefused, CentralUnavailable, NotConnected."""
    client, central = await access.connected(page)
    signed = {"signed_content": access.encoded(document), "signed_content_encoding": "base64"}
    answer = await central.post(SIGN_IN, body=signed | {"token": access.grant(client)})
    await access.admit(page, central, answer.record(), Event.STARTED, applicant=page.user)
    # The one who is named is the one who was opened: names are not everybody's own.
    assert page.user.person_id == ward.id, "central has opened the record of somebody else"


async def act_for_oneself(page: CabinetPage, applicant: Patient) -> None:
    """The pages that follow are the patient's own again; what central gave for the ward is given back by the worker."""
    await record(page, Event.ENDED, page.user.person_id)
    page.sign_in(applicant.id)
    page.visitor = applicant
