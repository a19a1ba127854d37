"""What is taken in batches under a lock is chosen once: the planner may run a subquery behind `in` anew for each row.

Run anew, `limit … for update skip locked` passes over what the statement has changed already and takes the next ones:
more than its limit. An array, or a common table that is materialized, is made once:
`id = any(array(select … for update skip locked))`, `with due as materialized (select … for update skip locked)`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent.parent / "src" / "esoz"
FILES = sorted(path for path in SOURCE.rglob("*") if path.suffix in {".py", ".sql"})
SUBQUERY = re.compile(r"\bin\s*\(\s*select\b", re.IGNORECASE)
LOCKS = re.compile(r"\bfor\s+(no\s+key\s+)?update\b", re.IGNORECASE)
LOCKED_TABLE = re.compile(r"\bwith\s.*?\bas\s*\(\s*select\b", re.IGNORECASE | re.DOTALL)


def texts(path: Path) -> Iterator[str]:
    """Texts of a file, each as one: what stands in braces is left out."""
    source = path.read_text("utf-8")
    if path.suffix == ".sql":
        yield source
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def inside(text: str, start: int) -> str:
    """What stands between the bracket at `start` and the one that closes it."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return text[start + 1 : place]
    return text[start + 1 :]


def chosen_anew(text: str) -> list[str]:
    """Subqueries of a statement that lock rows, are limited, and may be run more than once."""
    starts = [text.index("(", found.start()) for found in SUBQUERY.finditer(text)]
    # A common table that is not said to be materialized may be put in the place where it is used.
    starts += [text.rindex("(", 0, found.end()) for found in LOCKED_TABLE.finditer(text)]
    found = [inside(text, start) for start in starts]
    return [each for each in found if LOCKS.search(each) and re.search(r"\blimit\b", each, re.IGNORECASE)]


def test_batch_is_chosen_once() -> None:
    found = [(path.relative_to(SOURCE), each) for path in FILES for text in texts(path) for each in chosen_anew(text)]
    assert found == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("update a set b = 1 where id in (select id from a order by c limit $1 for update skip locked)", 1),
        ("delete from a where (x, id) in (\n select x, id from a where c in (1, 2) limit 5 for no key update)", 1),
        ("with due as (select id from a limit 5 for update) update a set b = 1 from due where due.id = a.id", 1),
        ("update a set b = 1 where id = any(array(select id from a limit $1 for update skip locked))", 0),
        ("with due as materialized (select id from a limit 5 for update) delete from a using due", 0),
        ("delete from a where id in (select id from a limit 5)", 0),
        ("delete from a where id in (select id from a for update)", 0),
    ],
)
def test_what_is_chosen_anew_is_found(text: str, count: int) -> None:
    assert len(chosen_anew(text)) == count
