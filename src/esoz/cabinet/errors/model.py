"""Finding the explanation of a refusal in the table of the cabinet."""

from esoz.sdk import CentralRefused, Explanation, Explanations

from .table import BY_RULE, BY_STATUS, BY_TYPE, OF_CHILD, TEXTS, UNKNOWN

_EXPLANATIONS = Explanations(TEXTS, BY_RULE, BY_TYPE, BY_STATUS, UNKNOWN)

_OF_CHILD = Explanations((*OF_CHILD, *TEXTS), BY_RULE, BY_TYPE, BY_STATUS, UNKNOWN)


def explain_of_child(refused: CentralRefused) -> list[Explanation]:
    """The same where a parent registers a child: what was refused is about the child, not about who reads it."""
    return _OF_CHILD.of(refused)


def explain(refused: CentralRefused) -> list[Explanation]:
    """Every fault of a refusal, each explanation once; at least one."""
    return _EXPLANATIONS.of(refused)
