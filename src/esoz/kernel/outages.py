"""Which faults mean that the database is away, restarts, or cannot take more: nobody's mistake, and over in a while."""

import asyncpg

from .errors import Unavailable

RETRY_SECONDS = 5

# Of the driver: a connection that has ended says so in all of these. OSError: the network, and every time-out.
_DRIVER = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, EOFError)
# Of the server, by the classes of its codes (PostgreSQL, appendix A).
_SERVER = (
    asyncpg.PostgresConnectionError,  # 08
    asyncpg.ReadOnlySQLTransactionError,  # 25006: the primary has become a standby
    asyncpg.InFailedSQLTransactionError,  # 25P02: said by a connection whose end was not noticed yet
    asyncpg.IdleInTransactionSessionTimeoutError,  # 25P03
    asyncpg.TransactionTimeoutError,  # 25P04
    asyncpg.InsufficientResourcesError,  # 53: connections, memory, disk
    asyncpg.LockNotAvailableError,  # 55P03
    asyncpg.OperatorInterventionError,  # 57: shutdown, crash of a neighbour, start, a cancelled statement
    asyncpg.PostgresSystemError,  # 58: input and output
)
OUTAGES: tuple[type[Exception], ...] = (*_DRIVER, *_SERVER)
# Another act stood in the way, or a migration changed a table meanwhile: the same act may pass at once.
IN_THE_WAY: tuple[type[Exception], ...] = (
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)


def is_outage(fault: BaseException) -> bool:
    """The driver's word for a value that no column can hold is of the same family, and is no outage."""
    return isinstance(fault, OUTAGES) and not isinstance(fault, ValueError)


def unavailable() -> Unavailable:
    """503, and when to come again."""
    return Unavailable(headers={"Retry-After": str(RETRY_SECONDS)})
