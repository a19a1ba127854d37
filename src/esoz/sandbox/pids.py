"""Which process a number means: numbers are given again, so the moment of its start belongs to it."""

import os
import subprocess
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def birth(pid: int) -> str:
    """When the process started, as the system tells it; empty when there is none, or it has ended already."""
    if not Path("/proc/self/stat").exists():
        return _birth_by_ps(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # The third and the 22nd field of proc(5): state, and ticks since the system started.
    return "" if fields[0] == "Z" else f"{_BOOT.read_text().strip()} {fields[19]}"


def is_alive(pid: int, born: str) -> bool:
    """Does the very process still run that was started then."""
    return bool(born) and birth(pid) == born


def end(pid: int, born: str, number: int) -> None:
    """Send a signal to this process, if it still is this one."""
    if is_alive(pid, born):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return


def _birth_by_ps(pid: int) -> str:
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip()
