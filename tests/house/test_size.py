"""Files and functions stay small enough to be read at once, and every module says what it is for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILE_LINES = 400
FUNCTION_LINES = 30
FILES = sorted((ROOT / "src" / "esoz").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def text_lines(node: ast.AST) -> set[int]:
    """Lines that are the inside of a text of several lines, SQL above all: they are read as text, not as steps."""
    texts = [each for each in ast.walk(node) if isinstance(each, ast.JoinedStr | ast.Constant)]
    return {line for each in texts for line in range(each.lineno + 1, (each.end_lineno or each.lineno) + 1)}


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body; its docstring and the texts in it apart."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    lines = set(range(body[0].lineno, (node.end_lineno or 0) + 1))
    return len(lines - text_lines(node))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_small_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "the module has no docstring"
    assert len(text.splitlines()) <= FILE_LINES
    long = [f"{node.name}: {body_lines(node)}" for node in functions(tree) if body_lines(node) > FUNCTION_LINES]
    assert long == []


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_of_tests_is_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES


def test_text_of_several_lines_is_counted_once() -> None:
    code = 'def f():\n    """Says what."""\n    g(\n        """select 1\n        from a\n        where b"""\n    )\n'
    (found,) = functions(ast.parse(code))
    assert body_lines(found) == 3
