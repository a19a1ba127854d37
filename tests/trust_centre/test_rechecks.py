"""Documents accepted while the provider was away are asked about again: proven, found revoked, or left unanswered."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel import documents, rechecks
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database, Page
from esoz.kernel.errors import Conflict
from esoz.kernel.objects import Objects
from esoz.kernel.rechecks import MOST_TRIES, MOVES, Recheck, Rechecker, State
from esoz.kernel.signed import open_signed
from esoz.kernel.work import NOBODY, Dependencies, NeedsExternal, Work
from esoz.signature import TrustList
from esoz.trust_centre.api import NoSchemas

from .conftest import NOW, OneConnection, Operator
from .test_verifier import Road, away, signed_by, verifier

AWAY = ("/services/ocsp/", "/crl/")


@pytest.fixture
async def road(operator: Operator) -> AsyncIterator[Road]:
    yield Road(httpx.ASGITransport(operator.app))


class Scene:
    """A document of a certificate, accepted while its provider was away."""

    def __init__(self, database: Database, db: Connection, road: Road, trust: TrustList, clock: FixedClock) -> None:
        self.db, self.road, self.clock = db, road, clock
        self.verifier: TrustListVerifier = verifier(road, trust, monotonic=lambda: clock.now().timestamp())
        self.dependencies = Dependencies(
            Objects.in_memory(), self.verifier, NoSchemas(), b"a secret of the tests, long enough", bytes
        )
        self.told: list[Recheck] = []
        self.rechecker = Rechecker(database, self.dependencies, self.verifier, clock, tell=self._tell)

    async def _tell(self, work: Work, found: Recheck) -> None:
        self.told.append(found)

    def cut(self) -> None:
        self.road.bent = dict.fromkeys(AWAY, away)

    def mend(self) -> None:
        self.road.bent = {}

    async def accept(self, data: dict[str, Any]) -> None:
        work = Work(NOBODY, self.clock.now(), self.db, self.dependencies)
        text = base64.b64encode(signed_by(data)).decode()
        try:
            await open_signed(work, text)
        except NeedsExternal as need:
            await need.asking()
            await open_signed(work, text)

    async def later(self, seconds: int) -> int:
        self.clock.forward(timedelta(seconds=seconds))
        return await self.rechecker.ask_due()

    async def row(self) -> Recheck:
        found, _ = await rechecks.listed(self.db, Page())
        assert len(found) == 1
        return found[0]

    async def events(self) -> list[str]:
        rows = await self.db.fetch("select event from audit_events where operation = 'signature recheck'")
        return [row["event"] for row in rows]


@pytest.fixture
def scene(
    database: OneConnection, db: Connection, road: Road, trust: TrustList, operator: Operator, clock: FixedClock
) -> Scene:
    return Scene(database, db, road, trust, operator.app.clock)


class TestAccepted:
    async def test_provider_answers_then_nothing_is_left_to_ask(self, scene: Scene, operator: Operator) -> None:
        await scene.accept(await operator.issue())
        assert (await rechecks.listed(scene.db, Page()))[0] == []

    async def test_provider_is_away_then_remembered_once_for_a_document(self, scene: Scene, operator: Operator) -> None:
        data = await operator.issue()
        scene.cut()
        await scene.accept(data)
        await scene.accept(data)
        row = await scene.row()
        assert (row.state, row.tries, row.next_at) == (State.WAITING, 0, NOW + timedelta(seconds=300))
        assert row.signer == "Кобилянська Ольга Юліанівна"
        assert row.issuer
        assert await documents.read(scene.db, scene.dependencies.objects, row.object_name) == signed_by(data)


class TestAskedAgain:
    async def test_not_before_its_time(self, scene: Scene, operator: Operator) -> None:
        data = await operator.issue()
        scene.cut()
        await scene.accept(data)
        assert await scene.later(299) == 0
        assert await scene.later(1) == 1

    async def test_good_then_proven_and_the_proof_is_kept(self, scene: Scene, operator: Operator) -> None:
        data = await operator.issue()
        scene.cut()
        await scene.accept(data)
        scene.mend()
        assert await scene.later(301) == 1
        row = await scene.row()
        assert (row.state, row.next_at, row.revoked_since) == (State.PROVEN, None, None)
        assert await scene.events() == ["signature.proven_later"]
        proofs = [json.loads(each) for each in await kept(scene, row.digest)]
        assert [each["signers"][0]["is_revocation_proven"] for each in proofs] == [False, True]
        assert await scene.later(9999) == 0
        assert scene.told == []

    # SG-9
    async def test_revoked_before_the_signing_then_marked_recorded_and_told(
        self, scene: Scene, operator: Operator
    ) -> None:
        data = await operator.issue()
        await operator.revoke(data["id"])
        scene.clock.forward(timedelta(seconds=5))
        scene.cut()
        await scene.accept(data)
        scene.mend()
        await scene.later(301)
        row = await scene.row()
        assert (row.state, row.revoked_since) == (State.REVOKED, NOW)
        assert await scene.events() == ["signature.revoked_before_signing"]
        assert [each.digest for each in scene.told] == [row.digest]

    @pytest.mark.parametrize("reason", ["superseded", "key_compromise"])
    async def test_revoked_after_the_signing_then_proven(self, scene: Scene, operator: Operator, reason: str) -> None:
        data = await operator.issue()
        scene.cut()
        await scene.accept(data)
        scene.clock.forward(timedelta(seconds=60))
        await operator.revoke(data["id"], reason)
        scene.mend()
        await scene.later(301)
        assert (await scene.row()).state is State.PROVEN

    async def test_never_answered_then_left_after_the_last_try_and_asked_when_told(
        self, scene: Scene, operator: Operator
    ) -> None:
        data = await operator.issue()
        scene.cut()
        await scene.accept(data)
        asked = 0
        while (await scene.row()).state is State.WAITING:
            asked += await scene.later(300)
            assert asked <= MOST_TRIES
        assert asked == MOST_TRIES
        assert await scene.events() == ["signature.left_unproven"]
        scene.mend()
        digest = (await scene.row()).digest
        await rechecks.ask_again(Work(NOBODY, scene.clock.now(), scene.db, scene.dependencies), digest)
        await scene.later(31)
        assert (await scene.row()).state is State.PROVEN
        with pytest.raises(Conflict):
            await rechecks.ask_again(Work(NOBODY, scene.clock.now(), scene.db, scene.dependencies), digest)

    async def test_killed_between_asking_and_writing_then_asked_at_the_next_turn_and_written_once(
        self, scene: Scene, operator: Operator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = await operator.issue()
        scene.cut()
        await scene.accept(data)
        scene.mend()

        async def killed(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(scene.rechecker, "_settle", killed)
            with pytest.raises(KeyboardInterrupt):
                await scene.later(301)
        assert (await scene.row()).state is State.WAITING
        assert await scene.later(10) == 0
        assert await scene.later(300) == 1
        assert (await scene.row()).state is State.PROVEN
        assert await scene.events() == ["signature.proven_later"]

    async def test_copy_is_lost_then_it_goes_on_with_the_others(self, scene: Scene, operator: Operator) -> None:
        first, second = await operator.issue(), await operator.issue()
        scene.cut()
        await scene.accept(first)
        await scene.db.execute("update signature_rechecks set object_name = 'unproven_documents/lost'")
        await scene.accept(second)
        scene.mend()
        assert await scene.later(301) == 2
        found, _ = await rechecks.listed(scene.db, Page())
        assert sorted(each.state for each in found) == [State.PROVEN, State.WAITING]


class TestListed:
    async def test_words_and_state_choose_and_wildcards_are_letters(self, scene: Scene, operator: Operator) -> None:
        data = await operator.issue()
        scene.cut()
        await scene.accept(data)
        for words, state, count in (
            ("кобилян", None, 1),
            ("%", None, 0),
            ("_", None, 0),
            (None, State.WAITING, 1),
            (None, State.REVOKED, 0),
        ):
            assert (await rechecks.listed(scene.db, Page(), text=words, state=state))[1].total == count


async def kept(scene: Scene, digest: str) -> list[bytes]:
    rows = await scene.db.fetch(
        "select content from documents_waiting where name like $1", f"signature_checks/{digest}/%"
    )
    return sorted((row["content"] for row in rows), key=lambda each: json.loads(each)["checked_at"])


def test_only_the_unanswered_are_asked_anew() -> None:
    assert {state for state, targets in MOVES.items() if State.WAITING in targets} == {State.UNANSWERED}
