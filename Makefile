# Two commands do all the set-up on a fresh machine: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv/bin
# On a terminal pip shows its own progress.
QUIET := $(shell test -t 2 || echo --quiet)
PIP := $(VENV)/python -m pip install $(QUIET) --disable-pip-version-check --require-hashes
LOCAL := .venv/local.installed
DEV := .venv/dev.installed

.PHONY: run setup test check story replay lock clean

run: $(LOCAL)  ## start everything on this computer: web, worker, beat, broker
	@exec $(VENV)/python -m config.run

setup: $(LOCAL)  ## the same, without starting anything
	@$(VENV)/python -m config.run --setup

test: $(DEV)  ## every test that this computer can run; the others by name
	@$(VENV)/python -m tests.run

check: $(DEV)  ## lint, types, import contracts, deployment and migration checks
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy .
	@$(VENV)/lint-imports
	@$(VENV)/python -m tests.deploy_check

story: $(DEV)  ## five days, five readers, through every part (OUT=DIR, PROVIDER=1)
	@$(VENV)/python -m digest.bench.story $(if $(OUT),--out $(OUT)) $(if $(PROVIDER),--provider)

replay: $(DEV)  ## two weeks of arXiv with its faults, on real processes (DAYS=5)
	@$(VENV)/python -m digest.bench.replay $(if $(DAYS),--days $(DAYS))

lock: ## resolve requirements/*.in again (needs uv)
	@for name in runtime local dev; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-header --quiet requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean:
	rm -rf .venv var static-built

.venv/bin/python:
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv

$(LOCAL): .venv/bin/python requirements/local.txt
	@echo "Installing what Paperboy needs ..."
	@$(PIP) -r requirements/local.txt
	@touch $@

$(DEV): .venv/bin/python requirements/dev.txt
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements/dev.txt
	@touch $@ $(LOCAL)
