"""Writes docs/reference from the code: settings, operations, states, events, rules. Run `python -m esoz.reference`."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import ModuleType

import esoz
from esoz import citations, spec
from esoz.cabinet.readings.sentences import SENTENCES
from esoz.central.prescriptions.model.switches import SWITCHES
from esoz.kernel.settings import TABLE

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
PARTS = ("esoz.kernel.", "esoz.central.", "esoz.mis.", "esoz.cabinet.", "esoz.trust_centre.")
NOTICE = "Generated from the code by `python -m esoz.reference`; do not edit by hand."

Moves = Mapping[StrEnum, frozenset[StrEnum]]


def main() -> None:
    """Write every page; raise FileNotFoundError outside a checkout of the project."""
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), "utf-8")
        print(f"docs/reference/{name}")


def settings() -> str:
    """What is read from the environment."""
    rows = [
        (f"`{row.name}`", f"`{row.default}`" if row.default else "—", "yes" if row.secret else "", row.about)
        for row in TABLE
    ]
    return _page(
        "Settings",
        "All settings come from the environment and are read once, at start. `esoz settings` prints the same list.",
        _table(("name", "default", "secret", "what for"), rows),
    )


def operations() -> str:
    """How much of the published API is built, by area, and what exactly."""
    coverage, newer = spec.coverage(), spec.coverage(spec.NEXT_CONTRACT)
    counts = [(area, count.built, count.published) for area, count in sorted(coverage.areas.items())]
    built = [each for each in spec.operations() if each.state == "built"]
    rows = [
        (each.area, f"`{each.method} {each.path}`", each.esoz_api_id or "—", " ".join(each.scopes) or "—", each.name)
        for each in built
    ]
    beyond = sum(not each.published for each in built)
    return _page(
        "Operations of the published API",
        f"Built: **{coverage.built} of {coverage.published}** live operations (public, not deprecated) of contract"
        f" {coverage.contract}, **{newer.built} of {newer.published}** of those that {newer.contract} adds on the"
        f" stands for clients, and {beyond} that are published as deprecated or not public. Departures stand in"
        " [divergences](../divergences.md).",
        "## By area",
        _table(("area", "built", "published"), counts),
        f"## What {newer.contract} adds",
        _table(("operation", "state"), [(f"`{each.method} {each.path}`", each.state) for each in newer.operations]),
        "## What is built",
        _table(("area", "operation", "ESOZ API ID", "scopes", "published name"), rows),
    )


def states() -> str:
    """Every state machine as a diagram."""
    sections = [
        f"## `{name}`\n\nIn [`{_file(module)}`](../../src/{_file(module)}).\n\n{_diagram(table)}"
        for name, module, table in _state_machines()
    ]
    words = (
        "Each record with a life has one table MOVES; `esoz.kernel.states.move` is its only reader and answers 409"
        " to a move that is not in it."
    )
    return _page("States", words, *sections)


def audit_events() -> str:
    """Every event of the audit log, with the sentence that patients read."""
    sections: list[str] = []
    for name, events in _event_kinds():
        rows = [(f"`{event}`", SENTENCES[event][1] if event in SENTENCES else "—") for event in events]
        sections += [f"## `{name}`", _table(("event", "what the patient reads"), rows)]
    words = (
        "A line of the audit log is written in the transaction of the act. Refusals are written too, as"
        " `<operation>.refused`. Patients read lines about themselves in the cabinet, in the words given here."
    )
    return _page("Audit events", words, *sections)


def rules() -> str:
    """The register of rules: what each says, where it comes from, which files hold it and which tests prove it."""
    held, proved = citations.held(), citations.proved()
    built = sum(rule in held for rule in spec.rules())
    sections: list[str] = []
    for family, name in spec.FAMILIES.items():
        rows = [
            (each.id, each.title, each.here, f"{each.source} ({each.date})", _links(held, each), _links(proved, each))
            for each in spec.rules().values()
            if each.family == family
        ]
        heads = ("rule", "says", "here otherwise", "source", "held in", "proved by")
        sections += [f"## {family}: {name}", _table(heads, rows)]
    words = (
        "What the ids in comments and tests mean. Code cites an id where the rule is kept, a test where it is proven:"
        f" in its docstring or in a comment above it. Of {len(spec.rules())} rules {built} are kept somewhere; the"
        " others wait for what needs them. Sources are the public repositories of the system of 2019, by repository"
        " and module; newer publications win where they say otherwise. A rule is added to `src/esoz/spec/rules.csv`."
    )
    return _page("Rules", words, *sections)


def _links(found: Mapping[str, Sequence[str]], rule: spec.Rule) -> str:
    """Files or tests as links, short enough for a table."""
    shown = []
    for place in found.get(rule.id, ()):
        file, _, test = place.partition("::")
        short = file.removeprefix("src/esoz/").removeprefix("tests/")
        shown.append(f"[{short}{test and '::'}{test}](../../{file})")
    return "<br>".join(shown) or "—"


def _state_machines() -> Iterator[tuple[str, str, Moves]]:
    """Name, module and table of each machine; a table is counted where its statuses are defined."""
    seen: dict[str, tuple[str, Moves]] = {}
    for module in _modules():
        for name, table in vars(module).items():
            if name.endswith("MOVES") and isinstance(table, Mapping) and table:
                kind = type(next(iter(table)))
                seen[f"{kind.__module__}.{kind.__name__}".removeprefix("esoz.")] = kind.__module__, table
    for name, (home, table) in sorted(seen.items()):
        yield name, home, table


def _diagram(table: Moves) -> str:
    lines = [f'    state "{status}" as {status.name}' for status in table]
    for status, targets in table.items():
        lines += [f"    {status.name} --> {target.name}" for target in sorted(targets)]
        if not targets:
            lines.append(f"    {status.name} --> [*]")
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _event_kinds() -> list[tuple[str, type[StrEnum]]]:
    """Each enumeration called Event, under the name of the module that defines it."""
    kinds = {vars(module).get("Event") for module in _modules()}
    found = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, StrEnum)]
    return sorted((kind.__module__.removeprefix("esoz."), kind) for kind in found)


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(esoz.__path__, "esoz."):
        if found.name.startswith(PARTS):
            yield importlib.import_module(found.name)


def _file(module: str) -> str:
    loaded = importlib.import_module(module).__file__ or ""
    return Path(loaded).relative_to(Path(__file__).parents[1]).as_posix()


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", NOTICE, *parts)) + "\n"


def programme_switches() -> str:
    """Each setting of a medical programme: where it is asked, by which rule, what is refused."""
    rows = [(f"`{name}`", each.asked, each.rule, each.refusal or "—") for name, each in SWITCHES.items()]
    return _page(
        "Switches of medical programmes",
        "What each published setting of a programme does. A list that is absent allows everything.",
        _table(("setting", "asked at", "rule", "refused with"), rows),
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings,
    "operations.md": operations,
    "states.md": states,
    "audit-events.md": audit_events,
    "rules.md": rules,
    "programme-switches.md": programme_switches,
}

if __name__ == "__main__":
    main()
