"""What documents of contexts above name of a record, and who signs them."""

from collections.abc import Collection
from uuid import UUID

from esoz.kernel.errors import Invalid
from esoz.kernel.faults import must_hold
from esoz.kernel.work import Signer, Work

from ..model import Records
from ..model.documents import Document, Names
from ..model.references import reference_faults
from .displays import record_names
from .gathering import gather_reference_data, names_of
from .registers import Registers
from .signers import must_be_signed_by_employee_or_administrator


async def check_references(
    work: Work, person_id: UUID, content: Document, *, root: str = "$", without: Collection[str] = ()
) -> Names:
    """Everything that a document names is there and stands, but for fields `without`; the words of it all.

    Raises Rejected with the fault of each reference, as it stands below `root`.
    """
    registers = Registers(work)
    data = await gather_reference_data(work, person_id, content, registers, episode_id=None)
    found: list[Invalid] = list(reference_faults(root, content, Records(()), data, without=without))
    must_hold(found)
    return {**await names_of(content, registers, data), **record_names({}, data)}


async def must_be_signed_by_author_or_administrator(
    work: Work, signer: Signer, employee_id: UUID, *, place: str
) -> None:
    """CN-1: who wrote a document takes it back, or a medical administrator of the same clinic."""
    await must_be_signed_by_employee_or_administrator(work, Registers(work), signer, employee_id, place=place)
