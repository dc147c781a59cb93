# make run [GOAL=...], make server, make test, make check, make clean. Needs Python 3.11+, pip and make; everything else goes into .venv.

PYTHON ?= python3
GOAL ?= diamond_pickaxe
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.ready-to-run
DEV_STAMP := $(VENV)/.ready-to-develop
GAME_STAMP := $(VENV)/.ready-for-minecraft
CODE := gitm env_stub tests scripts

export GOAL

.DEFAULT_GOAL := help
.PHONY: help run server minecraft test slow live check lint types imports wheel docs-picture clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: $(RUN_STAMP) ## Pursue GOAL (diamond_pickaxe) in the stub world; ARGS are passed on
	@$(BIN)/gitm run "$$GOAL" $(ARGS)

minecraft: $(GAME_STAMP) ## Set up what a real Minecraft world needs: Node and the bridge

server: $(GAME_STAMP) ## Run the small Minecraft server until Ctrl-C; ARGS are passed on
	@$(BIN)/gitm server $(ARGS)

test: $(DEV_STAMP) ## Run the quick tests
	$(BIN)/pytest $(ARGS)

slow: $(DEV_STAMP) ## Run the other tests: many games, real servers
	$(BIN)/pytest -m 'slow and not live and not wheel' $(ARGS)

check: lint types imports test slow wheel ## Everything CI runs

lint: $(DEV_STAMP)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: $(DEV_STAMP)
	$(BIN)/mypy

imports: $(DEV_STAMP)
	$(BIN)/lint-imports

wheel: $(DEV_STAMP) ## Build the wheel, install it alone in a fresh environment, use it from /
	$(BIN)/pytest -n0 -m wheel tests/test_packaging.py

live: $(DEV_STAMP) ## The tests that play for minutes on a real server
	$(BIN)/pytest -n0 -m live tests/mineflayer $(ARGS)

docs-picture: $(DEV_STAMP) ## Draw docs/run.svg from a real run
	$(BIN)/python scripts/picture.py

clean: ## Remove the environment and everything built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gitm needs Python 3.11 or newer; try: make PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "no venv module; on Debian or Ubuntu: apt install python3-venv"; exit 1; }

# A .venv that another tool made may be older than we need, so it is pip that decides what to do.
$(RUN_STAMP): pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(DEV_STAMP): pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --editable '.[dev,minecraft]'
	@touch $@ $(RUN_STAMP) $(GAME_STAMP)

$(GAME_STAMP): pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --editable '.[minecraft]'
	@touch $@ $(RUN_STAMP)
