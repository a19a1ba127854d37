"""The public services over HTTP: OCSP, timestamps, revocation lists, certificates. No sign-in, no session, no JSON."""

import asyncio
import base64
import binascii
import time
from collections.abc import Awaitable, Callable
from datetime import date
from urllib.parse import unquote_to_bytes

import asyncpg
import msgspec
from starlette.requests import Request
from starlette.responses import Response

from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.errors import Problem, TooLarge
from esoz.kernel.metrics import REQUESTS
from esoz.kernel.outages import OUTAGES
from esoz.kernel.pages.forms import limited
from esoz.signature import Certificate, Unreadable, oids
from esoz.signature.signing import signed_data

from . import store
from .centre import ROLES, Centre, House, root_list
from .formats import ocsp, timestamps
from .formats.addresses import OCSP_PATH, TSP_PATH
from .model import Family

SECONDS = 5.0
_OCSP_ASKS, _OCSP_ANSWERS = "application/ocsp-request", "application/ocsp-response"
_TSP_ASKS, _TSP_ANSWERS = "application/timestamp-query", "application/timestamp-reply"
# What clients of before RFC 3161 was final still send.
_TSP_ASKED_BY_OLD = "application/tsp-request"
_CERTIFICATE, _LIST = "application/pkix-cert", "application/pkix-crl"
_FAMILY_OF_HASH = {
    oids.GOST_34311: Family.GOST,
    oids.KUPYNA_256: Family.KUPYNA,
    oids.KUPYNA_384: Family.KUPYNA,
    oids.KUPYNA_512: Family.KUPYNA,
}
_PREFIXES = ("/services/", "/crl/", "/ca/", "/certificates/", "/CAs.json")
_AWAY = (Problem, asyncpg.PostgresError, *OUTAGES)


def is_ours(path: str) -> bool:
    """Whether a path belongs to a public service."""
    return path.startswith(_PREFIXES)


class Protocols:
    """Answers every public path; `random` numbers the timestamps."""

    def __init__(self, centre: Centre, database: Database, clock: Clock, random: Callable[[int], bytes]) -> None:
        self.centre, self.database, self.clock, self._random = centre, database, clock, random
        self._files = _files(centre)
        self._named: dict[tuple[str, bytes, bytes], House | None] = {}
        self._root_lists: dict[Family, tuple[date, bytes]] = {}

    async def answer(self, request: Request) -> Response:
        """The answer to a request for a path of ours, within a bounded time."""
        started = time.perf_counter()
        service, handler = self._service(request.url.path)
        try:
            async with asyncio.timeout(SECONDS):
                response = await handler(request)
        except TooLarge:
            response = _plain("the request is too large", 413)
        except _AWAY:
            response = _away(service)
        REQUESTS.labels(f"trust_centre {service}", str(response.status_code)).observe(time.perf_counter() - started)
        return response

    def _service(self, path: str) -> tuple[str, Callable[[Request], Awaitable[Response]]]:
        if path.startswith(OCSP_PATH):
            return "ocsp", self._ocsp
        if path.startswith(TSP_PATH):
            return "tsp", self._tsp
        if path.startswith("/crl/"):
            return "crl", self._crl
        return ("key", self._of_key) if path.startswith("/certificates/") else ("file", self._file)

    async def _ocsp(self, request: Request) -> Response:
        if request.method == "POST" and request.url.path == OCSP_PATH:
            if _content_type(request) != _OCSP_ASKS:
                return _plain(f"Content-Type {_OCSP_ASKS} is expected", 415)
            data = await _body(request, ocsp.MOST_BYTES)
        elif request.method in ("GET", "HEAD"):
            raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
            found = _from_path(raw.partition(b"?")[0].removeprefix(OCSP_PATH.encode()))
            if found is None:
                return Response(ocsp.refuse(ocsp.Refusal.MALFORMED), media_type=_OCSP_ANSWERS)
            data = found
        else:
            return _not_allowed("GET, POST")
        return await self._ocsp_answer(data, cacheable=request.method != "POST")

    async def _ocsp_answer(self, data: bytes, *, cacheable: bool) -> Response:
        try:
            request = ocsp.read(data)
        except Unreadable:
            return Response(ocsp.refuse(ocsp.Refusal.MALFORMED), media_type=_OCSP_ANSWERS)
        houses = [self._house_of(question) for question in request.questions]
        house = next((each for each in houses if each is not None), None)
        if house is None:
            return Response(ocsp.refuse(ocsp.Refusal.UNAUTHORIZED), media_type=_OCSP_ANSWERS)
        said = await self._said(request, houses, house)
        digest = house.authority.digest
        answer = await asyncio.to_thread(ocsp.answer, house.ocsp, digest, said, request.nonce, at=self.clock.now())
        seconds = int(ocsp.LIFETIME.total_seconds())
        kept = cacheable and request.nonce is None
        caching = f"public, no-transform, max-age={seconds}" if kept else "no-store"
        return Response(answer, media_type=_OCSP_ANSWERS, headers={"Cache-Control": caching})

    def _house_of(self, question: ocsp.Question) -> House | None:
        """The house a question is about; the digests of issuers are few and remembered."""
        named = question.identifier
        key = (named.algorithm, named.name_digest, named.key_digest)
        if key not in self._named:
            found = next((house for house in self.centre.houses.values() if house.is_named_by(named)), None)
            if found is None:
                return None
            self._named[key] = found
        return self._named[key]

    async def _said(self, request: ocsp.OCSPRequest, houses: list[House | None], house: House) -> list[ocsp.Said]:
        """One service answers for its own house only; of others it knows nothing."""
        serials = [f"{question.identifier.serial_number:x}" for question in request.questions]
        async with self.database.connection() as db:
            states = await store.states(db, house.family, serials)
        return [
            ocsp.Said(question, whose is house and serial in states, states.get(serial))
            for question, serial, whose in zip(request.questions, serials, houses, strict=True)
        ]

    async def _tsp(self, request: Request) -> Response:
        rest = request.url.path.removeprefix(TSP_PATH).strip("/")
        if rest and rest not in self.centre.houses:
            return _plain("there is no such family", 404)
        if request.method != "POST":
            return _not_allowed("POST")
        if _content_type(request) not in (_TSP_ASKS, _TSP_ASKED_BY_OLD):
            return _plain(f"Content-Type {_TSP_ASKS} is expected", 415)
        data = await _body(request, timestamps.MOST_BYTES)
        try:
            stamp_request = timestamps.read(data)
        except timestamps.Refused as refused:
            return Response(timestamps.refuse(refused.fault), media_type=_TSP_ANSWERS)
        house = self.centre.houses[Family(rest) if rest else _FAMILY_OF_HASH.get(stamp_request.algorithm, Family.ECDSA)]
        serial = int.from_bytes(self._random(16), "big") | 1 << 120
        token = await asyncio.to_thread(
            timestamps.grant, house.tsp, house.authority.digest, stamp_request, serial, at=self.clock.now()
        )
        return Response(token, media_type=_TSP_ANSWERS, headers={"Cache-Control": "no-store"})

    async def _crl(self, request: Request) -> Response:
        name = request.url.path.removeprefix("/crl/").removesuffix(".crl")
        is_delta, is_root = name.endswith("-delta"), name.endswith("-root")
        family = name.removesuffix("-delta" if is_delta else "-root")
        if family not in self.centre.houses or not request.url.path.endswith(".crl"):
            return _plain("there is no such list", 404)
        if request.method not in ("GET", "HEAD"):
            return _not_allowed("GET")
        if is_root:
            return _download(await self._root_list(Family(family)), f"{name}.crl", _LIST)
        async with self.database.connection() as db:
            found = await store.lists(db, Family(family))
        if found is None:
            return _plain("the list is not made yet", 503)
        return _download(found.delta if is_delta else found.complete, f"{name}.crl", _LIST)

    async def _root_list(self, family: Family) -> bytes:
        """Made once a day: the roots of DSTU have long keys."""
        at = self.clock.now()
        made = self._root_lists.get(family)
        if made is None or made[0] != at.date():
            content = await asyncio.to_thread(root_list, self.centre.houses[family], at)
            self._root_lists[family] = made = (at.date(), content)
        return made[1]

    async def _of_key(self, request: Request) -> Response:
        """What CMP services of Ukrainian centres are asked most: the certificate of a key."""
        if request.method not in ("GET", "HEAD"):
            return _not_allowed("GET")
        name = request.url.path.removeprefix("/certificates/").removesuffix(".cer").lower()
        async with self.database.connection() as db:
            found = await store.newest_of_key(db, name)
        return (
            _plain("there is no certificate of this key", 404)
            if found is None
            else _download(found, f"{name}.cer", _CERTIFICATE)
        )

    async def _file(self, request: Request) -> Response:
        if request.url.path not in self._files:
            return _plain("there is nothing here", 404)
        if request.method not in ("GET", "HEAD"):
            return _not_allowed("GET")
        content, media_type = self._files[request.url.path]
        return _download(content, request.url.path.rsplit("/", 1)[1], media_type)


def _files(centre: Centre) -> dict[str, tuple[bytes, str]]:
    """Path → content and type of everything that does not change."""
    files = {"/CAs.json": (configuration(centre), "application/json")}
    for family, house in centre.houses.items():
        for role in ROLES:
            files[f"/ca/{family}-{role}.cer"] = (house.parts[role].certificate.der, _CERTIFICATE)
        files[f"/ca/{family}.p7b"] = (bundle(house.authority.certificates), "application/x-pkcs7-certificates")
    everything = bundle((*centre.certificates, *centre.services))
    files["/ca/CACertificates.p7b"] = (everything, "application/x-pkcs7-certificates")
    return files


def bundle(certificates: tuple[Certificate, ...]) -> bytes:
    """PKCS#7 with certificates only, in no order, as CACertificates.p7b of Ukrainian centres is."""
    return signed_data(oids.DATA, None, certificates, [], oids.SHA256)


def configuration(centre: Centre) -> bytes:
    """CAs.json as Ukrainian signing programs read it: names of authorities and addresses of their services."""
    host, _, port = centre.addresses.base.partition("://")[2].partition("/")[0].partition(":")
    port = port or ("443" if centre.addresses.base.startswith("https") else "80")
    rows = [
        {
            "issuerCNs": [house.issuer.subject.get(oids.COMMON_NAME)],
            "address": f"{host}:{port}",
            "ocspAccessPointAddress": f"{host}{OCSP_PATH}",
            "ocspAccessPointPort": port,
            "cmpAddress": "",
            "cmpPort": "",
            "tspAddress": f"{host}{TSP_PATH}",
            "tspAddressPort": port,
        }
        for house in centre.houses.values()
    ]
    return msgspec.json.encode(rows)


def _from_path(encoded: bytes) -> bytes | None:
    """The request of a GET: base64, then percent-encoded (RFC 6960, A.1); None when it is neither."""
    if len(encoded) > ocsp.MOST_BYTES:
        return None
    try:
        return base64.b64decode(unquote_to_bytes(encoded), validate=True)
    except (binascii.Error, ValueError):
        return None


async def _body(request: Request, most: int) -> bytes:
    limit = Request(request.scope, limited(request.receive, most))
    return await limit.body()


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _away(service: str) -> Response:
    """The database does not answer in time: OCSP has words for it, the others have HTTP."""
    if service == "ocsp":
        return Response(ocsp.refuse(ocsp.Refusal.TRY_LATER), media_type=_OCSP_ANSWERS)
    return Response(b"try again later", 503, {"Retry-After": "5"}, "text/plain; charset=utf-8")


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "public, max-age=60"}
    return Response(content, media_type=media_type, headers=headers)


def _plain(words: str, status: int) -> Response:
    return Response(words, status, media_type="text/plain; charset=utf-8")


def _not_allowed(methods: str) -> Response:
    return Response("the method is not allowed", 405, {"Allow": methods}, "text/plain; charset=utf-8")
