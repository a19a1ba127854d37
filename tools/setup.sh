#!/usr/bin/env bash
# Makes .venv and installs what is needed: `tools/setup.sh runtime` to run the system, `tools/setup.sh dev` to test it too.
set -euo pipefail
cd "$(dirname "$0")/.."
kind="${1:-runtime}"
python="${PYTHON:-python3}"

step() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$1"; }
missing() { printf '\n%s\n' "$1" >&2; exit 1; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || missing "Python 3.11 or newer is needed: apt-get install python3"

if [ ! -x .venv/bin/python ]; then
    step "Making the virtual environment"
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        [ "$(id -u)" = 0 ] || missing "Python cannot make virtual environments here: apt-get install python3-venv"
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        "$python" -m venv .venv
    fi
fi

wanted=$(cat requirements/*.txt pyproject.toml src/esoz/signature/native/* | sha256sum | cut -d' ' -f1)
mark=".venv/.installed-$kind"
if [ "$(cat "$mark" 2>/dev/null || true)" != "$wanted" ]; then
    step "Installing Python packages ($kind)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$kind.txt"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/registers.txt
    # One built for another interface of Python would be imported first.
    rm -f src/esoz/signature/_kep.*.so
    PYTHONWARNINGS=ignore .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
    if [ "$kind" = dev ] && ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/fuzz.txt 2>/dev/null; then
        step "No wheel of atheris for this machine: the nightly search for bad input is left out"
    fi
    echo "$wanted" > "$mark"
fi

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    if [ "$(cat .venv/.installed-node 2>/dev/null || true)" != "$wanted" ]; then
        step "Installing Node.js (only fetches and builds browser assets)"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt
        echo "$wanted" > .venv/.installed-node
    fi
fi

step "Browser assets"
.venv/bin/python -m esoz.kernel.pages.build
