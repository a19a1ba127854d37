"""SQL of statistics."""

from .reading import cells, first_day
from .totals import people_and_places, sums

__all__ = ["cells", "first_day", "people_and_places", "sums"]
