"""Functions of the database that write: only triggers may call them, for an act takes a SELECT for a question."""

from esoz.kernel.db import Connection

OF_TRIGGERS = {"add_to_total", "count_one"}


async def test_function_that_may_write_then_only_triggers_call_it(db: Connection) -> None:
    rows = await db.fetch(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace and provolatile = 'v'"
        " and prorettype <> 'trigger'::regtype"
        " and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')"  # of an extension
    )
    assert {row["proname"] for row in rows} == OF_TRIGGERS
