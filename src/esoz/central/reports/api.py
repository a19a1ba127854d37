"""Operations of the report on reimbursement."""

from esoz.kernel.operation import Call, File, Operations, Paging, Reply

from . import queries, wire
from .model import Days, ReportFilter, Summed

operations = Operations()
PATH = "/api/reimbursement_report"


@operations.add("get_api_reimbursement_report", f"GET {PATH}", scope="reimbursement_report:read")
async def report(call: Call) -> Reply:
    found, paged = await queries.reimbursed(call.work, call.query(ReportFilter), call.page())
    return Reply([wire.reimbursed(each) for each in found], paging=Paging.of(paged))


@operations.add("esoz_reimbursement_report_sums", f"GET {PATH}_sums", scope="reimbursement_report:read")
async def sums(call: Call) -> Reply:
    return Reply(wire.total_of(*await queries.summed(call.work, call.query(Summed))))


@operations.add("get_api_reimbursement_report_download", f"GET {PATH}_download", scope="reimbursement_report:download")
async def download(call: Call) -> Reply:
    lines = await queries.for_payment(call.work, call.query(Days))
    return Reply(File(wire.as_csv(lines), "text/csv;charset=UTF-8", "reimbursement.csv"))
