"""The command line: `esoz central`, `esoz mis`, `esoz demo` and the rest; `esoz --help` lists them."""

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from esoz import spec
from esoz.kernel import logs
from esoz.kernel.errors import Rejected
from esoz.kernel.migrations import TablesAreBusy
from esoz.kernel.settings import TABLE, Settings
from esoz.processes import PARTS, REAL, migrate_all, run_part, run_parts
from esoz.signature import command_line

_AGAIN = """
One transaction: the register is as the file says, or as it was. A second import of the same file changes nothing.
What the file lacks goes out of use and is never deleted, for records name it. Ends with what was added and changed."""

REGISTERS = {
    "dictionaries": f"""Dictionaries from a file: JSON as GET /api/v2/dictionaries answers it, or CSV with the columns
name, code, description[, parent, is_active]. Dictionaries that are not in the file stay as they are.
Unknown codes of a dictionary are refused from then on; with --partial, only codes of another form than its standard's.
{_AGAIN}""",
    "diagnoses-groups": f"""Groups of diagnoses from CSV, a row for each diagnosis of each group, with the columns
code, name, description, system, diagnosis: the first three are of the group, the others a code of a dictionary.
{_AGAIN}""",
    "civil-acts": f"""Who may speak for whom, from the registers of births and guardianships: CSV with the columns
id, kind (BIRTH, GUARDIANSHIP), number of the paper, last_name, first_name, birth_date, tax_ids of who may, ends_on.
{_AGAIN}""",
    "drugs": f"""The state register of medicinal products from its CSV file (package_pcid, inn_ua, atc_code, ...),
as it is or packed (.csv.gz). Rows that cannot be read with certainty are left out and counted; --report says which.
A file without a tenth of the packages on sale is refused as cut off, unless --shrinks says that it is meant.
{_AGAIN}""",
    "device-definitions": f"""Device definitions: JSON, a list of objects as GET /api/v2/device_definitions shows them,
without is_active and the dates; a device of a medical programme carries medical_program_id besides.
{_AGAIN}""",
    "participants": f"""Packages that the state pays for, from CSV with the columns medical_program_id, medication_id,
start_date, reimbursement_amount and, when known, end_date, wholesale_price, consumer_price, estimated_payment_amount,
reimbursement_daily_dosage, registry_number. Programmes that it names have these packages and no others.
{_AGAIN}""",
    "prices": f"""A price list of packages: CSV with the columns medication_id, package_price (hryvnias; empty = in the
catalogue no more), valid_from. Prices from other days stay as they are.
{_AGAIN}""",
    "programmes": f"""Medical programmes: JSON, a list of objects as GET /api/medical_programs shows them, without the
dates and with enrolled besides: [{{"code_atc", "start_date"}}], groups of which every package takes part.
Those that this system begins with stand in esoz/spec/programmes.json.
{_AGAIN}""",
    "contracts": f"""Contracts of pharmacies with the НСЗУ (reimbursement): JSON, a list of objects with id,
contract_number, contractor_legal_entity_id, contractor_divisions, medical_programs, start_date, end_date[, status,
is_suspended].
{_AGAIN}""",
    "forbidden-groups": f"""Forbidden groups from CSV, a row for each member of each group, with the columns
group, name, reason, system, code, member_reason: the first three are of the group; system is a dictionary, or `service`
or `service_group` with a code of the catalogue of services.
{_AGAIN}""",
    "mountain-settlements": """Settlements with the status of mountain ones: a text, one code of КАТОТТГ a line.
All others have it no more. Divisions follow their settlement. One transaction.""",
    "pharmacy-licences": """Places where medicines may be sold (register of drug control) from CSV with the columns
dls_id, edrpou, license_number, settlement (code of КАТОТТГ), active_from_date[, name, street, building, expiry_date].
A division of a pharmacy is verified when its external_id is a dls_id of its own code, or when the addresses are the
same. One transaction; places that are not in the file are valid no more. Until the first import nothing is checked.""",
    "services": f"""The catalogue of services from CSV or JSON (a list of objects) with the columns
type, code, name[, groups, category, medical_program_id, consumer_price, description, is_active, request_allowed,
is_composition]. A row of type group stands in the group named in groups, or at the top; of type service, in all groups
named there (A;B); of type program_service, tells that a programme pays for the service with this code.
{_AGAIN}""",
    "state-register": """Records of the state register of legal entities (ЄДР): JSON, a list of objects as GET
/api/v2/legal_entities shows them in `edr` (id, edrpou, name, state, kveds, registration_address, ...); state 1 is
registered. A legal entity can be registered in central only when its code is among them.
One transaction; records that are not in the file stay. Legal entities whose record has ended are suspended.""",
    "war-territories": f"""Territories of hostilities and occupation from CSV with the columns kind, katottg, name,
begins, ends[, region, district]; kinds are possible_hostilities, active_hostilities, temporarily_occupied and
active_hostilities_state_registers_work, days are 24.02.2022, ends is empty while it goes on. "за винятком" in a name
takes settlements out.
Rows that cannot be read with certainty are left out and told; what changed or is gone is kept as history.
{_AGAIN}""",
}

Command = Callable[[argparse.Namespace, Settings], int]


def main() -> int:
    """Run one command; the exit status is 0 when it did what was asked."""
    arguments = _parser().parse_args()
    settings = Settings()
    logs.set_up(settings.text("ESOZ_LOG_LEVEL"))
    command: Command = arguments.command
    try:
        return command(arguments, settings)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="esoz", description="Electronic health system: central, mis, cabinet.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for part, about in PARTS.items():
        _add(commands, part, about, _run)
    running = _add(commands, "run", "run parts together, and start again who dies or hangs", _run_parts)
    running.add_argument("part", nargs="*", help=f"{', '.join(REAL)} when left out")
    _add(commands, "migrate", "bring all databases up to date", _migrate)
    _add(commands, "settings", "list the settings read from the environment", _settings)
    appointing = _add(commands, "administrator", "make an administrator of central", _administrator)
    appointing.add_argument("email")
    appointing.add_argument("--phone", help="+380…: where codes go; asked for at sign-in when left out")
    _add_jobs(commands)
    _add_banner(commands)
    _add_operations(commands)
    about = "electronic signatures: verify, sign, inspect, convert; needs no server"
    command_line.add_to(_add(commands, "signature", about, _signature))
    _add_keeping(commands)
    about = "the audit log: take it out as a file, check that it is whole"
    _add_audit(_add(commands, "audit", about, _audit))
    for register, about in REGISTERS.items():
        _add_import(commands, register, about)
    starting = _add(commands, "demo", "start everything with demo people", _demo)
    starting.add_argument("--detach", action="store_true", help="return when everything answers")
    _add(commands, "demo-stop", "stop what `demo --detach` started", _demo_stop)
    _add(commands, "demo-reset", "forget all demo data", _demo_reset)
    _add(commands, "demo-memory", "what the running demo takes of memory, by process (Linux)", _demo_memory)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str, run: Command
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=run, name=name)
    return parser


def _add_keeping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keeping = _add(commands, "backup", "copy the embedded database and the documents to ESOZ_ARCHIVE", _keeping)
    keeping.add_argument("--keep", type=int, default=7, help="how many copies of the database stay; 7 when left out")
    keeping = _add(commands, "restore", "bring both back out of ESOZ_ARCHIVE", _keeping)
    keeping.add_argument("--to", default="", help="a moment with its zone; the last change when left out")
    _add(commands, "verify", "whether the audit log is whole and every signed document is there", _keeping)


def _add_jobs(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _add(commands, "jobs", "central: jobs that are set aside after faults of ours, or wait", _jobs)
    acts = parser.add_subparsers(required=True, metavar="act", dest="act")
    acts.add_parser("list", help="those that are set aside, and those that have failed or waited already")
    retrying = acts.add_parser("retry", help="have them performed again, once the fault is mended")
    retrying.add_argument("id", nargs="*", help="of the job")
    retrying.add_argument("--all", action="store_true", help="all that are set aside")


def _add_banner(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = "mis: a banner above every page, before sign-in too; without a text, the list of them"
    parser = _add(commands, "mis-banner", about, _mis_banner)
    parser.add_argument("text", nargs="?", default="", help="what happened, whom it concerns, what to do")
    parser.add_argument("--severity", choices=("info", "warning", "danger"), default="danger")
    parser.add_argument("--from", dest="begins", default="", help="2026-11-22 18:00, Kyiv; now when left out")
    parser.add_argument("--until", dest="ends", default="", help="the same; until it is ended when left out")
    parser.add_argument("--end", type=UUID, help="take the banner with this id down")


def _add_operations(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = _add(commands, "operations", "how much of the published API is built", _operations)
    listing.add_argument("--json", action="store_true", help="for programs")
    about = "everything that is published of one operation: its scope, request, answers, signed content"
    showing = _add(listing.add_subparsers(metavar="act"), "show", about, _show_operation)
    showing.add_argument("id", nargs="+", help='either of its ids, "METHOD /path", or a part of the path or name')


def _add_import(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", register: str, about: str) -> None:
    parser = _add(commands, register, f"{register} of central: take a whole register in", _import)
    acts = parser.add_subparsers(required=True, metavar="act")
    taking = acts.add_parser(
        "import",
        help="take a file in",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    taking.set_defaults(command=_import, register=register, partial=False, report=None, shrinks=False)
    taking.add_argument("file", type=Path, help="the register, UTF-8; .csv or .json as said above")
    if register == "drugs":
        taking.add_argument("--report", type=Path, help="CSV to write: line, package and reason of each row left out")
        taking.add_argument("--shrinks", action="store_true", help="it is meant that over a tenth goes out of use")
    if register == "dictionaries":
        taking.add_argument("--partial", action="store_true", help="the file is known not to have all codes")


def _import(arguments: argparse.Namespace, settings: Settings) -> int:
    """Loaded only here: a register is taken in by central's own commands."""
    imports: Any = import_module("esoz.central.imports")
    try:
        file = imports.File(arguments.file.name, arguments.file.read_bytes(), arguments.report, arguments.shrinks)
        asyncio.run(imports.import_file(settings, arguments.register, file, partial=arguments.partial, say=print))
    except (ValueError, OSError) as fault:
        print(f"nothing was taken in: {fault}", file=sys.stderr)
        return 1
    return 0


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    return run_part(arguments.name, settings)


def _run_parts(arguments: argparse.Namespace, settings: Settings) -> int:
    names = arguments.part or list(REAL)
    if unknown := [name for name in names if name not in PARTS]:
        print(f"there is no part {', '.join(unknown)}; parts are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    return run_parts(names, settings)


def _migrate(_arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        for name in asyncio.run(migrate_all(settings)):
            print(name)
    except TablesAreBusy as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def _administrator(arguments: argparse.Namespace, settings: Settings) -> int:
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    administrators = import_module("esoz.central.administrators")
    try:
        asyncio.run(administrators.add(settings, arguments.email, password, arguments.phone))
    except Rejected as refusal:
        print(refusal.invalid[0].description, file=sys.stderr)
        return 1
    return 0


def _jobs(arguments: argparse.Namespace, settings: Settings) -> int:
    jobs: Any = import_module("esoz.central.set_aside_jobs")
    if arguments.act == "retry" and bool(arguments.id) == arguments.all:
        print("say which jobs, or --all", file=sys.stderr)
        return 1
    found = jobs.listed(settings) if arguments.act == "list" else jobs.retry(settings, arguments.id)
    for line in asyncio.run(found):
        print(line)
    return 0


def _mis_banner(arguments: argparse.Namespace, settings: Settings) -> int:
    operator: Any = import_module("esoz.mis.help.banners.commands.operator")
    wanted = operator.BannerRequest(arguments.text, arguments.severity, arguments.begins, arguments.ends, arguments.end)
    try:
        for line in asyncio.run(operator.run(settings, wanted)):
            print(line)
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def _settings(_arguments: argparse.Namespace, _given: Settings) -> int:
    for row in TABLE:
        print(f"{row.name:28} {row.default or '-':26} {row.about}")
    return 0


def _operations(arguments: argparse.Namespace, _settings: Settings) -> int:
    coverage, newer = spec.coverage(), spec.coverage(spec.NEXT_CONTRACT)
    if arguments.json:
        print(json.dumps(msgspec.to_builtins(coverage) | {"newer": msgspec.to_builtins(newer)}, ensure_ascii=False))
        return 0
    for area, count in sorted(coverage.areas.items()):
        print(f"{area:34} {count.built:4} / {count.published}")
    for each in (coverage, newer):
        print(f"{f'all live public operations, {each.contract}':34} {each.built:4} / {each.published}")
    return 0


def _show_operation(arguments: argparse.Namespace, _settings: Settings) -> int:
    asked = " ".join(arguments.id)
    found = spec.search(asked)
    if len(found) == 1:
        print(spec.shown(found[0]), end="")
        return 0
    if not found:
        print(f"no published operation has {asked!r} in its id, path or name", file=sys.stderr)
        return 1
    for each in found:
        print(f"{each.state:8} {each.esoz_api_id or each.id:34} {each.method} {each.path}")
    return 0


def _signature(arguments: argparse.Namespace, _settings: Settings) -> int:
    return int(arguments.signature_command(arguments))


def _add_audit(parser: argparse.ArgumentParser) -> None:
    """Loaded only when it is asked for: the check of a log knows central and signatures."""
    if "audit" in sys.argv[1:2]:
        import_module("esoz.audit_command").add_to(parser)


def _keeping(arguments: argparse.Namespace, settings: Settings) -> int:
    keeping: Any = import_module("esoz.keeping.command")
    return int(getattr(keeping, arguments.name)(arguments, settings))


def _audit(arguments: argparse.Namespace, settings: Settings) -> int:
    return int(arguments.audit_command(arguments, settings))


def _launcher() -> Any:
    """Loaded only for the demo: it knows all parts, and each part's process should load its own only."""
    return import_module("esoz.sandbox.launcher")


def _demo(arguments: argparse.Namespace, settings: Settings) -> int:
    return int(_launcher().start(settings, detach=arguments.detach))


def _demo_stop(_arguments: argparse.Namespace, settings: Settings) -> int:
    return int(_launcher().stop(settings))


def _demo_reset(_arguments: argparse.Namespace, settings: Settings) -> int:
    return int(_launcher().reset(settings))


def _demo_memory(_arguments: argparse.Namespace, settings: Settings) -> int:
    memory: Any = import_module("esoz.sandbox.memory")
    found = memory.measured(settings)
    for line in memory.lines(found):
        print(line)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
