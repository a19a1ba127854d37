"""A page that refuses says in the call whether what it wrote stays; the site finds the others only when they happen."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = [path for path in sorted((ROOT / "src" / "esoz").rglob("*.py")) if ".render(" in path.read_text("utf-8")]


def silent(tree: ast.Module) -> list[int]:
    """Lines of the calls of `render` that give a status and not `keep`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "render":
            names = {each.arg for each in node.keywords}
            found += [node.lineno] if "status" in names and "keep" not in names else []
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_page_with_a_status_says_whether_it_keeps(path: Path) -> None:
    assert silent(ast.parse(path.read_text("utf-8"))) == []


def test_page_that_does_not_say_is_found() -> None:
    assert silent(ast.parse('page.render("a.html", status=422)\npage.render("a.html", status=422, keep=True)')) == [1]
