"""No circle of files, in Python and in TypeScript: what is below can be read and tested without what is above."""

import re
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent.parent
SIGNER = ROOT / "signer" / "src"

Imports = dict[str, set[str]]


def circle(imports: Imports) -> list[str]:
    """Files that import one another in turn, the first again at the end; empty when there is no such circle."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as fault:
        found: list[str] = fault.args[1]
        return found
    return []


@pytest.fixture(scope="module")
def python_imports() -> Imports:
    """Every file of the system with the files it imports, those for types only too."""
    graph = grimp.build_graph("esoz", cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def browser_imports(files: Mapping[str, str]) -> Imports:
    """Every file with its neighbours that it imports or passes on, those for types only too."""
    statement = re.compile(r'^(?:import|export)\b[^;]*?"\./([\w.-]+\.ts)"', re.MULTILINE)
    return {name: set(statement.findall(text)) for name, text in files.items()}


def test_python_has_no_circle(python_imports: Imports) -> None:
    assert len(python_imports) > 500
    assert circle(python_imports) == []


def test_browser_code_has_no_circle() -> None:
    files = {path.name: path.read_text("utf-8") for path in SIGNER.glob("*.ts")}
    imports = browser_imports(files)
    assert sum(map(len, imports.values())) > len(files)
    assert circle(imports) == []


class TestCircle:
    def test_over_types_and_over_what_is_passed_on_is_found(self) -> None:
        files = {
            "comb.ts": 'import type { Bytes } from "./bytes.ts";\nimport type {\n  Curve,\n} from "./curve.ts";\n',
            "curve.ts": 'export { Comb } from "./comb.ts";\n',
            "bytes.ts": '// import "./comb.ts"\nexport type Bytes = Uint8Array;\n',
        }
        assert set(circle(browser_imports(files))) == {"comb.ts", "curve.ts"}

    def test_of_three_files_is_named_in_turn(self) -> None:
        found = circle({"a": {"b"}, "b": {"c", "x"}, "c": {"d"}, "d": {"b"}, "x": set()})
        assert found[0] == found[-1]
        assert set(found) == {"b", "c", "d"}

    def test_shared_neighbour_makes_none(self) -> None:
        assert circle({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) == []
