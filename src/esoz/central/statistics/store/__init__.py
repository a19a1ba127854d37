"""SQL of statistics."""

from .load import loads
from .reading import cells, first_day, names
from .totals import by_region, of_division, people_and_places, sums

__all__ = ["by_region", "cells", "first_day", "loads", "names", "of_division", "people_and_places", "sums"]
