"""What would fill the log is told once in a while."""

from esoz.kernel.logs import Seldom


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_once_in_a_while() -> None:
    time = Time()
    seldom = Seldom(60, 10, time)
    assert [seldom.is_due(key) for key in ("a", "a", "b", "a")] == [True, False, True, False]
    time.now = 59.9
    assert not seldom.is_due("a")
    time.now = 60
    assert [seldom.is_due(key) for key in ("a", "b", "a")] == [True, True, False]


def test_too_many_then_the_rest_waits_until_the_first_are_old() -> None:
    time = Time()
    seldom = Seldom(60, 2, time)
    assert [seldom.is_due(key) for key in ("a", "b", "c")] == [True, True, False]
    time.now = 30
    assert not seldom.is_due("c")
    time.now = 60
    assert [seldom.is_due(key) for key in ("c", "a", "b")] == [True, True, False]
