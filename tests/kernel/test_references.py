"""References to what another context keeps."""

from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

from esoz.kernel.references import ReferenceResolvers, Referent

PERSON, THERE, OTHER = uuid4(), uuid4(), uuid4()


async def test_kind_when_several_are_named_then_asked_once_for_this_patient() -> None:
    asked: list[tuple[UUID, set[UUID]]] = []

    async def drugs(_db: object, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
        asked.append((person_id, set(ids)))
        return {THERE: Referent("Ліки")}

    resolvers = ReferenceResolvers({"medication": drugs})
    found = await resolvers.resolve(None, PERSON, [("medication", THERE), ("medication", OTHER), ("medication", THERE)])
    assert found == {("medication", THERE): Referent("Ліки")}
    assert asked == [(PERSON, {THERE, OTHER})]


async def test_kind_when_nobody_keeps_it_then_it_does_not_exist() -> None:
    resolvers = ReferenceResolvers()
    assert resolvers.kinds == frozenset()
    assert await resolvers.resolve(None, PERSON, [("medication", THERE)]) == {}
