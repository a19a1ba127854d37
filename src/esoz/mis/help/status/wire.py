"""The state of the workplace for programs: our own short form, and the form of public status pages."""

from collections.abc import Sequence
from datetime import datetime

from esoz.mis.base.health import Component, HealthCheck, State
from esoz.mis.base.register import RegisterEntry, Standing

from .model import Incident

# The words of public status pages (Statuspage API v2), by which programs that gather them read ours.
STATUSES = {
    State.OPERATIONAL: "operational",
    State.DEGRADED: "degraded_performance",
    State.UNREACHABLE: "major_outage",
    State.UNKNOWN: "operational",
}
DESCRIPTIONS = {"none": "All Systems Operational", "minor": "Partially Degraded Service", "major": "Major Outage"}
IMPACTS = {"info": "none", "warning": "minor", "danger": "major"}
NAMES = {
    Component.MIS: "Workplace",
    Component.DATABASE: "Database of the workplace",
    Component.TASKS: "Background tasks of the workplace",
    Component.EXCHANGE: "Exchange with central",
    Component.CENTRAL: "Central database (ESOZ)",
    Component.TRUST: "Trust providers (OCSP)",
}


def short(seen: HealthCheck, incidents: Sequence[Incident]) -> dict[str, object]:
    """/status.json: components and their states; incidents that go on."""
    return {
        "at": seen.at,
        "components": seen.states,
        "documents_waiting": seen.waiting,
        "status": status(seen),
        "incidents": [incident(each, seen.at) for each in incidents if each.ended_at is None],
    }


def register_standing(
    entry: RegisterEntry | None, standings: Sequence[Standing], asked_at: datetime | None
) -> dict[str, object] | None:
    """What central's register says of this workplace, for monitoring; None while it was never heard."""
    if entry is None:
        return None
    return {"status": entry.status, "standings": list(standings), "asked_at": asked_at}


def summary(seen: HealthCheck, incidents: Sequence[Incident], *, name: str, url: str) -> dict[str, object]:
    """/api/v2/summary.json of public status pages; here with the incidents of the last thirty days."""
    components = [
        {"id": component, "name": NAMES[component], "status": STATUSES[state], "updated_at": seen.at, "position": place}
        for place, (component, state) in enumerate(seen.states.items(), 1)
    ]
    return {
        "page": {"id": "mis", "name": name, "url": url, "time_zone": "Europe/Kyiv", "updated_at": seen.at},
        "status": status(seen),
        "components": components,
        "incidents": [incident(each, seen.at) for each in incidents],
        "scheduled_maintenances": [],
    }


def status(seen: HealthCheck) -> dict[str, str]:
    return {"indicator": seen.indicator, "description": DESCRIPTIONS[seen.indicator]}


def incident(found: Incident, now: datetime) -> dict[str, object]:
    """One incident; an outage is named after its component."""
    name = found.text or (f"{NAMES[found.component]}: no answer" if found.component else "")
    return {
        "id": found.id,
        "name": name,
        "status": "resolved" if found.ended_at else "investigating",
        "impact": IMPACTS[found.severity],
        "created_at": found.began_at,
        "started_at": found.began_at,
        "updated_at": found.ended_at or now,
        "resolved_at": found.ended_at,
        "incident_updates": [],
    }
