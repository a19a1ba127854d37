"""What is built is what is published: method, path, id and scope of every operation."""

from esoz import spec
from esoz.central.app import CONTEXTS
from esoz.central.site import SITE_OPERATIONS
from esoz.kernel.operation import Operation, spec_id
from tests.contract.checker import departures

REGISTRY: dict[str, Operation] = {operation.spec_id: operation for context in CONTEXTS for operation in context}
PUBLISHED = {spec_id(operation.method, operation.path): operation for operation in spec.operations()}


def test_every_operation_marked_built_is_there() -> None:
    built = {key for key, operation in PUBLISHED.items() if operation.state == "built"}
    assert built - REGISTRY.keys() - SITE_OPERATIONS == set()


def test_every_operation_that_is_there_is_marked_built_or_listed_as_extension() -> None:
    extra = {
        key
        for key in REGISTRY
        if (key not in PUBLISHED and "extension" not in departures().get(key, ()))
        or (key in PUBLISHED and PUBLISHED[key].state != "built")
    }
    assert extra == set()


def test_ids_are_the_published_ones() -> None:
    wrong = {
        key: (operation.id, PUBLISHED[key].esoz_api_id or PUBLISHED[key].id)
        for key, operation in REGISTRY.items()
        if key in PUBLISHED and operation.id != (PUBLISHED[key].esoz_api_id or PUBLISHED[key].id)
    }
    assert wrong == {}


def test_scopes_are_the_published_ones() -> None:
    wrong = {
        key: (operation.scope, PUBLISHED[key].scopes)
        for key, operation in REGISTRY.items()
        if key in PUBLISHED and not _same_scope(operation, PUBLISHED[key]) and "scope" not in departures().get(key, ())
    }
    assert wrong == {}


def _same_scope(operation: Operation, published: spec.Operation) -> bool:
    if not published.scopes:
        return True  # nothing is published: the decision is ours
    return operation.scope in published.scopes


def test_every_divergence_names_a_published_or_built_operation() -> None:
    assert departures().keys() - PUBLISHED.keys() - REGISTRY.keys() == set()
