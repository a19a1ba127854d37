"""What in a migration would stop a country: statements that hold a large table while they work.

usage: python -m tools.safe_migrations FILE.sql…

A statement that is harmless where it stands (a table of twenty rows) has `-- safe: WHY` on the line above it. How each
change is made in steps stands in CONTRIBUTING.md.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from esoz.kernel.migrations import OUTSIDE

SAFE = re.compile(r"--[ \t]*safe:[ \t]*\S")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(rf"({_COMMENT.pattern})|\$(\w*)\$.*?\$\2\$|'(?:[^']|'')*'", re.DOTALL)
_NAME = r"(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?([\w.]+)"
_CREATED = re.compile(rf"\bcreate\s+(?:unlogged\s+)?table\s+{_NAME}")
_INDEX = re.compile(r"\bcreate\s+(?:unique\s+)?index\s+(concurrently\s+)?.*?\bon\s+(?:only\s+)?([\w.]+)", re.DOTALL)
_NAMED = re.compile(r"\b(create|drop)\s+(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+(?:not\s+)?exists\s+)?(\w+)")
_ALTERED = re.compile(rf"\balter\s+table\s+{_NAME}\s+(.*)", re.DOTALL)
# Functions whose value is one for the whole statement; any other default is written into every row.
_STABLE = re.compile(r"\b(?:now|current_timestamp|current_date|transaction_timestamp)\s*\(\s*\)")
_CALL = re.compile(r"\bdefault\s+[^,]*?\w\s*\(")
_CONSTRAINT = re.compile(r"^add\s+(?:constraint\s+\w+\s+)?(foreign\s+key|check|unique|primary\s+key|exclude)\b")
_CHECKED = re.compile(r"check\s*\(\s*\(?\s*(\w+)\s+is\s+not\s+null\s*\)?\s*\)\s*not\s+valid")
_WHOLE = (
    (r"^update\s", "an update of a whole table in one transaction: fill in batches, from a periodic task"),
    (r"^delete\s", "a deletion in one transaction: delete in batches, from a periodic task"),
    (r"^drop\s+table\b", "a table is dropped: first the code stops using it, a release before"),
    (r"^(?:truncate|cluster|lock)\b|^vacuum\s+full", "holds the whole table"),
    (r"^reindex\s+(?!.*\bconcurrently\b)", "reindex without concurrently"),
    (r"^drop\s+index\s+(?!concurrently\b)", "drop index without concurrently"),
    (
        r"^alter\s+\w+\s+\S+\s+rename\b(?!\s+constraint)|^alter\s+table\s.*\brename\b(?!\s+constraint)",
        "a rename: running code still asks for the old name",
    ),
)


@dataclass(frozen=True)
class Statement:
    """One statement in small letters, without texts and comments."""

    sql: str
    is_marked_safe: bool


def faults(sql: str, earlier: Sequence[str] = ()) -> list[str]:
    """What is dangerous in a migration; `earlier` are the texts of the migrations before it."""
    some = list(statements(sql))
    new = {name for each in some for name in _CREATED.findall(each.sql)}
    found = [fault for each in some if not each.is_marked_safe for fault in _faults(each.sql, new, earlier)]
    here = _indexes(earlier)
    found.extend(f"an index {name} is there already, so this one is never built" for name in _indexes([sql]) & here)
    is_outside = sql.startswith(OUTSIDE)
    needs_outside = any(re.search(r"\bconcurrently\b", each.sql) for each in some)
    if needs_outside and not is_outside:
        found.append(f"concurrently works outside a transaction: the first line must be «{OUTSIDE}»")
    if is_outside and len(some) != 1:
        found.append("outside a transaction stands one statement a file: a failed file is begun again")
    return found


def statements(sql: str) -> Iterator[Statement]:
    """Statements in their order; those in bodies of functions are texts, not statements."""
    plain = _TOKEN.sub(lambda token: token[1].replace(";", ",") if token[1] else "''", sql)
    for piece in plain.split(";"):
        text = " ".join(_COMMENT.sub(" ", piece).lower().split())
        if text:
            yield Statement(text, bool(SAFE.search(piece)))


def _faults(sql: str, new: set[str], earlier: Sequence[str]) -> Iterator[str]:
    for pattern, words in _WHOLE:
        if re.search(pattern, sql):
            yield f"{words}: {sql[:80]}"
    if (index := _INDEX.search(sql)) and not index[1] and index[2] not in new:
        yield f"an index of {index[2]} without concurrently: nobody writes to it until it is built"
    if (altered := _ALTERED.search(sql)) and altered[1] not in new:
        for action in _split(altered[2]):
            yield from _action_faults(altered[1], action, earlier)


def _action_faults(table: str, action: str, earlier: Sequence[str]) -> Iterator[str]:
    place = f"{table}: {action[:80]}"
    if re.match(r"add\s+(?!constraint|foreign|check|unique|primary|exclude)", action):
        yield from _column_faults(place, action)
    if re.match(r"alter\s+(?:column\s+)?\w+\s+(?:set\s+data\s+)?type\b", action):
        yield f"a type is changed, the table is written anew: {place}"
    column = re.match(r"alter\s+(?:column\s+)?(\w+)\s+set\s+not\s+null", action)
    if column and not _is_checked(table, column[1], earlier):
        yield f"not null without a check that is valid already, the table is read under its lock: {place}"
    if (kind := _CONSTRAINT.match(action)) and " using index " not in f"{action} ":
        if kind[1] in ("foreign key", "check") and not re.search(r"\bnot valid\b", action):
            yield f"a constraint without not valid, the table is read under its lock: {place}"
        if kind[1] in ("unique", "primary key", "exclude"):
            yield f"builds an index under the lock: build it concurrently, then add it «using index»: {place}"
    if re.match(r"validate\s+constraint", action) and not _is_added_before(table, action, earlier):
        yield f"a constraint is validated in a migration after the one that adds it: {place}"
    if re.match(r"drop\s+(?!constraint|not|default|expression|identity)", action):
        yield f"a column is dropped: first the code stops using it, a release before: {place}"


def _column_faults(place: str, action: str) -> Iterator[str]:
    default = _STABLE.sub("now", action)
    if _CALL.search(default) or re.search(r"\b(?:big|small)?serial\b|\bgenerated\b", default):
        yield f"a value that differs by row is written into every row under the lock: {place}"
    if re.search(r"\bnot null\b", action) and " default " not in action:
        yield f"a new column is empty first, then filled, then required: {place}"
    if re.search(r"\breferences\b|\bcheck\b|\bunique\b|\bprimary key\b", action):
        yield f"a new column comes alone, its constraints after it: {place}"


def _is_checked(table: str, column: str, earlier: Sequence[str]) -> bool:
    """Whether earlier migrations added a check that the column is not null, and one of them made it valid."""
    for each in (each for text in earlier for each in statements(text)):
        if each.sql.startswith(f"alter table {table} add constraint ") and (found := _CHECKED.search(each.sql)):
            name = each.sql.split()[5]
            if found[1] == column and any(f"validate constraint {name}" in text.lower() for text in earlier):
                return True
    return False


def _indexes(texts: Sequence[str]) -> set[str]:
    """The names of indexes that are there after these migrations."""
    names: set[str] = set()
    for each in (each for text in texts for each in statements(text)):
        for act, name in _NAMED.findall(each.sql):
            names = names | {name} if act == "create" else names - {name}
    return names


def _is_added_before(table: str, action: str, earlier: Sequence[str]) -> bool:
    name = action.split()[2]
    return any(f"add constraint {name} " in each.sql for text in earlier for each in statements(text))


def _split(actions: str) -> Iterator[str]:
    """Actions of an `alter table`, which stand between commas that are in no brackets."""
    depth, begun = 0, 0
    for place, sign in enumerate(actions):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield actions[begun:place].strip()
            begun = place + 1
    yield actions[begun:].strip()


def main(names: Sequence[str]) -> int:
    """Print the faults of files; earlier ones are those beside them with a smaller name."""
    found = 0
    for path in map(Path, names):
        before = [each.read_text("utf-8") for each in sorted(path.parent.glob("*.sql")) if each.name < path.name]
        for fault in faults(path.read_text("utf-8"), before):
            print(f"{path}: {fault}")
            found += 1
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
