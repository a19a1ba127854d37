"""The connection of one act: its writes go out together at the end, in one statement where that can be.

An act asks, decides, then writes. What a store writes `later` waits until something else must be asked or the act ends,
so that what many statements would do is one journey to the database, the audit line among them. Questions before the
first write, or lock, need no transaction (each statement sees what is committed, inside of one or not); an act whose
writes are one statement needs none at all.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

_Connection: TypeAlias = Any  # asyncpg has no types

_TARGET = re.compile(r"\s*(?:insert\s+into|update|delete\s+from)\s+(\w+)")
_ADDS = re.compile(
    r"\s*insert\s+into\s+\w+\s*\([^()]*\)\s*values\s*\([^()]*\)\s*(?:on\s+conflict\s*\(\w+\)\s*do\s+nothing\s*)?$"
)
_CHAINED = re.compile(r"\s*with\s+")
_PLACE = re.compile(r"\$(\d+)")
_LEAVES_A_TRACE = re.compile(
    r"\b(?:insert|update|delete|merge|truncate|lock|nextval|setval|set_config|for\s+(?:no\s+)?(?:key\s+)?share)\b"
    r"|\bpg_(?:try_)?advisory|\bpg_notify"
)


@dataclass(frozen=True, slots=True)
class _Write:
    sql: str
    values: Sequence[object]


class Act:
    """What stores are handed in the place of a connection while an act is in progress."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._transaction: Any = None
        self._pending: list[_Write] = []
        self._last: list[_Write] = []
        self._savepoints = 0  # asked for; `_set` of them stand in the database
        self._set = 0

    def later(self, sql: str, *values: object) -> None:
        """Write before anything else is asked, or at the end. Nobody learns how many rows it was."""
        self._pending.append(_Write(sql, values))

    def at_end(self, sql: str, *values: object) -> None:
        """Write when the act or its part ends: nothing asked or written meanwhile depends on it, nor it on that."""
        self._last.append(_Write(sql, values))

    async def fetch(self, sql: str, *values: object) -> Any:
        await self._before(sql)
        return await self._connection.fetch(sql, *values)

    async def fetchrow(self, sql: str, *values: object) -> Any:
        await self._before(sql)
        return await self._connection.fetchrow(sql, *values)

    async def fetchval(self, sql: str, *values: object) -> Any:
        await self._before(sql)
        return await self._connection.fetchval(sql, *values)

    async def execute(self, sql: str, *values: object) -> Any:
        await self._before(sql)
        return await self._connection.execute(sql, *values)

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        await self._before(sql)
        await self._connection.executemany(sql, rows)

    async def copy_records_to_table(self, table: str, **given: Any) -> Any:
        await self._before("insert")
        return await self._connection.copy_records_to_table(table, **given)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """A part of the act that may fail by itself: what it wrote is taken back, the act goes on."""
        if self._pending:
            await self._begin()
            await self._flush()
        self._savepoints += 1
        last = len(self._last)
        if self._transaction is not None:
            await self._begin()  # a question that fails would end what is open, with its locks
        try:
            yield
            self._pending, self._last = self._last[last:] + self._pending, self._last[:last]
            if self._pending:
                await self._begin()
                await self._flush()
        except BaseException:
            self._pending.clear()
            del self._last[last:]
            if self._set == self._savepoints:
                await self._connection.execute(f"rollback to savepoint part_{self._set}")
            raise
        finally:
            # One that stands is left to the end of the transaction, and shadowed by the next of its name.
            self._savepoints -= 1
            self._set = min(self._set, self._savepoints)

    async def commit(self) -> None:
        """Write what is pending and make it last."""
        self._pending, self._last = self._last + self._pending, []
        if self._transaction is None and len(grouped(tuple(each.sql for each in self._pending))) > 1:
            await self._begin()
        await self._flush()
        if self._transaction is not None:
            transaction, self._transaction = self._transaction, None
            await transaction.commit()

    async def rollback(self) -> None:
        """Forget what is pending, take back the rest."""
        self._pending.clear()
        self._last.clear()
        if self._transaction is not None and not self._connection.is_closed():
            await self._transaction.rollback()

    async def _before(self, sql: str) -> None:
        if self._pending or not only_asks(sql):
            await self._begin()
        if self._pending:
            await self._flush()

    async def _begin(self) -> None:
        if self._transaction is None:
            transaction = self._connection.transaction()
            await transaction.start()
            self._transaction = transaction
        while self._set < self._savepoints:
            self._set += 1
            await self._connection.execute(f"savepoint part_{self._set}")

    async def _flush(self) -> None:
        pending, self._pending = self._pending, []
        first = 0
        for count in grouped(tuple(each.sql for each in pending)):
            group = pending[first : first + count]
            first += count
            sql = joined(tuple((each.sql, len(each.values)) for each in group))
            await self._connection.execute(sql, *(value for each in group for value in each.values))


async def write_later(db: _Connection, sql: str, *values: object) -> None:
    """Let an act write when it ends or asks again; where there is no act, write at once."""
    if isinstance(db, Act):
        db.later(sql, *values)
    else:
        await db.execute(sql, *values)


async def write_at_end(db: _Connection, sql: str, *values: object) -> None:
    """Let an act write when it ends, whatever is asked before; where there is no act, write at once."""
    if isinstance(db, Act):
        db.at_end(sql, *values)
    else:
        await db.execute(sql, *values)


async def insert_later(db: _Connection, table: str, **columns: object) -> None:
    """The same for one row; the names come from our own code, the values are parameters."""
    await write_later(db, insertion(table, tuple(columns)), *columns.values())


@lru_cache(maxsize=4096)
def only_asks(sql: str) -> bool:
    """Whether a statement neither changes anything nor holds anything for later statements."""
    text = sql.lower()
    return text.lstrip().startswith(("select", "with")) and _LEAVES_A_TRACE.search(text) is None


@lru_cache(maxsize=1024)
def grouped(statements: tuple[str, ...]) -> tuple[int, ...]:
    """How many of the statements, in their order, go out together each time.

    The parts of one statement do not see each other, so no two of them write to one table, but to add to it what
    says all of itself; and one that is made of several parts itself can only be the last.
    """
    groups: list[int] = []
    tables: dict[str, bool] = {}
    is_open = False
    for sql in statements:
        table, adds = target(sql), _ADDS.match(sql) is not None
        if not is_open or not (tables.get(table, True) and (adds or table not in tables)):
            groups.append(0)
            tables = {}
        groups[-1] += 1
        tables[table] = adds
        is_open = not _CHAINED.match(sql)
    return tuple(groups)


def target(sql: str) -> str:
    """The table that a statement writes to. Raises ValueError for one that does not say it first."""
    found = (_TARGET.search if _CHAINED.match(sql) else _TARGET.match)(sql)
    if found is None:
        raise ValueError(f"what is written later begins with its table: {sql[:60]}")
    return found[1]


@lru_cache(maxsize=512)
def insertion(table: str, columns: tuple[str, ...]) -> str:
    """The statement that inserts one row."""
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    return f"insert into {table} ({', '.join(columns)}) values ({places})"


@lru_cache(maxsize=1024)
def joined(parts: tuple[tuple[str, int], ...]) -> str:
    """One statement that does what all parts do; each part comes with the number of its values."""
    *others, (last, _) = parts
    if not others:
        return last
    texts, before = [], 0
    for number, (sql, count) in enumerate(others):
        texts.append(f"part_{number} as ({_moved(sql, before)})")
        before += count
    last = _moved(last, before)
    chained = _CHAINED.match(last)
    return f"with {', '.join(texts)}" + (f", {last[chained.end() :]}" if chained else f" {last}")


def _moved(sql: str, by: int) -> str:
    return _PLACE.sub(lambda place: f"${int(place[1]) + by}", sql) if by else sql
