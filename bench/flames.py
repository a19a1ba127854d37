"""Where the time of a process goes, as a picture: py-spy looks at its stacks a few hundred times a second."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RATE = 250  # looks a second; each stops the process for a moment, so what is measured meanwhile is slower
LONGEST_SECONDS = 3600
STOP_SECONDS = 60


@contextmanager
def burning(pid: int, name: str, folder: Path | None) -> Iterator[None]:
    """Draw the flames of a process for as long as this lasts, into `folder/NUMBER-name.svg`; nothing without a folder.

    Raises RuntimeError with what py-spy says when it may not look or is not installed (`make flames` does that).
    """
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{len(list(folder.glob('*.svg'))) + 1:02}-{name}.svg"
    picture.touch()  # its number is taken
    spy = subprocess.Popen(_command(pid, picture), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        spy.send_signal(signal.SIGINT)
        try:
            _, said = spy.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            spy.kill()
            raise
    if spy.returncode or not picture.stat().st_size:
        raise RuntimeError(f"py-spy: {said.strip()}")


def _command(pid: int, picture: Path) -> list[str]:
    spy = Path(sys.executable).with_name("py-spy")
    if not spy.exists():
        raise RuntimeError("py-spy is not installed: make flames")
    return [
        *(str(spy), "record", "--pid", str(pid), "--rate", str(RATE), "--duration", str(LONGEST_SECONDS)),
        *("--format", "flamegraph", "--output", str(picture)),
    ]
