# make run    the app, in a browser window        make test   every test
# make lint   ruff and mypy                        make clean  forget the environment

VENV := .venv
# make test PYTHON=python3.12: an environment of its own for a Python that is named.
ifeq ($(origin PYTHON),command line)
VENV := .venv-$(notdir $(PYTHON))
endif
BIN := $(VENV)/bin
WORKERS ?= 2

# The first Python on this machine that is new enough; otherwise python3, so that the words below can name its version.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && exit; done; echo python3)

.PHONY: run test lint bench soak fuzz screenshots proof tour clean
.DELETE_ON_ERROR:

run: $(VENV)/.app
	$(BIN)/python -m streamlit run asgi.py

# Each of two workers has half of the browser tests, the rest go to whoever is free. PYTEST_ARGS="tests/unit -x" narrows it.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Clicks in a real browser, cold start, a million patients, many visitors, R and PSPP. Needs Chromium and a quiet machine.
bench: $(VENV)/.dev
	$(BIN)/python bench/live.py
	$(BIN)/python bench/redraw.py
	$(BIN)/python bench/start.py
	$(BIN)/python bench/scale.py
	$(BIN)/python bench/load.py
	$(BIN)/python bench/importing.py
	$(BIN)/python bench/others.py

# 500 random filters on every page of both samples, 250 random cohorts on every page: the better part of an hour.
soak: $(VENV)/.dev
	COHORTLENS_SOAK=500 $(BIN)/python -m pytest -n $(WORKERS) tests/soak

# 500 malformed files from a seed: refused in words, in time, and nothing falls over.
fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz.run

# What leaves the product, opened in other programs: R computes the numbers again, LibreOffice shows the workbook, the NHS
# registry is recomputed, intervals are simulated. Installs R and LibreOffice on Debian, fails where anything is missing,
# writes docs/proof.md. Needs COHORTLENS_PUBLIC_DATA.
proof: $(VENV)/.dev
	@command -v Rscript >/dev/null && command -v soffice >/dev/null || \
		apt-get install -y --no-install-recommends r-base-core libreoffice-calc
	$(BIN)/python -m tests.proof

# Every page at three sizes, into build/screenshots/. Needs Chromium.
screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.browser.screenshots

# The house drawn from its imports, into docs/pictures/house.svg, and its figures.
tour: $(VENV)/.dev
	$(BIN)/python docs/tour.py

clean:
	rm -rf .venv .venv-* build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The environment: made once, brought up to date when a requirements file changes.
$(VENV)/.made:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "CohortLens needs Python 3.11 or newer, and no '$(PYTHON)' was found. Install Python, then try again."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "CohortLens needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Install a newer one, or name it: make run PYTHON=/path/to/python3.12"; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.app: $(VENV)/.made requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.app requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
