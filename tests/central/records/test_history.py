"""What encounters leave in their episode: told whole and in order, kept apart so that the episode does not grow."""

from tests.central.answers import answered
from tests.factories.records import ICPC2, concept, condition, package, ref

CODES = ("R81", "R80", "R78", "R74", "R72")


async def visited(written, code: str) -> None:
    """One more encounter in the same episode."""
    later = written.again()
    content = package(
        later,
        encounter_changes={"visit": ref("visit", written.visiting.visit)},
        conditions=[condition(later, code=concept(ICPC2, code))],
    )
    body = {"signed_data": written.doctor.sign(content)}
    done = await written.outcome(await written.doctor.post(f"{written.path}/encounter_package", body))
    assert done.status_code == 303, done.text


async def history(written) -> list[str]:
    """The codes of the history as the episode and the list of episodes tell it."""
    path = f"{written.path}/episodes"
    one = answered(await written.doctor.get(f"{path}/{written.visiting.episode}"))["data"]
    clinic = one["managing_organization"]["identifier"]["value"]
    listed = answered(await written.doctor.get(f"{path}?managing_organization_id={clinic}"))["data"]
    assert [each for each in listed if each["id"] == one["id"]] == [one]
    return [line["diagnoses"][0]["code"]["coding"][0]["code"] for line in one["diagnoses_history"]]


async def size(db, written) -> int:
    return await db.fetchval("select length(document::text) from episodes where id = $1", written.visiting.episode)


async def test_the_episode_does_not_grow_with_its_encounters(written, db) -> None:
    [first] = await history(written)
    before = await size(db, written)
    for code in CODES:
        await visited(written, code)
    assert abs(await size(db, written) - before) < 200
    assert await history(written) == [first, *CODES]


# CN-6
async def test_lines_of_an_earlier_release_then_told_first_and_moved_by_the_next_encounter(written, db) -> None:
    [first] = await history(written)
    await db.execute(
        "update episodes set document = jsonb_set(document, '{diagnoses_history}',"
        " (select jsonb_agg(d.document order by d.number) from episode_diagnoses d where d.episode_id = episodes.id))"
        " where id = $1",
        written.visiting.episode,
    )
    await db.execute("delete from episode_diagnoses where episode_id = $1", written.visiting.episode)
    assert await history(written) == [first]
    await visited(written, "R81")
    assert await history(written) == [first, "R81"]
    assert (
        await db.fetchval(
            "select document -> 'diagnoses_history' from episodes where id = $1", written.visiting.episode
        )
        == []
    )
