"""One command that prepares everything and starts every process: `esoz demo`."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from esoz.kernel import postgres
from esoz.kernel.settings import Settings

from . import country, pids, prepare

PROCESSES = ("trust-centre", "central", "worker", "mis", "cabinet", "inbox", "diia")
SERVERS = ("trust-centre", "central", "mis", "cabinet", "inbox", "diia")
READY_SECONDS = 60
KEY_NOTES = {"revoked": ", is refused: revoked", "expired": ", is refused: expired"}
STOP_SECONDS = 15


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
    settings = _at_a_name(settings)
    began = time.monotonic()
    table = asyncio.run(prepare.everything(settings, _say))
    processes = _start_processes(settings)
    try:
        _wait_until_ready(settings, processes)
    except (RuntimeError, KeyboardInterrupt) as fault:
        _end(processes.values())
        print(f"{fault or 'Stopped.'}", file=sys.stderr)
        return 1
    _say(f"Ready in {time.monotonic() - began:.0f} s")
    _print_table(table)
    if detach:
        _remember(settings, processes)
        return 0
    return _stay(settings, processes)


def stop(settings: Settings) -> int:
    """Stop what `start(detach=True)` left running; the data stay."""
    running = _remembered(settings)
    for pid, born in running.items():
        pids.end(pid, born, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(pids.is_alive(*each) for each in running.items()) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid, born in running.items():
        pids.end(pid, born, signal.SIGKILL)
    _pids_file(settings).unlink(missing_ok=True)
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
    for name in (*prepare.FOLDERS, "demo.json", "demo.pids", "postgres.lock", "secret"):
        path = settings.var / name
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    print("All demo data are gone; `make demo` makes them anew.")
    return 0


def _at_a_name(settings: Settings) -> Settings:
    """The workplace at localhost, for browsers take passkeys at a name only; a demo of before stays where it was."""
    if settings.text("ESOZ_MIS_URL") or settings.text("ESOZ_HOST") != "127.0.0.1":
        return settings
    is_made = (settings.var / "demo.json").exists()
    name = urlsplit(_table(settings)["addresses"]["mis"]).hostname if is_made else "localhost"
    return Settings(os.environ | {"ESOZ_MIS_URL": f"http://{name}:{settings.port('mis')}"})


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def _start_processes(settings: Settings) -> dict[str, subprocess.Popen[bytes]]:
    logs = settings.var / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    started = {}
    for name in PROCESSES:
        with (logs / f"{name}.log").open("ab") as log:
            started[name] = subprocess.Popen(
                [sys.executable, "-m", "esoz", name],
                env=os.environ | {"ESOZ_MIS_API_KEY": prepare.api_key("mis"), "ESOZ_MIS_URL": settings.url("mis")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
    return started


def _wait_until_ready(settings: Settings, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    waiting = {name: f"{_here(settings, name)}/health/ready" for name in SERVERS}
    deadline = time.monotonic() + READY_SECONDS
    while waiting:
        for name, process in processes.items():
            if process.poll() is not None:
                raise RuntimeError(f"{name} did not start; see {settings.var / 'logs' / name}.log")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{', '.join(waiting)} did not answer; see {settings.var / 'logs'}")
        waiting = {name: url for name, url in waiting.items() if not _answers(url)}
        time.sleep(0.2 if waiting else 0)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _stay(settings: Settings, processes: Mapping[str, subprocess.Popen[bytes]]) -> int:
    print("\nCtrl-C stops everything; the data are kept.", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    result = 0
    try:
        while all(process.poll() is None for process in processes.values()):
            time.sleep(0.5)
        ended = [name for name, process in processes.items() if process.poll() is not None]
        print(f"{', '.join(ended)} ended; see {settings.var / 'logs'}", file=sys.stderr)
        result = 1
    except KeyboardInterrupt:
        print("\nStopping", flush=True)
    _end(processes.values())
    _stop_database(settings)
    return result


def _end(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _stop_database(settings: Settings) -> None:
    server = postgres.embedded(settings.var, settings.number("ESOZ_POSTGRES_PORT"))
    if server.data.exists():
        server.stop()


def _pids_file(settings: Settings) -> Path:
    return settings.var / "demo.pids"


def _remember(settings: Settings, processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    known = {name: {"pid": process.pid, "born": pids.birth(process.pid)} for name, process in processes.items()}
    _pids_file(settings).write_text(json.dumps(known))


def _remembered(settings: Settings) -> dict[int, str]:
    """Ours that still live, by number, each with its birth; a number that means another process now is not ours."""
    try:
        known = json.loads(_pids_file(settings).read_text())
    except FileNotFoundError:
        return {}
    # A file of before has bare numbers, and nobody knows what they mean today.
    found = {each["pid"]: each["born"] for each in known.values() if isinstance(each, dict)}
    return {pid: born for pid, born in found.items() if pids.is_alive(pid, born)}


def _running(settings: Settings) -> bool:
    return bool(_remembered(settings)) and all(_answers(f"{_here(settings, name)}/health/live") for name in SERVERS)


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
    table: Mapping[str, Any] = json.loads((settings.var / "demo.json").read_text())
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
