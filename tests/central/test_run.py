"""`esoz run` with real processes: who dies or hangs is started again, and all end in order."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esoz.kernel.db import Database
from esoz.signature import Authority
from tests.conftest import ROOT, Server
from tests.journeys.conftest import free_port

PATIENCE = 60.0


class Run:
    """The command with central and its worker."""

    def __init__(self, url: str, var: Path, notify: str) -> None:
        self.port = free_port()
        environment = os.environ | {
            "ESOZ_VAR": str(var),
            "ESOZ_CENTRAL_DATABASE": url,
            "ESOZ_CENTRAL_PORT": str(self.port),
            "NOTIFY_SOCKET": notify,
        }
        command = [sys.executable, "-m", "esoz", "run", "central", "worker"]
        self.log = (var / "log").open("w")
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=self.log, stderr=self.log)

    def members(self) -> dict[str, int]:
        """Numbers of the processes by the names that the keeper gave them."""
        found = {}
        for path in Path("/proc").iterdir():
            if path.name.isdigit():
                try:
                    parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                    name = (path / "comm").read_text().strip()
                except (FileNotFoundError, ProcessLookupError):
                    continue
                if parent == self.process.pid and name.startswith("esoz "):
                    found[name] = int(path.name)
        return found

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(str(tmp_path / "notify"))
        found.settimeout(PATIENCE)
        yield found


@pytest.fixture
def run(
    *,
    fresh_database: Database,
    server: Server,
    process_name: str,
    tmp_path: Path,
    listening: socket.socket,
    authority: Authority,
) -> Iterator[Run]:
    (tmp_path / "trust").mkdir()
    for place, certificate in enumerate(authority.certificates):
        (tmp_path / "trust" / f"{place}.cer").write_bytes(certificate.der)
    found = Run(server.url(f"{process_name}_fresh"), tmp_path, str(tmp_path / "notify"))
    yield found
    found.process.kill()
    found.process.wait()
    found.log.close()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
def test_one_is_killed_then_started_again_and_told_to_end_all_end(
    run: Run, listening: socket.socket, tmp_path: Path
) -> None:
    said = set()
    while b"READY=1" not in said:
        said.add(listening.recv(100))
    assert run.is_ready()
    before = run.members()
    assert set(before) == {"esoz central", "esoz worker"}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(run.members()) == 2 and not set(run.members().values()) & set(before.values()))
    until(run.is_ready)
    run.process.terminate()
    assert run.process.wait(PATIENCE) == 0
    while b"STOPPING=1" not in said:
        said.add(listening.recv(100))
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
    ended = {line["process"] for line in lines if line["message"] == "a process ended"}
    assert ended == {"central", "worker"}


def refused(tmp_path: Path, url: str, capfd: pytest.CaptureFixture[str]) -> str:
    """What is said when it does not start."""
    given = {f"ESOZ_{part}_DATABASE": url for part in ("CENTRAL", "MIS", "CABINET")}
    command = [sys.executable, "-m", "esoz", "run", "mis", "cabinet", "central"]
    environment = os.environ | given | {"ESOZ_VAR": str(tmp_path)}
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 1
    return capfd.readouterr().err


def test_nobody_is_trusted_then_said_why_it_cannot_start(
    tmp_path: Path, one_database: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert refused(tmp_path, one_database, capfd).endswith("trust: No such file or directory\n")


def test_database_without_tables_then_said_what_to_do(
    tmp_path: Path, server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "run: esoz migrate" in refused(tmp_path, server.url("postgres"), capfd)


def test_unknown_part_then_said(capfd: pytest.CaptureFixture[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "esoz", "run", "kitchen"], cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "there is no part kitchen" in capfd.readouterr().err
