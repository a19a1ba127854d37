"""The states of a person."""

from esoz.central.people.model import person


# PS-27
def test_moves_when_inactive_then_for_ever():
    assert set(person.MOVES) == set(person.Status)
    assert person.MOVES[person.Status.ACTIVE] == {person.Status.INACTIVE}
    assert person.MOVES[person.Status.INACTIVE] == frozenset()
