# Two commands carry the project: `make run` and `make test`. Both build .venv from the locked versions first.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: run run-cached test drill audit bench lint format lock clean

run: .venv/run.stamp  ## the whole site on 127.0.0.1:$(PORT), with demo content
	@exec $(BIN)/python -m devtools.run --port "$(PORT)"

run-cached: .venv/run.stamp  ## the same behind Varnish, as in production
	@exec $(BIN)/python -m devtools.run --port "$(PORT)" --cached

test: .venv/dev.stamp  ## all tests on a private Postgres; browser tests where Chromium is found
	$(BIN)/python -m pytest $(or $(ARGS),--numprocesses auto --maxprocesses 4 --dist loadscope)

audit: .venv/dev.stamp tests/audit/node_modules/stamp  ## every kind of page against its limits, into docs/audit.md
	$(BIN)/python -m tests.audit

tests/audit/node_modules/stamp: tests/audit/package-lock.json
	@npm ci --prefix tests/audit --ignore-scripts --no-audit --no-fund
	@touch $@

bench: .venv/dev.stamp  ## requests a second, beside nginx and a bare view, into docs/performance.md
	$(BIN)/python -m tests.bench $(ARGS)

drill: .venv/dev.stamp  ## what takes minutes: many people at once, hundreds of histories, accidents
	$(BIN)/python -m pytest -s $(or $(ARGS),tests/drills)

lint: export DEBUG := true
lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/djhtml --check --tabwidth 2 $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')
	-$(BIN)/djhtml --tabwidth 2 $$(git ls-files 'templates/*.html')

# The locks name no index, so that anybody's mirror serves them; the hashes hold whatever it is.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-python-downloads --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --no-header pyproject.toml
lock: .venv/dev.stamp
	$(LOCK) --extra local --extra dev -o requirements/dev.txt
	$(LOCK) --extra local -c requirements/dev.txt -o requirements/run.txt

clean:  ## forget the installed packages; the data in .local stays
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
