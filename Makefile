# CareForAll. On a fresh machine: `make run`, `make test`. Everything is installed into .venv.
SHELL := /bin/bash
PYTHON ?= python3.11
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run test test-faults check bench lock

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 13

run: .venv/run.stamp ## install, start everything, print the address and the demo sign-ins
	@exec $(BIN)/python -m runtime run

.PHONY: renew
renew: .venv/run.stamp ## replace every process of a running `make run` by one of the code of now, without losing a request
	@kill -HUP $$(sed -n 's/^runtime=//p' "$${DATA_DIR:-.data}/pids")

test: .venv/dev.stamp system ## the whole suite, browser tests included
	$(BIN)/python -m pytest -n 2 --dist loadgroup --durations=20

test-faults: .venv/dev.stamp ## break the running product in every way: kills, cuts, hung servers, lost answers
	$(BIN)/python -m pytest -m faults -n 2 --dist loadfile --durations=20

check: .venv/dev.stamp ## linters, types, import contracts, migration drift
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.configuration --check
	$(BIN)/python -m runtime exec -- $(MAKE) --no-print-directory check-with-databases

.PHONY: check-with-databases
check-with-databases:
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check
	DJANGO_SETTINGS_MODULE=careforall.settings.test LOG_LEVEL=WARNING $(BIN)/python manage.py lintmigrations --sql-analyser postgresql --quiet ok
	$(BIN)/hadolint --failure-threshold warning Dockerfile deploy/images/*/Dockerfile
	$(BIN)/kubernetes-validate --quiet --strict deploy/kubernetes/base.yaml deploy/kubernetes/processes.yaml deploy/kubernetes/secret.example.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

bench: .venv/dev.stamp ## the benchmarks, each as a ratio measured in one run
	$(BIN)/python -m bench

lock: .venv/bin/uv ## compile requirements*.in to requirements*.txt with hashes
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt

.PHONY: screenshots
screenshots: .venv/dev.stamp system ## pictures of the main pages, and those of the README
	$(BIN)/python -m tools.screenshots

.PHONY: messages
messages: .venv/run.stamp ## collect the marked strings into locale/, compile, name those without words
	$(BIN)/python -m tools.messages

.PHONY: vendor
vendor: .venv/bin/uv ## cut static/vendor anew from its npm packages (needs npm)
	@rm -rf .cache/vendor && mkdir -p .cache/vendor && cp tools/vendor/package*.json .cache/vendor
	npm ci --prefix .cache/vendor --ignore-scripts --no-audit --no-fund
	$(BIN)/uv venv -q .cache/vendor/venv && $(BIN)/uv pip install -q --python .cache/vendor/venv fonttools==4.68.0 brotli==1.2.1
	.cache/vendor/venv/bin/python tools/vendor/fonts.py .cache/vendor/node_modules/@fontsource-variable/anek-bangla static/vendor/fonts
	$(BIN)/python tools/vendor/icons.py .cache/vendor/node_modules/lucide-static static/vendor/icons/lucide.svg
	$(BIN)/python tools/vendor/manifest.py

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is missing: install it (Debian: apt-get install python3.11 python3.11-venv)."; exit 1; }
	$(PYTHON) -m venv .venv || { echo "python3.11-venv is missing: apt-get install python3.11-venv"; exit 1; }

.venv/bin/uv: .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check uv

.venv/run.stamp: requirements.txt .venv/bin/uv
	$(BIN)/uv pip install -q --compile-bytecode --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	$(BIN)/uv pip install -q --compile-bytecode --require-hashes -r requirements-dev.txt
	@touch $@

.PHONY: system
system: # what only Debian has: a browser, and Prometheus to try rules and dashboards on
	@missing=""; for each in chromium prometheus; do command -v $$each >/dev/null || missing="$$missing $$each"; done; \
	[ -z "$$missing" ] || { echo "Installing$$missing for the tests."; \
		as_root=""; [ "$$(id -u)" = 0 ] || as_root="sudo -n"; \
		$$as_root apt-get update -qq && $$as_root apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } \
	|| echo "Could not install$$missing: the tests that need it will fail (Debian: apt-get install$$missing)."
