"""Finding the explanation of a refusal in the table of the cabinet."""

from esoz.sdk import CentralRefused, Explanation, Explanations

from .table import BY_RULE, BY_STATUS, BY_TYPE, TEXTS, UNKNOWN

_EXPLANATIONS = Explanations(TEXTS, BY_RULE, BY_TYPE, BY_STATUS, UNKNOWN)


def explain(refused: CentralRefused) -> list[Explanation]:
    """Every fault of a refusal, each explanation once; at least one."""
    return _EXPLANATIONS.of(refused)
