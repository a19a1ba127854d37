"""Functions of the database that write or lock: an act takes a SELECT for a question, and those are none."""

from esoz.kernel.act import only_asks
from esoz.kernel.db import Connection
from esoz.kernel.job_turns import CLAIM

OF_TRIGGERS = {"add_to_total", "count_one", "count_act", "count_by", "count_visit", "is_counted"}
# What counts rows that stood there before statistics did: the worker begins a transaction for it.
OF_CHORES = {
    f"fill_{source}" for source in ("medication_requests", "medication_dispenses", "declarations", "encounters")
}
OF_CHORES |= {"fill_statistics"}
OF_CLAIMS = {"jobs_next"}


async def test_function_that_may_write_then_triggers_call_it_or_who_begins_a_transaction(db: Connection) -> None:
    rows = await db.fetch(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace and provolatile = 'v'"
        " and prorettype <> 'trigger'::regtype"
        " and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')"  # of an extension
    )
    assert {row["proname"] for row in rows} == OF_TRIGGERS | OF_CLAIMS | OF_CHORES
    assert "jobs_next" in CLAIM
    assert not only_asks(CLAIM)
