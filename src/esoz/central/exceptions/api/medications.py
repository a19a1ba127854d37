"""Packages of the register of medicines, for a pharmacy that enters them or hands them over without a prescription."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import wire
from ..model.handing_over import PackageFilter
from ..queries import medications as queries
from .registry import operations


@operations.add("esoz_pharmacy_medications", "GET /api/pharmacy/medications", scope="medication_dispense:read_pharm")
async def medications(call: Call) -> Reply:
    found, paged = await queries.medications(call.work, call.query(PackageFilter), call.page())
    return Reply([wire.package(each) for each in found], paging=Paging.of(paged))
