# Every command of the project; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help bootstrap up test test-postgres check train seed eval bench screenshots fmt lock clean
PYTHON := .venv/bin/python
UV := .tools/bin/uv
LOCK := --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url
# nothing phones home, nothing chatters
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
export PYTHONUNBUFFERED := 1

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

bootstrap:
	@sh tools/bootstrap.sh

up: bootstrap ## start everything and print where to look; Ctrl-C stops it (OPSTALK_PORT=8700 make up: another port)
	@$(PYTHON) -m backend.cli.up

test: check train ## every test, from nothing
	@$(PYTHON) -m pytest -n 2 --dist loadgroup

test-postgres: bootstrap ## the tests of the backend on PostgreSQL, on a server of their own (needs it installed)
	@$(PYTHON) -m tests.postgres

check: bootstrap ## style, types and the direction of imports
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet . || { echo "Some files are not formatted: run make fmt."; exit 1; }
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-logo

train: bootstrap ## train the bot's model if its inputs changed
	@$(PYTHON) -m backend.cli.train

seed: bootstrap ## put the demo shops back to their beginning (SIZE=large for benchmarks)
	@$(PYTHON) -m backend.cli.seed --reset --size $(or $(SIZE),small)

eval: train ## measure understanding on sentences the model never saw
	@bot/.venv/bin/python -m tests.eval.run

bench: train ## measure turns against a bare Rasa bot, stock files and orders against bare SQL
	@$(PYTHON) -m tests.bench.turns
	@$(PYTHON) -m tests.bench.stock
	@$(PYTHON) -m tests.bench.orders

screenshots: train ## take the pictures of the README from the running product
	@$(PYTHON) -m tools.screenshots

fmt: bootstrap ## format the code and fix what can be fixed
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m ruff check --fix .

lock: bootstrap ## choose the newest allowed versions and write both lock files
	@$(UV) pip compile $(LOCK) --upgrade --python-version 3.12 --group dev pyproject.toml -o requirements.lock
	@$(UV) pip compile $(LOCK) --upgrade --python-version 3.10 bot/pyproject.toml -o bot/requirements.lock

clean: ## remove the database, the models and the logs; the environments stay
	@rm -rf var models .rasa .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
