"""Documents say what is so: made pages are fresh, links lead somewhere, twins are twins, no workshop is left."""

import re
import subprocess
from pathlib import Path

import pytest

from esoz import reference

ROOT = Path(__file__).parent.parent.parent
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
# Written by tools for machines; hashes and names of packages stand in them, and they are checked when they are made.
LOCKS = re.compile(r"^requirements/|package-lock\.json$")
# Hosts of registries and paths of somebody's machine: an installation of one's own has neither.
FORBIDDEN = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|crates\.io|deb\.debian\.org"
    r"|proxy\.golang\.org|(?<![\w.}>*-])/(?:work|tmp)(?![\w-])|\bshared/"
)


def tracked() -> list[str]:
    """Files of the repository, those not yet added too; what .gitignore leaves out is not among them."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted(name for name in set(listed) if name and (ROOT / name).is_file())


def documents() -> list[str]:
    return [name for name in tracked() if name.endswith(".md")]


def prose(name: str) -> str:
    """A document without its blocks of code."""
    return FENCE.sub("", (ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize("name", reference.PAGES)
def test_page_of_reference_when_made_again_is_the_committed_one(name: str) -> None:
    committed = (ROOT / "docs" / "reference" / name).read_text("utf-8")
    assert committed == reference.PAGES[name](), "run python -m esoz.reference"


def test_relative_links_of_all_documents_lead_to_what_exists() -> None:
    broken = [
        f"{name}: {target}"
        for name in documents()
        for target in LINK.findall(prose(name))
        if "://" not in target
        and not target.startswith(("#", "mailto:"))
        and not (ROOT / name).parent.joinpath(target.partition("#")[0]).exists()
    ]
    assert broken == []


def test_readme_has_the_same_headings_commands_and_links_in_both_languages() -> None:
    english, ukrainian = prose("README.md"), prose("README.uk.md")
    assert HEADING.findall(english) == HEADING.findall(ukrainian)
    own = {"README.md", "README.uk.md"}
    assert set(LINK.findall(english)) - own == set(LINK.findall(ukrainian)) - own
    assert set(re.findall(r"`make [^`]*`", english)) == set(re.findall(r"`make [^`]*`", ukrainian))


def test_tasks_that_documents_name_are_in_the_makefile() -> None:
    known = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        task
        for name in ("README.md", "README.uk.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
        for task in re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    }
    assert named - known == set()


def test_files_that_documents_name_are_there() -> None:
    """A path may be short for a longer one: `kernel/http.py` is src/esoz/kernel/http.py."""
    files = [f"/{name}" for name in tracked()]
    named = [
        (name, path)
        for name in documents()
        if name != "docs/divergences.md"
        for path in re.findall(r"`((?!var/)[a-z]+/[\w./-]+\.(?:py|csv|json|md|sh|sql))`", prose(name))
    ]
    assert named
    assert [each for each in named if not any(file.endswith(f"/{each[1]}") for file in files)] == []


def test_no_file_names_a_registry_or_a_path_of_somebodys_machine() -> None:
    found = []
    for name in tracked():
        if name == "tests/house/test_docs.py" or LOCKS.search(name):
            continue
        try:
            text = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {match.group()}" for match in FORBIDDEN.finditer(text)]
    assert found == []
