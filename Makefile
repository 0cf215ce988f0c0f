PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
LOCK := $(BIN)/uv pip compile --quiet --universal --no-emit-index-url --generate-hashes --no-strip-extras
STAMP := $(VENV)/.installed
EVENTS ?= 1000000

.PHONY: help demo dev docs test test-spark lint bench chaos lock

help: ## Say what each verb does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "Debian keeps venv in a package of its own; installing python3-venv"; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq python3-venv; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

demo: $(STAMP) ## Simulate Lindeveld, run the whole chain on it, say where to look
	@$(BIN)/hartslag demo

test: $(STAMP) ## Run all tests but the slow ones
	$(BIN)/pytest -m "not slow" -n auto --maxprocesses 4 --dist loadfile --timeout 600

test-spark: $(STAMP) ## Compare both engines on whole logs, and on a cluster of which a worker dies; needs Java
	$(BIN)/pytest -m spark tests/engines

lint: $(STAMP) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

dev: $(STAMP) ## Open Dagster on the demo, on 127.0.0.1
	@mkdir -p .hartslag/demo/dagster && cp -n pipelines/dagster.yaml .hartslag/demo/dagster/ || true
	@$(BIN)/python -m lindeveld .hartslag/demo
	HARTSLAG_CONFIG=.hartslag/demo/municipality.yaml HARTSLAG_HOME=.hartslag/demo \
	DAGSTER_HOME=$(CURDIR)/.hartslag/demo/dagster $(BIN)/dagster dev -h 127.0.0.1

docs: $(STAMP) ## Write docs/ (definitions, commands, JSON Schema) and build its site in .hartslag/docs
	$(BIN)/hartslag check --schema > docs/municipality.schema.json
	$(BIN)/python -m pipelines.kpi_page > docs/kpis.md
	$(BIN)/python -m pipelines.cli_page > docs/cli.md
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "Open .hartslag/docs/index.html"

bench: $(STAMP) ## Pull, mine, count ten million events beside pm4py, build all models on both engines at EVENTS="1000000 ..."
	@$(BIN)/python -m benchmarks.pulling
	@$(BIN)/python -m benchmarks.mining
	@$(BIN)/python -m benchmarks.counting
	@$(BIN)/python -m benchmarks.building
	@$(BIN)/python -m benchmarks.scaling --events $(EVENTS)

chaos: $(STAMP) ## Kill or starve 200 runs at random, run each again, compare the bytes; takes half an hour
	@$(BIN)/python -m tests.chaos 200

lock: ## Pin every dependency and its hashes: all, and those of the image
	$(LOCK) --group dev pyproject.toml -o requirements.lock
	$(LOCK) --extra server --group image -c requirements.lock pyproject.toml -o deploy/requirements.lock
