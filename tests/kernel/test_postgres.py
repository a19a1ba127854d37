"""The embedded server's programs, where the checkout is out of the system account's reach."""

import os
import subprocess
from pathlib import Path

import pytest

from esoz.kernel import postgres


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root runs the server under another account; run as root")
def test_copied_programs_when_run_by_the_system_account_then_find_their_libraries() -> None:
    binaries = postgres._copied(postgres._wheel()) / "bin"
    postgres._make_account()

    for program in ("initdb", "pg_ctl", "postgres"):
        done = subprocess.run(
            [str(binaries / program), "--version"],
            check=False,
            user=postgres.SYSTEM_USER,
            env={"PATH": os.defpath},
            cwd="/",
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


def test_reachable_when_a_folder_above_is_closed_then_no(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)

    assert not postgres._reachable(closed / "inner")
