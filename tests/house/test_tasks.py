"""Work beside requests is a task of a supervisor, which tells how it goes: nothing runs where nobody would miss it."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "src" / "esoz"

# Whoever starts a task of the event loop waits for it, or is asked by who waits.
STARTS = {
    "kernel/supervision.py": "the tasks themselves",
    "kernel/loops.py": "waits for the first of several events",
    "kernel/together.py": "one question for many who wait for it",
    "kernel/outbox.py": "one message, whose fate is written down",
    "kernel/pool.py": "the end of a connection that nobody needs",
    "kernel/serve.py": "says that the loop turns: when it says nothing, the whole process is started again",
    "kernel/audit_file.py": "the next part of a log, waited for once this one is judged",
    "gateways/revocation.py": "one question for many who wait for it",
    "mis/care/visits/queries.py": "waited for a while; a late one is kept until it ends and tells of itself",
    "sandbox/prepare.py": "waits for the files that it reads meanwhile",
}
# A fault of one of several is told by `Several`; alone it is that of one document or message, which tells of itself.
ALONE = {"kernel/loops.py", "kernel/outbox.py", "mis/documents/sync/commands/sender.py"}


def calls(*names: str) -> Iterator[str]:
    """The files that call a function of one of these names."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in names:
                    yield file.relative_to(SOURCE).as_posix()


def imports(module: str, name: str) -> Iterator[str]:
    """The files that import a name of a module of the kernel."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").endswith(module):
                continue
            if name in {each.name for each in node.names}:
                yield file.relative_to(SOURCE).as_posix()


def test_task_when_started_then_somebody_waits_for_it() -> None:
    assert set(calls("create_task", "ensure_future", "run_coroutine_threadsafe")) == STARTS.keys()


def test_works_when_several_in_a_task_then_each_is_told_by_its_name() -> None:
    assert {*imports("loops", "attempt")} <= ALONE
