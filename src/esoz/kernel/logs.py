"""Log lines as JSON, without personal data: ids, codes and times only."""

import logging
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

_log = logging.getLogger("esoz")


class _JSON(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        line |= getattr(record, "facts", {})
        return msgspec.json.encode(line, enc_hook=str).decode()


def set_up(level: str = "INFO") -> None:
    """Send all log lines to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JSON())
    # Of each record nothing else is told: it need not be found out.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # documented: the caller is not looked for
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def info(message: str, **facts: object) -> None:
    _log.info(message, extra={"facts": facts})


def warning(message: str, **facts: object) -> None:
    _log.warning(message, extra={"facts": facts})


def exception(message: str, fault: BaseException, **facts: object) -> None:
    """Log a fault with the places it passed; its text is left out, for it may quote a value from a record."""
    _log.error(message, extra={"facts": facts | _told(fault)})


def alarm(message: str, fault: BaseException | None = None, **facts: object) -> None:
    """Log what a person has to look at now: work that stands still, a clock that is wrong, a store that is away."""
    _log.critical(message, extra={"facts": facts | _told(fault)})


class Seldom:
    """What is told once in a while of each, however often it happens; of `most` different ones in that time."""

    def __init__(self, seconds: float, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._most, self._monotonic = seconds, most, monotonic
        self._told: dict[str, float] = {}  # the first was told first

    def is_due(self, key: str) -> bool:
        """Whether it is to be told now; then it was."""
        now = self._monotonic()
        at = self._told.get(key)
        if at is not None and now - at < self._seconds:
            return False
        for told, moment in list(self._told.items()):
            if now - moment < self._seconds:
                break
            del self._told[told]
        if len(self._told) >= self._most:
            return False
        self._told[key] = now
        return True


def _told(fault: BaseException | None) -> dict[str, object]:
    if fault is None:
        return {}
    while isinstance(fault, BaseExceptionGroup):  # of works beside each other: what ended the first ended all
        fault = fault.exceptions[0]
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(fault.__traceback__)]
    return {"fault": type(fault).__name__, "places": places[-12:]}
