# Start with `make run` and `make test`; both build .venv from the locked versions first. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: help run run-cached test drill mutants audit bench lint format lock clean

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: .venv/run.stamp  ## run the whole site on 127.0.0.1:$(PORT), with demo content
	@exec $(BIN)/python -m devtools.run --port "$(PORT)"

run-cached: .venv/run.stamp  ## run it behind Varnish, as in production
	@exec $(BIN)/python -m devtools.run --port "$(PORT)" --cached

test: .venv/dev.stamp  ## run the tests, or those of ARGS=path, on a private Postgres; browser tests if Chromium and Varnish are installed
	$(BIN)/python -m pytest $(or $(ARGS),--numprocesses auto --maxprocesses 4 --dist loadscope)

audit: .venv/dev.stamp tests/audit/node_modules/stamp  ## measure every kind of page against its limits, into docs/audit.md
	$(BIN)/python -m tests.audit

tests/audit/node_modules/stamp: tests/audit/package-lock.json
	@npm ci --prefix tests/audit --ignore-scripts --no-audit --no-fund
	@touch $@

bench: .venv/dev.stamp  ## measure requests a second, beside nginx and a bare view, into docs/performance.md
	$(BIN)/python -m tests.bench $(ARGS)

drill: .venv/dev.stamp  ## run the tests that take minutes: load, hundreds of random histories, killed processes
	$(BIN)/python -m pytest -s $(or $(ARGS),tests/drills)

mutants: .venv/dev.stamp  ## make small changes to a module, and show those that no test notices: ARGS=comments/moderation/rules.py
	$(BIN)/python -m devtools.mutants $(ARGS)

lint: export DEBUG := true
lint: .venv/dev.stamp  ## check style, types, imports, templates and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/djhtml --check --tabwidth 2 $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/dev.stamp  ## format Python and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')
	-$(BIN)/djhtml --tabwidth 2 $$(git ls-files 'templates/*.html')

# The locks name no index, so that any mirror serves them; the hashes verify its files.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-python-downloads --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --no-header pyproject.toml
lock: .venv/dev.stamp  ## lock the newest allowed versions in requirements/
	$(LOCK) --extra local --extra dev -o requirements/dev.txt
	$(LOCK) --extra local -c requirements/dev.txt -o requirements/run.txt

clean:  ## delete the installed packages (.venv); the data in .local stays
	rm -rf .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "This needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "This needs pip for $(PYTHON) (on Debian: apt install python3-pip)"; exit 1; }
	@$(PYTHON) -m venv --without-pip .venv

# pip installs into .venv from outside, so the machine needs neither ensurepip nor a second copy of pip.
.venv/%.stamp: requirements/%.txt .venv/bin/python
	@echo "Installing the locked packages of requirements/$*.txt …"
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes --only-binary :all: \
	  --disable-pip-version-check -r requirements/$*.txt
	@touch $@
