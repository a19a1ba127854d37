"""Signed documents in a folder are for the user alone whose process keeps them."""

from pathlib import Path

from esoz.kernel.objects import Objects


def modes(folder: Path) -> set[tuple[bool, int]]:
    return {(path.is_dir(), path.stat().st_mode & 0o777) for path in [folder, *folder.rglob("*")]}


async def test_kept_then_600_in_700_whatever_the_process_makes_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    folder.mkdir(mode=0o755)  # of an earlier release
    objects = Objects.at(folder)
    names = [await objects.keep("a/b/c", content) for content in (b"one", b"two", b"one")]
    assert len(set(names)) == 2
    assert modes(folder) == {(True, 0o700), (False, 0o600)}
    assert await Objects.at(folder).read(names[0]) == b"one"


async def test_in_memory_then_nothing_is_written(tmp_path: Path) -> None:
    objects = Objects.in_memory()
    assert await objects.read(await objects.keep("a/b", b"one")) == b"one"
