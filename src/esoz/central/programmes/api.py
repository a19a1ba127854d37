"""Programmes, and drugs as they may be prescribed by them."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import DrugFilter, PackageFilter, ProgrammeFilter

operations = Operations()


@operations.add("API-011-037-0001", "GET /api/medical_programs", scope="medical_program:read")
async def list_programmes(call: Call) -> Reply:
    wanted, page = call.query(ProgrammeFilter), call.page()
    found, paged = await queries.list_programmes(call.work, page, wanted)
    return Reply([wire.programme(each) for each in found], paging=Paging.of(paged))


@operations.add("API-011-037-0002", "GET /api/medical_programs/{id}", scope="medical_program:read")
async def find_programme(call: Call) -> Reply:
    return Reply(wire.programme(await queries.find_programme(call.work, call.id("id"))))


@operations.add("get_api_v2_drugs", "GET /api/v2/drugs", scope="drugs:read")
async def list_drugs_v2(call: Call) -> Reply:
    wanted, page = call.query(DrugFilter), call.page()
    found, paged = await queries.list_drugs(call.work, page, wanted, with_packages=True)
    return Reply([wire.drug_v2(dosage, parts) for dosage, parts in found], paging=Paging.of(paged))


@operations.add("get_api_v3_drugs", "GET /api/v3/drugs", scope="drugs:read")
async def list_drugs_v3(call: Call) -> Reply:
    wanted, page = call.query(DrugFilter), call.page()
    found, paged = await queries.list_drugs(call.work, page, wanted, with_packages=False)
    return Reply([wire.drug_v3(dosage, parts) for dosage, parts in found], paging=Paging.of(paged))


@operations.add("esoz_pharmacy_medications", "GET /api/pharmacy/medications", scope="medication_request:read_pharm")
async def list_packages(call: Call) -> Reply:
    wanted, page = call.query(PackageFilter), call.page()
    found, paged = await queries.list_packages(call.work, page, wanted)
    return Reply([wire.package(*each) for each in found], paging=Paging.of(paged))
