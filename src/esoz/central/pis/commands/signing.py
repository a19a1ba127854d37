"""What every way of signing in with КЕП has in common: who signed, which cabinet asks, whose user it is."""

from dataclasses import replace
from uuid import UUID

from esoz.central import identity, people
from esoz.kernel.errors import Conflict, rejected
from esoz.kernel.spelling import plain_number
from esoz.kernel.work import Signer, Work

from ..model import GRANT, ClientGrant, allowed

SIGNED = "$.signed_content"


async def trusted(work: Work, request: ClientGrant) -> tuple[identity.Client, UUID, frozenset[str]]:
    """The trusted cabinet that asks, its vendor, and the scopes that a patient may have."""
    client, broker_id = await identity.must_know_connection(work, request.client_id, request.client_secret)
    if request.grant_type != GRANT or client.type != "TRUSTED_PIS":
        raise identity.errors.UnsupportedGrant()
    scopes, missing = allowed(request.scope)
    if missing or not scopes:
        raise identity.errors.invalid_scope(" ".join(sorted(missing)))
    return client, broker_id, scopes


async def cabinet(work: Work, client_id: UUID) -> identity.Client:
    """The cabinet of patients that asks; raise UnsupportedGrant when the client is none."""
    client = await identity.must_be_client(work, client_id)
    if client.type not in identity.PATIENT_TYPES:
        raise identity.errors.UnsupportedGrant()
    return client


async def allow(
    work: Work, user_id: UUID, client: identity.Client, scopes: frozenset[str], origin: identity.Origin
) -> identity.IssuedToken:
    """Record what was allowed and issue the tokens."""
    app_id = await identity.save_consent(work, user_id, client.id, scopes, origin)
    return await identity.issue_access(work, user_id, client.id, scopes, app_id, origin=origin)


async def person_of(work: Work, signer: Signer) -> people.Person:
    """The active person behind a КЕП: by the tax id, else by passport or УНЗР together with the names (SG-4)."""
    numbers = [number for number in (signer.drfo, signer.unzr) if number]
    if not numbers:
        raise rejected(SIGNED, "Invalid drfo")
    person = await people.find_person_by_tax_id(work.db, plain_number(signer.drfo or ""))
    if person is None:
        # The same document may stand by mistake at two people, and nobody is let into another's record.
        found = [each for each in await people.holders(work.db, numbers) if people.has_number(each, signer)]
        found = [each for each in found if people.has_names(each, signer)]
        if len(found) != 1:
            raise Conflict("Person is not found")
        person = found[0]
    people.must_be_active(person)
    return person


def must_be_signed_by_person(signer: Signer, person: people.Person | people.PersonDetails) -> None:
    """Raise Rejected with the published words unless a number of the certificate is this person's (SG-4)."""
    if not (signer.drfo or signer.unzr):
        raise rejected(SIGNED, "Invalid drfo")
    if not people.has_number(person, signer):
        raise rejected(SIGNED, "Does not match the signer drfo")


async def actor_person(work: Work) -> people.Person:
    """The active person whose token or session this is; raise InvalidToken when it is nobody's."""
    if work.actor.person_id is None:
        raise identity.errors.InvalidToken()
    person = await people.find_person(work.db, work.actor.person_id)
    people.must_be_active(person)
    return person


def act_as(work: Work, user_id: UUID, client: identity.Client, person: people.Person) -> None:
    """What follows is done, and told to the patient, as this user."""
    work.actor = replace(work.actor, user_id=user_id, client_id=client.id, client_type=client.type, person_id=person.id)


async def user_of(work: Work, person: people.Person, *, may_be_new: bool) -> UUID:
    """The user of a person, made when there is none yet. Raises UserNotRegistered, UserBlocked."""
    user = await identity.user_by_person(work.db, person.id)
    if user is None:
        if not may_be_new:
            raise identity.errors.UserNotRegistered()
        user = await identity.create_user(work, email=None, password=None, tax_id=person.tax_id, person_id=person.id)
    if user.is_blocked:
        raise identity.errors.UserBlocked()
    return user.id
