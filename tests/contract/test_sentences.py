"""Refusals in the published words, byte for byte: clients compare them as they stand.

`sentences.csv` has the sentences of the published source of 2019 (`*` where it puts a value). A sentence of ours that
says the same with another point, case or space would be missed by a client, so it may not be there.
"""

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent.parent / "src" / "esoz"
# What central refuses with; its own pages and the registers' command lines speak to people.
FOLDERS = ("central", "kernel")
OWN_PAGES = ("site", "pages", "signing")
# Said by another part of the system than the published sentence is of.
ELSEWHERE = {"Too many requests"}  # the limit of the gateway; the published one is the service's of one-time codes
# What clients of other makes are known to compare.
COMPARED = (
    "Active medication dispense already exists",
    "Can't update medication dispense status from * to *",
    "Does not match the signer drfo",
    "Does not match the signer last name",
    "Incorrect code",
    "Invalid dispense period",
    "Legal entity is not verified",
    "Medication request is not active",
    "Program cannot be used - no active contract exists",
    "Requested discount price does not satisfy allowed reimbursement amount",
)


@cache
def published() -> frozenset[str]:
    with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["sentence"] for row in csv.DictReader(file))


def bare(sentence: str) -> str:
    """A sentence without what a reader hardly sees."""
    return re.sub(r"[^a-z0-9*]+", " ", sentence.lower()).strip()


def ours() -> Iterator[tuple[str, str]]:
    """Every sentence in the source with its place; values that are put in are `*`."""
    for folder in FOLDERS:
        for file in sorted((SOURCE / folder).rglob("*.py")):
            if not set(file.relative_to(SOURCE).parts) & set(OWN_PAGES):
                for line, sentence in _sentences(ast.parse(file.read_text("utf-8"))):
                    yield f"{file.relative_to(SOURCE)}:{line}", sentence


def _sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, re.sub(r"\{\w*\}", "*", node.value)


def test_sentence_when_almost_a_published_one_then_it_is_that_one() -> None:
    meant = {bare(sentence): sentence for sentence in published()}
    exact = published()
    almost = {
        f"{place} {sentence!r}": meant[bare(sentence)]
        for place, sentence in ours()
        if sentence not in exact | ELSEWHERE and bare(sentence) in meant and " " in sentence.strip()
    }
    assert almost == {}


@pytest.mark.parametrize("sentence", COMPARED)
def test_sentence_when_clients_compare_it_then_published_and_said(sentence: str) -> None:
    assert sentence in published()
    assert any(sentence == said for _, said in ours())
