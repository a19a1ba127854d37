#!/usr/bin/env bash
# Compiles the requirement files with hashes and without index addresses. Run after a change of pyproject.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
compile="../.venv/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate"
cd requirements
$compile --output-file=runtime.txt ../pyproject.toml
$compile --extra=dev --constraint=runtime.txt --output-file=dev.txt ../pyproject.toml
$compile --output-file=node.txt node.in
$compile --output-file=fuzz.txt fuzz.in
$compile --output-file=flames.txt flames.in
