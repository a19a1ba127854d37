"""The patient's code at the counter, judged before anything is queued: a guess is counted though it is refused."""

from dataclasses import replace

from esoz.central.prescriptions import attempts_left, is_right, pause_after
from esoz.kernel.work import Work

from ..model import Request
from ..model import dispenses as rules
from ..model.codes import code_of
from ..store import requests


async def must_know_code(work: Work, request: Request, told: str) -> None:
    """DVD-7: the code is right; wrong ones are counted and pause the request, as those of prescriptions do."""
    rules.must_be_unlocked(request.locked_until, work.now)
    right = code_of(request, secret=work.dependencies.secret)
    rules.must_be_told(told, right)
    if right is None or is_right(told, right):
        if request.wrong_codes:
            await requests.save(work.db, replace(request, wrong_codes=0, locked_until=None))
        return
    wrong = request.wrong_codes + 1
    pause = pause_after(wrong)
    until = work.now + pause if pause else None
    await requests.save(work.db, replace(request, wrong_codes=wrong, locked_until=until))
    headers = {"X-Attempts-Left": str(attempts_left(wrong))}
    if pause:
        headers["Retry-After"] = str(int(pause.total_seconds()))
    raise rules.WrongCode("Incorrect code", headers=headers)
