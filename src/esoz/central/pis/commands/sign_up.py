"""A person registers with their own КЕП: in one step at a trusted cabinet, in two at the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from esoz.central import identity, people, verifications
from esoz.kernel.errors import Conflict, Invalid, Rejected, rejected
from esoz.kernel.signed import open_signed
from esoz.kernel.spelling import has_name, same_name
from esoz.kernel.work import Signer, Work

from ..content import digest_of, registered_person
from ..model import Event, SignedRequest
from .signing import SIGNED, act_as, allow, cabinet, must_be_signed_by_person, trusted, user_of

NO_TAX_ID = "Без РНОКПП особу встановлюють за документами."
USER_EXISTS = "User with such tax_id already exists"


class UnverifiedPhone(Rejected):
    """A code has just been sent to the telephone; it comes with the next try."""

    keeps = True
    type, default = "unverified", "Unverified phone number"


@dataclass(frozen=True, slots=True)
class SignUp:
    """A registration that was signed and may be carried out; `token` lets the next step do it."""

    details: people.PersonDetails
    nonce: identity.Nonce
    token: str


async def sign_up(work: Work, request: SignedRequest) -> tuple[people.Person, identity.IssuedToken]:
    """Tokens for who signed their own registration; a person of the index is made when there is none yet.

    Raises the refusals of identity.errors, Rejected naming the fields, Conflict, and UnverifiedPhone after sending a
    code to the telephone of a new person.
    """
    client, broker_id, scopes = await trusted(work, request.token)
    opened = await open_signed(work, request.signed_content, field=SIGNED)
    details = registration(work, "/api/pis/sign-up", opened.content)
    nonce = identity.read_nonce(
        work.dependencies.secret,
        str(opened.content["jwt"]),
        audience=identity.TRUSTED_AUDIENCE,
        client_id=client.id,
        now=work.now,
    )
    must_be_of_signer(opened.signer, details)
    person = await _registered(work, details, request.otp)
    await identity.use_nonce(work, nonce)
    user_id = await user_of(work, person, may_be_new=True)
    act_as(work, user_id, client, person)
    work.record(Event.SIGNED_UP, user_id, patient_id=person.id)
    origin = identity.Origin(broker_id=broker_id, method=identity.Method.SIGNATURE)
    return person, await allow(work, user_id, client, scopes, origin)


async def check_sign_up(work: Work, document: str) -> SignUp:
    """Read a signed registration for a cabinet that redirects: is it whole, of the signer, and may it be carried out.

    Nothing is written. Raises JWTInvalid, UnsupportedGrant, Rejected naming the fields, Conflict when the user exists.
    """
    opened = await open_signed(work, document, field=SIGNED)
    details = registration(work, "/api/pis/sign-up_validation", opened.content)
    nonce = identity.read_any_nonce(
        work.dependencies.secret, str(opened.content["jwt"]), audience=identity.LOGIN_AUDIENCE, now=work.now
    )
    await cabinet(work, nonce.client_id)
    must_be_of_signer(opened.signer, details)
    await _must_be_new_user(work, details)
    if faults := people.person_faults(details, work.days):
        raise Rejected(invalid=tuple(faults))
    work.record(Event.SIGN_UP_READ, nonce.client_id)
    return SignUp(details, nonce, registration_token(work, nonce, opened.content))


async def register(
    work: Work, document: str, token: str, otp: int | None = None
) -> tuple[people.Person, identity.IssuedToken]:
    """Carry out a registration that was checked: the person, the user, and a session that authorises cabinets.

    Raises what check_sign_up raises, and UnverifiedPhone after sending a code to the telephone of a new person.
    """
    opened = await open_signed(work, document, field=SIGNED)
    details = registration(work, "/api/pis/register", opened.content)
    nonce = checked_before(work, token, opened.content)
    client = await cabinet(work, nonce.client_id)
    must_be_of_signer(opened.signer, details)
    await _must_be_new_user(work, details)
    person = await _registered(work, details, otp)
    await identity.use_nonce(work, nonce.nonce)
    user_id = await user_of(work, person, may_be_new=True)
    act_as(work, user_id, client, person)
    work.record(Event.SIGNED_UP, user_id, patient_id=person.id)
    method = identity.Method.SIGNATURE
    return person, await identity.issue_session(work, user_id, client.id, identity.AUTHORIZE, method=method)


def registration_token(work: Work, nonce: identity.Nonce, content: Mapping[str, Any]) -> str:
    """Our word that this very person was validated under this nonce."""
    return identity.make_nonce(
        work.dependencies.secret,
        audience=identity.REGISTRATION_AUDIENCE,
        client_id=nonce.client_id,
        nonce=nonce.nonce,
        now=work.now,
        about=digest_of(content),
    )


def checked_before(work: Work, token: str, content: Mapping[str, Any]) -> identity.Nonce:
    """The nonce of a validation of this very person; raise JWTInvalid, or Rejected when it was of another one."""
    nonce = identity.read_any_nonce(
        work.dependencies.secret, token, audience=identity.REGISTRATION_AUDIENCE, now=work.now
    )
    if nonce.about != digest_of(content):
        raise rejected(SIGNED, "Signed content does not match the validated one")
    return nonce


def registration(work: Work, path: str, content: Mapping[str, Any]) -> people.PersonDetails:
    """The person of a signed registration. Raises Rejected naming the fields."""
    details = registered_person(work.dependencies.schemas, path, content)
    if not (details.tax_id or details.no_tax_id):
        raise rejected("$.person.tax_id", "required property tax_id was not present", rule="required")
    return details


def must_be_of_signer(signer: Signer, details: people.PersonDetails) -> None:
    """Raise Rejected unless number and names of the certificate are those of the registration (CB-2)."""
    must_be_signed_by_person(signer, details)
    faults = {
        "first_name": has_name(signer.given_name, details.first_name),
        "last_name": same_name(signer.surname, details.last_name),
    }
    wrong = [name for name, fits in faults.items() if not fits]
    if wrong:
        told = [Invalid(f"$.person.{name}", "invalid", f"Input {name} doesn't match name from DS") for name in wrong]
        raise Rejected(invalid=tuple(told))


async def _registered(work: Work, details: people.PersonDetails, otp: int | None) -> people.Person:
    """The person of the index, made when there is none; who stands there keeps their record.

    Everything that can be wrong is told before a code is sent: nobody types one for a registration that fails.
    """
    await people.hold_identity(work, details)
    person = await _known(work, details)
    if person is None:
        await people.must_be_acceptable(work, details)
        await people.must_be_nobody_yet(work, details)
        await _must_have_verified(work, details, otp)
        person = await people.register_person(work, details)
        if person.tax_id is None:
            wanted = people.papers_wanted("AUTO", NO_TAX_ID, work.now)  # PS-42
            person = await people.note_register_word(work, person.id, people.NHS, wanted)
    people.must_be_active(person)
    return person


async def _known(work: Work, details: people.PersonDetails) -> people.Person | None:
    """The person of the index that is registered: by the tax id, else by passport or УНЗР, birth date and names."""
    if details.tax_id:
        return await people.find_person_by_tax_id(work.db, details.tax_id)
    found = await people.holders(work.db, people.identifying_numbers(details))
    return next((each for each in found if _is_same(each, details)), None)


def _is_same(person: people.Person, details: people.PersonDetails) -> bool:
    names = ((person.last_name, details.last_name), (person.first_name, details.first_name))
    return person.birth_date == details.birth_date and all(same_name(*pair) for pair in names)


async def _must_be_new_user(work: Work, details: people.PersonDetails) -> None:
    person = await _known(work, details)
    if person is not None and await identity.user_by_person(work.db, person.id) is not None:
        raise Conflict(USER_EXISTS)


async def _must_have_verified(work: Work, details: people.PersonDetails, code: int | None) -> None:
    """The telephone that codes will go to answers to the one who signs up."""
    for method in details.authentication_methods:
        phone = method.phone_number
        if phone is None or await verifications.is_verified(work.db, phone):
            continue
        if code is None:
            await verifications.start(work, phone, entry="$.person.authentication_methods")
            raise UnverifiedPhone()
        await verifications.complete(work, phone, str(code))
