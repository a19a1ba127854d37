"""Finds a Chromium for the journeys, or installs one: the machine's own, Playwright's, Debian's (as root).

The library that Playwright's driver needs and a bare Debian lacks is installed the same way.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRIVER_HELP = "Playwright's driver does not start. Install its library: apt-get install libatomic1."
HELP = "The journeys need a browser. Install one: apt-get install chromium, or playwright install chromium."


def find() -> str | None:
    """Path of a browser on this machine: ESOZ_BROWSER, a known program, or Playwright's own."""
    given = os.environ.get("ESOZ_BROWSER")
    if given:
        return given
    for name in NAMES:
        if path := shutil.which(name):
            return path
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    found = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(found[-1]) if found else None


def install() -> str | None:
    """Install a browser: Playwright's own, else Debian's when we are root; its path or None."""
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(playwright, capture_output=True, check=False).returncode == 0 and (path := find()):
        return path
    apt("chromium")
    return find()


def apt(package: str) -> None:
    """Install a Debian package when we may."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def driver_starts() -> bool:
    """Whether Playwright's driver, a Node.js of its own, runs on this machine."""
    version = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(version, capture_output=True, check=False).returncode == 0


def main() -> int:
    """Print the path of the browser; exit with 1 and a sentence when there is none or it cannot be driven."""
    if not driver_starts():
        apt("libatomic1")
    if not driver_starts():
        print(DRIVER_HELP, file=sys.stderr)
        return 1
    path = find() or install()
    if path is None:
        print(HELP, file=sys.stderr)
        return 1
    print(f"Browser for the journeys: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
