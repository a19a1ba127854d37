"""Log lines as JSON, without personal data: ids, codes and times only."""

import logging
import sys
import traceback
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
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(fault.__traceback__)]
    _log.error(message, extra={"facts": {**facts, "fault": type(fault).__name__, "places": places[-12:]}})
