# The words that people and CI share. Each target makes the environment if it is missing; `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
GOLD   ?= ../shared/gold

# No telemetry from anything that is started here.
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help

.PHONY: help
help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

.PHONY: env
env: $(READY)  ## make the environment in .venv from requirements.lock (hash-checked)

$(READY): requirements.lock pyproject.toml
	.ci/environment $(PYTHON)

.PHONY: run
run: $(READY)  ## fetch, read, check and publish the bundled sample bureaus
	$(BIN)/minzheng run || [ $$? -eq 3 ]  # 3: some pages failed, as the sample's dead link does; all the rest is published

.PHONY: test
test: $(READY)  ## run all tests, in two processes
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --durations=10

.PHONY: soak
soak: $(READY)  ## run the slow tests: soak, every moment of dying, clients in environments of their own
	$(BIN)/python -m pytest -q -m slow

.PHONY: check lint types gate
check: lint types gate  ## lint, types and the accuracy gate

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

gate: $(READY)
	$(BIN)/python -m benchmarks.accuracy --gate
	$(BIN)/python -m learning.weights --check

.PHONY: suites
suites: $(READY)  ## write the suites of Great Expectations anew
	$(BIN)/python -m expectations.suites

.PHONY: ui
ui: $(READY)  ## open the Dagster UI on http://127.0.0.1:3000
	$(BIN)/minzheng ui

.PHONY: weights
weights: $(READY)  ## learn anew what the evidence is worth, from all annotated bulletins
	$(BIN)/python -m learning.weights

.PHONY: gold
gold: $(READY)  ## score the reading against the gold bulletins beside the project
	$(BIN)/python -m benchmarks.accuracy --gold $(GOLD)

.PHONY: bench
bench: $(READY)  ## what reading costs, as ratios
	$(BIN)/python -m benchmarks.reading

.PHONY: lock
lock: $(READY)  ## resolve the dependencies anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --group dev pyproject.toml -o requirements.lock
