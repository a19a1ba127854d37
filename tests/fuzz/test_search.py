"""A minute of search for inputs that break a reader, guided by coverage; nightly."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from esoz.signature import accelerated

from .readers import READERS

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not accelerated, reason="the bounds of time are those of the C code"),
    pytest.mark.skipif(
        importlib.util.find_spec("atheris") is None,
        reason="atheris has wheels for x86-64 Linux only; tests/fuzz/test_found.py mutates without it",
    ),
]


@pytest.mark.parametrize("name", READERS)
def test_search_for_bad_input_finds_none(name: str, tmp_path: Path) -> None:
    seconds = max(1, SECONDS // len(READERS))
    command = [sys.executable, "-m", "tests.fuzz", name, str(tmp_path), f"-max_total_time={seconds}", "-seed=4145"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=20 * seconds + 120)
    found = {path.name: path.read_bytes().hex() for path in tmp_path.iterdir() if path.is_file()}
    assert done.returncode == 0, f"{found}\n{done.stderr[-4000:]}"
    assert "Done " in done.stderr, done.stderr[-2000:]
