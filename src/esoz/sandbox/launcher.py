"""One command that prepares everything and starts every process: `esoz demo`."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from esoz.kernel import postgres
from esoz.kernel.settings import Settings
from esoz.processes import migrate_all

from . import country, keeping, pids

SERVERS = ("trust-centre", "central", "mis", "cabinet", "inbox", "diia", "govid", "portal")
FOLDERS = ("trust", "keys", "objects", "logs")
KEY_NOTES = {"revoked": ", is refused: revoked", "expired": ", is refused: expired"}
TSP_PATH = "/services/tsp/"  # of the test trust centre
STOP_SECONDS = 20  # the keeper gives the parts fifteen


def start(settings: Settings, *, detach: bool) -> int:
    """Prepare what is missing, start all processes, wait until each answers, print how to come in."""
    if not settings.sandbox:
        print("The demo has known passwords, so it starts in the sandbox only: set ESOZ_SANDBOX=1", file=sys.stderr)
        return 1
    if _running(settings):
        print("The demo is running already.")
        _print_table(_table(settings))
        return 0
    if taken := [name for name in SERVERS if _is_taken(settings, name)]:
        print(f"Somebody else listens on the port of {', '.join(taken)}: set ESOZ_*_PORT.", file=sys.stderr)
        return 1
    began = time.monotonic()
    settings = _of_demo(settings)
    keeper = keeping.Keeping(settings, _say, outlives=detach)
    try:
        _make_databases(settings)
        keeper.go_on()
        keeper.wait_until_up()
    except (RuntimeError, KeyboardInterrupt) as fault:
        keeper.stop()
        print(f"{fault or 'Stopped.'}", file=sys.stderr)
        return 1
    _say(f"Ready in {time.monotonic() - began:.0f} s")
    _print_table(_table(settings))
    return 0 if detach else _stay(settings, keeper)


def stop(settings: Settings) -> int:
    """Stop what `start(detach=True)` left running; the data stay."""
    running = keeping.remembered(settings).values()
    for each in running:
        pids.end(*each, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(pids.is_alive(*each) for each in running) and time.monotonic() < deadline:
        time.sleep(0.05)
    for each in running:
        pids.end(*each, signal.SIGKILL)
    keeping.pids_file(settings).unlink(missing_ok=True)
    _stop_database(settings)
    print("Stopped; the data are kept." if running else "The demo was not running.")
    return 0


def reset(settings: Settings) -> int:
    """Forget all data of the demo: databases, documents, keys."""
    if not settings.sandbox:
        print("Only the sandbox can be reset: set ESOZ_SANDBOX=1", file=sys.stderr)
        return 1
    stop(settings)
    server = postgres.embedded(settings.var, settings.number("ESOZ_POSTGRES_PORT"))
    shutil.rmtree(server.home, ignore_errors=True)
    for name in (*FOLDERS, country.TABLE, "demo.pids", "postgres.lock", "secret"):
        path = settings.var / name
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    print("All demo data are gone; `make demo` makes them anew.")
    return 0


def _of_demo(settings: Settings) -> Settings:
    """The settings of all parts; the workplace is at localhost, for browsers take passkeys at a name only."""
    url = settings.text("ESOZ_MIS_URL")
    if not url and settings.text("ESOZ_HOST") == "127.0.0.1":
        is_made = (settings.var / country.TABLE).exists()  # a demo of before stays where it was
        name = urlsplit(_table(settings)["addresses"]["mis"]).hostname if is_made else "localhost"
        url = f"http://{name}:{settings.port('mis')}"
    given = {"ESOZ_MIS_API_KEY": country.api_key("mis"), "ESOZ_MIS_URL": url}
    return Settings(os.environ | given | _seal(settings))


def _seal(settings: Settings) -> dict[str, str]:
    """The seal that the demo's own trust centre has given to central; none when the installation has one already."""
    if settings.text("ESOZ_SEAL_KEY"):
        return {}
    return {
        "ESOZ_SEAL_KEY": str(settings.var / "keys" / country.SEAL_FILE),
        "ESOZ_SEAL_PASSWORD": country.KEY_PASSWORD,
        "ESOZ_TSP_URL": f"{settings.url('trust-centre')}{TSP_PATH}",
    }


def _make_databases(settings: Settings) -> None:
    _say("Databases")
    counts = Counter(name.partition(" ")[0] for name in asyncio.run(migrate_all(settings)))
    for part, count in counts.items():
        _say(f"  {part}: {count} migrations")


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def _stay(settings: Settings, keeper: keeping.Keeping) -> int:
    print("\nCtrl-C stops everything; the data are kept.", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    result = 0
    try:
        result = keeper.wait()
        print(f"The demo ended; see {settings.var / 'logs'}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopping", flush=True)
        keeper.stop()
    keeping.pids_file(settings).unlink(missing_ok=True)
    _stop_database(settings)
    return result


def _stop_database(settings: Settings) -> None:
    server = postgres.embedded(settings.var, settings.number("ESOZ_POSTGRES_PORT"))
    if server.data.exists():
        server.stop()


def _running(settings: Settings) -> bool:
    return bool(keeping.remembered(settings)) and all(
        _answers(f"{_here(settings, name)}/health/live") for name in SERVERS
    )


def _here(settings: Settings, name: str) -> str:
    """Where a part listens, whatever its public address is."""
    return f"http://{settings.text('ESOZ_HOST')}:{settings.port(name)}"


def _is_taken(settings: Settings, name: str) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.text("ESOZ_HOST"), settings.port(name)))
        except OSError:
            return True
    return False


def _table(settings: Settings) -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads((settings.var / country.TABLE).read_text())
    return table


def _key(person: Mapping[str, Any]) -> str:
    """The column of keys; who has none comes in with a code by SMS, which the inbox shows."""
    if not person["key_file"]:
        return f"none; codes by SMS to {person['phone']} are in the inbox"
    return f"{person['key_file']} ({person['key_password']}){KEY_NOTES.get(person.get('key_state', ''), '')}"


def _print_table(table: Mapping[str, Any]) -> None:
    print()
    for name, address in table["addresses"].items():
        print(f"  {name:12} {address}")
    print(f"\n  {'who':13} {'sign-in, or name and birth date':44} {'password':16} key file (password)")
    for person in table["people"]:
        if person["shown"]:
            name = person["email"] or f"{person['name']}, {person['birth_date']}"
            print(f"  {person['role']:13} {name:44} {person['password'] or '—':16} {_key(person)}")
    print(f"\n  {country.HINT}")
    print("  For programs: var/demo.json\n", flush=True)
