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
# Code is compiled when it is first imported: most modules of the packages never are.
install() { PYTHONWARNINGS=ignore .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile "$@"; }
is_installed() { [ "$(cat "$mark" 2>/dev/null || true)" = "$wanted" ]; }

if ! is_installed; then
    step "Installing Python packages ($kind)"
    install --require-hashes -r "requirements/$kind.txt"
fi

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    if [ "$(cat .venv/.installed-node 2>/dev/null || true)" != "$wanted" ]; then
        step "Installing Node.js (only fetches and builds browser assets)"
        install --require-hashes -r requirements/node.txt
        echo "$wanted" > .venv/.installed-node
    fi
fi

step "Browser assets"
PYTHONPATH=src .venv/bin/python -m esoz.kernel.pages.build &
assets=$!

if ! is_installed; then
    install --no-deps --require-hashes -r requirements/registers.txt
    # One built for another interface of Python would be imported first.
    rm -f src/esoz/signature/_kep.*.so
    install --no-deps --editable .
    if [ "$kind" = dev ] && ! install --only-binary :all: --require-hashes -r requirements/fuzz.txt 2>/dev/null; then
        step "No wheel of atheris for this machine: the nightly search for bad input is left out"
    fi
fi
wait "$assets"
echo "$wanted" > "$mark"
