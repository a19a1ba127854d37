"""The command line: `esoz central`, `esoz mis`, `esoz demo` and the rest; `esoz --help` lists them."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import msgspec

from esoz import spec
from esoz.kernel import logs
from esoz.kernel.settings import TABLE, Settings
from esoz.processes import PARTS, migrate_all, run_part

Command = Callable[[argparse.Namespace, Settings], int]


def main() -> int:
    """Run one command; the exit status is 0 when it did what was asked."""
    arguments = _parser().parse_args()
    settings = Settings()
    logs.set_up(settings.text("ESOZ_LOG_LEVEL"))
    command: Command = arguments.command
    try:
        return command(arguments, settings)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="esoz", description="Electronic health system: central, mis, cabinet.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for part, about in PARTS.items():
        _add(commands, part, about, _run)
    _add(commands, "migrate", "bring all databases up to date", _migrate)
    _add(commands, "settings", "list the settings read from the environment", _settings)
    listing = _add(commands, "operations", "how much of the published API is built", _operations)
    listing.add_argument("--json", action="store_true", help="for programs")
    starting = _add(commands, "demo", "start everything with demo people", _demo)
    starting.add_argument("--detach", action="store_true", help="return when everything answers")
    _add(commands, "demo-stop", "stop what `demo --detach` started", _demo_stop)
    _add(commands, "demo-reset", "forget all demo data", _demo_reset)
    return parser


def _add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str, run: Command
         ) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=run, name=name)
    return parser


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    run_part(arguments.name, settings)
    return 0


def _migrate(_arguments: argparse.Namespace, settings: Settings) -> int:
    for name in asyncio.run(migrate_all(settings)):
        print(name)
    return 0


def _settings(_arguments: argparse.Namespace, _given: Settings) -> int:
    for row in TABLE:
        print(f"{row.name:28} {row.default or '-':26} {row.about}")
    return 0


def _operations(arguments: argparse.Namespace, _settings: Settings) -> int:
    coverage = spec.coverage()
    if arguments.json:
        print(json.dumps(msgspec.to_builtins(coverage), ensure_ascii=False))
        return 0
    for area, count in sorted(coverage.areas.items()):
        print(f"{area:34} {count.built:4} / {count.published}")
    print(f"{'all live public operations':34} {coverage.built:4} / {coverage.published}")
    return 0


def _launcher() -> Any:
    """Loaded only for the demo: it knows all parts, and each part's process should load its own only."""
    return import_module("esoz.sandbox.launcher")


def _demo(arguments: argparse.Namespace, settings: Settings) -> int:
    return int(_launcher().start(settings, detach=arguments.detach))


def _demo_stop(_arguments: argparse.Namespace, settings: Settings) -> int:
    return int(_launcher().stop(settings))


def _demo_reset(_arguments: argparse.Namespace, settings: Settings) -> int:
    return int(_launcher().reset(settings))


if __name__ == "__main__":
    sys.exit(main())
