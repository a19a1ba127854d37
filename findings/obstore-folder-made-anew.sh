#!/usr/bin/env bash
# obstore 0.12.1: a folder as a store of documents, and the folder goes away while the store is open.
#
# Input      a LocalStore opened on an existing folder, without mkdir; the folder is then moved aside, as when a disk is
#            unmounted and its mount point removed; a document is put with mode="create".
# Guess      an error: the store was opened on a folder that had to exist (`LocalStore(prefix)` of a missing folder is
#            refused), so the same is true later, and the caller learns that documents have nowhere to go.
# Seen       the folder and those above it are made anew in silence, readable by everybody, and the document lies there:
#            what was acknowledged is on another disk than all that came before it.
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "obstore==0.12.1"
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import importlib.metadata
import os
import sys
from pathlib import Path

import obstore
from obstore.store import LocalStore

os.umask(0o022)
place = Path(sys.argv[1]) / "documents"
try:
    LocalStore(prefix=str(place))
    missing = "opened"
except Exception as fault:
    missing = type(fault).__name__
place.mkdir(mode=0o700)
store = LocalStore(prefix=str(place))
obstore.put(store, "first/one", b"1")
place.rename(place.with_name("moved"))
obstore.put(store, "first/two", b"2", mode="create")
modes = [oct(path.stat().st_mode & 0o777) for path in (place, place / "first", place / "first" / "two")]
seen = [missing != "opened", sorted(path.name for path in (place / "first").iterdir()), modes]
print("obstore", importlib.metadata.version("obstore"))
print("a missing folder is", missing)
print("after the folder went away:", seen[1], "modes", *modes)
sys.exit(seen != [True, ["two"], ["0o755", "0o755", "0o644"]])
PYTHON
