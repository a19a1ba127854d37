"""The browser's signer by its own tests: types, known answers and containers in Node, signing in a real browser."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.browser import HELP, find

from esoz.kernel.pages import build

SIGNER = Path(__file__).parents[2] / "signer"
MINUTES = 5


@pytest.fixture(scope="module")
def tools() -> tuple[list[str], dict[str, str]]:
    """npm and the environment in which it finds Node; the signer's own packages are there."""
    npm, path = build.find_npm()
    build.fetch(SIGNER)
    return [*npm, "--loglevel=error"], os.environ | {"PATH": path}


def run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=SIGNER, env=environment, capture_output=True, text=True, timeout=60 * MINUTES, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


# SG-4
class TestSigner:
    def test_types_when_checked_then_right(self, tools: tuple[list[str], dict[str, str]]) -> None:
        npm, environment = tools
        run([*npm, "run", "check"], environment)

    def test_own_tests_when_run_then_all_pass(self, tools: tuple[list[str], dict[str, str]]) -> None:
        npm, environment = tools
        run([*npm, "test"], environment)

    def test_scripts_when_built_then_within_the_budget(self, tools: tuple[list[str], dict[str, str]]) -> None:
        npm, environment = tools
        run([*npm, "run", "build"], environment)
        names = ("kep.js", "kep-worker.js")
        size = sum(len(build.gzip.compress((SIGNER / "dist" / name).read_bytes())) for name in names)
        assert 10_000 < size < 60_000

    @pytest.mark.journey
    def test_real_browser_when_asked_then_signs_under_our_policy(self, tools: tuple[list[str], dict[str, str]]) -> None:
        npm, environment = tools
        chromium = find()
        assert chromium, HELP
        run([*npm, "run", "build"], environment)
        run(["node", "build.mjs", "tests"], environment)
        run([sys.executable, "test/browser_check.py"], environment | {"CHROMIUM": str(chromium)})
