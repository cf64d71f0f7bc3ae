# Everything a person or a build server does with this project. Needs only make and Python >= 3.11.
#   make run                        http://localhost:8501, in a browser
#   HEADLESS=1 PORT=8600 make run   another port, no browser
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8501
HEADLESS ?= 0
# PYTHON, TORCH_INDEX_URL and GDL_CHROMIUM can be set too: see scripts/setup.sh and scripts/browser.sh.
# Words for pytest, for example PYTEST_ARGS="tests/core/parts/test_cells.py". By itself: two processes, the browser in one of them.
PYTEST_ARGS ?= -n 2 --dist loadgroup

# These files record that an installation went through, so that the next call has nothing to do.
RUN_READY := $(VENV)/ready-to-run
DEV_READY := $(VENV)/ready-to-test

$(RUN_READY): requirements.txt scripts/setup.sh
	@sh scripts/setup.sh $(VENV) requirements.txt
	@touch $@

$(DEV_READY): requirements-dev.txt requirements-cluster.txt $(RUN_READY)
	@sh scripts/setup.sh $(VENV) requirements-dev.txt
	@touch $@

# Streamlit opens a browser by itself where there is a screen; HEADLESS=1 forbids it.
HEADLESS_FLAG := $(if $(filter 1 true yes,$(HEADLESS)),--server.headless true)

.PHONY: run
run: $(RUN_READY) ## start the app (PORT=8501, HEADLESS=1 for no browser)
	@echo "Gradient Decay Lab: http://localhost:$(PORT)  (Ctrl+C stops it)"
	@exec $(PY) -m streamlit run server.py --server.port $(PORT) $(HEADLESS_FLAG)

.PHONY: test
test: lint ## all checks and all tests but the slow ones
	@browser=$$(VENV=$(VENV) sh scripts/browser.sh) && \
	GDL_CHROMIUM="$$browser" $(PY) -m pytest $(PYTEST_ARGS)

.PHONY: lint
lint: $(DEV_READY) ## style and type checks
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

.PHONY: slow
slow: $(DEV_READY) ## the slow tests
	@sh scripts/proxy.sh && browser=$$(VENV=$(VENV) sh scripts/browser.sh) && \
	GDL_CHROMIUM="$$browser" $(PY) -m pytest -m slow $(PYTEST_ARGS)

.PHONY: load
load: $(DEV_READY) ## many simulated students at once: latencies, errors, memory (SCENARIOS="sliding fuzz" for some)
	$(PY) -m tests.load $(SCENARIOS)

.PHONY: bench
bench: $(DEV_READY) ## measure how fast the app reacts
	@browser=$$(VENV=$(VENV) sh scripts/browser.sh) && export GDL_CHROMIUM="$$browser" PYTHONPATH=. && \
	for script in benchmarks/*.py; do \
		case $$script in */_*) continue ;; esac; \
		echo "== $$script"; $(PY) "$$script" || exit 1; \
	done

.PHONY: claims
claims: $(RUN_READY) ## judge what people claim, and print the table (ROWS="a1 c3" for some)
	@OPENBLAS_NUM_THREADS=1 $(PY) -m core.questions $(ROWS)

.PHONY: format
format: $(DEV_READY) ## rewrite the code in the common style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

.PHONY: clean
clean: ## remove everything these commands made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile
