#!/usr/bin/env bash
# obstore 0.12.1: `put` into a `LocalStore` and what is on the disk when it returns.
#
# Input      a document of 4 KB, put into a folder with mode "create"; the calls of fsync, fdatasync and sync_file_range
#            in the process are counted by a small library that stands before the C library's.
# Guess      a store that acknowledges an object has it: the same call to S3 returns when the object is durable, so the file
#            and its name in the folder are synchronised before a put into a folder returns.
# Seen       no call at all: the file and its name are in the page cache, and an acknowledged object, or a part of it, is
#            gone when the machine loses its power within the next seconds. There is no option for it (Python's own
#            os.fsync is counted, so the counter works). Whoever commits a record that names the object afterwards has to
#            synchronise file and folders, or to write them in another way.
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs a C compiler and Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/count.c" <<'C'
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int calls;
int fsync(int file) { calls++; return syscall(SYS_fsync, file); }
int fdatasync(int file) { calls++; return syscall(SYS_fdatasync, file); }
int sync_file_range(int file, off_t from, off_t most, unsigned int how) {
    calls++;
    return syscall(SYS_sync_file_range, file, from, most, how);
}
int synchronised(void) { return calls; }
C
cc -shared -fPIC -O1 -o "$folder/count.so" "$folder/count.c"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "obstore==0.12.1"
LD_PRELOAD="$folder/count.so" "$folder/venv/bin/python" - "$folder" <<'PYTHON'
import asyncio
import ctypes
import importlib.metadata
import os
import sys
from pathlib import Path

import obstore
from obstore.store import LocalStore

folder = Path(sys.argv[1]) / "objects"
folder.mkdir()
counter = ctypes.CDLL(str(Path(sys.argv[1]) / "count.so"))
store = LocalStore(prefix=str(folder))

before = counter.synchronised()
obstore.put(store, "documents/1", b"a" * 4096, mode="create")


async def again() -> None:
    await obstore.put_async(store, "documents/2", b"b" * 4096, mode="create")


asyncio.run(again())
by_store = counter.synchronised() - before
assert (folder / "documents/1").read_bytes() == b"a" * 4096

file = os.open(folder / "documents/1", os.O_RDONLY)
os.fsync(file)
os.close(file)
by_python = counter.synchronised() - before - by_store

print("obstore", importlib.metadata.version("obstore"))
print("synchronisations by two puts:", by_store, "· by one os.fsync of Python:", by_python)
sys.exit(0 if (by_store, by_python) == (0, 1) else 1)
PYTHON
