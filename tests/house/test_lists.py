"""Whoever shows a list of central never takes its first page for all: `sdk.whole`, pages of its own, or a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

from esoz.central.app import CONTEXTS
from esoz.kernel.operation import spec_id

SOURCE = Path(__file__).parent.parent.parent / "src" / "esoz"
LISTS = {
    operation.spec_id
    for context in CONTEXTS
    for operation in context
    if operation.reads and "page" in operation.handler.__code__.co_names
}
CLIENTS = ("mis", "cabinet", "sandbox", "gateways")

# Where the first page is meant: what is looked for is one, or somebody types on until it is there.
FIRST_PAGE = {
    ("mis/care/prescriptions/commands/prescriptions.py", "/api/persons/{}/medication_requests"): "one number",
    ("mis/care/prescriptions/pages/issued.py", "{}/notices"): "the last messages",
    ("mis/care/prescriptions/queries.py", "/api/v2/drugs"): "one dosage by its id, or a picker",
    ("mis/care/prescriptions/queries.py", "path"): "a picker of drugs",
    ("mis/care/visits/pages.py", "/api/services"): "a picker of services",
    ("mis/clinic/organisation/pages.py", "/api/uaddresses/settlements"): "a picker of places",
    ("mis/reception/registration/queries.py", "/api/uaddresses/settlements"): "a picker of places",
    ("mis/devices/requests/queries.py", "/api/patients/{}/encounters"): "visits to prescribe from: the newest",
    ("mis/exceptions/handover/queries.py", "MEDICATIONS"): "a picker, and whether a package is known",
    ("mis/office/head/queries.py", "/api/divisions"): "how many there are",
    ("mis/office/head/queries.py", "/api/pharmacy/paper_dispenses"): "how many there are",
    ("mis/office/head/queries.py", "/api/pharmacy/emergency_dispenses"): "how many there are",
    ("mis/office/head/queries.py", "/api/pharmacy/wholesale_supplies"): "how many there are",
    ("mis/stock/queries.py", "/api/pharmacy/medications"): "one package by its id, or a picker of packages",
    ("mis/stock/queries.py", "path"): "the pharmacist's own division is asked for by its id, others by their names",
    ("cabinet/prescriptions/queries.py", "/api/pis/medication_requests/{}/notices"): "the last messages",
    ("cabinet/registration/commands.py", "/api/uaddresses/settlements"): "a picker of places",
    ("cabinet/declarations/queries.py", "PATH"): "a patient has one active declaration",
    ("cabinet/readings/queries.py", "PATH"): "lines of one moment",
    ("mis/referrals/performing/queries.py", "/api/patients/{}/{}"): "records that may answer a referral: the newest",
}


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """File, path and parameters of every question to central."""
    for folder in CLIENTS:
        for file in (SOURCE / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
                    given = {word.arg or "" for word in node.keywords}
                    yield file.relative_to(SOURCE).as_posix(), _path(node.args[0]) if node.args else "", given


def _path(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def test_first_page_when_asked_for_then_there_is_a_reason() -> None:
    asked = {
        (file, path)
        for file, path, given in calls()
        if "page" not in given and (spec_id("GET", path) in LISTS or "page_size" in given)
    }
    assert asked - FIRST_PAGE.keys() == set()


def test_reason_when_written_down_then_somebody_asks_so() -> None:
    assert FIRST_PAGE.keys() - {(file, path) for file, path, _ in calls()} == set()
