"""Every citation resolves: ids of rules, numbers of decisions, names of documents; and a kept rule has its test."""

import ast
import io
import re
import tokenize
from functools import cache

import pytest

from esoz import citations, spec

from .test_docs import ROOT, tracked

ID = re.compile(r"(?<![\w-])([A-Z]{2,5})-(\d{1,3})(?![\w-])")
# Names of the trade that look like an id of a rule.
NAMES = frozenset(
    {"AES", "API", "COVID", "DSS", "GOST", "ICD", "ICPC", "ISO", "PKCS", "RFC", "SHA", "SP", "STD", "UTF"}
)
DECISION = re.compile(r"\bdecisions? (\d+)", re.IGNORECASE)
DOCUMENT = re.compile(r"[\w./-]*\w\.md\b")
# Papers of somebody's own, cited by the number of a section: nobody else can look them up.
PAPER = re.compile(r"\b(?:regulation,|(?:api|rules)\.md,?) \d+(?:\.\d+)*")
# Migrations that were merged are never edited, their digest is checked. These two name decisions by the numbers of a
# draft: the log is partitioned as decision 7 has it; the key that begins with the patient is a rule of CONTRIBUTING.
MERGED = {"src/esoz/kernel/sql/0001_audit.sql": "6", "src/esoz/central/migrations/0060_records.sql": "6"}
KINDS = (".md", ".py", ".sql", ".html", ".ts", ".js", ".txt", ".sh", ".po")
DECISIONS = {str(int(path.name[:4])) for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Files that may cite something, by name, with their comments. What is built by tools cites nothing."""
    cited = (
        name
        for name in tracked()
        if name.startswith(("src/", "tests/", "tools/", "bench/", "docs/"))
        and name.endswith(KINDS)
        and "/static/" not in name
    )
    read = ((name, (ROOT / name).read_text("utf-8")) for name in cited)
    return tuple((name, comments(text) if name.endswith(".py") else text) for name, text in read)


def comments(code: str) -> str:
    """Comments and docstrings of a Python text: samples in its strings are data."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    found = [token.string for token in tokens if token.type == tokenize.COMMENT]
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documented = (node for node in ast.walk(ast.parse(code)) if isinstance(node, kinds))
    return "\n".join([*found, *(ast.get_docstring(node) or "" for node in documented)])


def unknown_ids(text: str) -> list[str]:
    found = (f"{family}-{number}" for family, number in ID.findall(text) if family not in NAMES)
    return [each for each in [*found, *spec.cited(text)] if each not in spec.rules()]


def unknown_decisions(text: str) -> list[str]:
    return [number for number in DECISION.findall(text) if number not in DECISIONS]


def unknown_documents(text: str, known: frozenset[str]) -> list[str]:
    """A document may be named by the end of its path."""
    return [name for name in DOCUMENT.findall(text) if not f"/{name.lstrip('./')}".endswith(tuple(known))]


@pytest.fixture(scope="module")
def documents() -> frozenset[str]:
    return frozenset(f"/{name.rpartition('/')[2]}" for name in tracked() if name.endswith(".md"))


def test_rule_that_is_cited_is_in_the_register() -> None:
    assert {name: found for name, text in texts() if (found := unknown_ids(text))} == {}


def test_rule_that_is_kept_in_code_has_a_test_that_cites_it() -> None:
    proved = citations.proved()
    assert {rule: files for rule, files in citations.held().items() if rule not in proved} == {}


def test_register_has_each_rule_once_with_its_source() -> None:
    rows = list(spec.rules().values())
    assert len(rows) == len({each.title for each in rows}) == 482
    assert [each.id for each in rows if not (each.title and each.source and each.date)] == []
    assert list(dict.fromkeys(each.family for each in rows)) == list(spec.FAMILIES)


def test_decision_that_is_cited_has_a_page() -> None:
    found = {name: wrong for name, text in texts() if (wrong := unknown_decisions(text))}
    assert found == {}
    for name, number in MERGED.items():
        assert DECISION.findall((ROOT / name).read_text("utf-8")) == [number]


def test_document_that_is_named_is_there(documents: frozenset[str]) -> None:
    found = {name: wrong for name, text in texts() if (wrong := unknown_documents(text, documents))}
    assert found == {}


def test_papers_that_nobody_has_are_not_cited() -> None:
    assert {name: found for name, text in texts() if (found := PAPER.findall(text))} == {}


class TestFinding:
    """The checks above find what they are for."""

    def test_ids(self) -> None:
        assert unknown_ids("# MR-4 and CN-1 … CN-3, AES-256, API-007-001, API-017") == []
        assert set(unknown_ids("# MR-99, XY-1, CN-7 … CN-9")) == {"MR-99", "XY-1", "CN-9"}

    def test_decisions(self) -> None:
        assert unknown_decisions("decision 3; Decision 99") == ["99"]

    def test_documents(self, documents: frozenset[str]) -> None:
        assert unknown_documents("README.md, docs/divergences.md, ../divergences.md, api.md", documents) == ["api.md"]

    def test_papers(self) -> None:
        assert PAPER.findall("(api.md 2.1), regulation, 9.2") == ["api.md 2.1", "regulation, 9.2"]

    def test_comments(self) -> None:
        code = '"""A."""\n# B\ndef c():\n    """D."""\n    e = "F"  # G\n'
        assert comments(code).splitlines() == ["# B", "# G", "A.", "D."]

    def test_places(self) -> None:
        code = '"""Module: DV-1."""\n\n\n# MR-4\nclass TestA:\n    # MR-5\n    def test_b(self):\n        """MR-6."""\n'
        assert list(citations.places(code)) == [
            ("DV-1", ()),
            ("MR-4", ("TestA",)),
            ("MR-5", ("TestA", "test_b")),
            ("MR-6", ("TestA", "test_b")),
        ]
