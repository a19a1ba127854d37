"""Facts of the published system, carried as data: operations, shapes, rules, dictionaries, roles, drugs, settlements.

Each file and its source stand in README.md beside this module. Nothing is read before it is asked for.
`esoz.spec.drugs` and `esoz.spec.katottg` are imported by name: they read large registers.
"""

from .dictionary import Dictionary, Value, dictionaries, dictionary, dictionary_names
from .operations import (
    CONTRACT,
    NEXT_CONTRACT,
    AreaCoverage,
    Coverage,
    Operation,
    OperationState,
    Publication,
    coverage,
    find,
    operation,
    operations,
    publications,
    search,
)
from .roles import client_type_scopes, client_types, employee_types, role_scopes, roles
from .rules import FAMILIES, Rule, cited, rules
from .shapes import (
    Parameter,
    Schema,
    Signed,
    path_parameters,
    query_parameters,
    request_schema,
    response_schema,
    response_statuses,
    signed,
    signed_schema,
)
from .shown import shown

__all__ = [
    "CONTRACT",
    "FAMILIES",
    "NEXT_CONTRACT",
    "AreaCoverage",
    "Coverage",
    "Dictionary",
    "Operation",
    "OperationState",
    "Parameter",
    "Publication",
    "Rule",
    "Schema",
    "Signed",
    "Value",
    "cited",
    "client_type_scopes",
    "client_types",
    "coverage",
    "dictionaries",
    "dictionary",
    "dictionary_names",
    "employee_types",
    "find",
    "operation",
    "operations",
    "path_parameters",
    "publications",
    "query_parameters",
    "request_schema",
    "response_schema",
    "response_statuses",
    "role_scopes",
    "roles",
    "rules",
    "search",
    "shown",
    "signed",
    "signed_schema",
]
