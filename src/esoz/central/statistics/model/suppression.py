"""Numbers too small to be told, and those that would tell them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

Key = tuple[str, str]  # row and column of a table
ALL = ""  # the row, the column of totals


def with_totals(table: Mapping[Key, int]) -> dict[Key, int]:
    """The same with totals of rows and columns, and of all."""
    found = dict(table)
    for (row, column), value in table.items():
        for key in ((row, ALL), (ALL, column), (ALL, ALL)):
            found[key] = found.get(key, 0) + value
    return found


def hidden(table: Mapping[Key, int], least: int, known: Collection[Key] = ()) -> frozenset[Key]:
    """What of a table with its totals must not be told; `known` is hidden already, elsewhere.

    ST-1: a number from 1 to below `least` is hidden.
    ST-2: of a row or a column never one number alone is hidden, its total counted as one of them; and where the total
    is told, what is hidden are `least` or more together. Otherwise it would follow from what is told. The next larger
    numbers are hidden until that is so, and the total last.
    """
    covered = {key for key, value in table.items() if 0 < value < least} | {key for key in known if table.get(key)}
    if not covered:
        return frozenset()
    lines: dict[tuple[int, str], list[Key]] = defaultdict(list)
    for key, value in table.items():
        if value:
            for side in (0, 1):
                lines[side, key[side]].append(key)
    waiting = {(side, key[side]) for key in covered for side in (0, 1)}
    while waiting:
        side, name = waiting.pop()
        for key in _more(side, lines[side, name], table, covered, least):
            covered.add(key)
            waiting |= {(0, key[0]), (1, key[1])}
    return frozenset(covered)


def _more(side: int, line: Sequence[Key], table: Mapping[Key, int], covered: set[Key], least: int) -> list[Key]:
    """What of a row or a column has to be hidden besides what is."""
    parts = [key for key in line if key[1 - side] != ALL]
    found = [key for key in line if key in covered]
    if not found or not parts:
        return []
    totals = [key for key in line if key[1 - side] == ALL]
    rest = sorted((key for key in parts if key not in covered), key=lambda key: (table[key], key))
    more: list[Key] = []
    while not _is_safe(totals, found + more, table, least):
        if rest:
            more.append(rest.pop(0))
        else:
            return more + [key for key in totals if key not in covered]
    return more


def _is_safe(totals: Sequence[Key], concealed: Sequence[Key], table: Mapping[Key, int], least: int) -> bool:
    if len(concealed) < 2:
        return False
    return any(key in concealed for key in totals) or sum(table[key] for key in concealed) >= least
