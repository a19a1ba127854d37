"""Operations that read conclusions and their kinds."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import queries, wire
from ..model.filters import CompositionFilter, ConfigurationFilter, PrintQuery
from .registry import operations

PAGE_LIMIT = 100  # medical events are paged by a hundred at most
OF_PATIENT = "/api/patients/{patient_id}/compositions"
READ = "composition:read"


@operations.add("API-007-009-0015", f"GET {OF_PATIENT}/search", scope=READ)
async def search(call: Call) -> Reply:
    wanted, page = call.query(CompositionFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.compositions(call.work, call.id("patient_id"), wanted, page)
    return Reply([wire.short(each) for each in found], paging=Paging.of(paged))


# Published as a list with one member.
@operations.add("API-007-009-0016", f"GET {OF_PATIENT}/{{id}}", scope=READ)
async def one(call: Call) -> Reply:
    return Reply([wire.shown(await queries.composition(call.work, call.id("patient_id"), call.id("id")))])


@operations.add("API-007-009-0012", f"GET {OF_PATIENT}/{{id}}/print_form", scope=READ)
async def print_form(call: Call) -> Reply:
    asked = call.query(PrintQuery)
    wire.must_be_certificate(asked.form_type)
    wire.must_be_of_path(asked.composition_id, call.id("id"))
    return Reply(wire.print_form(await queries.printed(call.work, call.id("patient_id"), call.id("id"))))


@operations.add("get_api_patients_ID_compositions_ID_context", f"GET {OF_PATIENT}/{{id}}/context", scope=READ)
async def context(call: Call) -> Reply:
    return Reply(wire.context(*await queries.context(call.work, call.id("patient_id"), call.id("id"))))


@operations.add("API-007-009-0019", "GET /api/composition_configurations", scope=READ)
async def configurations(call: Call) -> Reply:
    wanted, page = call.query(ConfigurationFilter), call.page()
    found, paged = await queries.configurations_page(call.work, wanted, page)
    return Reply([wire.configuration(each) for each in found], paging=Paging.of(paged))
