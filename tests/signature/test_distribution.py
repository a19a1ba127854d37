"""The library as a distribution of its own: what is in it, and that it works with nothing else of the system."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from tools import signature_wheel

CODE = """
import random, sys
from datetime import UTC, datetime, timedelta
from esoz.signature import Authority, Subject, accelerated, sign, verify

now = datetime.now(UTC)
authority = Authority.create("x", scheme="dstu-kupyna", random=random.Random(1).randbytes, at=now - timedelta(days=2))
issued = authority.issue(Subject("a", "b"), valid_from=now - timedelta(days=1), valid_to=now + timedelta(days=1))
signed = sign(b"x", issued.key, issued.certificate, at=now)
assert verify(signed, authority.trust, at=now).content == b"x"
others = {name.partition(".")[0] for name in sys.modules} & {"asyncpg", "starlette", "msgspec", "httpx"}
print(accelerated, sorted(others), sorted(name for name in sys.modules if name.count(".") == 1 and name[:5] == "esoz."))
"""


def test_sources_are_the_library_alone(tmp_path: Path) -> None:
    signature_wheel.stage(tmp_path)
    assert not (tmp_path / "src/esoz/__init__.py").exists()
    assert [path.name for path in (tmp_path / "src/esoz").iterdir()] == ["signature"]
    assert not list(tmp_path.rglob("*.so"))
    assert 'version = "0.' in (tmp_path / "pyproject.toml").read_text()
    assert (tmp_path / "README.md").read_text().startswith("# Ukrainian signatures")


@pytest.mark.slow
def test_wheel_works_alone(tmp_path: Path) -> None:
    assert signature_wheel.main(str(tmp_path)) == 0
    (wheel,) = tmp_path.glob("esoz_signature-*-abi3-*.whl")
    target = tmp_path / "installed"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(command, check=True)
    # Without `site`, so that the tree of the system is not found; `cryptography` is.
    path = f"{target}:{sysconfig.get_path('platlib')}"
    alone = [sys.executable, "-S", "-c", CODE]
    done = subprocess.run(alone, env={"PYTHONPATH": path}, capture_output=True, check=False)
    assert done.stdout.decode().split("\n")[0] == "True [] ['esoz.signature']", done.stderr.decode()
