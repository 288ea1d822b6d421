# `make up` needs Python >= 3.11 and nothing else: it makes its own environment in .venv, from requirements.lock.

PYTHON := .venv/bin/python
INSTALLED := .venv/.installed

# The first Python that is new enough; PYTHON3=/path/to/python3 to choose another.
PYTHON3 ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

.DEFAULT_GOAL := help
.PHONY: help up status reset

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(INSTALLED) ## Start the whole house on this machine, until Ctrl-C
	@$(PYTHON) -m devstack up

status: $(INSTALLED) ## Say what runs where
	@$(PYTHON) -m devstack status

reset: $(INSTALLED) ## Delete the data of the house: databases, streams, mail
	@$(PYTHON) -m devstack reset

$(INSTALLED): requirements.lock
	@test -n "$(PYTHON3)" || { echo "Python 3.11 or newer is needed. Install it, or name it: make PYTHON3=/path/to/python3"; exit 1; }
	@"$(PYTHON3)" devstack/environment.py .venv requirements.lock
	@touch $@
