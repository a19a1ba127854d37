"""A program of another language that answers a line of words with a line of words."""

import subprocess
from collections.abc import Sequence
from pathlib import Path


class Talker:
    """Runs while the tests of a file do; an answer that begins with `error` is an exception."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words: str | int) -> list[str]:
        """The words of the answer; bytes travel as hex, an empty string as a minus."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(" ".join(str(word) or "-" for word in words) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().split()
        if not answer or answer[0] == "error":
            raise AssertionError(f"{words[0]}: {' '.join(answer) or 'the program ended'}")
        return answer

    def close(self) -> None:
        """Let the program end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()
