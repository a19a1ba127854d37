"""Every operation that is built can be called by somebody: a role, at a place where such people work."""

from esoz.central.app import CONTEXTS
from esoz.central.identity.model import AUTHORIZE, CHANGE_PASSWORD
from esoz.kernel.operation import Operation
from esoz.spec.roles import client_type_scopes, client_types, employee_types, role_scopes, roles

# Scopes of tokens that are no clinic's: of a session before consent, and of one that only changes a password.
OF_SESSIONS = frozenset({AUTHORIZE, CHANGE_PASSWORD})
# Who works at a client that is no legal entity.
ELSEWHERE = {"PIS": {"PATIENT"}, "MIS": {"MIS_USER"}, "NHS_ADMIN": {"NHS_ADMIN"}}


def workers(client_type: str) -> set[str]:
    return ELSEWHERE.get(client_type) or set(employee_types(client_type))


# What people may do where they work: a token holds only what stands in the role and in the client type at once.
HELD = [
    role_scopes(role) & client_type_scopes(client_type)
    for client_type in client_types()
    for role in workers(client_type) & set(roles())
]


def is_within_reach(operation: Operation) -> bool:
    needed = frozenset((operation.scope or "").split())
    return needed <= OF_SESSIONS or any(needed <= held for held in HELD)


def test_operation_when_built_then_somebody_may_call_it() -> None:
    unreachable = {
        f"{each.method} {each.path}": each.scope
        for context in CONTEXTS
        for each in context
        if not is_within_reach(each)
    }
    assert unreachable == {}
