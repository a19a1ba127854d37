"""Builds the wheel of esoz.signature alone: `python tools/signature_wheel.py FOLDER`. Its sources are the system's.

The package `esoz` around it has no file of its own there, so the library also imports beside the whole system.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ROOT / "tools" / "signature"


def stage(folder: Path) -> None:
    """Everything the distribution is built from."""
    version = re.search(r'^__version__ = "(.+)"$', (ROOT / "src/esoz/__init__.py").read_text("utf-8"), re.MULTILINE)
    if version is None:
        raise LookupError("esoz has no version")
    project = (OURS / "pyproject.toml").read_text("utf-8").replace('dynamic = ["version"]', f'version = "{version[1]}"')
    (folder / "pyproject.toml").write_text(project, "utf-8")
    shutil.copy(ROOT / "LICENSE", folder)
    shutil.copy(ROOT / "docs/explanation/signatures-in-python.md", folder / "README.md")
    left_out = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    shutil.copytree(ROOT / "src/esoz/signature", folder / "src/esoz/signature", ignore=left_out)
    # Its users have its types.
    (folder / "src/esoz/signature/py.typed").touch()


def main(target: str) -> int:
    """The exit code of pip."""
    with tempfile.TemporaryDirectory() as folder:
        stage(Path(folder))
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        return subprocess.run([*command, "--wheel-dir", target, folder], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
