SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test setup check bench lock

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, start the database, load the demonstration city, serve it on 127.0.0.1
	@tools/packages.sh run
	@tools/venv.sh run
	@exec .venv/bin/qm serve

# Three at once on two cores: a browser waits for half of its time.
test: ## Run all tests (with QM_REAL_DATA set to a folder: those over real deliveries too)
	@tools/packages.sh test
	@tools/venv.sh test
	@exec .venv/bin/python -m pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder $(ARGS)

setup: ## What run and test share: packages and .venv with .venv/bin/qm
	@tools/packages.sh run
	@tools/venv.sh run

check: ## Formatting, lint, types, import direction
	@tools/venv.sh test
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: ## Load and ask cities of 10,000 and 100,000 properties, report in docs/ (ARGS="--sizes 10000,1000000")
	@tools/packages.sh run
	@tools/venv.sh test
	@.venv/bin/python -m benchmarks.cli $(ARGS)

lock: ## Write the lock files anew from pyproject.toml
	@tools/venv.sh test
	@tools/lock.sh $(ARGS)
