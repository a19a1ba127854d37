"""Operations of care teams and of who belongs to them."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .model import Contacts, NewParticipant, NewTeam, ParticipantChange, ParticipantFilter, TeamChange, TeamFilter

operations = Operations()

READ, WRITE = "care_team:read", "care_team:write"


@operations.add("post_api_care_teams", "POST /api/care_teams", scope=WRITE)
async def create(call: Call) -> Reply:
    return Reply(wire.team(await commands.create(call.work, call.body(NewTeam))), status=201)


@operations.add("get_api_care_teams", "GET /api/care_teams", scope=READ)
async def teams(call: Call) -> Reply:
    found, paged = await queries.teams(call.work, call.query(TeamFilter), call.page())
    return Reply([wire.team(each) for each in found], paging=Paging.of(paged))


@operations.add("get_api_care_teams_participants", "GET /api/care_teams/participants", scope=READ)
async def participants(call: Call) -> Reply:
    found, paged = await queries.participants(call.work, call.query(ParticipantFilter), call.page())
    return Reply([wire.participant(each) for each in found], paging=Paging.of(paged))


@operations.add("post_api_care_teams_participants", "POST /api/care_teams/participants", scope=WRITE)
async def add_participant(call: Call) -> Reply:
    made = await commands.add_participant(call.work, call.body(NewParticipant))
    return Reply(wire.participant(made), status=201)


@operations.add(
    "patch_api_care_teams_participants_ID_actions_change_status",
    "PATCH /api/care_teams/participants/{id}/actions/change_status",
    scope=WRITE,
)
async def change_participant(call: Call) -> Reply:
    changed = await commands.change_participant(call.work, call.id("id"), call.body(ParticipantChange))
    return Reply(wire.participant(changed))


@operations.add("get_api_care_teams_ID", "GET /api/care_teams/{id}", scope=READ)
async def team(call: Call) -> Reply:
    return Reply(wire.team(await queries.team(call.work, call.id("id"))))


@operations.add("patch_api_care_teams_ID", "PATCH /api/care_teams/{id}", scope=WRITE)
async def update(call: Call) -> Reply:
    return Reply(wire.team(await commands.update(call.work, call.id("id"), call.body(Contacts))))


@operations.add(
    "patch_api_care_teams_ID_actions_change_status", "PATCH /api/care_teams/{id}/actions/change_status", scope=WRITE
)
async def change_status(call: Call) -> Reply:
    return Reply(wire.team(await commands.change_status(call.work, call.id("id"), call.body(TeamChange))))
