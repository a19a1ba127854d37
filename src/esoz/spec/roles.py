"""Which scopes a role and a type of client may hold, and whom a type of legal entity may employ.

A token carries only scopes that stand in the role of the user and in the type of the client at once.
"""

from functools import cache

from .files import json_document


def roles() -> tuple[str, ...]:
    """Return the names of all roles."""
    return tuple(_section("roles"))


def role_scopes(role: str) -> frozenset[str]:
    """Return the scopes of a role (a role has the name of its employee type); KeyError when there is none."""
    return _section("roles")[role]


def client_types() -> tuple[str, ...]:
    """Return the names of all client types."""
    return tuple(_section("client_types"))


def client_type_scopes(client_type: str) -> frozenset[str]:
    """Return the scopes of a client type (the type of its legal entity, or MIS); KeyError when there is none."""
    return _section("client_types")[client_type]


def employee_types(legal_entity_type: str) -> frozenset[str]:
    """Return the employee types that a type of legal entity may hire; KeyError when it may hire nobody."""
    return _section("employee_types")[legal_entity_type]


@cache
def _section(name: str) -> dict[str, frozenset[str]]:
    document: dict[str, dict[str, str]] = json_document("roles.json")
    return {key: frozenset(words.split()) for key, words in document[name].items()}
