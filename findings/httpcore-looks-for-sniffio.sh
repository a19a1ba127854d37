#!/usr/bin/env bash
# httpcore 1.0.9: each request looks for a module that is not installed.
#
# Input      a pool of connections on asyncio, as `pip install httpcore[asyncio]` gives it (anyio no longer brings sniffio
#            with it, and httpcore does not ask for it); the second of two requests over one open connection.
# Guess      what can be imported is found out once: the library has no extra for sniffio and works without it.
# Seen       `import sniffio` is tried at each new lock and each shielded end, several times a request. An import that
#            failed is not remembered by Python, so each looks through every folder of the path: a third to a half of what a
#            request costs. With sniffio installed nothing is looked for.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "httpcore[asyncio]==1.0.9" "anyio==4.16.0"
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib.metadata
import sys

import httpcore


class Asked:
    names = []

    def find_spec(self, name, path=None, target=None):
        self.names.append(name)
        return None


async def main():
    body = [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"] * 3
    pool = httpcore.AsyncConnectionPool(network_backend=httpcore.AsyncMockBackend(body))
    await pool.request("GET", "http://example.org/")
    sys.meta_path.insert(0, Asked())
    await pool.request("GET", "http://example.org/")


asyncio.run(main())
seen = Asked.names.count("sniffio")
print("httpcore", importlib.metadata.version("httpcore"))
print("looked for sniffio in the second request:", seen, "times")
sys.exit(seen == 0)
PYTHON
