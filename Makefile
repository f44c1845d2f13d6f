# The course's commands. README.md has the commands for Windows, without make.
#   PYTHON=python3.12 make lab           another Python (3.11 or newer)
#   make lab LESSON=03                   another lesson
#   make lab LAB_ARGS="--no-browser"     options for JupyterLab itself

NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell .venv/bin/python $(NEW_ENOUGH) && echo .venv/bin/python || echo python3)
endif
NCL := .venv/bin/ncl-course
install = @$(PYTHON) scripts/install.py $(1)
install_uv = .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
open_lab = @$(NCL) lab --lang $(1) $(LESSON) $(if $(LAB_ARGS),-- $(LAB_ARGS))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help lab lab-ru instructor test quick build lint constraints mutation bench images gallery clean python

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

lab: python ## install missing packages, copy the notebooks to work/en and open JupyterLab there
	$(call install,lab)
	$(call open_lab,en)

lab-ru: python ## do the same in Russian, in work/ru
	$(call install,lab)
	$(call open_lab,ru)

instructor: python ## install missing packages for grading and releasing; then run the line that it prints
	$(call install,instructor)
	@echo "- In this terminal, run:  . .venv/bin/activate  and then:  ncl-course doctor --instructor"

test: python ## install missing packages and run everything that CI runs
	$(call install,test)
	@bash scripts/test.sh

quick: python ## check in under 90 seconds what a change most likely broke: style, types, the tests nearest to it
	$(call install,test)
	@PATH="$$PWD/.venv/bin:$$PATH" .venv/bin/python -m scripts.quick

build: python ## make solutions/ (executed) and notebooks/ (the student's) from lessons/
	$(call install,test)
	@$(NCL) build

lint: python ## check only style, format and types
	$(call install,test)
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

constraints: python ## renew constraints.txt with the newest releases that pyproject.toml allows
	$(call install)
	@$(install_uv)
	@.venv/bin/python scripts/constraints.py

mutation: python ## run every known wrong answer, and every single edit of the right ones (hours), against the checks
	$(call install,test)
	@.venv/bin/python -m tests.mutation
	@.venv/bin/python -m tests.mutants

bench: python ## measure a warm check, the given Conv2d, a training step, the live view and its first step, a frame of each explorer, a cohort graded, a term
	$(call install,test)
	@env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE .venv/bin/python -m bench    # NumPy for this processor, as torch

images: python ## after an intended change of a drawing: redraw the images that tests compare it with; look at them
	$(call install,test)
	@rm -f tests/viz/baseline/*.png
	@.venv/bin/pytest -q tests/viz/test_images.py -k as_before --mpl-generate-path=tests/viz/baseline

gallery: python ## write every picture of the built lessons into docs/gallery.md
	$(call install,test)
	@.venv/bin/python -m scripts.gallery

clean: ## remove the files that builds and tools leave behind (work/ and .venv stay)
	rm -rf build dist test-results .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info
	find . -name __pycache__ -not -path './.venv/*' -not -path './work/*' -prune -exec rm -rf {} +

python:
	@$(PYTHON) $(NEW_ENOUGH) || { \
	    echo "The course needs Python 3.11 or newer. $(PYTHON) says: $$($(PYTHON) --version 2>&1 | head -1)"; \
	    echo "Install a newer one and name it, for example: PYTHON=python3.12 make lab"; \
	    exit 1; }
