"""What a caller writes into a filter or an address is in no line of the audit log, which nobody may forget.

A surname typed into a filter would stand there for years, told to whoever reads the log.
"""

from collections.abc import Iterator

from esoz.kernel.db import Connection
from tests.central.test_odd_requests import READS, Asking, asking, parameters

__all__ = ["asking"]
WORD = "Прізвищенко"
VARIABLES = ("name", "type", "kind", "phone_number", "code", "number")


def asked() -> Iterator[tuple[int, str]]:
    """Places of operations and their filters."""
    for place, operation in enumerate(READS):
        for name in parameters(operation)[:-3]:  # without those of pages
            yield place, name


async def test_word_of_a_filter_then_in_no_line(asking: Asking, db: Connection) -> None:
    answered = 0
    for place, name in asked():
        response = await asking.ask(READS[place], {name: WORD}, known=dict.fromkeys(VARIABLES, WORD))
        answered += response.status_code == 200
    lines = await db.fetch(
        "select distinct event, resource_id from audit_events where concat_ws(' ', resource_id, facts::text) like $1",
        f"%{WORD}%",
    )
    assert [tuple(line) for line in lines] == []
    assert answered > 30


async def test_word_of_an_address_then_in_no_line(asking: Asking, db: Connection) -> None:
    for operation in READS:
        if any(f"{{{name}}}" in operation.path for name in VARIABLES):
            await asking.ask(operation, {}, known=dict.fromkeys(VARIABLES, WORD))
    count = await db.fetchval(
        "select count(*) from audit_events where concat_ws(' ', resource_id, facts) like $1", f"%{WORD}%"
    )
    assert count == 0
