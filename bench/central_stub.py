"""`python -m bench.central_stub PORT`: stands in for central where pages of the workplace are measured.

It answers lists of a patient's episodes and of a pharmacy's dispenses at once, with rows that are ready; so what is
measured is the page and not central.
"""

import asyncio
import sys
from typing import cast
from uuid import UUID

import msgspec
import uvloop

ROWS = 50
MOMENT = "2026-11-22T09:05:00.000Z"
HEAD_END = b"\r\n\r\n"


def main() -> int:
    """Serve until a signal comes."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1])))
    return 0


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Line(_answers()), "127.0.0.1", port)
    await server.serve_forever()


class _Line(asyncio.Protocol):
    """One connection: whatever is asked, the answer follows from the end of the path."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self._answers = answers
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's transports are not its subclasses

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(HEAD_END)) >= 0:  # no request of a measured page has a body
            path = bytes(self._received[: self._received.find(b"\r\n")]).split(b" ")[1].decode().partition("?")[0]
            del self._received[: end + len(HEAD_END)]
            self._transport.write(self._answers.get(path.rpartition("/")[2], NOTHING))


def _answers() -> dict[str, bytes]:
    return {
        "episodes": _answer([_episode(number) for number in range(ROWS)]),
        "medication_dispenses": _answer([_dispense(number) for number in range(ROWS)]),
    }


def _answer(rows: list[dict[str, object]]) -> bytes:
    paging = {"page_number": 1, "page_size": ROWS, "total_entries": len(rows), "total_pages": 1}
    body = msgspec.json.encode({"meta": {"code": 200, "type": "list"}, "data": rows, "paging": paging})
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    return head + body


def _episode(number: int) -> dict[str, object]:
    diagnosis = {"coding": [{"system": "eHealth/ICPC2/condition_codes", "code": "R74"}]}
    return {
        "id": str(UUID(int=number + 1)),
        "name": f"Гостра інфекція верхніх дихальних шляхів, {number}",
        "status": "active",
        "type": {"system": "eHealth/episode_types", "code": "PHC"},
        "period": {"start": MOMENT},
        "current_diagnoses": [{"code": diagnosis}],
    }


def _dispense(number: int) -> dict[str, object]:
    medicine = {"name": "Амоксил-К", "form": "COATED_TABLET", "container": {"numerator_unit": "PILL"}}
    return {
        "id": str(UUID(int=number + 1)),
        "status": "PROCESSED",
        "inserted_at": MOMENT,
        "medication_request": {
            "request_number": f"0000-12H4-245E-{number:04}",
            "medication_info": {"medication_name": "Амоксицилін і клавуланова кислота, 1000 мг, таблетки"},
            "person": {"short_name": "Мельник О. П."},
        },
        "details": [{"medication": medicine, "medication_qty": 14}],
    }


NOTHING = _answer([])

if __name__ == "__main__":
    sys.exit(main())
