"""Rules over the whole registry: every operation says who may call it; every status stands in its table."""

import importlib
import inspect
import pkgutil
from enum import StrEnum
from types import ModuleType

import esoz.central
from esoz import spec
from esoz.central.app import CONTEXTS
from esoz.kernel.operation import spec_id
from tests.contract.checker import departures


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(esoz.central.__path__, "esoz.central.")
    return [importlib.import_module(info.name) for info in found if not info.name.endswith("__main__")]


def test_operation_is_open_to_anybody_where_it_is_published_so_or_a_departure_says_so() -> None:
    published = {spec_id(each.method, each.path): each.auth == "no" and not each.scopes for each in spec.operations()}
    registry = {operation.spec_id: operation.scope is None for context in CONTEXTS for operation in context}
    wrong = {
        key: "open to anybody" if is_open else "closed"
        for key, is_open in registry.items()
        if is_open != published.get(key, False) and "public" not in departures().get(key, ())
    }
    assert wrong == {}, "a scope is missing, or a row `public` of docs/divergences.md"
    assert sum(registry.values()) > 20


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
