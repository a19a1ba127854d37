"""Questions about medical conclusions; each read leaves a line for the patient."""

from .compositions import (
    composition,
    compositions,
    configurations_page,
    context,
    named,
    own_composition,
    own_compositions,
    printed,
    resolve_compositions,
)

__all__ = [
    "composition",
    "compositions",
    "configurations_page",
    "context",
    "named",
    "own_composition",
    "own_compositions",
    "printed",
    "resolve_compositions",
]
