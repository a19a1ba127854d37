"""Operations of licenses."""

from esoz.central.organisations import client_of
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .model import LicenseDetails, LicenseFilter

operations = Operations()


@operations.add("API-005-036-0001", "GET /api/licenses", scope="license:read")
async def licenses(call: Call) -> Reply:
    found, paged = await queries.licenses(call.work, call.query(LicenseFilter), call.page())
    return Reply([wire.license(each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-036-0002", "POST /api/licenses", scope="license:write", schema_validation=False)
async def create_license(call: Call) -> Reply:
    made = await commands.create(call.work, _body(call), legal_entity_id=client_of(call.work.actor))
    return Reply(wire.license(made), 201)


@operations.add("patch_api_licenses_ID", "PATCH /api/licenses/{id}", scope="license:write", schema_validation=False)
async def update_license(call: Call) -> Reply:
    return Reply(wire.license(await commands.update(call.work, call.id("id"), _body(call))))


def _body(call: Call) -> LicenseDetails:
    wire.license_schema().check(call.content)
    return call.body(LicenseDetails)
