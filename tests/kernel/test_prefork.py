"""Forked processes: one that dies is started again after a growing pause, one that never began ends all."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from esoz.kernel import notify
from esoz.kernel.settings import Settings

PATIENCE = 60.0
KEEPER = """
import os, signal, sys, time
from pathlib import Path
from esoz.kernel import notify, prefork

folder = Path(sys.argv[1])
prefork.STOP_SECONDS = 1.0
prefork.SILENT_SECONDS, prefork.ABORT_SECONDS = 1.5, 0.5

def steady(up):
    with (folder / "starts").open("a") as starts:
        starts.write(f"{os.getpid()}\\n")
    up()
    time.sleep(600)

def stubborn(up):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    (folder / "stubborn").write_text(str(os.getpid()))
    up()
    while True:
        time.sleep(600)

def frozen(up):
    with (folder / "frozen").open("a") as starts:
        starts.write(f"{os.getpid()}\\n")
    up()
    for _ in range(3):
        time.sleep(0.2)
        up()
    hangs_here()

def hangs_here():
    while True:
        time.sleep(600)

def silent(up):
    (folder / "silent").write_text(str(os.getpid()))
    up()
    time.sleep(600)

def broken(up):
    sys.exit("cannot")

kinds = {"frozen": frozen, "silent": silent, "steady": steady, "stubborn": stubborn, "broken": broken}
members = [prefork.Member(name, kinds[name], folder / f"{name}.log") for name in sys.argv[2:]]
prefork.preserve()
try:
    prefork.Keeper(members, on_up=lambda: (folder / "up").touch(), on_look=lambda: notify.tell(notify.ALIVE)).run()
except prefork.NotStarted as fault:
    print(fault, flush=True)
    sys.exit(1)
"""


@contextmanager
def keeping(folder: Path, *names: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", KEEPER, str(folder), *names]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        yield process
        process.kill()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def starts(folder: Path) -> list[int]:
    path = folder / "starts"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_one_dies_then_it_is_started_again_and_the_pause_grows(tmp_path: Path) -> None:
    with keeping(tmp_path, "steady"):
        until((tmp_path / "up").exists)  # who is killed before that has never begun
        pauses = []
        for turn in (1, 2):
            killed = time.monotonic()
            os.kill(starts(tmp_path)[-1], signal.SIGKILL)
            until(lambda turn=turn: len(starts(tmp_path)) == turn + 1)
            pauses.append(time.monotonic() - killed)
        assert pauses[0] >= 1
        assert pauses[1] >= 2


def test_one_says_no_more_that_it_lives_then_it_writes_where_it_hangs_and_is_started_again(tmp_path: Path) -> None:
    with keeping(tmp_path, "frozen", "silent"):
        until(lambda: (tmp_path / "frozen").exists() and len((tmp_path / "frozen").read_text().split()) == 2)
        first = int((tmp_path / "frozen").read_text().split()[0])
        assert not is_there(first)
        assert "in hangs_here" in (tmp_path / "frozen.log").read_text()
        assert is_there(int((tmp_path / "silent").read_text()))  # who has never said so is not missed


def test_who_watches_the_keeper_learns_that_it_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        listening.settimeout(PATIENCE)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        with keeping(tmp_path, "steady"):
            assert listening.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "@nobody-listens-here"])
def test_nobody_listens_then_nothing_happens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify.tell(notify.READY)


def test_told_to_end_then_all_end_and_who_does_not_listen_is_killed(tmp_path: Path) -> None:
    with keeping(tmp_path, "steady", "stubborn") as keeper:
        until((tmp_path / "up").exists)
        members = [*starts(tmp_path), int((tmp_path / "stubborn").read_text())]
        keeper.terminate()
        assert keeper.wait(PATIENCE) == 0
        assert not any(is_there(each) for each in members)


def test_one_never_begins_then_all_end_and_its_name_is_told(tmp_path: Path) -> None:
    with keeping(tmp_path, "steady", "broken") as keeper:
        assert keeper.wait(PATIENCE) == 1
        assert keeper.stdout is not None
        assert keeper.stdout.read() == "broken\n"
        assert not any(is_there(each) for each in starts(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell of the death of a parent")
def test_the_keeper_is_killed_then_no_member_is_left(tmp_path: Path) -> None:
    with keeping(tmp_path, "steady") as keeper:
        until((tmp_path / "up").exists)
        keeper.kill()
        until(lambda: not is_there(starts(tmp_path)[0]))


def test_many_ask_for_the_secret_at_once_then_all_have_the_same(tmp_path: Path) -> None:
    asking = "import os; from esoz.kernel.settings import Settings; print(Settings(os.environ).secret().decode())"
    environment = os.environ | {"ESOZ_VAR": str(tmp_path), "ESOZ_SECRET": ""}
    askers = [
        subprocess.Popen([sys.executable, "-c", asking], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    told = {asker.communicate()[0].strip() for asker in askers}
    assert told == {Settings({"ESOZ_VAR": str(tmp_path)}).secret().decode()}
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
