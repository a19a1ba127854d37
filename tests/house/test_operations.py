"""Rules over the whole registry: every operation says who may call it; every status stands in its table."""

import importlib
import inspect
import pkgutil
from enum import StrEnum
from types import ModuleType

import esoz.central
from esoz.central.app import CONTEXTS


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(esoz.central.__path__, "esoz.central.")
    return [importlib.import_module(info.name) for info in found if not info.name.endswith("__main__")]


def test_every_operation_has_a_scope_or_says_public() -> None:
    public = {operation.id for context in CONTEXTS for operation in context if operation.scope is None}
    assert public == PUBLIC


def test_operation_ids_are_unique() -> None:
    ids = [operation.id for context in CONTEXTS for operation in context]
    assert len(ids) == len(set(ids))


def test_every_status_stands_in_its_table_of_moves() -> None:
    tables = 0
    for module in modules():
        for name, table in inspect.getmembers(module, lambda value: isinstance(value, dict)):
            if not name.endswith("MOVES") or not table:
                continue
            tables += 1
            statuses = type(next(iter(table)))
            assert issubclass(statuses, StrEnum)
            assert set(table) == set(statuses), f"{module.__name__}.{name}"
            assert all(target in statuses for targets in table.values() for target in targets)
    assert tables >= 8


def test_events_of_the_audit_log_are_a_thing_and_what_happened() -> None:
    for module in modules():
        for name, event in inspect.getmembers(module, inspect.isclass):
            if name == "Event" and issubclass(event, StrEnum):
                for member in event:
                    thing, _, happened = member.partition(".")
                    assert thing and happened, f"{module.__name__}: {member}"


# Operations that anybody may call, each on purpose: coming in, and what is published to all.
PUBLIC = {
    "API-009-067-0001",  # GET /oauth/nonce
    "API-009-068-0002",  # POST /oauth/tokens
    "post_oauth_nonce",
    "post_auth_login",
    "post_api_pis_sign-in",
    "post_api_pis_sign-up",
    "post_api_pis_confidant_sign-up",
    "post_api_pis_sign-up_validation",
    "post_api_pis_register",  # its bearer is the JWT of the validation
    "post_api_pis_confidant_sign-in",
    "API-011-065-0001",  # GET /api/dictionaries
    "API-011-065-0005",  # GET /api/v2/dictionaries
    "get_api_diagnoses_groups",
    "get_api_diagnoses_groups_ID",
    "API-012-001-0001",  # GET /api/uaddresses/…
    "API-012-001-0002",
    "API-012-001-0003",
    "API-012-001-0004",
    "API-012-001-0005",
    "API-012-001-0006",
    "API-012-001-0007",
    "get_reports_stats",
    "get_api_mis_register",  # the register of medical information systems
}
