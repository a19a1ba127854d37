#!/usr/bin/env bash
# dstu-core 0.5.0: signatures of DSTU 4145 over a Kupyna digest that others make are not accepted.
#
# Input      a digest by dstu-core's own Kupyna-256, signed by jkurwa 1.21.0 on the curve DSTU_PB_257, which the signature
#            verifies with; key and signature handed over as dstu-core writes them, r and s of 33 bytes, big-endian.
# Guess      dstu-core takes the digest as a big-endian number. jkurwa, Bouncy Castle and the signatures of Ukrainian
#            authorities take it as a little-endian one.
# Seen       sign257_verify of the signature               False
#            of one that jkurwa made over the same digest
#            with its bytes turned around                  True
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "dstu-core==0.5.0"
# jkurwa names a commit of asn1.js; the release it stands for is in the registry.
cat > "$folder/package.json" <<'JSON'
{"private": true, "dependencies": {"gost89": "0.1.11", "jkurwa": "1.21.0"}, "overrides": {"asn1.js": "5.4.1"}}
JSON
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts
cat > "$folder/sign.cjs" <<'NODE'
const { pkey } = require("jkurwa");
const digest = Buffer.from(process.argv[2], "hex");
const key = pkey("DSTU_PB_257", "5e1ec7ed".repeat(7), "hex");
const point = key.pub().point;
const number = (field) => [...field.bytes].reverse().reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
const hex = (field) => number(field).toString(16).padStart(66, "0");
const answer = { key: hex(point.x) + hex(point.y) };
for (const [name, bytes] of [["given", digest], ["turned", Buffer.from(digest).reverse()]]) {
  const signature = key.sign(bytes);
  answer[name] = hex(signature.r) + hex(signature.s);
  answer[`${name} by jkurwa`] = key.pub().verify(bytes, { r: signature.r.buf8(), s: signature.s.buf8() }, "split");
}
console.log(JSON.stringify(answer));
NODE
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import json
import subprocess
import sys
from importlib.metadata import version

import dstu_core

MESSAGE = b"a message"
print("dstu-core", version("dstu-core"))
digest = bytes(dstu_core.kupyna256(MESSAGE)).hex()
made = json.loads(subprocess.check_output(["node", f"{sys.argv[1]}/sign.cjs", digest]))
key = bytes.fromhex(made["key"])
seen = []
for name in ("given", "turned"):
    accepted = dstu_core.sign257_verify(key, MESSAGE, bytes.fromhex(made[name]))
    seen.append((made[f"{name} by jkurwa"], accepted))
    print(f"digest as {name:6}  jkurwa: {seen[-1][0]}  dstu-core: {seen[-1][1]}")
sys.exit(seen != [(True, False), (True, True)])
PYTHON
