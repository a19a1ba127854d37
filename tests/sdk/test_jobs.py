"""What became of a job of central, by its published states; an odd answer is unreadable and no fault of ours."""

import pytest

from esoz.sdk import Answer, CentralRefused, CentralUnreadable, job_of
from esoz.sdk.jobs import job_outcome


class Central:
    """Central that answers with one job, or refuses."""

    def __init__(self, told: object) -> None:
        self.told = told

    async def get(self, path: str, **query: object) -> Answer:
        assert path == "/api/jobs/5cbed6e2"
        if isinstance(self.told, Exception):
            raise self.told
        return Answer(200, self.told, request_id="r-1")


@pytest.mark.parametrize(("status", "is_over"), [("pending", False), ("processed", True)])
async def test_outcome_when_not_failed_then_over_or_not(status: str, is_over: bool) -> None:
    outcome = await job_outcome(Central({"status": status}), "5cbed6e2")
    assert (outcome.is_over, outcome.refused) == (is_over, None)


@pytest.mark.parametrize(
    ("job", "status"),
    [
        ({"status": "failed", "status_code": "409"}, 409),
        ({"status": "failed", "status_code": 404}, 404),
        ({"status": "failed"}, 422),
        ({"status": "failed_with_error"}, 500),
    ],
)
async def test_outcome_when_failed_then_refused_with_its_published_status(job: dict[str, object], status: int) -> None:
    outcome = await job_outcome(Central(job | {"error": {"type": "x", "message": "Not allowed"}}), "5cbed6e2")
    assert outcome.is_over and outcome.refused is not None
    assert (outcome.refused.status, outcome.refused.message) == (status, "Not allowed")


async def test_outcome_when_central_has_forgotten_the_job_then_over() -> None:
    outcome = await job_outcome(Central(CentralRefused(404, "not_found", "")), "5cbed6e2")
    assert (outcome.is_over, outcome.refused) == (True, None)


async def test_outcome_when_refused_otherwise_then_refused() -> None:
    with pytest.raises(CentralRefused):
        await job_outcome(Central(CentralRefused(403, "forbidden", "")), "5cbed6e2")


@pytest.mark.parametrize(
    "told",
    [
        [],
        None,
        {},
        {"status": "odd"},
        {"status": ["failed"]},
        {"status": {}},
        {"status": "failed", "status_code": "200"},
        {"status": "failed", "status_code": "²"},
        {"status": "failed", "status_code": "9" * 5000},
        {"status": "failed", "status_code": "0404" + "0" * 5000},
    ],
)
async def test_outcome_when_the_answer_is_odd_then_unreadable(told: object) -> None:
    with pytest.raises(CentralUnreadable):
        await job_outcome(Central(told), "5cbed6e2")


@pytest.mark.parametrize("links", [None, [], {}, "x", [{}], [{"href": 1}], [{"href": "/"}]])
def test_job_when_no_link_tells_it_then_unreadable(links: object) -> None:
    with pytest.raises(CentralUnreadable):
        job_of({"links": links})


def test_job_when_linked_then_the_last_part() -> None:
    assert job_of({"links": [{"href": "/jobs/5cbed6e2/"}]}) == "5cbed6e2"
