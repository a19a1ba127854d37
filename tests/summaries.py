"""What every summary of faults keeps to, in whichever program: its lines can be told from each other."""

import re

import httpx

_LIST = re.compile(r'<ul class="govuk-list govuk-error-summary__list">(.*?)</ul>', re.DOTALL)
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)


def summary_of(page: str) -> list[str]:
    """The words of each line that leads to a field; none when the page has no faults."""
    lines = [line for found in _LIST.findall(page) for line in _ITEM.findall(found)]
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in lines if '<a href="/' not in line]


def with_lines_told_apart(answer: httpx.Response) -> httpx.Response:
    """The same answer; fails when two faults on it read alike."""
    lines = summary_of(answer.text) if "error-summary__list" in answer.text else []
    assert len(lines) == len(set(lines)), f"{answer.request.url.path}: {lines}"
    return answer
