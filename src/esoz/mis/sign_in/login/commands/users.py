"""Making users, clinics and workplaces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.errors import rejected
from esoz.kernel.passwords import Passwords
from esoz.kernel.vault import Vault
from esoz.mis.sign_in.passwords import is_good

from .. import store
from ..model import WEAK


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Names and tax number of a user to be made."""

    last_name: str
    first_name: str
    second_name: str = ""
    tax_id: str | None = None


async def add_user(
    db: Connection, passwords: Passwords, email: str, password: str, *, person: Person, at: datetime
) -> UUID:
    """Make a user. Raises Rejected for a weak password, Conflict (unique address) from the database."""
    if not is_good(password):
        raise rejected("$.password", WEAK)
    user_id = new_id()
    await store.add_user(
        db,
        id=user_id,
        email=email.strip(),
        last_name=person.last_name,
        first_name=person.first_name,
        second_name=person.second_name,
        tax_id=person.tax_id,
        password_hash=await passwords.hash(password),
        password_set_at=at,
        inserted_at=at,
    )
    return user_id


async def add_clinic(
    db: Connection, vault: Vault, clinic_id: UUID, *, name: str, type: str, client_secret: str, redirect_uri: str
) -> None:
    """Make a clinic: its legal entity id is the OAuth client id, the secret is that of its connection to this MIS."""
    await store.add_clinic(
        db,
        id=clinic_id,
        name=name,
        type=type,
        redirect_uri=redirect_uri,
        client_secret=vault.seal(client_secret, f"client:{clinic_id}"),
    )


async def add_workplace(
    db: Connection,
    user_id: UUID,
    clinic_id: UUID,
    *,
    role: str,
    employee_id: UUID,
    position: str = "",
    division_id: UUID | None = None,
    division_name: str = "",
) -> UUID:
    """Give a user a role at a clinic."""
    workplace_id = new_id()
    await store.add_workplace(
        db,
        id=workplace_id,
        user_id=user_id,
        clinic_id=clinic_id,
        role=role,
        employee_id=employee_id,
        position=position,
        division_id=division_id,
        division_name=division_name,
    )
    return workplace_id
