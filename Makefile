# Two commands do all the set-up on a fresh machine: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv/bin
# On a terminal pip shows its own progress.
QUIET := $(shell test -t 2 || echo --quiet)
PIP := $(VENV)/python -m pip install $(QUIET) --disable-pip-version-check --require-hashes
LOCAL := .venv/local.installed
DEV := .venv/dev.installed

SEMANTIC := .venv/semantic.installed
BUILD_MODEL := .venv/build-model.installed

.PHONY: run setup semantic build-model test check docs screenshots story replay storm lock clean

run: $(LOCAL)  ## start everything on this computer: web, worker, beat, broker
	@exec $(VENV)/python -m config.run

setup: $(LOCAL)  ## the same, without starting anything
	@$(VENV)/python -m config.run --setup

semantic: $(SEMANTIC)  ## install what matching by meaning needs (docs/semantic.md)

build-model: $(BUILD_MODEL)  ## build its model (MODEL=DIR, OUT=DIR)
	@$(VENV)/python manage.py build_model $(MODEL) $(if $(OUT),--out $(OUT))

test: $(DEV)  ## every test that this computer can run; the others by name
	@$(VENV)/python -m tests.run

check: $(DEV)  ## lint, types, import contracts, deployment and migration checks
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy .
	@$(VENV)/lint-imports
	@$(VENV)/python -m tests.deploy_check

docs: $(DEV)  ## the documentation as a site, in site/; a warning is an error
	@$(VENV)/python -m mkdocs build --quiet --strict --clean

screenshots: $(DEV)  ## every page and mail, light and dark, phone and desk (OUT=DIR)
	@OUT=$(or $(OUT),screenshots) $(VENV)/python -m pytest -q tests/browser/screenshots.py

story: $(DEV)  ## five days, five readers, through every part (OUT=DIR, PROVIDER=1 or PROCFILE=1)
	@$(VENV)/python -m digest.bench.story $(if $(OUT),--out $(OUT)) $(if $(PROVIDER),--provider) \
	  $(if $(PROCFILE),--procfile)

replay: $(DEV)  ## two weeks of arXiv with its faults, on real processes (DAYS=5)
	@$(VENV)/python -m digest.bench.replay $(if $(DAYS),--days $(DAYS))

storm: $(DEV)  ## faults drawn from a seed, against all of it (SEED=1 MINUTES=10 DIGESTS=5000 SQLITE=1 PROVIDER=1)
	@$(VENV)/python -m digest.bench.storm $(if $(SEED),--seed $(SEED)) \
	  $(if $(MINUTES),--minutes $(MINUTES)) $(if $(DIGESTS),--digests $(DIGESTS)) \
	  $(if $(SQLITE),--sqlite) $(if $(PROVIDER),--provider)

lock: ## resolve requirements/*.in again (needs uv)
	@for name in runtime semantic sentry build_model local dev; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-header --quiet requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean:
	rm -rf .venv var static-built site

.venv/bin/python:
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv

$(LOCAL): .venv/bin/python requirements/local.txt
	@echo "Installing what Paperboy needs ..."
	@$(PIP) -r requirements/local.txt
	@touch $@

$(SEMANTIC): $(LOCAL) requirements/semantic.txt
	@echo "Installing what matching by meaning needs ..."
	@$(PIP) -r requirements/semantic.txt
	@touch $@

$(BUILD_MODEL): $(SEMANTIC) requirements/build_model.txt
	@echo "Installing what building its model needs ..."
	@$(PIP) -r requirements/build_model.txt
	@touch $@

$(DEV): .venv/bin/python requirements/dev.txt
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements/dev.txt
	@touch $@ $(LOCAL) $(SEMANTIC) $(BUILD_MODEL)
