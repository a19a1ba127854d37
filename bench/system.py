"""What the benchmark takes from the measured system by a name that has changed.

`make bench-compare` runs this very benchmark on an older revision; what was called otherwise there is found here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from esoz.kernel import audit
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.kernel.jobs import Worker
from esoz.kernel.objects import Objects
from esoz.kernel.work import NOBODY, Work
from esoz.signature import TrustList


class Dependencies(Protocol):
    """What commands are given for the life of a process; the benchmark only hands it on."""


def _named(*places: str) -> Any:
    """The first of `module:name` that there is. Raises LookupError when none is."""
    for place in places:
        module, _, name = place.partition(":")
        try:
            return getattr(import_module(module), name)
        except (ImportError, AttributeError):
            continue
    raise LookupError(f"none of {places} is there: this revision is too old or too new for the benchmark")


def is_there(module: str) -> bool:
    """Whether this revision has what a line of the benchmark measures."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # what it would stand in is no folder yet
        return False


def dependencies_of(trust: TrustList, secret: bytes) -> Dependencies:
    """Dependencies of central that keep documents in memory and trust these authorities."""
    make = _named("esoz.central.app:make_dependencies", "esoz.central.app:make_gear")
    verifier = _named("esoz.gateways.verifier:TrustListVerifier", "esoz.gateways.judge:Judge")
    made: Dependencies = make(Objects.in_memory(), verifier(trust), secret)
    return made


def worker_of(database: Database, dependencies: Dependencies) -> Worker:
    """A worker of central that performs jobs when it is told to."""
    handlers = _named("esoz.central.app:JOB_HANDLERS", "esoz.central.app:PERFORMERS")
    name = "dependencies" if "dependencies" in Worker.__init__.__annotations__ else "gear"
    called: dict[str, Any] = {name: dependencies}
    made: Worker = Worker(database, handlers, clock=SystemClock(), **called)
    return made


@asynccontextmanager
async def working(database: Database, dependencies: Dependencies) -> AsyncIterator[Work]:
    """An act of nobody in a transaction of its own, with its lines in the audit log."""
    async with database.transaction() as db:
        work: Work = Work(NOBODY, SystemClock().now(), db, dependencies)  # type: ignore[arg-type]  # handed on as it came
        yield work
        context = _named("esoz.kernel.audit:AuditContext", "esoz.kernel.audit:Circumstances")
        await audit.write(db, context(work.now, "bench", "bench", NOBODY), work.recorded)


async def stock(work: Work, packages: Iterable[object]) -> None:
    """The register of medicines, and the programme of antibiotics."""
    load: Callable[..., Awaitable[object]] = _named(
        "esoz.central.medications:import_drugs", "esoz.central.prescriptions:import_drugs"
    )
    await load(work, packages)
    try:
        definitions: Callable[[], list[object]] = _named("esoz.central.programmes:common_programmes")
    except LookupError:  # a revision that knows antibiotics alone
        make: Callable[..., Awaitable[object]] = _named(
            "esoz.central.programmes:make_antibiotics_programme",
            "esoz.central.prescriptions:make_antibiotics_programme",
        )
        await make(work)
    else:
        make = _named("esoz.central.programmes:make_programmes")
        await make(work, definitions())
