"""What a reader of a care plan is shown beside it."""

from dataclasses import dataclass

from .plans import CarePlan


@dataclass(frozen=True, slots=True)
class View:
    """A plan with the name of the clinic that keeps it."""

    plan: CarePlan
    clinic: str
