"""No statement reads many more rows than it answers, whatever the size of the database."""

from collections.abc import Sequence

import asyncpg
import msgspec
import pytest

from esoz.kernel import db

from .conftest import Grown
from .plans import Reading, reading
from .recorded import Statements, record

pytestmark = pytest.mark.slow

TIMES = 10  # rows read for each that is answered
FEW = 250  # rows that may be read for nothing: some pages of memory
# What may read more, by a piece of its text, and why.
EXCEPTIONS = {
    "from innm_dosages d where": "the register of medicines is as long however many people there are",
    "is distinct from ukrainian_key(": "registers are compared with the order of names whole, twice a day",
    "not e.nhs_verified and e.nhs_unverified_at <": "the register of clinics is looked through once an hour",
    "from audit_chain link join audit_events": "the audit log is read through once, line after line",
}


@pytest.fixture(scope="session")
async def statements(grown: Grown) -> Statements:
    return await record(grown)


async def test_no_statement_reads_many_more_rows_than_it_answers(grown: Grown, statements: Statements) -> None:
    assert len(statements.found) > 200
    wrong = []
    connection = await asyncpg.connect(grown.url, server_settings={"timezone": "UTC"})
    await db._set_up(connection)  # the same codecs, or the arguments could not be sent
    try:
        for text, samples in statements.found.items():
            if not any(piece in text for piece in EXCEPTIONS):
                for arguments in samples:
                    found = await explained(connection, text, arguments)
                    if found.read > max(FEW, TIMES * found.answered):
                        wrong.append(_told(statements.where[text], text, found))
                        break
    finally:
        await connection.close()
    assert not wrong, "\n\n".join(wrong)


async def explained(connection: asyncpg.Connection, text: str, arguments: Sequence[object]) -> Reading:
    """What the statement reads; whatever it changes is undone."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        asked = f"explain (analyze, buffers, timing off, format json) {text}"
        plan = msgspec.json.decode(await connection.fetchval(asked, *arguments))
    except asyncpg.IntegrityConstraintViolationError:  # what was written is there already
        return Reading(0, 0, ())
    finally:
        await transaction.rollback()
    return reading(plan[0]["Plan"])


def _told(where: str, text: str, found: Reading) -> str:
    tables = ", ".join(f"{name} {rows:,.0f}" for name, rows in found.tables[:4])
    return (
        f"{where}\n{' '.join(text.split())[:600]}\n  {found.read:,.0f} read, {found.answered:,.0f} answered: {tables}"
    )
