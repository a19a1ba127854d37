"""`make demo-stop` ends what `make demo` started, and nothing that has its number today."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from esoz.kernel.settings import Settings
from esoz.sandbox import keeping, launcher, memory, pids

SLEEPING = [sys.executable, "-c", "print('up', flush=True); input()", "esoz"]


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """Somebody's process with the project's name in its command line."""
    with subprocess.Popen(SLEEPING, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings({"ESOZ_VAR": str(tmp_path), "ESOZ_SANDBOX": "1"})


@pytest.mark.parametrize("known", ["bare number", "another birth", "no birth"])
def test_number_means_another_process_today_then_it_is_left_alone(
    other: subprocess.Popen[bytes], settings: Settings, known: str
) -> None:
    kept: dict[str, object] = {
        "bare number": other.pid,
        "another birth": {"pid": other.pid, "born": pids.birth(other.pid) + "0"},
        "no birth": {"pid": other.pid, "born": ""},
    }
    (settings.var / "demo.pids").write_text(json.dumps({"central": kept[known]}))
    assert launcher.stop(settings) == 0
    assert other.poll() is None
    assert not (settings.var / "demo.pids").exists()


def test_what_was_started_then_it_is_ended(other: subprocess.Popen[bytes], settings: Settings) -> None:
    keeping.remember(settings, {"central": other.pid})
    assert keeping.remembered(settings) == {"central": (other.pid, pids.birth(other.pid))}
    launcher.stop(settings)
    assert other.wait(10) in (-signal.SIGTERM, -signal.SIGKILL)


def test_ended_already_then_it_has_no_birth(other: subprocess.Popen[bytes]) -> None:
    born = pids.birth(other.pid)
    other.kill()
    other.wait()
    assert pids.birth(other.pid) == ""
    assert not pids.is_alive(other.pid, born)
    pids.end(other.pid, born, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no smaps_rollup")
def test_memory_is_told_by_process_and_as_a_sum(other: subprocess.Popen[bytes], settings: Settings) -> None:
    keeping.remember(settings, {"central": other.pid})
    found = memory.measured(settings)
    assert [each.name for each in found] == ["central"]
    assert 0 < found[0].private <= found[0].pss
    assert [line.split()[0] for line in memory.lines(found)] == ["process", "central", "all"]
