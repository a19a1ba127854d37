"""The builder of browser assets, on a small tree of its own; Node is not run."""

import json
from pathlib import Path

import pytest

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import build
from esoz.kernel.pages.assets import Assets


def _plant(root: Path) -> None:
    """The files that the builder reads."""
    for folder in ("static/css", "static/js", "static/img", "web/node_modules", "fonts", "signer/src", "signer/dist"):
        (root / folder).mkdir(parents=True)
    for subset in build.SUBSETS:
        (root / "fonts" / f"inter-{subset}-wght-normal.woff2").write_bytes(subset.encode())
    (root / "static/img/favicon.svg").write_text("<svg/>")
    (root / "static/css/app.css").write_text("a{}")
    (root / "web/package-lock.json").write_text("{}")
    for name in build.SHIPPED:
        (root / "web/node_modules" / name).mkdir(parents=True)
        facts = {"version": "1.0", "license": "MIT"}
        (root / "web/node_modules" / name / "package.json").write_text(json.dumps(facts))


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Commands that the builder gave to npm; they make what the real ones make."""
    given: list[str] = []

    def npm(folder: Path, *arguments: str) -> None:
        given.append(f"{folder.name}: {' '.join(arguments)}")
        if folder.name == "web" and arguments == ("run", "build"):
            (folder / "built").mkdir(exist_ok=True)
            (folder / "built" / "app.css").write_text("@font-face{src:url(./inter-latin.woff2)}")
        if folder.name == "signer" and arguments == ("run", "build"):
            for name in build.SIGNER_FILES:
                (folder / "dist" / name).write_text(name)

    _plant(tmp_path)
    places = {"STATIC": "static", "DIST": "static/dist", "WEB": "web", "SIGNER": "signer", "FONTS": "fonts"}
    for name, place in places.items():
        monkeypatch.setattr(build, name, tmp_path / place)
    monkeypatch.setattr(build, "npm", npm)
    return given


def test_first_build_then_files_are_fingerprinted_and_styles_name_them(runs, tmp_path):
    build.build()
    assert runs == ["web: ci", "web: run build"]
    assets = Assets(tmp_path / "static/dist")
    styles = assets.respond(assets.url("app.css"), "").body.decode()
    font = assets.url("inter-latin.woff2").removeprefix("/static/")
    assert styles == f"@font-face{{src:url(./{font})}}"
    assert assets.respond(assets.url("inter-latin.woff2"), "gzip").body == b"latin"


def test_nothing_changed_then_nothing_is_run(runs):
    build.build()
    runs.clear()
    build.build()
    assert runs == []


def test_a_source_changed_then_built_again_without_fetching(runs, tmp_path):
    build.build()
    runs.clear()
    (tmp_path / "static/css/app.css").write_text("b{}")
    build.build()
    assert runs == ["web: run build"]


def test_a_lost_file_then_built_again(runs, tmp_path):
    build.build()
    runs.clear()
    next((tmp_path / "static/dist").glob("app.*.css")).unlink()
    build.build()
    assert runs == ["web: run build"]


def test_without_the_signer_then_pages_do_not_offer_it(runs, tmp_path):
    build.build()
    assert "kep.js" not in Assets(tmp_path / "static/dist")


def test_with_the_signer_then_its_scripts_are_published(runs, tmp_path):
    for name in ("package-lock.json", "build.mjs", "src/page.ts"):
        (tmp_path / "signer" / name).write_text("")
    (tmp_path / "signer/node_modules").mkdir()
    build.build()
    assets = Assets(tmp_path / "static/dist")
    assert assets.respond(assets.url("kep-worker.js"), "").body == b"kep-worker.js"
    assert "signer: ci" in runs


def test_every_shipped_library_then_its_licence_is_listed(runs, tmp_path):
    build.build()
    listed = (tmp_path / "static/dist/LICENCES.txt").read_text()
    assert all(f"{name} 1.0 (MIT)" in listed for name in build.SHIPPED)


def test_an_address_outside_the_manifest_then_not_found(runs, tmp_path):
    build.build()
    with pytest.raises(NotFound):
        Assets(tmp_path / "static/dist").respond("/static/LICENCES.txt", "")


def test_assets_not_built_then_the_message_says_what_to_run(tmp_path):
    with pytest.raises(RuntimeError, match=r"python -m esoz\.kernel\.pages\.build"):
        Assets(tmp_path)
