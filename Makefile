# All tasks of the project. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
RUN := .venv/bin/python -m esoz
PYTEST := .venv/bin/python -m pytest
# Everything in tests that bears the name of one context or section.
CONTEXT = $(if $(C),$(shell find tests -name "$(C)" -type d -o -name "test_$(C).py"))
# The sandbox switch: demo secrets exist only with it.
demo demo-stop demo-reset bench flames bench-compare bench-sign-in bench-pages load: export ESOZ_SANDBOX = 1

help:  ## list of tasks
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what is needed to run
	@tools/setup.sh runtime

setup-dev: ## install what is needed to run and to test
	@tools/setup.sh dev

demo: setup ## start everything with demo people; DETACH=1 returns when ready
	@$(RUN) demo $(if $(DETACH),--detach)

demo-stop: ## stop what `make demo DETACH=1` started
	@$(RUN) demo-stop

demo-reset: setup ## forget all demo data
	@$(RUN) demo-reset

memory: setup ## what the running demo takes of memory, by process
	@$(RUN) demo-memory

test: setup-dev check ## all tests, journeys in a browser included
	@.venv/bin/python tools/browser.py
	$(PYTEST) -n 2 --dist loadfile -m "not journey and not slow"
	$(PYTEST) -m "journey and not slow"

test-fast: setup-dev ## tests without a browser
	$(PYTEST) -n 2 --dist loadfile -m "not journey and not slow"

test-context: setup-dev ## tests of one context or section, of the project's own rules and of the contract: C=statistics
	@test -n "$(CONTEXT)" || { echo "C names no folder and no file of tests: make test-context C=statistics"; exit 2; }
	$(PYTEST) -n 2 --dist loadfile -m "not journey and not slow" tests/house tests/contract $(CONTEXT)

test-journeys: setup-dev ## stories in a real browser between real processes
	@.venv/bin/python tools/browser.py
	$(PYTEST) -m "journey and not slow"

check: setup-dev ## format, lint, types, imports
	.venv/bin/ruff format --quiet --check src tests tools bench
	.venv/bin/ruff check --quiet src tests tools bench
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python tools/browser_code.py check

fix: setup-dev ## format and mend what can be mended by itself
	.venv/bin/ruff check --quiet --fix src tests tools bench
	.venv/bin/ruff format --quiet src tests tools bench
	.venv/bin/python tools/browser_code.py fix

bench: setup-dev ## requests per second and core against raw SQL; SCALE=country/100: how cost grows with the database
	.venv/bin/python -m bench $(if $(SCALE),--scale $(SCALE)) $(ARGS)

flames: setup-dev ## pictures of where the time goes while the benchmark runs, in var/flames: ONLY="dispense"
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/flames.txt
	.venv/bin/python -m bench --flames var/flames --only "$(ONLY)"

bench-compare: setup-dev ## the same of an older revision and of this one in turn: REV=commit, ROUNDS=3
	.venv/bin/python -m bench.compare $(or $(REV),df0b769) --rounds $(or $(ROUNDS),3)

bench-signature: setup-dev ## measure КЕП: primitives, hashes, whole documents, with the C code and without
	.venv/bin/python -m bench.signature

bench-sign-in: setup-dev ## measure sign-ins per second, and what 20 at once do to other answers
	.venv/bin/python -m bench.sign_ins

load: setup-dev ## the mix of a working day: the rate that central bears, latencies, memory: ARGS="--rate 100 --seconds 600 --processes 2"
	.venv/bin/python -m bench.mix $(ARGS)

bench-pages: setup-dev ## measure pages of the workplace per second and core
	.venv/bin/python -m bench.pages

operations: setup ## how much of the published API is built
	@$(RUN) operations

wheel: setup ## build dist/esoz-*.whl, browser assets inside, and dist/esoz_signature-*.whl, the library alone
	.venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	.venv/bin/python tools/signature_wheel.py dist

lock: setup-dev ## compile the requirement files after a change of pyproject.toml
	@tools/lock.sh

.PHONY: flames help setup setup-dev demo demo-stop demo-reset memory test test-fast test-context test-journeys check fix bench bench-compare bench-signature bench-sign-in bench-pages load operations wheel lock
