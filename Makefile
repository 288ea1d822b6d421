# `make up` needs Python >= 3.11 and nothing else: it makes its own environment in .venv, from requirements.lock.

PYTHON := .venv/bin/python
INSTALLED := .venv/.installed

# The first Python that is new enough; PYTHON3=/path/to/python3 to choose another.
PYTHON3 ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

.DEFAULT_GOAL := help
.PHONY: help up status reset test check format docs lock chaos bench bench-catalogue bench-imports compose-test secrets northwind revision

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(INSTALLED) ## Start the whole house on this machine, until Ctrl-C
	@$(PYTHON) -m devstack up

status: $(INSTALLED) ## Say what runs where
	@$(PYTHON) -m devstack status

reset: $(INSTALLED) ## Delete the data of the house: databases, streams, mail
	@$(PYTHON) -m devstack reset

test: $(INSTALLED) ## Run every test: rules, handlers on a real database, the whole house over HTTP
	@$(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist loadgroup

check: $(INSTALLED) ## What CI runs: format, lint, types, walls, docs up to date, and every test
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy shared services devstack deploy courtier examples docs bench
	@walls=$$(.venv/bin/lint-imports 2>&1) || { echo "$$walls"; exit 1; }
	@$(PYTHON) -m deploy.permissions --check
	@$(PYTHON) -m docs.generate --check
	@$(MAKE) --no-print-directory test

format: $(INSTALLED) ## Write the code as the formatter wants it
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

docs: $(INSTALLED) ## Write docs/reference and the NATS permissions anew from the code
	@$(PYTHON) -m deploy.permissions
	@$(PYTHON) -m docs.generate

revision: $(INSTALLED) ## Write a migration: make revision SERVICE=orders MESSAGE="what changes" (needs COURTIER_DATABASE_URL)
	@$(PYTHON) -m alembic -n $(SERVICE) revision --autogenerate -m "$(MESSAGE)"

chaos: $(INSTALLED) ## Break everything by the dice under load, then count: make chaos [SEED=7] [SECONDS=120]
	@$(PYTHON) -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(SECONDS),--seconds $(SECONDS))

bench: $(INSTALLED) ## Measure what requests cost, as ratios to this machine's own limits
	@$(PYTHON) -m bench

bench-catalogue: $(INSTALLED) ## Measure the catalogue as it grows: make bench-catalogue [VARIANTS=100000] [LISTS=2000]
	@$(PYTHON) -m bench.catalogue $(if $(VARIANTS),--variants $(VARIANTS)) $(if $(LISTS),--lists $(LISTS))

bench-imports: $(INSTALLED) ## Measure an import by file against bare upserts and COPY: make bench-imports [ROWS=100000]
	@$(PYTHON) -m bench.imports $(if $(ROWS),--rows $(ROWS))

northwind: $(INSTALLED) ## Replay Northwind on the running house: make northwind DATA=folder (COURTIER_EMAIL, COURTIER_PASSWORD)
	@$(PYTHON) -m examples.northwind "$(DATA)"

compose-test: $(INSTALLED) ## Tell the whole story on docker-compose, with replicas and kills (needs a Docker engine)
	@$(PYTHON) -m tests.compose

secrets: $(INSTALLED) ## Write .env for docker-compose with random values; an existing one is kept
	@$(PYTHON) -m deploy.secrets

lock: $(INSTALLED) ## Lock every version and hash anew (needs uv)
	@uv pip compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
		pyproject.toml --group check -o requirements.lock
	@for app in services/*/app.py; do service=$$(basename $$(dirname $$app)); \
		uv pip compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
			-c requirements.lock pyproject.toml --group $$service -o deploy/requirements/$$service.txt; done

$(INSTALLED): requirements.lock
	@test -n "$(PYTHON3)" || { echo "Python 3.11 or newer is needed. Install it, or name it: make PYTHON3=/path/to/python3"; exit 1; }
	@"$(PYTHON3)" devstack/environment.py .venv requirements.lock
	@touch $@
